"""What NVIDIA's rules, a SimReady profile and lightusd say of assets: run in their environment.

`python validate.py rules|PROFILE|lightusd FILE...` prints JSON: file -> findings. The rules are the
49 of the base package by name, without those that SimReady's tier adds; every variant of every set
is chosen once.
"""

import contextlib
import io
import json
import logging
import sys

import pxr
from physx_usd_schemas import PhysxSchema

pxr.PhysxSchema = PhysxSchema  # without it SimReady's rules for drives pass whatever they see
sys.modules["pxr.PhysxSchema"] = PhysxSchema

import lightusd  # noqa: E402
import numpy as np  # noqa: E402
import simready.validate as simready  # noqa: E402
import usd_validation_nvidia as nvidia  # noqa: E402
from pxr import Sdf, Usd, UsdGeom  # noqa: E402
from simready.validate.api import features_summary_passed  # noqa: E402

RULES = (
    "ArticulationChecker",
    "ColliderChecker",
    "DanglingOverPrimChecker",
    "DefaultPrimChecker",
    "ExtentsChecker",
    "IndexedPrimvarChecker",
    "KindChecker",
    "LayerSpecChecker",
    "ManifoldChecker",
    "MassChecker",
    "MaterialOldMdlSchemaChecker",
    "MaterialOutOfScopeChecker",
    "MaterialPathChecker",
    "MaterialUsdPreviewSurfaceChecker",
    "MissingReferenceChecker",
    "NormalMapTextureChecker",
    "NormalsExistChecker",
    "NormalsValidChecker",
    "NormalsWindingsChecker",
    "PhysicsJointChecker",
    "PrimEncapsulationChecker",
    "RigidBodyChecker",
    "ShaderImplementationSourceChecker",
    "SkelBindingAPIAppliedChecker",
    "StageMetadataChecker",
    "SubdivisionSchemeChecker",
    "TextureChecker",
    "TypeChecker",
    "UnicodeNameChecker",
    "UnusedMeshTopologyChecker",
    "UnusedPrimvarChecker",
    "UsdAsciiPerformanceChecker",
    "UsdDanglingMaterialBinding",
    "UsdGeomSubsetChecker",
    "UsdGeomSubsetFamiliesChecker",
    "UsdGeomSubsetParentIsImageableChecker",
    "UsdLuxEncapsulationRulesValidator",
    "UsdLuxSchemaChecker",
    "UsdMaterialBindingApi",
    "UsdShadeEncapsulationMaterialValidator",
    "UsdShadeMaterialBindingCollectionValidator",
    "UsdShadeMaterialBindingRelationships",
    "UsdShadeShaderSdrCompliance",
    "UsdShadeSubsetsMaterialBindFamilyChecker",
    "UsdValidationAttributeTypeMismatchChecker",
    "UsdzPackageValidator",
    "ValidateTopologyChecker",
    "WeldChecker",
    "ZeroAreaFaceChecker",
)


def by_rules(path):
    """Every issue of the base rules: severity, rule, message."""
    engine = nvidia.ValidationEngine(init_rules=False, variants=False)
    for name in RULES:
        engine.enable_rule(getattr(nvidia, name))
    found = set()
    varied = selections(path) if "simready_usd" in path else [path]
    for each in varied:
        for issue in engine.validate(each).issues():
            rule = issue.rule.__name__ if issue.rule else ""
            found.add((issue.severity.name, rule, issue.message))
    return sorted(found)


def selections(path):
    """The file itself, and a stage with each variant of its default prim that isn't the default."""
    yield path
    stage = Usd.Stage.Open(path)
    sets = stage.GetDefaultPrim().GetVariantSets() if stage.GetDefaultPrim() else None
    for name in sets.GetNames() if sets else []:
        chosen = sets.GetVariantSelection(name)
        for choice in sets.GetVariantSet(name).GetVariantNames():
            if choice != chosen:
                varied = Usd.Stage.Open(stage.GetRootLayer(), Sdf.Layer.CreateAnonymous())
                varied.SetEditTarget(varied.GetSessionLayer())
                varied.GetDefaultPrim().GetVariantSet(name).SetVariantSelection(choice)
                yield varied


def by_profile(path, profile):
    """Whether the profile passes, each feature by name, and rules that could not run."""
    config = simready.AssetValidationConfig(asset_path=path, profile_id=profile)
    with contextlib.redirect_stdout(io.StringIO()):
        result = simready.validate_asset(config)
    issues = [*(result.issues or []), *(result.soft_issues or [])]
    return {
        "passed": bool(features_summary_passed(result.features_summary)),
        "features": {name: bool(each["passed"]) for name, each in result.features_summary.items()},
        "errors": sorted({str(i.message) for i in issues if i.severity.name == "ERROR"}),
        "issues": sorted({str(i.message) for i in result.issues or []}),
    }


def by_lightusd(path):
    """Prims that only one reader sees, and attributes of which they see other values."""
    theirs = {str(prim.path): prim for prim in lightusd.load(path)}
    stage = Usd.Stage.Open(path)
    ours = {
        str(prim.GetPath()): prim
        for prim in Usd.PrimRange(stage.GetPseudoRoot(), Usd.TraverseInstanceProxies())
        if not prim.IsPseudoRoot()
    }
    theirs = {  # without inactive prims, which pxr passes over
        where: prim
        for where, prim in theirs.items()
        if where in ours or (where != "/" and stage.GetPrimAtPath(where).IsActive())
    }
    both = sorted(ours.keys() & theirs.keys())
    values = [(f"{where}.{name}", same) for where in both
              for name, same in compared(ours[where], theirs[where])]  # fmt: skip
    return {
        "only one sees": sorted(ours.keys() ^ theirs.keys()),
        "other type": [
            where for where in both if ours[where].GetTypeName() != theirs[where].type_name
        ],
        "other value": [where for where, same in values if not same],
        "points": sum(where.endswith(".points") for where, _ in values),
        "values": len(values),
        "meshes": sum(prim.IsA(UsdGeom.Mesh) for prim in ours.values()),
    }


def compared(ours, theirs):
    """Numeric attributes by name, and whether both readers see the same."""
    for attribute in ours.GetAuthoredAttributes():
        if attribute.Get() is None:
            continue  # outputs of shaders
        try:
            mine = np.asarray(attribute.Get(), float).ravel()
        except (TypeError, ValueError):
            continue  # tokens, paths, quaternions
        read = np.asarray(theirs[attribute.GetName()], float).ravel()
        yield attribute.GetName(), np.array_equal(mine, read)


def main(what, paths):
    logging.disable(logging.CRITICAL)
    if what == "rules":
        found = {path: by_rules(path) for path in paths}
    elif what == "lightusd":
        found = {path: by_lightusd(path) for path in paths}
    else:
        simready.initialize(rules_and_requirements_paths=[], features_paths=[], profiles_paths=[])
        found = {path: by_profile(path, what) for path in paths}
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])

"""What scripts that author scenes need: stages with the right metadata, parameters, links, poses.

Every attribute is authored with its declared type, so that any USD tool reads the scene without our
plugin, and with where its value comes from (source) and how sure it is (confidence).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import cast

from pxr import Gf, Kind, Sdf, Usd, UsdGeom, UsdPhysics

from twin.core.parameters import Parameter, Params, Value, parameters, type_name
from twin.errors import Problem, SceneError, nearest
from twin.scene.schema import CALENDAR, NEXT, register, usd_type

__all__ = [
    "CONFIDENCES",
    "apply",
    "keep_shifts",
    "link",
    "new_layer",
    "new_stage",
    "set_values",
    "stand",
]

CONFIDENCES = {
    "C2": "confirmed by two independent sources",
    "C": "confirmed by one source",
    "D": "derived from confirmed values",
    "U": "unconfirmed",
    "proposal": "our own proposal",
}


def new_layer(path: str | Path, default_prim: str) -> Sdf.Layer:
    """Make an empty layer, to be a sublayer or a scenario: Z up, metres, kilograms, default prim.

    Args:
        path: the file; an existing one is written anew.
        default_prim: its name, without a slash.
    """
    register()
    layer = Sdf.Layer.Find(str(path)) or Sdf.Layer.CreateNew(str(path))
    layer.Clear()
    stage = Usd.Stage.Open(layer)
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.z)
    UsdGeom.SetStageMetersPerUnit(stage, 1.0)
    UsdPhysics.SetStageKilogramsPerUnit(stage, 1.0)
    layer.defaultPrim = default_prim
    return layer


def new_stage(path: str | Path, default_prim: str, *, kind: str = "assembly") -> Usd.Stage:
    """Make the root layer of a scene with its default prim, an Xform of this model kind."""
    stage = Usd.Stage.Open(new_layer(path, default_prim))
    root = UsdGeom.Xform.Define(stage, f"/{default_prim}").GetPrim()
    if kind:
        assert Kind.Registry.HasKind(kind), kind
        Usd.ModelAPI(root).SetKind(kind)
    return stage


def apply(
    prim: Usd.Prim,
    params: Params,
    *,
    source: str,
    confidence: str,
    provenance: Mapping[str, tuple[str, str]] | None = None,
) -> None:
    """Make a prim what its parameters say: apply the schema, author all that is not the default.

    Args:
        prim: the prim, authored at the stage's edit target.
        params: such as Station(process_time=52.0).
        source: where the values come from.
        confidence: one of `CONFIDENCES`.
        provenance: parameter name, such as mtbf, to its own (source, confidence).
    """
    kind = type(params)
    prim.AddAppliedSchema(type_name(kind))
    values = {each.name: getattr(params, each.name) for each in parameters(kind)}
    given = {each.name for each in parameters(kind) if each.required}
    given |= {each.name for each in parameters(kind) if values[each.name] != each.default}
    own = {name: each for name, each in (provenance or {}).items() if name in values}
    for name in sorted(given | set(own), key=list(values).index):
        origin, trust = own.get(name, (source, confidence))
        set_values(prim, kind, {name: values[name]}, source=origin, confidence=trust)


def set_values(
    prim: Usd.Prim,
    kind: type[Params],
    values: Mapping[str, Value],
    *,
    source: str,
    confidence: str,
) -> None:
    """Author some parameters of a prim, by their names in Python, such as process_time.

    Raises:
        SceneError: a name, a value or the confidence is not as declared.
    """
    known = {each.name: each for each in parameters(kind)}
    for name, value in values.items():
        where = f"{prim.GetPath()} {name}"
        if name not in known:
            rule = f"must be a parameter of {kind.__name__}"
            raise SceneError([Problem(where, rule, way_out=nearest(name, known))])
        if not known[name].accepts(value):
            raise SceneError([Problem(where, known[name].rule, repr(value))])
        if confidence not in CONFIDENCES:
            rule = f"needs a confidence of {', '.join(CONFIDENCES)}"
            raise SceneError([Problem(where, rule, repr(confidence))])
        _set(prim, known[name], value, {"source": source, "confidence": confidence})


def _set(prim: Usd.Prim, parameter: Parameter, value: Value, origin: dict[str, str]) -> None:
    if parameter.is_relation:
        targets = [Sdf.Path(str(path)) for path in cast("tuple[str, ...]", value)]
        prim.CreateRelationship(parameter.usd_name, custom=False).SetTargets(targets)
        return
    attribute = prim.CreateAttribute(parameter.usd_name, usd_type(parameter), custom=False)
    attribute.Set(list(value) if isinstance(value, tuple) else value)
    for key, text in origin.items():
        attribute.SetCustomDataByKey(key, text)


def link(prim: Usd.Prim, *targets: Usd.Prim | str) -> None:
    """Let a place give its parts to others: the first that has room takes."""
    paths = [Sdf.Path(each) if isinstance(each, str) else each.GetPath() for each in targets]
    prim.CreateRelationship(NEXT, custom=False).SetTargets(paths)


def keep_shifts(prim: Usd.Prim, calendar: Usd.Prim | str) -> None:
    """Let a place work in the shifts of a calendar only."""
    path = Sdf.Path(calendar) if isinstance(calendar, str) else calendar.GetPath()
    prim.CreateRelationship(CALENDAR, custom=False).SetTargets([path])


def stand(
    prim: Usd.Prim,
    xyz: tuple[float, float, float],
    wxyz: tuple[float, float, float, float] = (1.0, 0.0, 0.0, 0.0),
) -> None:
    """Stand a prim [m] in the frame of its parent, as operations translate and orient."""
    form = UsdGeom.Xformable(prim)
    form.ClearXformOpOrder()
    form.AddTranslateOp(UsdGeom.XformOp.PrecisionDouble).Set(Gf.Vec3d(*xyz))
    w, x, y, z = wxyz
    form.AddOrientOp(UsdGeom.XformOp.PrecisionDouble).Set(Gf.Quatd(w, Gf.Vec3d(x, y, z)))

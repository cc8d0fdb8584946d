"""A hall from elsewhere around a plant: a flat copy beside the scene, in metres and with Z up."""

from math import sqrt
from pathlib import Path
from typing import Any, cast

from pxr import Gf, Usd, UsdGeom

from twin.errors import Problem, SceneError

__all__ = ["HALL", "stand_hall"]

HALL = "hall.usdc"
UPRIGHT = Gf.Quatd(sqrt(0.5), Gf.Vec3d(sqrt(0.5), 0, 0))  # Y up becomes Z up
MOST_PRIMS = 1_000_000
UNITS = (1e-6, 1e6)  # m, of a unit of length


def stand_hall(stage: Usd.Stage, path: str, hall: Path, folder: Path) -> Usd.Prim:
    """Let a foreign USD file stand in a stage, in our units and with Z up.

    Args:
        stage: the scene, which lies in `folder`.
        path: of the new prim.
        hall: the file; textures stay where they are.
        folder: gets a copy of it with all its layers in one.

    Raises:
        SceneError: the file can't be used; by rule.
    """
    foreign = _opened(hall)
    metres = UsdGeom.GetStageMetersPerUnit(foreign)
    if not UNITS[0] <= metres <= UNITS[1]:
        raise SceneError([Problem(hall.name, "metersPerUnit must be a length", f"{metres:g}")])
    is_y_up = UsdGeom.GetStageUpAxis(foreign) == UsdGeom.Tokens.y
    copy = Usd.Stage.Open(foreign.Flatten(addSourceFileComment=False))
    content = copy.GetDefaultPrim().GetPath()
    above = UsdGeom.Xform.Define(copy, content.ReplaceName(f"{content.name}_upright"))
    if is_y_up:
        above.AddOrientOp(UsdGeom.XformOp.PrecisionDouble).Set(UPRIGHT)
    above.AddScaleOp(UsdGeom.XformOp.PrecisionDouble).Set(Gf.Vec3d(metres, metres, metres))
    inner = UsdGeom.Xform.Define(copy, above.GetPath().AppendChild(content.name)).GetPrim()
    inner.GetReferences().AddInternalReference(content)
    copy.SetDefaultPrim(above.GetPrim())
    UsdGeom.SetStageMetersPerUnit(copy, 1.0)
    UsdGeom.SetStageUpAxis(copy, UsdGeom.Tokens.z)
    copy.GetRootLayer().Export(str(folder / HALL))
    prim = UsdGeom.Xform.Define(stage, path).GetPrim()
    prim.GetReferences().AddReference(f"./{HALL}")
    return prim


def _opened(hall: Path) -> Usd.Stage:
    """The file, with all that it needs there."""
    where = hall.name
    try:
        foreign = Usd.Stage.Open(str(hall.resolve()))
    except Exception as error:  # pxr raises its own kind of error
        reason = (str(error).strip().splitlines() or ["no USD"])[-1][:160]
        raise SceneError([Problem(where, "must be a USD file that opens", reason)]) from error
    if not foreign.GetDefaultPrim():
        rule, way_out = "must have a default prim", "set defaultPrim in the file"
        raise SceneError([Problem(where, rule, way_out=way_out)])
    errors: list[object] = cast("Any", foreign).GetCompositionErrors()  # newer than types-usd
    if errors:
        first = str(errors[0]).strip().splitlines()[0][:160]
        raise SceneError([Problem(where, "must compose without errors", first)])
    for number, _ in enumerate(foreign.Traverse(Usd.TraverseInstanceProxies())):
        if number > MOST_PRIMS:
            raise SceneError([Problem(where, f"must have at most {MOST_PRIMS:,} prims")])
    return foreign

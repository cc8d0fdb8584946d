"""Places as authors write them: a prim with its parameters, links, shifts, failures and looks."""

from collections.abc import Mapping, Sequence

from pxr import Usd

from scenes.authoring.usd import Vector, about_z, group, refer
from twin.core.parameters import Params
from twin.kinds.failure import Failure
from twin.scene.author import apply, keep_shifts, link, stand

__all__ = ["Origin", "equip", "fails"]

Origin = tuple[str, str]  # source, confidence


def equip(
    stage: Usd.Stage,
    path: str,
    params: Params,
    origin: Origin,
    *,
    xyz: Vector = (0.0, 0.0, 0.0),
    turn: float = 0.0,
    label: str = "",
    to: Sequence[str] = (),
    calendar: str = "",
    looks: Mapping[str, str] | None = None,
    **own: Origin,
) -> Usd.Prim:
    """Define a place.

    Args:
        stage: authored at its edit target.
        path: of its prim.
        params: what it does.
        origin: source and confidence of its parameters.
        xyz: where it stands in its parent [m].
        turn: about Z [deg].
        label: what people call it.
        to: paths of the places that take its parts.
        calendar: path of the calendar that it keeps.
        looks: child name to the asset that shows it, at its origin.
        own: parameter name to a source and confidence of its own.
    """
    prim = group(stage, path)
    stand(prim, xyz, about_z(turn))
    if label:
        prim.SetDisplayName(label)
    apply(prim, params, source=origin[0], confidence=origin[1], provenance=own)
    if to:
        link(prim, *to)
    if calendar:
        keep_shifts(prim, calendar)
    for name, asset in (looks or {}).items():
        refer(stage, f"{path}/{name}", asset)
    return prim


def fails(stage: Usd.Stage, path: str, params: Failure, origin: Origin) -> Usd.Prim:
    """Give the place above a path one more failure mode."""
    prim = stage.DefinePrim(path, "Scope")
    apply(prim, params, source=origin[0], confidence=origin[1])
    return prim

"""Where lines meet: assemblers that build the parts of a sub-line into the base of a main line."""

from collections.abc import Sequence

from scenes.whole_plant.authoring import numbers as n
from scenes.whole_plant.authoring.kit import BODY, MANUAL
from scenes.whole_plant.authoring.products import BUILT_IN
from scenes.whole_plant.authoring.walk import Walk
from twin.kinds.assembler import Assembler

__all__ = ["feed", "join"]

SET = ("set, located and fixed below the takt", "proposal")


def join(
    walk: Walk,
    components: Sequence[str],
    base: Sequence[str],
    *,
    bases: Sequence[str] = (),
    work: float = 38.0,
    label: str = "",
    manual: bool = False,
    own: bool = False,
    pitch: float = 7.0,
    looks: dict[str, str] | None = None,
) -> str:
    """One more station of a walk, which builds components in; return its path."""
    params = Assembler(
        components=tuple(components), bases=tuple(bases), base_products=tuple(base),
        match_own=own, component_form=BUILT_IN, process_time=work,
        transfer_time=8.0 if manual else 10.0,
        **(MANUAL if manual else BODY),
    )  # fmt: skip
    fails = n.MANUAL_FAILS if manual else n.BODY_FAILS
    return walk.place(
        "Join", params, SET, step=pitch, label=label, looks=looks,
        transfer_time=n.TRANSFER, mtbf=fails, mttr=fails,
    )  # fmt: skip


def feed(walk: Walk, taker: str, x: float, y: float) -> None:
    """Lift the parts of a walk up and carry them over to a place on the floor at x, y [m]."""
    walk.lift()
    if abs(x - walk.xyz[0]) > 0.01:
        walk.belt_to(x=x)
    if abs(y - walk.xyz[1]) > 0.01:
        walk.belt_to(y=y)
    walk.to(taker)

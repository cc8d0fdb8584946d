"""Clearance in a run: who came how close to whom, where and when, along all of the motion.

Robots against robots, fences and bodies, for one cycle of the shop; or one body on its whole way
through the line. Every figure is a guarantee: along the continuous motion nothing came closer than
`lower`, and at `tick` the meshes were `upper` apart (see `twin.physics.clearance`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.errors import CommandError
from twin.journal import Journal
from twin.physics.clearance import Closest, closest
from twin.physics.shapes import Shapes
from twin.physics.solids import Solids
from twin.plant import Plant
from twin.report.cleared import TOOL, Pair, body_fences, body_pairs, fence_pairs, robot_pairs
from twin.report.cycle import life_of_first, window
from twin.report.followed import Followed

__all__ = ["MARGIN", "TOLERANCE", "Nearness", "body_clearance", "shop_clearance"]

Array = NDArray[np.float64]

MARGIN = 0.25  # m: what stays farther apart than this is not told
TOLERANCE = 0.001  # m


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Nearness:
    """Two things that came within the margin of each other."""

    kind: str
    one: str  # prim path: the link of a robot, or the form of a body
    other: str  # prim path
    lower: float  # nothing came closer than this [m]
    upper: float  # the clearance at `tick` [m]; 0 is contact
    tick: int
    place: str  # the nearest place's prim path
    points: Array  # the closest points in the world [m], shape [2, 3]
    part: int = 0  # serial number of the body

    @property
    def contact(self) -> bool:
        """Whether they touched, as far as the tolerance tells."""
        return self.lower == 0.0

    @property
    def at_work(self) -> bool:
        """Whether it is a tool and the body standing at its robot: it has to touch it."""
        return self.kind == TOOL


def shop_clearance(
    journal: Journal,
    shapes: Shapes,
    *,
    span: tuple[int, int] | None = None,
    margin: float = MARGIN,
    tolerance: float = TOLERANCE,
) -> tuple[Nearness, ...]:
    """What came close in a shop: every pair of robots, robots and fences, robots and bodies.

    Args:
        journal: of a run with motion.
        shapes: of the same plant.
        span: first and last tick; None: one cycle, see `window`.
        margin: what stays farther apart is not told [m].
        tolerance: largest difference of `upper` and `lower` [m].

    Returns:
        The closest first.
    """
    since, until = span or window(journal)
    crew = Followed(journal, shapes)
    pairs = [*robot_pairs(crew, (since, until), margin)]
    pairs += fence_pairs(crew, (since, until), margin)
    for phase in crew.parts(since, until):
        pairs += body_pairs(crew, phase, margin)
    return _told(journal, shapes, pairs, margin=margin, tolerance=tolerance)


def body_clearance(
    journal: Journal,
    shapes: Shapes,
    product: str,
    *,
    margin: float = MARGIN,
    tolerance: float = TOLERANCE,
) -> tuple[Nearness, ...]:
    """What the first body of a product came close to on its way through the whole line.

    Arguments as in `shop_clearance`; fences and other standing things count too.
    """
    life = life_of_first(journal, product)
    if life is None:
        raise CommandError(f"no {product} came through in this run; make it longer")
    serial, since, until = life
    crew = Followed(journal, shapes)
    pairs: list[Pair] = []
    for phase in crew.parts(since, until, serial=serial):
        pairs += body_pairs(crew, phase, margin)
        pairs += body_fences(crew, phase, margin)
    return _told(journal, shapes, pairs, margin=margin, tolerance=tolerance)


def _told(
    journal: Journal, shapes: Shapes, pairs: Sequence[Pair], *, margin: float, tolerance: float
) -> tuple[Nearness, ...]:
    """Search all pairs at once, and name what was found."""
    found = closest(
        Solids.build(shapes.solids),
        [(pair.one, pair.other) for pair in pairs],
        [pair.span for pair in pairs],
        margin=margin,
        tolerance=tolerance,
    )
    rows = [
        _named(journal, pair, found, row) for row, pair in enumerate(pairs) if found.tick[row] >= 0
    ]
    return tuple(sorted(rows, key=lambda each: (each.upper, each.one, each.other, each.tick)))


def _named(journal: Journal, pair: Pair, found: Closest, row: int) -> Nearness:
    numbers: list[int] = found.solid[row].tolist()
    return Nearness(
        kind=pair.kind,
        one=str(pair.names[0][numbers[0]]),
        other=str(pair.names[1][numbers[1]]),
        lower=float(found.lower[row]),
        upper=float(found.upper[row]),
        tick=int(found.tick[row]),
        place=_place_at(journal.plant, found.point[row].mean(axis=0)),
        points=found.point[row],
        part=pair.part,
    )


def _place_at(plant: Plant, point: Array) -> str:
    """The place that is nearest to a point, in the plane."""
    xy = np.array([place.pose.xyz[:2] for place in plant.places])
    return plant.places[int(np.linalg.norm(xy - point[:2], axis=1).argmin())].path

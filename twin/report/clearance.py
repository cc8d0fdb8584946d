"""Clearance in a run: who came how close to whom, where and when, along all of the motion.

Robots against robots, fences and bodies, for one cycle of the shop; or one body on its whole way
through the line. Every figure is a guarantee: along the continuous motion nothing came closer than
`lower`, and at `tick` the meshes were `upper` apart (see `twin.physics.clearance`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.core.record import FINISHED, MADE
from twin.engine.simulation import Simulation
from twin.errors import CommandError, RunError, nearest
from twin.journal import Journal
from twin.physics.clearance import Closest, closest
from twin.physics.mover import Still
from twin.physics.runs import PartRun, RobotRun
from twin.physics.shapes import Shapes, Standing
from twin.physics.solids import Solids
from twin.plant import Plant
from twin.report.followed import Followed, PartPhase
from twin.units import to_ticks

__all__ = ["MARGIN", "TOLERANCE", "Nearness", "body_clearance", "cycle", "shop_clearance", "window"]

Array = NDArray[np.float64]
Mover = RobotRun | PartRun | Still

MARGIN = 0.25  # m: what stays farther apart than this is not told
TOLERANCE = 0.001  # m
CHUNK, MOST_CHUNKS = to_ticks(120.0), 720  # a day
ROBOTS, FENCE, AT_WORK, IN_TRANSFER = "robots", "robot, fence", "robot, body", "robot, moving body"
BODY_FENCE = "body, fence"


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
        """Whether it is a robot that touched the body standing at it, as its tool has to."""
        return self.contact and self.kind == AT_WORK


@dataclass(frozen=True, slots=True, eq=False)
class _Pair:
    kind: str
    one: Mover
    other: Mover
    names: tuple[Sequence[str], Sequence[str]]  # of their solids
    span: tuple[int, int]
    part: int = 0


def cycle(plant: Plant, *, product: str | None = None, seed: int = 1) -> Journal:
    """Run a plant until the first body has gone through, of one product if it is named.

    Raises:
        CommandError: there is no such product.
        RunError: no body comes through within a day.
    """
    names = [each.name for each in plant.products]
    if product is not None and product not in names:
        raise CommandError(f"{product} is not a product of {plant.name}; {nearest(product, names)}")
    journal = Journal(plant, seed=seed)
    run = Simulation(plant, seed=seed, motion=True, recorder=journal)
    for _ in range(MOST_CHUNKS):
        run.advance(run.now + CHUNK)
        journal.close(run.now)
        if _life(journal, product) is not None:
            return journal
    raise RunError(f"no {product or 'part'} comes through {plant.name} within a day")


def _life(journal: Journal, product: str | None) -> tuple[int, int, int] | None:
    """Serial number of the first body that came through, when it was made, and when it left."""
    events = journal.events
    made, done = events[events["code"] == MADE], events[events["code"] == FINISHED]
    if product is not None:
        row = [each.name for each in journal.plant.products].index(product)
        made = made[made["value"] == row]
    done = done[np.isin(done["part"], made["part"]) & (done["value"] == 0)]
    if not len(done):
        return None
    serial = int(done["part"][0])
    return serial, int(made["tick"][made["part"] == serial][0]), int(done["tick"][0])


def window(journal: Journal) -> tuple[int, int]:
    """The shortest time up to the end of a run in which every robot has run a whole program.

    Robots that never ran one are left out; where none did it is the whole run.
    """
    segments = journal.segments
    runs = segments[(segments["part"] == 0) & (segments["track"] >= 0)]
    length = journal.layout.programs.duration[runs["track"]]
    end = runs["tick"] + runs["duration"]
    whole = (np.abs(runs["end"] - length) < 1e-6) & (end <= journal.until) & (length > 0)
    runs = runs[whole]
    if not len(runs):
        return 0, journal.until
    begun = runs["tick"] - (runs["start"] * 1e6).astype(np.int64)
    latest: dict[int, int] = dict(zip(runs["subject"].tolist(), begun.tolist(), strict=True))
    return max(0, min(latest.values())), journal.until


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
    robots = crew.robots()
    pairs = [*_robot_pairs(crew, robots, (since, until), margin)]
    pairs += _fence_pairs(crew, robots, (since, until), margin)
    for phase in crew.parts(since, until):
        pairs += _body_pairs(crew, robots, phase, margin)
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
    life = _life(journal, product)
    if life is None:
        raise CommandError(f"no {product} came through in this run; make it longer")
    serial, since, until = life
    crew = Followed(journal, shapes)
    robots = crew.robots()
    pairs: list[_Pair] = []
    for phase in crew.parts(since, until, serial=serial):
        pairs += _body_pairs(crew, robots, phase, margin)
        pairs += _body_fences(crew, phase, margin)
    return _told(journal, shapes, pairs, margin=margin, tolerance=tolerance)


def _robot_pairs(
    crew: Followed, robots: list[RobotRun | None], span: tuple[int, int], margin: float
) -> Iterator[_Pair]:
    crowd = [
        (robot, shape.paths, crew.box(robot, *span))
        for robot, shape in zip(robots, crew.shapes.robots, strict=True)
        if robot is not None
    ]
    for k, (robot, paths, box) in enumerate(crowd):
        for other, others, there in crowd[k + 1 :]:
            if _near(box, there, margin):
                yield _Pair(ROBOTS, robot, other, (paths, others), span)


def _fence_pairs(
    crew: Followed, robots: list[RobotRun | None], span: tuple[int, int], margin: float
) -> Iterator[_Pair]:
    things = crew.shapes.standing
    boxes = [_box_of(crew, each) for each in things]
    for shape, robot in zip(crew.shapes.robots, robots, strict=True):
        if robot is None:
            continue
        own = crew.box(robot, *span)
        near = [each for each, box in zip(things, boxes, strict=True) if _near(own, box, margin)]
        if near:
            names = (shape.paths, [each.path for each in near])
            yield _Pair(FENCE, robot, crew.still(near), names, span)


def _body_pairs(
    crew: Followed, robots: list[RobotRun | None], phase: PartPhase, margin: float
) -> Iterator[_Pair]:
    span = (phase.since, phase.until)
    body = crew.box(phase.mover, *span)
    name = [crew.shapes.look_paths[phase.look]]
    kind = IN_TRANSFER if phase.moving else AT_WORK
    for shape, robot in zip(crew.shapes.robots, robots, strict=True):
        if robot is None or not _near(crew.coarse_box(robot), body, margin):
            continue
        if _near(crew.box(robot, *span), body, margin):
            yield _Pair(kind, robot, phase.mover, (shape.paths, name), span, phase.serial)


def _body_fences(crew: Followed, phase: PartPhase, margin: float) -> Iterator[_Pair]:
    span = (phase.since, phase.until)
    body = crew.box(phase.mover, *span)
    near = [each for each in crew.shapes.standing if _near(body, _box_of(crew, each), margin)]
    if near:
        names = ([crew.shapes.look_paths[phase.look]], [each.path for each in near])
        yield _Pair(BODY_FENCE, phase.mover, crew.still(near), names, span, phase.serial)


def _box_of(crew: Followed, thing: Standing) -> Array:
    """The box around a thing that stands, from the ball around it, shape [2, 3] [m]."""
    ball = crew.shapes.solids[thing.solid].ball
    middle = thing.frame[:3, :3] @ ball[:3] + thing.frame[:3, 3]
    return middle + np.array([[-1.0], [1.0]]) * ball[3]


def _near(one: Array, other: Array, margin: float) -> bool:
    return bool((one[0] - margin <= other[1]).all() and (other[0] - margin <= one[1]).all())


def _told(
    journal: Journal, shapes: Shapes, pairs: list[_Pair], *, margin: float, tolerance: float
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


def _named(journal: Journal, pair: _Pair, found: Closest, row: int) -> Nearness:
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

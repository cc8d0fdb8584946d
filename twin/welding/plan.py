"""A weld plan: which robot welds which spots of a body, in which order, in which poses.

Stretches of seams are allotted to robots so that loads are even and no two robots of a station are
in each other's way; then each robot's round is put in order. What robots then meet on the way
between stretches counts in the next allotment, until nothing is left, or tries are.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from twin.errors import Problem, SceneError
from twin.physics.solids import Solid
from twin.plant import Interlock, Task
from twin.welding.allot import Slots, allot
from twin.welding.apart import Meeting, interlocks, meetings, run_station
from twin.welding.body import Bodies
from twin.welding.line import Settings, Spots, Welder
from twin.welding.mirror import Mirror, mirror_of
from twin.welding.reach import reach, why_not
from twin.welding.room import Grid, Room, Swept, shared
from twin.welding.sequence import load_of, sequence
from twin.welding.stretches import Offer, offers_of, stretches_of
from twin.welding.turned import least_waiting
from twin.welding.visits import Visits
from twin.welding.ways import Ways, moves_of, poses

__all__ = ["Plan", "plan_welds"]

Array = NDArray[np.float64]
Rows = NDArray[np.int64]
Flags = NDArray[np.bool_]

DIGITS = 6  # of frames that are compared
FRESH = 3  # allotments from nothing, before the best is improved
ENOUGH = 1.0  # s: shorter waits are no matter
AGAIN = 1  # how much more those are in each other's way for whom a robot waited
ASIDE, AHEAD, BELOW, BEHIND = 1.5, 2.5, 0.3, 0.3  # m: how far from bases robots meet


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plan:
    """Who welds what, in which order; an entry for each robot."""

    spots: Spots
    welders: tuple[Welder, ...]
    visits: tuple[Visits, ...]
    interlocks: tuple[tuple[Interlock, ...], ...]
    tasks: tuple[Task, ...]  # as the plant runs them
    unreached: tuple[Problem, ...]  # a spot each, with the reason
    clashes: tuple[Problem, ...] = ()  # two robots each that can't be kept apart

    @property
    def cycle(self) -> Array:
        """How long each robot's program takes [s], shape [robot_count]."""
        return np.array([each.planned.length for each in self.tasks])

    @property
    def robot(self) -> Rows:
        """The robot that welds each spot, shape [n]; -1 where none does."""
        found = np.full(len(self.spots), -1, np.int64)
        for row, each in enumerate(self.visits):
            found[each.spot] = row
        return found


def crews_of(welders: Sequence[Welder], bodies: Bodies) -> list[list[int]]:
    """Rows of robots that stand alike and weld alike: any of a crew can weld what one can."""
    rows: dict[object, list[int]] = {}
    for row, each in enumerate(welders):
        frames = (np.round(part, DIGITS) + 0.0 for part in (each.base, each.tool, each.rest))
        key = (
            id(each.arm), *(part.tobytes() for part in frames), each.guns, each.steps,
            bodies.key(each.station),
        )  # fmt: skip
        rows.setdefault(key, []).append(row)
    return list(rows.values())


def _grid(welders: Sequence[Welder], apart: float) -> Grid:
    """A grid around all that robots of a station may reach."""
    bases = np.array([each.base[:3, 3] for each in welders])
    edge = np.array([np.inf, np.abs(bases[:, 1]).max() + BEHIND, np.inf])
    low = np.maximum(bases.min(axis=0) - [ASIDE, AHEAD, BELOW], -edge)
    high = np.minimum(bases.max(axis=0) + [ASIDE, AHEAD, AHEAD], edge)
    return Grid.around(low, high, apart)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Crowd:
    """What the robots of one station do; an entry for each."""

    visits: tuple[Visits, ...]
    locks: tuple[tuple[Interlock, ...], ...]
    tasks: tuple[Task, ...]
    meetings: tuple[Meeting, ...]
    hits: tuple[Flags, ...]  # moves of each that come too near to the body
    stuck: bool  # whether they can't be kept apart

    @property
    def cycle(self) -> float:
        """Until the last is done [s]."""
        return max(each.planned.length for each in self.tasks)

    @property
    def waiting(self) -> float:
        """The longest that one waits [s]."""
        return max(each.waiting for each in self.tasks)

    @property
    def hit(self) -> bool:
        """Whether one comes too near to the body."""
        return any(each.any() for each in self.hits)


def _spot_of_moves(visits: Visits) -> Rows:
    """The spot that each move goes to; the last, back home, comes from one."""
    return np.append(visits.spot, visits.spot[-1:])


NONE = np.empty(0, np.int64)
NOTHING = Visits(spot=NONE, turn=np.empty(0), back=np.empty(0), branch=NONE)


class Line:
    """A line and the spots of one product: what comes of visits."""

    def __init__(
        self, spots: Spots, welders: Sequence[Welder], settings: Settings, bodies: Bodies
    ) -> None:
        self.spots, self.welders, self.settings = spots, tuple(welders), settings
        self.bodies = bodies
        self.grid = _grid(self.welders, settings.apart)
        self.ways = Ways(bodies)
        self.stations: dict[str, list[int]] = {}
        for row, each in enumerate(self.welders):
            self.stations.setdefault(each.station, []).append(row)
        self._known: dict[tuple[object, ...], Crowd] = {}

    def run(self, visits: Sequence[Visits]) -> dict[str, Crowd]:
        """What robots do, station by station, if each makes its visits."""
        found: dict[str, Crowd] = {}
        for station, rows in self.stations.items():
            own = [visits[row] for row in rows]
            key = station, *(each.key for each in own)
            if key not in self._known:
                self._known[key] = self._crowd(station, own)
            found[station] = self._known[key]
        return found

    def _crowd(self, station: str, visits: list[Visits]) -> Crowd:
        """Robots of a station, each the way round and with the interlocks that suit all."""
        team = [self.welders[row] for row in self.stations[station]]
        names = [each.path.rpartition("/")[2] for each in team]
        locks = [()] * len(team)
        tasks = run_station(team, visits, self.spots)
        met = meetings(team, tasks, self.grid)
        stuck = False
        if met:
            turned = least_waiting(tasks, met)
            stuck = turned is None
            if turned is not None and any(turned):
                visits = [
                    each.turned if turn else each for each, turn in zip(visits, turned, strict=True)
                ]
                tasks = run_station(team, visits, self.spots)
                met = meetings(team, tasks, self.grid)
            locks = interlocks(station, names, met)
            try:
                tasks = run_station(team, visits, self.spots, locks)
            except SceneError:
                stuck = True
        return Crowd(
            visits=tuple(visits), locks=tuple(locks), tasks=tuple(tasks), meetings=tuple(met),
            hits=self._hits(team, tasks), stuck=stuck,
        )  # fmt: skip

    def _hits(self, team: Sequence[Welder], tasks: Sequence[Task]) -> tuple[Flags, ...]:
        """Which moves of each robot come too near to the body."""
        return tuple(
            np.asarray(self.ways.gaps(welder, task) < self.settings.clear, np.bool_)
            for welder, task in zip(team, tasks, strict=True)
        )

    def crosses(self, run: dict[str, Crowd]) -> bool:
        """Whether a robot comes beyond the plane through X and Z."""
        for station, crowd in run.items():
            for row, task in zip(self.stations[station], crowd.tasks, strict=True):
                welder = self.welders[row]
                if welder.hull is not None:
                    joints = poses(*moves_of(task.planned))[0]
                    placed = welder.hull.placed(welder.arm, joints, welder.base)
                    ends = np.minimum(placed[..., 1], placed[..., 4]) - placed[..., 6]
                    if ends.min() < self.settings.apart / 2:
                        return True
        return False

    def doubled(self, station: str, crowd: Crowd, side: "Line", mirror: Mirror) -> Crowd:
        """What one side of a station does, done by both."""
        own = [self.stations[station].index(mirror.welders[k]) for k in side.stations[station]]
        other = [self.stations[station].index(mirror.others[k]) for k in side.stations[station]]
        team = [self.welders[row] for row in self.stations[station]]
        visits, locks = [NOTHING] * len(team), [tuple[Interlock, ...]()] * len(team)
        for rows, flip in ((own, False), (other, True)):
            names = [team[row].path.rpartition("/")[2] for row in rows]
            held = interlocks(station, names, crowd.meetings)
            for row, each, lock in zip(rows, crowd.visits, held, strict=True):
                visits[row], locks[row] = mirror.moved(each, other=flip), lock
        tasks = run_station(team, visits, self.spots, locks)
        return Crowd(
            visits=tuple(visits), locks=tuple(locks), tasks=tuple(tasks),
            meetings=crowd.meetings, hits=self._hits(team, tasks), stuck=crowd.stuck,
        )  # fmt: skip

    def badness(self, run: dict[str, Crowd]) -> tuple[int, float]:
        """How many stations don't work, then how long the slowest takes [s]."""
        patience = self.settings.patience
        bad = sum(each.stuck or each.hit or each.waiting > patience for each in run.values())
        work = {each.station: each.work for each in self.welders}
        return bad, max(each.cycle + work[station] for station, each in run.items())

    def finished(self, run: dict[str, Crowd]) -> Plan:
        """The plan that a run makes, with what it leaves."""
        rows = [(station, place) for station, each in self.stations.items() for place in each]
        order = {row: (station, self.stations[station].index(row)) for station, row in rows}
        crowds = [(run[order[row][0]], order[row][1]) for row in range(len(self.welders))]
        able = np.zeros(len(self.spots), np.bool_)
        for each in run.values():
            for own in each.visits:
                able[own.spot] = True
        rule = f"must have robots that keep apart, waiting at most {self.settings.patience:g} s"
        way_out = "move robots apart, or give the line more of them"
        return Plan(
            spots=self.spots,
            welders=self.welders,
            visits=tuple(crowd.visits[k] for crowd, k in crowds),
            interlocks=tuple(crowd.locks[k] for crowd, k in crowds),
            tasks=tuple(crowd.tasks[k] for crowd, k in crowds),
            unreached=tuple(
                why_not(self.spots, row, self.welders) for row in np.flatnonzero(~able).tolist()
            ),
            clashes=(
                *(
                    Problem(station, rule, f"{crowd.waiting:.1f} s", way_out)
                    for station, crowd in run.items()
                    if crowd.stuck or crowd.waiting > self.settings.patience
                ),
                *self._touches(run),
            ),
        )

    def _touches(self, run: dict[str, Crowd]) -> Iterator[Problem]:
        """Robots that come too near to the body."""
        rule = f"must keep its links {1000 * self.settings.clear:g} mm off the body"
        for station, crowd in run.items():
            for row, hits in zip(self.stations[station], crowd.hits, strict=True):
                if hits.any():
                    value = f"{int(hits.sum())} moves of {len(hits)} that do not"
                    way_out = "move the robot, or turn the spots' frames"
                    yield Problem(self.welders[row].path, rule, value, way_out)


class Planner(Line):
    """Allots the stretches of one product."""

    def __init__(
        self, spots: Spots, welders: Sequence[Welder], settings: Settings, bodies: Bodies
    ) -> None:
        super().__init__(spots, welders, settings, bodies)
        self.crews = crews_of(self.welders, bodies)
        self.stretches = stretches_of(spots, settings.stretch)
        self.offers: list[Offer] = []
        for number, crew in enumerate(self.crews):
            self.offers += self._offers(number, crew[0])
        self.seams = np.array([spots.seam[rows[0]] for rows in self.stretches], np.int64)
        self.meet = self._meet()

    def search(self, look: Callable[[str, Crowd], Crowd] | None = None) -> dict[str, Crowd]:
        """The best run of several, each with what the one before came to.

        Args:
            look: adds what else is known of the crowd of a station.
        """
        slots = self.slots()
        best: dict[str, Crowd] | None = None
        kept: Rows | None = None
        for seed in range(1, self.settings.tries + 1):
            taken = allot(slots, self.meet, kept if seed > FRESH else None, seed=seed)
            run = self.run(self.visits(slots, taken))
            if look is not None:
                run = {station: look(station, crowd) for station, crowd in run.items()}
            self.learn(slots, taken, run)
            if best is None or self.badness(run) < self.badness(best):
                best, kept = run, taken
            if self.badness(best) <= (0, self.settings.takt):
                break
        assert best is not None
        return best

    def _offers(self, number: int, row: int) -> list[Offer]:
        welder, spots = self.welders[row], self.spots
        allowed = np.array([step in welder.steps for step in spots.step], np.bool_)
        allowed &= np.array([gun in welder.guns for gun in spots.gun], np.bool_)
        stretches = [rows if allowed[rows].all() else rows[:0] for rows in self.stretches]
        wanted = np.concatenate([np.empty(0, np.int64), *stretches])
        choices = reach(welder, spots.frames[wanted], self.settings)
        back = np.full(len(spots), -1, np.int64)
        back[wanted] = np.arange(len(wanted))
        return offers_of(
            number, welder, spots, [(rows, back[rows]) for rows in stretches], choices,
            self.grid, self._resting(row),
            lambda joints: bool(self.bodies.gaps(welder, joints).min() >= self.settings.clear),
        )  # fmt: skip

    def _resting(self, row: int) -> Room | None:
        """The room that a robot's neighbours take at rest; None without."""
        station = self.welders[row].station
        crowd = [
            each.hull.placed(each.arm, each.rest[None], each.base)
            for k, each in enumerate(self.welders)
            if k != row and each.station == station and each.hull is not None
        ]
        if not crowd:
            return None
        capsules = np.concatenate(crowd, axis=1)
        return self.grid.room(Swept(placed=capsules, part=np.zeros(1, np.int64), count=1))[0]

    def _meet(self) -> Rows:
        """How much offers are in each other's way, if robots of one station take them."""
        count = len(self.offers)
        meet = np.zeros((count, count), np.int64)
        own = [
            [k for k, each in enumerate(self.offers) if each.crew == crew and each.room is not None]
            for crew in range(len(self.crews))
        ]
        stations = [{self.welders[row].station for row in rows} for rows in self.crews]
        rooms = [
            [room for row in rows if (room := self.offers[row].room) is not None] for rows in own
        ]
        for a in range(len(own)):
            for b in range(a + 1, len(own)):
                if stations[a] & stations[b] and own[a] and own[b]:
                    near = shared(rooms[a], rooms[b])
                    meet[np.ix_(own[a], own[b])] = near
                    meet[np.ix_(own[b], own[a])] = near.T
        return meet

    def slots(self) -> Slots:
        """What may be allotted."""
        stations = [each.station for each in self.welders]
        work = [each.work for each in self.welders]
        return Slots.build(self.offers, self.crews, stations, work, self.seams)

    def learn(self, slots: Slots, taken: Rows, run: dict[str, Crowd]) -> None:
        """Take stretches whose moves met as being in each other's way, where robots waited."""
        of = np.full(len(self.spots), -1, np.int64)
        for stretch, rows in enumerate(self.stretches):
            of[rows] = slots.offer[taken[stretch]]
        for crowd in run.values():
            for visits, hit in zip(crowd.visits, crowd.hits, strict=True):
                if hit.any():
                    rows = np.unique(of[_spot_of_moves(visits)[hit]])
                    self.meet[rows, rows] += AGAIN
            if not crowd.stuck and crowd.waiting < ENOUGH:
                continue
            for meeting in crowd.meetings:
                pair = crowd.visits[meeting.one], crowd.visits[meeting.other]
                if len(pair[0]) and len(pair[1]):
                    one, other = (of[_spot_of_moves(each)] for each in pair)
                    a, b = np.nonzero(meeting.near)
                    met = np.unique(np.column_stack([one[a], other[b]]), axis=0)
                    self.meet[met[:, 0], met[:, 1]] += AGAIN
                    self.meet[met[:, 1], met[:, 0]] += AGAIN

    def visits(self, slots: Slots, taken: Rows) -> list[Visits]:
        """What each robot does if options are taken."""
        found: list[Visits] = []
        for row, welder in enumerate(self.welders):
            own = [
                (self.offers[slots.offer[option]], self.stretches[stretch])
                for stretch, option in enumerate(taken.tolist())
                if option >= 0 and slots.robot[option] == row
            ]
            load = load_of(own, welder.arm.joint_count)
            found.append(sequence(load, welder, self.spots, self.settings))
        return found


class Both:
    """Adds the moves of the right side that come too near to the body to those of the left."""

    def __init__(self, line: Line, side: Line, mirror: Mirror) -> None:
        self._line, self._side, self._mirror = line, side, mirror
        self._known: dict[int, tuple[Crowd, Crowd]] = {}

    def __call__(self, station: str, crowd: Crowd) -> Crowd:
        if id(crowd) not in self._known:
            self._known[id(crowd)] = crowd, self._look(station, crowd)
        return self._known[id(crowd)][1]

    def _look(self, station: str, crowd: Crowd) -> Crowd:
        doubled = self._line.doubled(station, crowd, self._side, self._mirror)
        rows = self._line.stations[station]
        other = dict(zip(self._mirror.welders, self._mirror.others, strict=True))
        hits: list[Flags] = []
        for own, left in zip(crowd.hits, self._side.stations[station], strict=True):
            right = doubled.hits[rows.index(other[self._mirror.welders[left]])]
            hits.append(own | right if len(own) == len(right) else own)
        return replace(crowd, hits=tuple(hits))


def plan_welds(
    spots: Spots,
    welders: Sequence[Welder],
    settings: Settings | None = None,
    *,
    bodies: Mapping[str, Sequence[Solid]] | None = None,
) -> Plan:
    """Plan who welds which spots of a body: even loads, and robots out of each other's way.

    Args:
        spots: of one product.
        welders: all robots of the line.
        settings: how guns come to spots; None: as usual.
        bodies: what stands in each station, in its frame, and links must keep off; None: nothing.
    """
    settings, standing = settings or Settings(), Bodies(bodies or {})
    mirror = mirror_of(spots, welders)
    if mirror is None:
        planner = Planner(spots, welders, settings, standing)
        return planner.finished(planner.search())
    side = Planner(*mirror.left(spots, welders), settings, standing)
    line = Line(spots, welders, settings, standing)
    run = side.search(Both(line, side, mirror))
    if side.crosses(run):
        planner = Planner(spots, welders, settings, standing)
        return planner.finished(planner.search())
    return line.finished(
        {station: line.doubled(station, crowd, side, mirror) for station, crowd in run.items()}
    )

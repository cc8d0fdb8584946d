"""A run of one plant: advance, command, look, snapshot, fork. It is f(plant, seed, commands)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Protocol, Self

from twin.core.compiled import compiled_for
from twin.core.parameters import Parameter, Params, parameters, problems_of
from twin.core.state import close_states
from twin.core.world import World
from twin.engine.build import build_world, seed_streams
from twin.engine.calls import calls
from twin.engine.command import ACTIONS, REASONS, ZONED, Command
from twin.engine.deadlock import circle
from twin.engine.dispatch import KINDS, counters, variant_for
from twin.engine.frames import Frames
from twin.engine.grow import grown, with_log, with_room, without_log
from twin.engine.intervene import check_held, order_part, rows_below, set_withdrawn
from twin.engine.kernel import ASK, BEGIN, DEADLOCK, FULL, GO_ON, LIVELOCK, STANDSTILL, run
from twin.engine.layout import lay_out
from twin.engine.livelock import loop_without_time
from twin.engine.poses import Poses, poses_from, segments_now
from twin.engine.question import Question, checked_rules, question_of
from twin.engine.standstill import last_change, waits_in_vain
from twin.errors import CommandError, RunError, SceneError, nearest
from twin.plant import Plant, check, rules_of_kind
from twin.units import to_seconds, to_ticks

__all__ = ["Recorder", "Rule", "Simulation", "Snapshot"]


Rule = Callable[["Simulation", Question], int]  # the number of the exit
WHOLE = ("reset", "seed")  # actions on the whole run


class Recorder(Protocol):
    """Whoever keeps what happened: the journal, or a live stream."""

    def record(self, events: Any, segments: Any) -> None:
        """Keep log rows, of dtypes EVENT and SEGMENT, in the order of their ticks.

        They need no copy: nobody writes to them again.
        """
        ...

    def command(self, command: Command) -> None:
        """Keep a command that was carried out."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """The whole state of a run at one tick: every table of the world, and the parameters set."""

    tables: tuple[Any, ...]
    params: tuple[Params, ...]
    digest: str


class Simulation:
    """A world with its clock."""

    def __init__(
        self,
        plant: Plant,
        *,
        seed: int = 0,
        replication: int = 0,
        motion: bool = False,
        recorder: Recorder | None = None,
        interpreted: bool = False,
        rules: Mapping[str, Rule] | None = None,
    ) -> None:
        """Make a run at tick 0.

        Args:
            plant: what exists.
            seed: of all random streams of the run.
            replication: number of this run among those with the same seed.
            motion: whether it can be looked at; without, only the flow of material is computed.
            recorder: who keeps events and segments; None keeps nothing.
            interpreted: run handlers as plain Python, thousands of times slower.
            rules: by prim path, functions that routers of rule "own" ask for an exit.

        Raises:
            SceneError: the plant breaks a rule.
            CommandError: a rule is missing, or is for a place that asks none.
            RunError: events at tick 0 go round in a circle.
        """
        problems = check(plant)
        if problems:
            raise SceneError(problems)
        self.plant = plant
        self.layout = lay_out(plant)
        self.seed = seed
        self.replication = replication
        self.params = tuple(place.params for place in plant.places)
        self._interpreted = interpreted
        self._kernel: Callable[..., int] | None = None
        self._variant = variant_for(type(params) for params in self.params)
        calls(self._variant)
        self._recorder = recorder
        self._handed_over = (0, 0)  # events and segments of the log that the recorder has
        self._rules = checked_rules(plant, rules or {})
        self.world = build_world(plant, self.layout, seed, replication, motion=motion)
        self._run(0, BEGIN)

    @property
    def now(self) -> int:
        """The tick up to which everything has happened: the clock's first column."""
        return int(self.world.clock.item(0)[0])

    def advance(self, until: int) -> None:
        """Let everything happen up to and including a tick.

        Raises:
            CommandError: the tick is in the past.
            RunError: events go round in a circle without time passing, or parts wait for one
                another for ever.
        """
        if until < self.now:
            raise CommandError(f"can't advance to {until}: the run is at {self.now} already")
        self._run(until, GO_ON)
        self._drain()

    def apply(self, command: Command) -> Command:
        """Carry a command out now; returns it with its tick.

        Raises:
            CommandError: it names what isn't there or breaks a rule; nothing has changed.
        """
        if command.action not in ACTIONS:
            hint = nearest(command.action, ACTIONS)
            raise CommandError(f"{command.path} has no action {command.action!r}; {hint}")
        if command.action in ZONED:
            for row in rows_below(self.plant, command.path):
                self._carry_out(row, replace(command, path=self.plant.places[row].path))
        elif command.action in WHOLE:
            self._carry_out(0, replace(command, path=""))
        else:
            self._carry_out(self.plant.index(command.path), command)
        return replace(command, tick=self.now)

    def _carry_out(self, row: int, command: Command) -> None:
        self._make_room()
        row, ticks = self._checked(row, command)
        self._run(self.now, ACTIONS[command.action], row, ticks)
        if command.action == "reset":
            self._clear_counters()
        self._record(replace(command, tick=self.now))

    def _checked(self, row: int, command: Command) -> tuple[int, int]:
        """What a command comes to as arguments of the kernel: a row and a number.

        What the kernel can't do is done here.
        """
        action = command.action
        if action == "set":
            self._set(row, command)
        elif action == "route":
            return row, self._exit(row, command)
        elif action == "seed":
            self._seed(command)
        elif not 0 <= command.value <= 1e9:
            rule = "value must be >= 0 s and <= 1e9 s"
            raise CommandError(f"{command.path} {rule}, got {command.value:g}")
        elif action == "hold":
            check_held(self.world, row, command)
        elif action == "order":
            self.world = with_room(self.world)
            order_part(self.plant, self.world, row, command)
        elif action in ("withdraw", "return"):
            row = set_withdrawn(self.plant, self.world, row, command)
        return row, to_ticks(command.value) if action == "fail" else REASONS.get(action, 0)

    def _seed(self, command: Command) -> None:
        text = command.attribute
        if not (text.isascii() and text.isdigit() and len(text) <= 18):
            raise CommandError(f"seed must be a whole number >= 0, got {text!r}")
        if not (0 <= command.value < 2**32 and command.value.is_integer()):
            rule = "replication must be a whole number >= 0"
            raise CommandError(f"{rule}, got {command.value:g}")
        self.seed, self.replication = int(text), int(command.value)
        seed_streams(self.world, self.plant, self.seed, self.replication)

    def _exit(self, row: int, command: Command) -> int:
        asking, count = int(self.world.clock[0].asking), len(self.plant.places[row].next)
        if row != asking:
            raise CommandError(f"{command.path} does not ask for an exit now")
        if command.value not in range(count):
            rule = f"has exits 0 to {count - 1}"
            raise CommandError(f"{command.path} {rule}, got {command.value:g}")
        return int(command.value)

    def reset_statistics(self) -> None:
        """Count times, parts and failures from now on, as at the end of a warm-up."""
        self.apply(Command(action="reset"))

    def _clear_counters(self) -> None:
        for name in counters():
            self.world.place[name] = 0

    def _record(self, command: Command) -> None:
        if self._recorder is not None:
            self._recorder.command(command)
        self._drain()

    def poses(self, at: int | None = None) -> Poses:
        """Where everything is, now or at a later tick before the next event.

        Raises:
            CommandError: the run was made without motion, or the tick is not in that span.
        """
        at = self._known(at)
        return poses_from(segments_now(self.world), self.layout, at)

    def frames(self, into: Frames | None = None, *, at: int | None = None) -> Frames:
        """As `poses`, with all link frames, written to the same memory at every call.

        Args:
            into: what an earlier call gave, of a run of the same plant; None: new memory.
            at: the tick; None: now.

        Raises:
            CommandError: the run was made without motion, or the tick is not in that span.
        """
        frames = Frames(self.layout) if into is None else into
        if not frames.look_at(self.world, at, interpreted=self._interpreted):
            self._known(at)
        return frames

    def _known(self, at: int | None) -> int:
        """A tick at which poses are known, or why they are not; None is now."""
        clock = self.world.clock[0]
        at = self.now if at is None else at
        if clock.motion == 0:
            raise CommandError("this run has no motion; make it with motion=True")
        ahead = int(self.world.heap[0].tick) if clock.pending > 0 else at
        if not self.now <= at <= max(ahead, self.now):
            rule = f"poses are known from {self.now} to {ahead}; advance the run or ask its journal"
            raise CommandError(f"{rule}, got {at}")
        return at

    def totals(self) -> World:
        """A copy of the world with all state times counted up to now."""
        copy = World(*(column.copy() for column in without_log(self.world)))
        close_states(copy)
        return copy

    def snapshot(self) -> Snapshot:
        """The state as it is now, to be restored here or in another run of the same plant."""
        tables = tuple(column.copy() for column in without_log(self.world))
        return Snapshot(tables, self.params, self.digest())

    def restore(self, snapshot: Snapshot) -> None:
        """Go to a snapshot's state."""
        self.world = World(*(column.copy() for column in snapshot.tables))
        self._handed_over = (0, 0)
        self.params = snapshot.params

    def fork(self, *, seed: int | None = None, replication: int | None = None) -> Self:
        """A run that goes on from here by itself; with another seed its future is drawn anew."""
        twin = object.__new__(type(self))
        twin.__dict__.update(self.__dict__)
        twin._recorder = None
        twin.restore(self.snapshot())
        if seed is not None or replication is not None:
            twin.seed = self.seed if seed is None else seed
            twin.replication = self.replication if replication is None else replication
            seed_streams(twin.world, self.plant, twin.seed, twin.replication)
        return twin

    def digest(self) -> str:
        """SHA-256 of the world without its logs: equal for equal states."""
        hashed = sha256()
        for column in without_log(self.world):
            hashed.update(column.tobytes())
        return hashed.hexdigest()

    def _run(self, until: int, action: int, row: int = 0, ticks: int = 0) -> None:
        """Do an action, then let everything happen up to a tick, with room made as needed."""
        self._make_room()
        kernel = self._kernel or self._find_kernel(until, action, row, ticks)
        while (result := kernel(self.world, until, action, row, ticks)) in (FULL, ASK, STANDSTILL):
            action = GO_ON
            self._make_room()
            if result == FULL:
                self.world = grown(self.world)
            elif result == STANDSTILL:
                self._judge()
            else:
                action, row, ticks = ACTIONS["route"], *self._ask()
        if result in (LIVELOCK, DEADLOCK):
            raise RunError(self._stuck(result))
        if self._recorder is not None and self.world.clock[0].lost > 0:
            raise RunError("more happened at one tick than the run's log can hold")

    def _find_kernel(self, *arguments: int) -> Callable[..., int]:
        """The event loop, interpreted or compiled; only the world and integers may be given."""
        if self._interpreted:
            self._kernel = run
        else:
            self._kernel = compiled_for(run, (self.world, *arguments), self._variant)
        return self._kernel

    def _ask(self) -> tuple[int, int]:
        """Let the rule of the place that asks choose an exit; returns the place's row and it."""
        row = int(self.world.clock[0].asking)
        place = self.plant.places[row]
        question = question_of(self.plant, self.world, row)
        answer = Command(
            action="route", path=place.path, value=self._rules[place.path](self, question)
        )
        way_out = self._exit(row, answer)
        self._record(replace(answer, tick=self.now))
        return row, way_out

    def _judge(self) -> None:
        """See whether a plant that stands still waits in vain.

        Raises:
            RunError: it does; it names who waits for what.
        """
        stuck = waits_in_vain(self.plant, self.world)
        if stuck:
            waiting = "; ".join(
                f"{self.plant.places[row].path} waits for {' or '.join(names)}"
                for row, names in stuck.items()
            )
            at = f"{to_seconds(last_change(self.world)):.6f} s"
            raise RunError(f"{waiting}: a deadlock since {at}, as none of it can ever come")
        clock = self.world.clock[0]
        clock.judged = clock.processed - clock.idle

    def _stuck(self, result: int) -> str:
        """Why the run can't go on, place by place."""
        at = f"at {to_seconds(self.now):.6f} s"
        if result == DEADLOCK:
            rows = circle(self.world, int(self.world.clock[0].stuck))
            way_out = "give the loop more places, or let fewer parts into it"
            what = "is a deadlock: each waits for the next"
        else:
            rows = loop_without_time(self.world)
            way_out = "give a place in it a time > 0"
            what = "is a loop in which no time passes"
        names = [self.plant.places[each].path for each in (*rows, rows[0])]
        return f"{' > '.join(names)} {what}, {at}; {way_out}"

    def _make_room(self) -> None:
        """Hand the log to the recorder, and give it room for what one event may bring."""
        if self._recorder is not None:
            self._drain()
            self.world = with_log(self.world)
            clock = self.world.clock[0]
            self._handed_over = (int(clock.event_count), int(clock.segment_count))

    def _drain(self) -> None:
        """Hand to the recorder what was logged since the last time."""
        if self._recorder is None:
            return
        clock = self.world.clock[0]
        logged = (int(clock.event_count), int(clock.segment_count))
        if logged == self._handed_over:
            return
        events, segments = map(slice, self._handed_over, logged)
        self._handed_over = logged
        self._recorder.record(self.world.event[events], self.world.segment[segments])

    def _set(self, row: int, command: Command) -> None:
        """Change a parameter of a place, if it may change while the plant runs."""
        parameter = self._live_parameter(row, command)
        changed = replace(self.params[row], **{parameter.name: parameter.type(command.value)})
        around = self.plant.surroundings()[row]
        problems = problems_of(command.path, changed) or rules_of_kind(changed, around)
        if problems:
            raise CommandError(str(problems[0]))
        place: Any = self.world.place[row]
        KINDS[place.kind].load(place, changed)
        self.params = (*self.params[:row], changed, *self.params[row + 1 :])

    def _live_parameter(self, row: int, command: Command) -> Parameter:
        known = {each.usd_name: each for each in parameters(type(self.params[row]))}
        live = [name for name, each in known.items() if each.live]
        name = command.attribute
        if name not in known:
            raise CommandError(f"{command.path} has no {name!r}; {nearest(name, live)}")
        if not known[name].live:
            raise CommandError(f"{command.path} {name} can't change while the plant runs")
        return known[name]

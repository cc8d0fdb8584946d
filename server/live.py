"""A simulation that runs by the wall clock, and what an operator can ask of it.

It is a little ahead of what is shown, so that frames arrive before their time. That future stays
true until someone intervenes: a command acts on what is shown, so where the run is further ahead
than usual (the speed was lowered, or it is paused) it goes back first, and a new epoch begins.

Knows nothing of sockets. Its clock is handed to it, and all methods are called from one thread.
"""

from collections.abc import Callable
from math import inf

from server.lockstep import STEP_RATE, LockStep
from server.pace import SPEEDS, Pace
from server.run import Run
from server.sent import Sent, Welcome
from server.stream import Stream
from server.tape import Note
from twin.engine.command import Command
from twin.errors import CommandError, TwinError
from twin.units import TICKS_PER_SECOND, to_seconds, to_ticks

__all__ = ["FARTHEST_JUMP", "STEP", "Live"]

SLICE = 0.05  # s of wall time whose events are simulated at a stretch
BUDGET = 0.2  # s of wall time that one step may take
JUMP_BUDGET = 10.0  # s of wall time that a jump may take
JUMP_SLICE = 60.0  # s between two points in the history of a jump, or longer
JUMP_SLICES = 120
FARTHEST_JUMP = 86400.0  # s
SECOND = 1.0  # s of wall time between two notes of figures
SHOWN_EVERY = 0.2  # s of wall time between two looks at a run that goes as fast as it can
MOST_SHOWN = 2e6  # bytes of such looks in a second
LONGEST_STRIDE = 600 * TICKS_PER_SECOND  # simulated at a stretch
STEP = 1 / 30  # s of wall time between two steps
LEAST_SHARE = 0.1  # of the speed: shown time goes on at least so fast, and waits where it must
MEASURED = 0.5  # s of wall time over which it is measured how fast exporters in lock-step are
MOST_EMPTY = 10_000  # events that change nothing, passed over by a step to the next event


class Live:
    """A paced run and its stream of frames."""

    def __init__(
        self,
        run: Run,
        *,
        clock: Callable[[], float],
        speed: float = 1.0,
        playing: bool = True,
        epoch: int = 1,
    ) -> None:
        """Let a run go by a clock.

        Args:
            run: made already; it goes on from where it is.
            clock: gives the wall time [s]; only differences matter.
            speed: simulated seconds per second, 0.01 to 1000, or infinite: as fast as possible.
            playing: whether time runs at once.
            epoch: the first one.

        Raises:
            CommandError: the speed is out of range.
        """
        self._clock = clock
        self.run = run
        self.pace = Pace(clock(), speed=speed, playing=playing)
        self.pace.jump(clock(), run.now)
        self.stream = Stream(run, self.pace, epoch=epoch)
        self._capacity = inf  # simulated seconds per second, where the last step was cut short
        self._noted = self._looked = clock()
        self._look_every = SHOWN_EVERY
        self._stride = TICKS_PER_SECOND
        self.lockstep = LockStep(clock)
        self._mark = (clock(), run.now)  # when the run was where, while it is held in step

    @property
    def wait(self) -> float:
        """How long to wait before the next step [s] of wall time."""
        if len(self.lockstep):
            return 0.5 / STEP_RATE
        return 0.0 if self.pace.is_fastest else STEP

    @property
    def shown(self) -> int:
        """The tick that is shown now."""
        return self.pace.shown(self._clock())

    def step(self) -> list[Sent]:
        """Bring the run up to the clock; returns the frames for everyone."""
        wall = self._clock()
        try:
            self._leave_behind()
            if len(self.lockstep):
                self._go_in_step(wall)
            elif self.pace.is_fastest:
                self._rush(wall)
            else:
                self._keep_up(wall)
                self._advance(self.pace.goal(wall))
                self.stream.send_fresh()
                self.stream.send_poses(wall)
            if wall - self._noted >= SECOND:
                self._noted = wall
                self._note(wall)
        except TwinError as error:
            self._give_up(error)
            self.stream.send_fresh()
        return self.stream.take()

    def hold(self, name: str, step: float, patience: float) -> int:
        """Wait for an exporter at each of its steps from now on; returns the tick of the first.

        Raises:
            CommandError: a number is out of range, or there are too many exporters.
        """
        self._mark = (self._clock(), self.run.now)
        return self.lockstep.open(name, step, patience, self.run.now)

    def welcome(self, topic: int = 0) -> Welcome:
        """All that a client must know that has just come; frames for everyone go on from there."""
        return self.stream.welcome(self._clock(), topic)

    def play(self, *, playing: bool) -> None:
        """Go on, or pause."""
        wall = self._clock()
        self.pace.play(wall, playing=playing)
        self._look(wall)

    def set_speed(self, speed: float) -> None:
        """Show `speed` simulated seconds per second; infinite is as fast as possible.

        Raises:
            CommandError: the speed is out of range.
        """
        wall = self._clock()
        rushed = self.pace.is_fastest
        self.pace.set_speed(wall, speed)
        self._look(wall, anew=rushed or self.pace.is_fastest)

    def reset(self) -> None:
        """Begin the run again, as in the scene.

        Raises:
            CommandError: exporters hold the run in step.
        """
        self._check_free()
        wall = self._clock()
        self.run.restart()
        self.pace.jump(wall, 0)
        self.stream.begin_epoch(wall, -1)

    def seek(self, tick: int) -> int:
        """Show another tick between the beginning and the head; returns it.

        Raises:
            CommandError: the run has not come so far, or exporters hold it in step.
        """
        self._check_free()
        wall = self._clock()
        known = self.pace.shown(wall)
        self.run.go_back(known)
        self.run.seek(tick)
        return self._begin_at(wall, self.run.now, known)

    def go_live(self) -> int:
        """Show the farthest tick that the run has reached; returns it."""
        return self.seek(self.run.head) if not self.run.is_live else self.shown

    def jump(self, seconds: float) -> float:
        """Go forward as fast as possible; returns by how many simulated seconds.

        Raises:
            CommandError: the time is out of range, or exporters hold the run in step.
        """
        self._check_free()
        if not 0 < seconds <= FARTHEST_JUMP:
            raise CommandError(f"seconds must be > 0 and <= {FARTHEST_JUMP:g}, got {seconds:g}")
        started = self._clock()
        known = self.pace.shown(started)
        goal = known + to_ticks(seconds)
        stride = to_ticks(max(JUMP_SLICE, seconds / JUMP_SLICES))
        while self.run.now < goal and self._clock() - started < JUMP_BUDGET:
            self.run.advance(min(goal, self.run.now + stride))
            self.run.note()
            self.run.save()
            self.run.tape.forget(self.run.now)
        self._begin_at(self._clock(), min(goal, self.run.now), known)
        self.run.forget(self.pace.tick)
        return to_seconds(self.pace.tick - known)

    def step_events(self, count: int) -> int:
        """Pause, and let the next events happen; returns the tick that is shown then.

        Raises:
            CommandError: nothing is due any more, or exporters hold the run in step.
        """
        self._check_free()
        wall = self._clock()
        known = self.pace.shown(wall)
        self.pace.play(wall, playing=False)
        self._back_to_shown(wall)
        for _ in range(count):
            self._to_next_event()
        self.pace.jump(wall, self.run.now)
        self.stream.send_time(wall)
        self.stream.send_fresh()
        self.run.note()
        self.stream.send_figures(wall)
        return max(known, self.run.now)

    def command(self, command: Command) -> Command:
        """Carry a command out at the time that is shown.

        Raises:
            CommandError: it names what isn't there or breaks a rule; nothing has changed.
        """
        wall = self._clock()
        if self.run.now > self.pace.goal(wall):
            self._back_to_shown(wall)
        stamped = self.run.apply(command)
        self.stream.send_fresh()
        self.stream.send_figures(wall)
        return stamped

    def _check_free(self) -> None:
        if count := len(self.lockstep):
            rule = f"the time can't be set: {count} in lock-step hold the run"
            raise CommandError(f"{rule}; end them first, or fork the run")

    def _leave_behind(self) -> None:
        for name, patience in self.lockstep.leave_behind():
            text = f"{name} is no longer in step: no answer within {patience:g} s; the run goes on"
            self.run.tape.note(Note(tick=self.run.now, kind="service", path="", text=text))

    def _keep_up(self, wall: float) -> None:
        if self.pace.keep_up(wall, self.run.now, self._capacity):
            self.stream.send_time(wall)

    def _go_in_step(self, wall: float) -> None:
        """Go on as far as exporters let the run, and tell them where it has come."""
        if self.pace.is_fastest:
            if wall - self._looked >= SHOWN_EVERY:
                self._looked = wall
                self.pace.reach(wall, self.run.now)
                self.stream.send_time(wall)
            goal = self.lockstep.limit
        else:
            self._keep_up(wall)
            goal = min(self.pace.goal(wall), self.lockstep.limit)
        capacity = self._capacity
        self._advance(goal, at_least=to_ticks(SLICE))
        self._capacity = capacity
        since, tick = self._mark
        if self.pace.rate == 0:
            self._mark, self._capacity = (wall, self.run.now), inf
        elif wall - since >= MEASURED:
            measured = to_seconds(self.run.now - tick) / (wall - since)
            self._capacity = max(measured, LEAST_SHARE * min(self.pace.speed, SPEEDS[1]))
            self._mark = (wall, self.run.now)
        self.stream.send_fresh()
        if steps := self.lockstep.reach(self.run.now):
            self.run.decide(self.run.now)
            self.stream.send_step(self.run.now, steps)
        self.stream.send_poses(wall)

    def _back_to_shown(self, wall: float) -> None:
        shown = self.pace.shown(wall)
        if self.run.go_back(shown):
            self.stream.begin_epoch(wall, shown)

    def _begin_at(self, wall: float, tick: int, known: int) -> int:
        """Show a tick, in a new epoch; returns it."""
        self.pace.jump(wall, tick)
        self.stream.begin_epoch(wall, min(known, tick))
        return tick

    def _to_next_event(self) -> None:
        """Go on until something has happened that is told."""
        tape = self.run.tape
        before = tape.count
        for _ in range(MOST_EMPTY):
            clock = self.run.sim.world.clock[0]
            if clock.pending == 0:
                break
            self.run.advance(max(self.run.now, int(self.run.sim.world.heap[0].tick)))
            if tape.count > before:
                return
        raise CommandError("nothing is due any more")

    def _advance(self, goal: int, *, at_least: int = 1) -> None:
        """Go on towards a tick, but not for longer than a step may take.

        Args:
            goal: the tick.
            at_least: what is simulated at a stretch [ticks], however slowly time runs.
        """
        first, started = self.run.now, self._clock()
        stride = max(at_least, int(self.pace.rate * SLICE * TICKS_PER_SECOND))
        while self.run.now < goal and self._clock() - started < BUDGET:
            self.run.advance(min(goal, self.run.now + stride))
        spent = self._clock() - started
        cut_short = self.run.now < goal and spent > 0
        self._capacity = to_seconds(self.run.now - first) / spent if cut_short else inf

    def _rush(self, wall: float) -> None:
        """Go on as far as a step may take, and show now and then what holds there."""
        started = self._clock()
        while (spent := self._clock() - started) < BUDGET / 2:
            self.run.advance(self.run.now + self._stride)
            self.run.tape.forget(self.run.now)
            took = self._clock() - started - spent
            fitting = int(self._stride * SLICE / 2 / max(took, 1e-6))
            self._stride = max(1, min(2 * self._stride, fitting, LONGEST_STRIDE))
        if wall - self._looked >= self._look_every:
            self.pace.reach(wall, self.run.now)
            self._look(wall, anew=True)

    def _look(self, wall: float, *, anew: bool = False) -> None:
        """Tell everyone how time runs; anew: and all that holds now, instead of what happened."""
        if not anew:
            self.stream.send_time(wall)
            return
        self._looked = wall
        shown = self.pace.shown(wall)
        size = self.stream.send_everything(wall)
        self._look_every = max(SHOWN_EVERY, size / MOST_SHOWN)
        self.run.forget(shown)

    def _note(self, wall: float) -> None:
        """Once a second: tell time again, and figures if there are new ones."""
        if not self.pace.is_fastest:
            self.stream.send_time(wall)
        if not self.run.is_live or self.run.ledger.history[-1][0] < self.run.now:
            self.run.note()
            self.run.save()
            self.stream.send_figures(wall)
        self.run.forget(self.pace.shown(wall))

    def _give_up(self, error: TwinError) -> None:
        """The run can't go on: pause, and say why."""
        self.play(playing=False)
        self.run.tape.note(Note(tick=self.run.now, kind="error", path="", text=str(error)))

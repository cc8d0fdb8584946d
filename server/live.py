"""A simulation that runs by the wall clock, and what an operator can ask of it.

It is a little ahead of what is shown, so that frames arrive before their time. That future stays
true until someone intervenes: a command acts on what is shown, so where the run is further ahead
than usual (the speed was lowered, or it is paused) it goes back first, and a new epoch begins.

Knows nothing of sockets. Its clock is handed to it, and all methods are called from one thread.
"""

from collections.abc import Callable
from math import inf

from server.pace import Pace
from server.run import Run
from server.stream import Sent, Stream, Welcome
from server.tape import Note
from twin.engine.command import Command
from twin.errors import CommandError, TwinError
from twin.plant import Plant
from twin.units import TICKS_PER_SECOND, to_seconds, to_ticks

__all__ = ["FARTHEST_JUMP", "Live"]

SLICE = 0.05  # s of wall time whose events are simulated at a stretch
BUDGET = 0.2  # s of wall time that one step may take
JUMP_BUDGET = 10.0  # s of wall time that a jump may take
JUMP_SLICE = 60.0  # s between two points in the history of a jump, or longer
JUMP_SLICES = 120
FARTHEST_JUMP = 86400.0  # s
SECOND = 1.0  # s of wall time between two notes of figures


class Live:
    """A paced run and its stream of frames."""

    def __init__(
        self,
        plant: Plant,
        *,
        clock: Callable[[], float],
        seed: int = 0,
        speed: float = 1.0,
        playing: bool = True,
        interpreted: bool = False,
    ) -> None:
        """Make the run; this compiles the engine where that has not been done before.

        Args:
            plant: what exists.
            clock: gives the wall time [s]; only differences matter.
            seed: of the run.
            speed: simulated seconds per second, 0.1 to 1000.
            playing: whether time runs at once.
            interpreted: run the engine as plain Python.

        Raises:
            SceneError: the plant breaks a rule.
            CommandError: the speed is out of range.
        """
        self._clock = clock
        self.run = Run(plant, seed=seed, interpreted=interpreted)
        self.pace = Pace(clock(), speed=speed, playing=playing)
        self.stream = Stream(self.run, self.pace)
        self._capacity = inf  # simulated seconds per second, where the last step was cut short
        self._noted = clock()

    def step(self) -> list[Sent]:
        """Bring the run up to the clock; returns the frames for everyone."""
        wall = self._clock()
        if self.pace.keep_up(wall, self.run.now, self._capacity):
            self.stream.send_time(wall)
        try:
            self._advance(self.pace.goal(wall))
        except TwinError as error:
            self._give_up(error)
        self.stream.send_fresh()
        if wall - self._noted >= SECOND:
            self._noted = wall
            self._note(wall)
        return self.stream.take()

    def welcome(self) -> Welcome:
        """All that a client must know that has just come; frames for everyone go on from there."""
        return self.stream.welcome(self._clock())

    def play(self, *, playing: bool) -> None:
        """Go on, or pause."""
        wall = self._clock()
        self.pace.play(wall, playing=playing)
        self.stream.send_time(wall)

    def set_speed(self, speed: float) -> None:
        """Show `speed` simulated seconds per second.

        Raises:
            CommandError: the speed is out of range.
        """
        wall = self._clock()
        self.pace.set_speed(wall, speed)
        self.stream.send_time(wall)

    def reset(self) -> None:
        """Begin the run again, as in the scene."""
        wall = self._clock()
        self.run.restart()
        self.pace.jump(wall, 0)
        self.stream.begin_epoch(wall, -1)

    def jump(self, seconds: float) -> float:
        """Go forward as fast as possible; returns by how many simulated seconds.

        Raises:
            CommandError: the time is out of range.
        """
        if not 0 < seconds <= FARTHEST_JUMP:
            raise CommandError(f"seconds must be > 0 and <= {FARTHEST_JUMP:g}, got {seconds:g}")
        started = self._clock()
        known = self.pace.shown(started)
        goal = known + to_ticks(seconds)
        stride = to_ticks(max(JUMP_SLICE, seconds / JUMP_SLICES))
        while self.run.now < goal and self._clock() - started < JUMP_BUDGET:
            self.run.advance(min(goal, self.run.now + stride))
            self.run.note()
            self.run.tape.forget(self.run.now)
        self.run.save()
        wall = self._clock()
        self.pace.jump(wall, min(goal, self.run.now))
        self.stream.begin_epoch(wall, known)
        self.run.forget(self.pace.tick)
        return to_seconds(self.pace.tick - known)

    def command(self, command: Command) -> Command:
        """Carry a command out at the time that is shown.

        Raises:
            CommandError: it names what isn't there or breaks a rule; nothing has changed.
        """
        wall = self._clock()
        shown = self.pace.shown(wall)
        if self.run.now > self.pace.goal(wall) and self.run.go_back(shown):
            self.stream.begin_epoch(wall, shown)
        stamped = self.run.apply(command)
        self.stream.send_fresh()
        self.stream.send_figures()
        return stamped

    def _advance(self, goal: int) -> None:
        """Go on towards a tick, but not for longer than a step may take."""
        first, started = self.run.now, self._clock()
        stride = max(1, int(self.pace.rate * SLICE * TICKS_PER_SECOND))
        while self.run.now < goal and self._clock() - started < BUDGET:
            self.run.advance(min(goal, self.run.now + stride))
        spent = self._clock() - started
        cut_short = self.run.now < goal and spent > 0
        self._capacity = to_seconds(self.run.now - first) / spent if cut_short else inf

    def _note(self, wall: float) -> None:
        """Once a second: tell time again, and figures if there are new ones."""
        self.stream.send_time(wall)
        if self.run.ledger.history[-1][0] < self.run.now:
            self.run.note()
            self.run.save()
            self.stream.send_figures()
        self.run.forget(self.pace.shown(wall))

    def _give_up(self, error: TwinError) -> None:
        """The run can't go on: pause, and say why."""
        self.play(playing=False)
        self.run.tape.note(Note(tick=self.run.now, kind="error", path="", text=str(error)))

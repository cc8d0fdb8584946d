"""From a run to frames: what is new for everyone, and all that a newcomer must know."""

from collections.abc import Callable, Iterator, Sequence
from math import inf
from typing import Any

from numpy.typing import NDArray

from server import wire
from server.area import Area
from server.pace import LEAD, Pace
from server.reading import Look, Reading
from server.run import Run
from server.sent import EVERYONE, EVERYTHING, Sent, Welcome
from server.tape import Note
from server.wire import Stamp

__all__ = ["Stream"]

MOST_FIGURES = 10_000.0  # bytes a second of figures of all places

Rows = NDArray[Any]  # structured


class Stream:
    """Numbers and makes the frames of one run."""

    def __init__(self, run: Run, pace: Pace, *, epoch: int = 1) -> None:
        """Make frames of a run.

        Args:
            run: what is told.
            pace: how its time runs.
            epoch: the first one; a run that is begun again goes on with a higher one.
        """
        self._run = run
        self._pace = pace
        self._epoch, self._seq, self._key_seq = epoch, 0, 0
        self._out: list[Sent] = []
        self._tables_told = -inf  # when the figures of all places were told [s]
        self._everything = Reading(run.sim.layout)
        self._topics: dict[int, Reading] = {}

    @property
    def epoch(self) -> int:
        """Rises whenever time is set anew."""
        return self._epoch

    def open(self, topic: int, paths: Sequence[str], *, poses: float = 0.0) -> int:
        """Make frames of a part of the plant besides, or of poses, as a topic of its own.

        Args:
            topic: its number.
            paths: prim paths; none: everything.
            poses: how many poses a second [Hz]; 0: segments.

        Returns:
            the number of the last frame before them.

        Raises:
            CommandError: at one of the paths there is nothing.
        """
        plant, layout = self._run.plant, self._run.sim.layout
        reading = Reading(layout, Area(plant, layout, paths) if paths else None, poses=poses)
        self.send_fresh()
        reading.begin(self._run.tape.segments.rows)
        self._topics[topic] = reading
        return self._seq

    def close(self, topic: int) -> None:
        """Make no more frames of a topic."""
        self._topics.pop(topic, None)

    def take(self) -> list[Sent]:
        """The frames made since the last call."""
        out, self._out = self._out, []
        return out

    def send_time(self, wall: float) -> None:
        """Tell everyone how time runs from now [s] on."""
        tick, rate = self._pace.shown(wall), self._pace.rate
        self._send(wire.time_frame(self._next(), tick, wall, rate), EVERYONE)

    def send_fresh(self) -> None:
        """Tell everyone what the run has said since the last call."""
        now = self._run.now
        segments, states, notes = self._run.tape.fresh()
        for topic, reading in self._all_topics():
            told = reading.segments(segments), reading.states(states), reading.notes(notes)
            self._send_rows(topic, now, told)

    def send_poses(self, wall: float) -> None:
        """Tell those who read poses where everything is, from now [s] on as far as it is known."""
        for topic, reading in self._topics.items():
            for due in reading.dues(wall, LEAD):
                tick = self._pace.shown(due)
                if tick > self._run.now:
                    break
                if look := reading.look(self._run.tape, tick):
                    for data in self._look(look, self._next):
                        self._send(data, topic)

    def send_step(self, tick: int, steps: Sequence[float]) -> None:
        """Tell exporters in lock-step that the run waits for them at a tick."""
        self._send(wire.step_frame(self._next(), tick, steps), EVERYONE)

    def _send_rows(self, topic: int, now: int, told: tuple[Rows, Rows, list[Note]]) -> None:
        segments, states, notes = told
        if len(segments):
            self._send(wire.segment_frame(self._next(), now, segments), topic)
        if len(states):
            self._send(wire.state_frame(self._next(), now, states), topic)
        if notes:
            self._send(wire.event_frame(self._next(), now, notes), topic)

    def send_figures(self, wall: float) -> None:
        """Tell everyone the newest figures; those of all places less often where there are many."""
        figures = self._run.ledger.since(self._run.now)[-1]
        arrays = figures.arrays
        if wall - self._tables_told < sum(each.nbytes for each in arrays.values()) / MOST_FIGURES:
            arrays = {name: each if name == "totals" else each[:0] for name, each in arrays.items()}
        else:
            self._tables_told = wall
        self._send(wire.kpi_frame(self._next(), figures.tick, arrays), EVERYONE)

    def begin_epoch(self, wall: float, known: int) -> None:
        """Tell everyone that time was set anew, and all that holds now.

        Args:
            wall: now [s].
            known: tick up to which clients know the figures and notes of this run.
        """
        self._epoch += 1
        self.send_everything(wall)
        shown = self._pace.shown(wall)
        for figures in self._run.ledger.since(min(shown, known)):
            frame = wire.kpi_frame(self._next(), figures.tick, figures.arrays)
            self._send(frame, EVERYONE)
        later = [note for note in self._run.tape.notes if note["tick"] > known]
        for topic, reading in self._all_topics() if later else ():
            told = reading.notes(later)
            self._send(wire.event_frame(self._next(), self._run.now, told), topic)

    def send_everything(self, wall: float) -> int:
        """Tell everyone how time runs now [s], and all that holds; returns how many bytes."""
        before = len(self._out)
        self._key_seq = self._seq + 2  # TIME comes first
        self.send_time(wall)
        self._run.tape.fresh()
        shown = self._pace.shown(wall)
        for topic, reading in self._all_topics():
            reading.begin(self._run.tape.segments.rows)
            for data in self._holding(shown, reading, self._next):
                self._send(data, topic)
        return sum(len(frame.data) for frame in self._out[before:])

    def _all_topics(self) -> list[tuple[int, Reading]]:
        return [(EVERYTHING, self._everything), *self._topics.items()]

    def welcome(self, wall: float, topic: int = EVERYTHING) -> Welcome:
        """All that holds now, for one client that reads a topic."""
        self.send_fresh()
        reading = self._topics.get(topic, self._everything)
        pace, run = self._pace, self._run
        shown = pace.shown(wall)
        time = wire.time_frame(self._stamp(), shown, wall, pace.rate)
        figures = [
            wire.kpi_frame(self._stamp(), each.tick, each.arrays)
            for each in run.ledger.since(shown)
        ]
        return Welcome(
            seq=self._seq,
            epoch=self._epoch,
            speed=pace.speed,
            playing=pace.playing,
            history=[point for point in run.ledger.history if point[0] <= shown],
            frames=[time, *self._holding(shown, reading, self._stamp), *figures],
            notes=wire.event_frame(self._stamp(), shown, reading.notes(run.tape.notes)),
        )

    def _holding(self, shown: int, reading: Reading, stamp: Callable[[], Stamp]) -> Iterator[bytes]:
        """KEY, or POSE and JOINT, and STATE of what holds at a tick, and of what comes after."""
        tape = self._run.tape
        states = reading.states(tape.states.since(shown))
        if reading.poses:
            if look := reading.look(tape, shown, always=True):
                yield from self._look(look, stamp)
        else:
            segments = reading.segments_for(tape.segments_since(shown))
            yield wire.segment_frame(stamp(), shown, segments, key=True)
        later = states["tick"] > shown
        yield wire.state_frame(stamp(), shown, states[~later], full=True)
        if later.any():
            yield wire.state_frame(stamp(), shown, states[later])

    def _look(self, look: Look, stamp: Callable[[], Stamp]) -> Iterator[bytes]:
        yield wire.pose_frame(stamp(), look.tick, look.parts)
        yield wire.joint_frame(stamp(), look.tick, look.robot, look.joint)

    def _stamp(self) -> Stamp:
        return Stamp(self._epoch, self._seq, self._key_seq)

    def _next(self) -> Stamp:
        self._seq += 1
        return self._stamp()

    def _send(self, data: bytes, topic: int) -> None:
        self._out.append(Sent(self._seq, data, topic))

"""From a run to frames: what is new for everyone, and all that a newcomer must know."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from numpy.typing import NDArray

from server import wire
from server.area import Area
from server.pace import Pace
from server.run import Run
from server.sent import EVERYONE, EVERYTHING, Sent, Welcome
from server.tape import Note
from server.wire import Stamp

__all__ = ["Stream"]

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
        self._areas: dict[int, Area] = {}

    @property
    def epoch(self) -> int:
        """Rises whenever time is set anew."""
        return self._epoch

    def open(self, topic: int, paths: Sequence[str]) -> int:
        """Make frames of a part of the plant besides, as a topic of its own.

        Returns:
            the number of the last frame before them.

        Raises:
            CommandError: at one of the paths there is nothing.
        """
        area = Area(self._run.plant, self._run.sim.layout, paths)
        self.send_fresh()
        area.begin(self._run.tape.segments.rows)
        self._areas[topic] = area
        return self._seq

    def close(self, topic: int) -> None:
        """Make no more frames of a topic."""
        self._areas.pop(topic, None)

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
        for topic, area in self._all_areas():
            told = (segments, states, notes)
            if area is not None:
                told = area.segments(segments), area.states(states), area.notes(notes)
            self._send_rows(topic, now, told)

    def _send_rows(self, topic: int, now: int, told: tuple[Rows, Rows, list[Note]]) -> None:
        segments, states, notes = told
        if len(segments):
            self._send(wire.segment_frame(self._next(), now, segments), topic)
        if len(states):
            self._send(wire.state_frame(self._next(), now, states), topic)
        if notes:
            self._send(wire.event_frame(self._next(), now, notes), topic)

    def send_figures(self) -> int:
        """Tell everyone the newest figures; returns how many bytes."""
        figures = self._run.ledger.since(self._run.now)[-1]
        frame = wire.kpi_frame(self._next(), figures.tick, figures.arrays)
        self._send(frame, EVERYONE)
        return len(frame)

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
        for topic, area in self._all_areas() if later else ():
            told = later if area is None else area.notes(later)
            self._send(wire.event_frame(self._next(), self._run.now, told), topic)

    def send_everything(self, wall: float) -> int:
        """Tell everyone how time runs now [s], and all that holds; returns how many bytes."""
        before = len(self._out)
        self._key_seq = self._seq + 2  # TIME comes first
        self.send_time(wall)
        self._run.tape.fresh()
        shown = self._pace.shown(wall)
        for topic, area in self._all_areas():
            if area is not None:
                area.begin(self._run.tape.segments.rows)
            for data in self._holding(shown, area, self._next):
                self._send(data, topic)
        return sum(len(frame.data) for frame in self._out[before:])

    def _all_areas(self) -> list[tuple[int, Area | None]]:
        return [(EVERYTHING, None), *self._areas.items()]

    def welcome(self, wall: float, topic: int = EVERYTHING) -> Welcome:
        """All that holds now, for one client that reads a topic."""
        self.send_fresh()
        area = self._areas.get(topic)
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
            frames=[time, *self._holding(shown, area, self._stamp), *figures],
            notes=wire.event_frame(
                self._stamp(), shown, run.tape.notes if area is None else area.notes(run.tape.notes)
            ),
        )

    def _holding(
        self, shown: int, area: Area | None, stamp: Callable[[], Stamp]
    ) -> Iterator[bytes]:
        """KEY and STATE frames of what holds at a tick, and of what comes after."""
        tape = self._run.tape
        segments, states = tape.segments_since(shown), tape.states.since(shown)
        if area is not None:
            segments, states = area.segments_for(segments), area.states(states)
        yield wire.segment_frame(stamp(), shown, segments, key=True)
        later = states["tick"] > shown
        yield wire.state_frame(stamp(), shown, states[~later], full=True)
        if later.any():
            yield wire.state_frame(stamp(), shown, states[later])

    def _stamp(self) -> Stamp:
        return Stamp(self._epoch, self._seq, self._key_seq)

    def _next(self) -> Stamp:
        self._seq += 1
        return self._stamp()

    def _send(self, data: bytes, topic: int) -> None:
        self._out.append(Sent(self._seq, data, topic))

"""From a run to frames: what is new for everyone, and all that a newcomer must know."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from server import wire
from server.pace import Pace
from server.run import Run
from server.wire import Stamp

__all__ = ["Sent", "Stream", "Welcome"]


class Sent(NamedTuple):
    """A frame for everyone."""

    seq: int
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Welcome:
    """All that a client must know that has just come, or has missed too much."""

    seq: int  # of the last frame for everyone that is included
    epoch: int
    speed: float
    playing: bool
    history: list[tuple[int, int, int]]  # tick, parts finished, parts in the plant
    frames: list[bytes]
    notes: bytes  # a frame with what happened lately, for those who have just come


class Stream:
    """Numbers and makes the frames of one run."""

    def __init__(self, run: Run, pace: Pace) -> None:
        self._run = run
        self._pace = pace
        self._epoch, self._seq, self._key_seq = 1, 0, 0
        self._out: list[Sent] = []

    def take(self) -> list[Sent]:
        """The frames made since the last call."""
        out, self._out = self._out, []
        return out

    def send_time(self, wall: float) -> None:
        """Tell everyone how time runs from now [s] on."""
        tick, rate = self._pace.shown(wall), self._pace.rate
        self._send(wire.time_frame(self._next(), tick, wall, rate))

    def send_fresh(self) -> None:
        """Tell everyone what the run has said since the last call."""
        now = self._run.now
        segments, states, notes = self._run.tape.fresh()
        if len(segments):
            self._send(wire.segment_frame(self._next(), now, segments))
        if len(states):
            self._send(wire.state_frame(self._next(), now, states))
        if notes:
            self._send(wire.event_frame(self._next(), now, notes))

    def send_figures(self) -> None:
        """Tell everyone the newest figures."""
        figures = self._run.ledger.since(self._run.now)[-1]
        self._send(wire.kpi_frame(self._next(), figures.tick, figures.arrays))

    def begin_epoch(self, wall: float, known: int) -> None:
        """Tell everyone that time was set anew, and all that holds now.

        Args:
            wall: now [s].
            known: tick up to which clients know the figures and notes of this run.
        """
        self._epoch += 1
        self._key_seq = self._seq + 2  # TIME comes first
        self.send_time(wall)
        self._run.tape.fresh()
        for data in self._everything(self._pace.shown(wall), known, shared=True):
            self._send(data)
        later = [note for note in self._run.tape.notes if note["tick"] > known]
        if later:
            self._send(wire.event_frame(self._next(), self._run.now, later))

    def welcome(self, wall: float) -> Welcome:
        """All that holds now, for one client."""
        pace, run = self._pace, self._run
        shown = pace.shown(wall)
        time = wire.time_frame(self._stamp, shown, wall, pace.rate)
        return Welcome(
            seq=self._seq,
            epoch=self._epoch,
            speed=pace.speed,
            playing=pace.playing,
            history=[point for point in run.ledger.history if point[0] <= shown],
            frames=[time, *self._everything(shown, shown, shared=False)],
            notes=wire.event_frame(self._stamp, shown, run.tape.notes),
        )

    def _everything(self, shown: int, known: int, *, shared: bool) -> Iterator[bytes]:
        """KEY, STATE and KPI frames of what holds at a tick, and of what comes after."""

        def stamp() -> Stamp:
            return self._next() if shared else self._stamp

        tape, ledger = self._run.tape, self._run.ledger
        yield wire.segment_frame(stamp(), shown, tape.segments_since(shown), key=True)
        states = tape.states.since(shown)
        later = states["tick"] > shown
        yield wire.state_frame(stamp(), shown, states[~later], full=True)
        if later.any():
            yield wire.state_frame(stamp(), shown, states[later])
        for figures in ledger.since(min(shown, known)):
            yield wire.kpi_frame(stamp(), figures.tick, figures.arrays)

    @property
    def _stamp(self) -> Stamp:
        return Stamp(self._epoch, self._seq, self._key_seq)

    def _next(self) -> Stamp:
        self._seq += 1
        return self._stamp

    def _send(self, data: bytes) -> None:
        self._out.append(Sent(self._seq, data))

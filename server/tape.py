"""What a simulation says while it runs, kept for as long as a viewer may need it."""

from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from twin.client.mirror import STATE_CHANGE
from twin.client.recent import Recent
from twin.core.record import STATE
from twin.core.state import DOWN
from twin.core.world import NONE, World
from twin.engine.command import Command
from twin.engine.poses import segments_now
from twin.motion import SEGMENT
from twin.plant import Plant

__all__ = ["STATE_CHANGE", "Note", "Tape"]

NOTES_KEPT = 100

Rows = NDArray[Any]  # structured


class Note(TypedDict):
    """Something that an operator wants to read."""

    tick: int
    kind: str  # down, up, command, error
    path: str
    text: str


class Tape:
    """Motion, states and notes, from what is shown now on."""

    def __init__(self, plant: Plant) -> None:
        self._paths = [place.path for place in plant.places]
        self.notes: list[Note] = []
        self._names = [place.name for place in plant.places]
        self._clear()

    @property
    def size(self) -> int:
        """Number of rows kept."""
        return len(self.segments) + len(self.states)

    @property
    def count(self) -> int:
        """How many rows have been recorded since it was begun."""
        return self._count

    def begin(self, world: World) -> None:
        """Start with a world as it is; notes of what happened before it stay."""
        now = int(world.clock[0].now)
        notes = [note for note in self.notes if note["tick"] <= now] if now else []
        self._clear()
        self.notes = notes
        rows = np.zeros(len(world.place), STATE_CHANGE)
        rows["tick"] = np.minimum(world.place.since, now)
        rows["place"] = np.arange(len(rows))
        rows["state"] = world.place.state
        self.states.add(_in_order(rows))
        self.segments.add(_in_order(segments_now(world)))
        self._down = set(rows["place"][rows["state"] == DOWN].tolist())

    def _clear(self) -> None:
        self.segments = Recent(SEGMENT, "subject")
        self.states = Recent(STATE_CHANGE, "place")
        self.notes: list[Note] = []
        self._down: set[int] = set()
        self._count = 0
        self._fresh: list[tuple[Rows, Rows]] = []
        self._fresh_notes: list[Note] = []

    def record(self, events: Rows, segments: Rows) -> None:
        """Keep log rows, of dtypes EVENT and SEGMENT, in the order of their ticks."""
        self._count += len(events) + len(segments)
        states = _state_changes(events)
        segments = segments.copy()
        self.segments.add(segments)
        self.states.add(states)
        self._fresh.append((segments, states))
        self._note_failures(states)

    def command(self, command: Command) -> None:
        """Note a command that was carried out."""
        what = f"{command.attribute} = {command.value:g}" if command.action == "set" else ""
        what = what or command.attribute
        what = what or (f"{command.value:g} s" if command.value else "")
        row = self._paths.index(command.path) if command.path in self._paths else -1
        name = self._names[row] if row >= 0 else command.path or "The run"
        text = f"{name}: {command.action} {what}".strip()
        self.note(Note(tick=command.tick, kind="command", path=command.path, text=text))

    def note(self, note: Note) -> None:
        """Add something to be read."""
        self._fresh_notes.append(note)
        self.notes = [*self.notes[-NOTES_KEPT + 1 :], note]

    def fresh(self) -> tuple[Rows, Rows, list[Note]]:
        """Segments, state changes and notes since the last call."""
        fresh, notes = self._fresh, self._fresh_notes
        self._fresh, self._fresh_notes = [], []
        segments = [np.zeros(0, SEGMENT), *(each for each, _ in fresh)]
        states = [np.zeros(0, STATE_CHANGE), *(each for _, each in fresh)]
        return np.concatenate(segments), np.concatenate(states), notes

    def segments_since(self, tick: int) -> Rows:
        """Everyone's segment at a tick, and all later ones; without those who are out of sight."""
        rows = self.segments.since(tick)
        return rows[(rows["tick"] > tick) | (rows["track"] != NONE)]

    def forget(self, tick: int) -> None:
        """Drop what no longer matters to anyone who joins at a tick or later."""
        self.segments.forget(tick)
        self.states.forget(tick)

    def cut(self, tick: int) -> None:
        """Drop what is later than a tick: it will not happen."""
        self.segments.cut(tick)
        self.states.cut(tick)
        self.notes = [note for note in self.notes if note["tick"] <= tick]
        self._fresh, self._fresh_notes = [], []
        rows = self.states.since(tick)
        self._down = set(rows["place"][rows["state"] == DOWN].tolist())

    def _note_failures(self, states: Rows) -> None:
        came = states["state"] == DOWN
        of_interest = came | np.isin(states["place"], [*self._down, *states["place"][came]])
        for row in states[of_interest]:
            place, is_down = int(row["place"]), int(row["state"]) == DOWN
            if is_down == (place in self._down):
                continue
            (self._down.add if is_down else self._down.discard)(place)
            path, kind = self._paths[place], "down" if is_down else "up"
            text = f"{self._names[place]} {'is down' if is_down else 'runs again'}"
            self.note(Note(tick=int(row["tick"]), kind=kind, path=path, text=text))


def _in_order(rows: Rows) -> Rows:
    return rows[np.argsort(rows["tick"], kind="stable")]


def _state_changes(events: Rows) -> Rows:
    changes = events[events["code"] == STATE]
    rows = np.zeros(len(changes), STATE_CHANGE)
    rows["tick"], rows["place"], rows["state"] = (
        changes["tick"], changes["place"], changes["value"],
    )  # fmt: skip
    return rows

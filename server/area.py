"""A part of a plant, named by prim paths: what of a run's stream concerns who looks only there.

A part that leaves an area is told once more, as out of sight, so that it does not stay behind.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from server.tape import Note
from twin.core.world import NONE
from twin.engine.layout import Layout
from twin.errors import CommandError, nearest
from twin.plant import Plant

__all__ = ["Area"]

Rows = NDArray[Any]  # structured
Mask = NDArray[np.bool_]


class Area:
    """Cuts segments, states and notes down to what lies at or below some prim paths."""

    def __init__(self, plant: Plant, layout: Layout, paths: Sequence[str]) -> None:
        """Find what lies there.

        Raises:
            CommandError: at one of the paths there is nothing.
        """
        self._below = tuple(path.rstrip("/") + "/" for path in paths)
        known = [place.path for place in plant.places]
        for path, below in zip(paths, self._below, strict=True):
            if not any(f"{each}/".startswith(below) for each in known):
                raise CommandError(f"{path} has no place at or below it; {nearest(path, known)}")
        self._places = np.array([self._has(path) for path in known], np.bool_)
        robots = [self._places[row] for row, each in enumerate(plant.places) for _ in each.robots]
        self._robots = np.array(robots, np.bool_)
        self._tracks = _tracks(plant, layout, self._places)
        self._inside = self._robots.copy()

    @property
    def robots(self) -> Mask:
        """Which robots stand here, shape [robot_count]."""
        return self._robots

    def begin(self, rows: Rows) -> Rows:
        """Segments for everyone who looks here, from now on; see `segments_for`."""
        self._inside = self._robots.copy()
        return self._cut(rows, self._inside)

    def segments(self, rows: Rows) -> Rows:
        """What of new segments, in the order of their ticks, concerns this area."""
        return self._cut(rows, self._inside)

    def segments_for(self, rows: Rows) -> Rows:
        """What of all segments that hold now or later one who has just come must know."""
        return self._cut(rows, self._robots.copy())

    def states(self, rows: Rows) -> Rows:
        """The state changes of places in this area."""
        return rows[self._places[rows["place"]]]

    def notes(self, notes: Sequence[Note]) -> list[Note]:
        """The notes about places in this area, or about all."""
        return [note for note in notes if not note["path"] or self._has(note["path"])]

    def _has(self, path: str) -> bool:
        return f"{path}/".startswith(self._below)

    def _cut(self, rows: Rows, inside: Mask) -> Rows:
        """Keep rows of who is in the area, or was until then; `inside` is brought up to date."""
        if not len(rows):
            return rows
        subject = rows["subject"]
        if subject.max() >= len(inside):
            inside = self._longer(inside, int(subject.max()) + 1)
        order = np.argsort(subject, kind="stable")
        owner = subject[order]
        here = self._is_here(rows)[order]
        before = np.roll(here, 1)
        first = np.flatnonzero(np.append(True, owner[1:] != owner[:-1]))
        before[first] = inside[owner[first]]
        inside[owner] = here  # the last one of each owner stays
        kept = np.sort(order[here | before])
        cut = rows[kept].copy()
        cut["track"][~self._is_here(cut)] = NONE
        return cut

    def _is_here(self, rows: Rows) -> Mask:
        is_robot = rows["subject"] < len(self._robots)
        here = self._tracks[np.where(is_robot, NONE, rows["track"])]
        here[is_robot] = self._robots[rows["subject"][is_robot]]
        return here

    def _longer(self, inside: Mask, count: int) -> Mask:
        longer = np.zeros(max(count, 2 * len(inside)), np.bool_)
        longer[: len(inside)] = inside
        if inside is self._inside:
            self._inside = longer
        return longer


def _tracks(plant: Plant, layout: Layout, places: Mask) -> Mask:
    """Whether each path is in the area: those of a place with it, those of a link with its end."""
    count = len(layout.paths.length)
    owner = np.full(count + 1, NONE)
    firsts = [(int(row), place) for place, row in enumerate(layout.place_path) if row >= 0]
    links = [
        (int(row), taker)
        for row, (_, taker) in zip(layout.link_path, plant.links, strict=True)
        if row >= 0
    ]
    for row, place in sorted(firsts + links):
        owner[row:count] = place
    return np.append(places, False)[owner]

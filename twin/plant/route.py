"""Routes: programs by targets, before anyone has looked for joint positions."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Interlock", "Route"]


@dataclass(frozen=True, slots=True)
class Interlock:
    """A zone that only one robot of a station may be in at a time, and when one is in it."""

    zone: str  # prim path
    first: int  # the visit, from 0, before whose move the robot must have the zone
    last: int  # the visit after which it gives the zone back; after the last: home


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Route:
    """Targets in the order of visits; the robot comes from its home, and returns there.

    Arrays and tuples have an entry for each visit.
    """

    targets: NDArray[np.float64]  # where the tool must be, in the robot's base, shape [n, 4, 4]
    names: tuple[str, ...]  # prim paths of the targets
    moves: tuple[str, ...]  # of `twin.plant.declared.MOVES`
    speeds: NDArray[np.float64]  # share of the axes' speed, or of the tool [m/s], shape [n]
    zones: NDArray[np.float64]  # [m], shape [n]
    actions: tuple[str, ...]  # of `twin.plant.declared.ACTIONS`
    durations: NDArray[np.float64]  # of the actions [s], shape [n]
    signals: tuple[str, ...]
    tool: NDArray[np.float64]  # its frame in the flange, shape [4, 4]
    tool_path: str = ""  # its prim; empty: the flange is the tool
    interlocks: tuple[Interlock, ...] = ()
    branches: tuple[int, ...] = ()
    """Of the answers of `twin.motion.closed_form`, from 1, where the arm has it within its limits;
    0: the planner chooses. Empty: it chooses all."""

    def __len__(self) -> int:
        """How many visits there are."""
        return len(self.names)

    @property
    def through(self) -> frozenset[int]:
        """Visits that arcs go through: the first of each pair."""
        found: set[int] = set()
        for visit, move in enumerate(self.moves):
            if move == "arc" and visit - 1 not in found:
                found.add(visit)
        return frozenset(found)

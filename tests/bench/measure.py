"""One measured number, what it is held against, and the bound it must keep."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

__all__ = ["Measure", "best", "cpu_seconds"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A number of ours, a floor that no change may break, and the aim that is still to be reached.

    With a peer, the floor is for the ratio ours / peer_value; without one, for our number itself.
    For `sense="less"` the floor is a ceiling; for `sense="match"` the ratio must lie in
    [floor, 2 - floor].
    """

    name: str
    unit: str
    ours: float
    peer: str | None = None
    peer_value: float | None = None
    floor: float | None = None
    sense: Literal["more", "less", "match"] = "more"
    aim: float | None = None  # like the floor; missing it fails nothing

    @property
    def ratio(self) -> float | None:
        return None if self.peer_value is None else self.ours / self.peer_value

    @property
    def ok(self) -> bool:
        if self.floor is None:
            return True
        value = self.ours if self.ratio is None else self.ratio
        match self.sense:
            case "more":
                return value >= self.floor
            case "less":
                return value <= self.floor
            case "match":
                return self.floor <= value <= 2 - self.floor

    def line(self) -> dict[str, Any]:
        """The measure as one JSON object."""
        return {
            "name": self.name,
            "unit": self.unit,
            "ours": self.ours,
            "peer": self.peer,
            "peer_value": self.peer_value,
            "ratio": self.ratio,
            "floor": self.floor,
            "aim": self.aim,
            "ok": self.ok,
        }


def cpu_seconds(work: Callable[[], object]) -> float:
    """Process CPU time of one call [s]."""
    begin = time.process_time()
    work()
    return time.process_time() - begin


def best(work: Callable[[], object], *, turns: int = 3) -> float:
    """The shortest process CPU time of several calls [s]."""
    return min(cpu_seconds(work) for _ in range(turns))

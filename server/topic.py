"""Topics: the whole of a run's stream, or what of it lies below some prim paths."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from server.feed import Feed
from server.refusal import RefusalError
from server.sent import EVERYTHING, Welcome

__all__ = ["MOST_PATHS", "POSE_RATES", "Topic", "checked_rate", "normal"]

MOST_PATHS = 16
POSE_RATES = (0.1, 60.0)  # Hz


@dataclass(slots=True, eq=False)
class Topic:
    """One stream of a run that any number of clients read: its frames are made once."""

    number: int = EVERYTHING
    paths: tuple[str, ...] = ()  # prim paths; none: the whole plant
    poses: float = 0.0  # Hz; 0: segments
    feed: Feed = field(default_factory=Feed)
    readers: int = 0
    welcome: tuple[float, Welcome] | None = None  # the last one, and when it was made [s]


def checked_rate(poses: float) -> float:
    """A rate of poses [Hz], or 0 for segments.

    Raises:
        RefusalError: it is out of range.
    """
    least, most = POSE_RATES
    if poses and not least <= poses <= most:
        rule = f"poses must be >= {least:g} and <= {most:g} Hz, or 0 for segments"
        raise RefusalError("invalid", f"{rule}, got {poses:g}")
    return poses


def normal(paths: Sequence[str]) -> tuple[str, ...]:
    """Prim paths in order, without those that lie below others.

    Raises:
        RefusalError: there are too many, or one is not a prim path.
    """
    if len(paths) > MOST_PATHS:
        raise RefusalError("limit", f"a topic has at most {MOST_PATHS} paths, got {len(paths)}")
    kept: list[str] = []
    for path in sorted({path.rstrip("/") or "/" for path in paths}):
        if not path.startswith("/"):
            raise RefusalError("invalid", f"a topic's path must begin with /, got {path!r}", path)
        if not any(path.startswith(each.rstrip("/") + "/") for each in kept):
            kept.append(path)
    return () if kept == ["/"] else tuple(kept)

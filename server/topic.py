"""Topics: the whole of a run's stream, or what of it lies below some prim paths."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from server.feed import Feed
from server.refusal import RefusalError
from server.sent import EVERYTHING, Welcome

__all__ = ["MOST_PATHS", "Topic", "normal"]

MOST_PATHS = 16


@dataclass(slots=True, eq=False)
class Topic:
    """One stream of a run that any number of clients read: its frames are made once."""

    number: int = EVERYTHING
    paths: tuple[str, ...] = ()  # prim paths; none: the whole plant
    feed: Feed = field(default_factory=Feed)
    readers: int = 0
    welcome: tuple[float, Welcome] | None = None  # the last one, and when it was made [s]


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

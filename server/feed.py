"""The frames for everyone of the last seconds: made once, read by every client at its own pace."""

from collections import deque
from collections.abc import Iterable
from itertools import islice

from server.stream import Sent

__all__ = ["Feed"]

MOST_FRAMES = 512
MOST_BYTES = 8 * 2**20


class Feed:
    """A bounded queue of frames; those who fall behind its beginning must start anew."""

    def __init__(self) -> None:
        self._frames: deque[Sent] = deque()
        self._bytes = 0

    def add(self, frames: Iterable[Sent]) -> None:
        """Append frames, and drop the oldest where there are too many."""
        for frame in frames:
            self._frames.append(frame)
            self._bytes += len(frame.data)
        while len(self._frames) > MOST_FRAMES or self._bytes > MOST_BYTES:
            self._bytes -= len(self._frames.popleft().data)

    def after(self, seq: int) -> list[Sent] | None:
        """The frames that follow a number; None if some of them are gone."""
        if not self._frames:
            return []
        first = self._frames[0].seq
        if seq + 1 < first:
            return None
        return list(islice(self._frames, max(0, seq + 1 - first), None))

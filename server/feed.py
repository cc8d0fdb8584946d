"""The frames of the last seconds: made once, read by every client at its own pace."""

from collections import deque
from collections.abc import Iterable

from server.sent import Sent

__all__ = ["Feed"]

MOST_FRAMES = 512
MOST_BYTES = 8 * 2**20


class Feed:
    """A bounded queue of one topic's frames; who falls behind its beginning must start anew."""

    def __init__(self, seq: int = 0) -> None:
        """Begin after the frame with a number."""
        self._frames: deque[Sent] = deque()
        self._bytes = 0
        self._gone = seq  # number of the last frame that is not here any more

    def add(self, frames: Iterable[Sent]) -> None:
        """Append frames by rising number, and drop the oldest where there are too many."""
        for frame in frames:
            self._frames.append(frame)
            self._bytes += len(frame.data)
        while len(self._frames) > MOST_FRAMES or self._bytes > MOST_BYTES:
            oldest = self._frames.popleft()
            self._bytes -= len(oldest.data)
            self._gone = oldest.seq

    def begin(self, seq: int) -> None:
        """Drop what came up to a number: who reads begins after it."""
        kept = [frame for frame in self._frames if frame.seq > seq]
        self._frames = deque(kept)
        self._bytes = sum(len(frame.data) for frame in kept)
        self._gone = max(self._gone, seq)

    def is_ahead_of(self, seq: int) -> bool:
        """Whether there is something after a number, or was."""
        return seq < (self._frames[-1].seq if self._frames else self._gone)

    def after(self, seq: int) -> list[Sent] | None:
        """The frames that follow a number; None if some of them are gone."""
        if seq < self._gone:
            return None
        fresh: list[Sent] = []
        for frame in reversed(self._frames):
            if frame.seq <= seq:
                break
            fresh.append(frame)
        fresh.reverse()
        return fresh

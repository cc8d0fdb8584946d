"""Frames that wait to be read by one reader; bounded, and it says so when it runs over."""

import asyncio
from collections import deque

from twin.client.errors import ClientError
from twin.client.wire import Frame

__all__ = ["Inbox"]

MOST = 8192  # frames


class Inbox:
    """An endless iterator over the frames that come from now on."""

    def __init__(self, *, strict: bool = False) -> None:
        """Begin empty.

        Args:
            strict: end where the connection breaks, even if it comes back.
        """
        self.strict = strict
        self._frames: deque[Frame] = deque()
        self._news = asyncio.Event()
        self._error: ClientError | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more can come."""
        return self._error is not None

    def put(self, frame: Frame) -> None:
        """Add a frame."""
        if len(self._frames) >= MOST:
            self._frames.clear()
            rule = f"{MOST} frames wait to be read: the loop over them is too slow"
            self.fail(ClientError("slow", f"{rule}; look at the mirror now and then instead"))
        elif self._error is None:
            self._frames.append(frame)
            self._news.set()

    def fail(self, error: ClientError) -> None:
        """Nothing more comes; what is here may still be read."""
        self._error = self._error or error
        self._news.set()

    def __aiter__(self) -> "Inbox":
        return self

    async def __anext__(self) -> Frame:
        """The next frame.

        Raises:
            ClientError: the connection has ended, or too many frames were not read.
        """
        while not self._frames:
            if self._error is not None:
                raise self._error
            self._news.clear()
            await self._news.wait()
        return self._frames.popleft()

"""The server's clock as a client knows it: an offset to its own, from pings."""

from collections import deque

__all__ = ["Clock"]

SAMPLES = 8


class Clock:
    """Keeps the offset that the quickest of the last pings gave."""

    def __init__(self) -> None:
        self._samples: deque[tuple[float, float]] = deque(maxlen=SAMPLES)  # round trip, offset [s]

    @property
    def round_trip(self) -> float | None:
        """Of the quickest of the last pings [s]; None before the first."""
        return min(self._samples)[0] if self._samples else None

    def add(self, sent: float, received: float, wall: float) -> None:
        """Use a pong: sent and received by the client's clock, the server's in between [s]."""
        self._samples.append((received - sent, wall - (sent + received) / 2))

    def server(self, now: float) -> float | None:
        """The server's clock at a time of the client's [s]; None before the first pong."""
        return now + min(self._samples)[1] if self._samples else None

    def forget(self) -> None:
        """Another connection, perhaps to another server."""
        self._samples.clear()

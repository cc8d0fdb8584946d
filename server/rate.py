"""How much somebody may ask in a time: token buckets."""

from collections import OrderedDict

__all__ = ["Bucket", "Buckets"]


class Bucket:
    """Lets `rate` things a second pass on average, and `burst` at once."""

    def __init__(self, rate: float, burst: float) -> None:
        """Begin full."""
        self._rate, self._burst = rate, burst
        self._left = burst
        self._time: float | None = None

    def take(self, wall: float) -> bool:
        """Whether one more may pass at a time [s]; then it has passed."""
        if self._time is not None:
            passed = max(0.0, wall - self._time)
            self._left = min(self._burst, self._left + passed * self._rate)
        self._time = wall
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True


class Buckets:
    """A bucket for each name; those unused for longest are forgotten, so that memory is bounded."""

    def __init__(self, rate: float, burst: float, most: int = 4096) -> None:
        """Begin with none."""
        self._rate, self._burst, self._most = rate, burst, most
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def take(self, name: str, wall: float) -> bool:
        """Whether one more of a name may pass at a time [s]."""
        bucket = self._buckets.pop(name, None) or Bucket(self._rate, self._burst)
        self._buckets[name] = bucket
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        return bucket.take(wall)

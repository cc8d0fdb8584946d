"""Who drives a run that several watch: a lease that runs out, and can be handed over."""

from collections.abc import Callable

from server.refusal import RefusalError

__all__ = ["LONGEST_LEASE", "TOUCH", "Lease"]

LONGEST_LEASE = 3600.0  # s
TOUCH = 3.0  # s for which who has just changed the time keeps others from it


class Lease:
    """The right to change the time that all see: at most one holds it."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Nobody holds it yet; `clock` gives the time [s]."""
        self._clock = clock
        self._holder = ""
        self._until = 0.0

    @property
    def holder(self) -> str:
        """Who holds it now; empty: nobody."""
        return self._holder if self._clock() < self._until else ""

    @property
    def left(self) -> float:
        """For how long it still holds [s]."""
        return max(0.0, self._until - self._clock()) if self._holder else 0.0

    def take(self, who: str, seconds: float) -> None:
        """Take it, or renew it.

        Raises:
            RefusalError: another one holds it.
        """
        self._check(who)
        self._holder, self._until = who, self._clock() + min(seconds, LONGEST_LEASE)

    def touch(self, who: str) -> None:
        """Change the time once: who does so holds the lease for a moment at least.

        Raises:
            RefusalError: another one holds it.
        """
        self._check(who)
        if self.left < TOUCH:
            self.take(who, TOUCH)

    def hand_over(self, who: str, to: str) -> None:
        """Let another one hold it for as long as is left.

        Raises:
            RefusalError: it is not theirs to give.
        """
        if self.holder != who:
            raise RefusalError("not_driver", "only who drives the run can hand it over")
        self._holder = to

    def release(self, who: str) -> None:
        """Give it back, if they hold it."""
        if self._holder == who:
            self._holder, self._until = "", 0.0

    def _check(self, who: str) -> None:
        holder = self.holder
        if holder and holder != who:
            rule = f"{holder} drives this run for {self.left:.0f} s more"
            raise RefusalError(
                "not_driver", f"{rule}; wait, ask for it, or detach into a time of your own"
            )

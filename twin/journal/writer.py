"""The one thread that writes a run: what waits when it comes round is written in one go.

So many callers share one wait for the disk (group commit), and none holds up another.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Condition, Thread, current_thread
from typing import Any

from twin.errors import RunError

__all__ = ["Job", "Writer"]

MOST_WAITING = 64 << 20  # bytes; who brings more waits


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """Something to be written, or a function that is called between two writes."""

    what: Any
    size: int = 0  # bytes, about
    done: "Future[Any]" = field(default_factory=Future[Any])


class Writer:
    """Takes jobs from any thread, and writes them in the order in which they came."""

    def __init__(self, write: Callable[[Sequence[Job]], None]) -> None:
        """Start the thread.

        Args:
            write: makes jobs durable, all of them or none, or raises why it can't.
        """
        self._write = write
        self._waiting: list[Job] = []
        self._size = 0
        self._closed = False
        self._failure: RunError | None = None
        self._changed = Condition()
        self._thread = Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    def put(self, job: Job) -> None:
        """Hand a job over; waits while too much is waiting already.

        Raises:
            RunError: a write has failed before, or the writer is closed.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._size < MOST_WAITING or self._failure is not None)
            if self._failure is not None:
                raise RunError(str(self._failure)) from self._failure
            if self._closed:
                raise RunError("the journal is closed")
            self._waiting.append(job)
            self._size += job.size
            self._changed.notify_all()

    def close(self) -> None:
        """Write what waits, and end the thread."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if current_thread() is not self._thread:
            self._thread.join()

    def _run(self) -> None:
        while jobs := self._next():
            try:
                self._do(jobs)
            except Exception as error:  # noqa: BLE001  # whoever waits must hear of it
                self._fail(jobs, error)
            with self._changed:
                self._size -= sum(job.size for job in jobs)
                self._changed.notify_all()

    def _next(self) -> list[Job]:
        """All jobs that wait, up to the first that is a function; that one by itself."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            calls = [n for n, job in enumerate(self._waiting) if callable(job.what)]
            count = max(1, calls[0]) if calls else len(self._waiting)
            jobs, self._waiting = self._waiting[:count], self._waiting[count:]
            return jobs

    def _do(self, jobs: list[Job]) -> None:
        if callable(jobs[0].what):
            jobs[0].done.set_result(jobs[0].what())
            return
        self._write(jobs)
        for job in jobs:
            job.done.set_result(job.what)

    def _fail(self, jobs: list[Job], error: Exception) -> None:
        """From now on nothing is written any more: it would come behind a gap."""
        failure = error if isinstance(error, RunError) else RunError(f"the journal: {error!r}")
        with self._changed:
            self._failure = failure
            jobs, self._waiting = [*jobs, *self._waiting], []
            self._changed.notify_all()
        for job in jobs:
            if not job.done.done():
                job.done.set_exception(failure)

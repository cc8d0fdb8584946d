"""One thread that does jobs in order, so that the event loop never waits for the simulation."""

import asyncio
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import TypeVar

__all__ = ["Worker"]

Result = TypeVar("Result")


class Worker:
    """A daemon thread: a long job does not keep the process from ending."""

    def __init__(self, name: str) -> None:
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        Thread(target=self._work, name=name, daemon=True).start()

    async def call(self, job: Callable[[], Result]) -> Result:
        """Do a job after all earlier ones; gives its result, or raises what it raised."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()

        def settle(result: Result | None, error: BaseException | None) -> None:
            if future.done():  # nobody waits any more
                return
            if error is not None:
                future.set_exception(error)
            else:
                future.set_result(result)  # pyright: ignore[reportArgumentType]

        def work() -> None:
            result, error = None, None
            try:
                result = job()
            except BaseException as raised:  # noqa: BLE001 - it is raised again where it is awaited
                error = raised
            if not loop.is_closed():
                loop.call_soon_threadsafe(settle, result, error)

        self._jobs.put(work)
        return await future

    def stop(self) -> None:
        """Let the thread end after the jobs that it has."""
        self._jobs.put(None)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()

"""The client for programs without asyncio: the same, one call after another.

Nothing is read between two calls, so a program that does other things for long should come back
now and then with `wait`.
"""

import asyncio
from collections.abc import AsyncGenerator, Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from twin.client.client import PATIENCE, STEP_PATIENCE, Client, connect
from twin.client.mirror import Mirror
from twin.client.pack import Pack
from twin.client.wire import Frame

__all__ = ["Watch", "watch"]


class Watch:
    """A connection to one run; `watch` makes it."""

    def __init__(self, runner: asyncio.Runner, client: Client) -> None:
        """Use `watch`."""
        self._runner = runner
        self.client = client

    @property
    def mirror(self) -> Mirror:
        """What holds in the run."""
        return self.client.mirror

    @property
    def pack(self) -> Pack:
        """The scene pack."""
        return self.client.pack

    @property
    def tick(self) -> int:
        """The tick to show now."""
        return self._runner.run(self._tick())

    def wait(self, seconds: float) -> None:
        """Let time pass, and take in what comes."""
        self._runner.run(asyncio.sleep(seconds))

    def request(self, op: str, **fields: Any) -> dict[str, Any]:
        """As `Client.request`."""
        return self._runner.run(self.client.request(op, **fields))

    def command(self, action: str, path: str = "", **fields: Any) -> dict[str, Any]:
        """As `Client.command`."""
        return self._runner.run(self.client.command(action, path, **fields))

    def frames(self) -> Iterator[Frame]:
        """The frames that come from now on, without end."""
        inbox = self.client.frames()
        while True:
            yield self._runner.run(anext(inbox))

    @contextmanager
    def lock_step(
        self, step: float, *, patience: float = STEP_PATIENCE
    ) -> Generator[Iterator[int]]:
        """As `Client.lock_step`."""
        opened = self.client.lock_step(step, patience=patience)
        ticks = self._runner.run(opened.__aenter__())
        try:
            yield self._all(ticks)
        finally:
            self._runner.run(opened.__aexit__(None, None, None))

    def _all(self, ticks: AsyncGenerator[int]) -> Iterator[int]:
        while True:
            yield self._runner.run(anext(ticks))  # pyright: ignore[reportArgumentType]

    async def _tick(self) -> int:
        return self.client.tick


@contextmanager
def watch(
    url: str,
    *,
    run: str = "",
    topics: Sequence[str] = (),
    token: str = "",
    poses: float = 0.0,
    patience: float = PATIENCE,
) -> Generator[Watch]:
    """Look at a run; the arguments are those of `connect`.

    Raises:
        ClientError: the server refuses the client, or can't be reached.
    """
    with asyncio.Runner() as runner:
        opened = connect(url, run=run, topics=topics, token=token, poses=poses, patience=patience)
        client = runner.run(opened.__aenter__())
        try:
            yield Watch(runner, client)
        finally:
            runner.run(opened.__aexit__(None, None, None))

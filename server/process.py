"""The process of a run as the server sees it: questions and answers, frames, and its end."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from server.pipe import HEADER, Kind, Message, PipeError, pack, size_of, unpack
from server.refusal import RefusalError, from_json
from server.traces import span

__all__ = ["ANSWER_WITHIN", "Reply", "RunProcess"]

ANSWER_WITHIN = 30.0  # s
GRACE = 3.0  # s to end by itself
READ_AHEAD = 2**20  # bytes
HOME = Path(__file__).parent.parent  # where `server` is

Reply = tuple[dict[str, Any], list[bytes]]


class RunProcess:
    """A child process; it ends with the server, however that ends."""

    def __init__(self, process: Process, on_message: Callable[[Message], None]) -> None:
        """Use `start`."""
        self._process = process
        self._on_message = on_message
        self._open: dict[int, asyncio.Future[Reply]] = {}
        self._last = 0
        self.ended = asyncio.create_task(self._listen())
        """Done when the process has ended; its result says how, in words."""

    @classmethod
    async def start(
        cls, begin: dict[str, Any], on_message: Callable[[Message], None]
    ) -> "RunProcess":
        """Start a process.

        Args:
            begin: what it is to do, see `server.child`.
            on_message: told all that is no reply.
        """
        search = os.pathsep.join(filter(None, [str(HOME), os.environ.get("PYTHONPATH", "")]))
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "server.child", stdin=PIPE, stdout=PIPE, limit=READ_AHEAD,
            env=_environment(begin) | {"PYTHONPATH": search}, start_new_session=True,
        )  # fmt: skip
        made = cls(process, on_message)
        made._write(pack(Kind.BEGIN, head=begin))
        return made

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    async def ask(self, op: str, *, within: float = ANSWER_WITHIN, **fields: Any) -> Reply:
        """Let it do an operation; returns its answer's fields and byte strings.

        Raises:
            RefusalError: it can't be done, or there is no answer in time.
        """
        self._last += 1
        number = self._last
        future: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._open[number] = future
        try:
            self._write(pack(Kind.REQUEST, number, {"op": op, **fields}))
            with span("ask", op=op):
                async with asyncio.timeout(within):
                    return await future
        except TimeoutError:
            raise RefusalError(
                "timeout", f"the run has not answered to {op} in {within:g} s"
            ) from None
        finally:
            del self._open[number]

    async def close(self) -> None:
        """Let it end, or end it."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            async with asyncio.timeout(GRACE):
                await asyncio.shield(self.ended)
        except TimeoutError:
            with suppress(ProcessLookupError):
                self._process.kill()
            await asyncio.shield(self.ended)

    def _write(self, data: bytes) -> None:
        if self._process.stdin is None or self._process.stdin.is_closing():
            raise RefusalError("ended", "the run's process has ended")
        self._process.stdin.write(data)

    async def _listen(self) -> str:
        source = self._process.stdout
        assert source is not None
        broken = ""
        try:
            while True:
                header = await source.readexactly(HEADER.size)
                self._take(unpack(header, await source.readexactly(size_of(header))))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        except PipeError as error:
            broken = f"sent what is no message: {error}"
            with suppress(ProcessLookupError):
                self._process.kill()
        status = await self._process.wait()
        how = broken or _in_words(status)
        for future in self._open.values():
            if not future.done():
                future.set_exception(RefusalError("ended", f"the run's process {how}"))
        return how

    def _take(self, message: Message) -> None:
        if message.kind is not Kind.REPLY:
            self._on_message(message)
            return
        future = self._open.get(message.number)
        if future is None or future.done():
            return
        if "error" in message.head:
            future.set_exception(from_json(message.head["error"]))
        else:
            future.set_result((message.head["ok"], message.blobs))


def _environment(begin: dict[str, Any]) -> dict[str, str]:
    """Ours; before files of strangers without all that could lead USD elsewhere."""
    cache = begin.get("cache")
    if not cache:
        return dict(os.environ)
    kept = {name: each for name, each in os.environ.items() if not name.startswith("PXR_")}
    return kept | {"XDG_CACHE_HOME": cache}


def _in_words(status: int) -> str:
    if status < 0:
        with suppress(ValueError):
            return f"was ended by {signal.Signals(-status).name}"
    return f"ended with status {status}"

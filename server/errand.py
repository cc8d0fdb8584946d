"""One short job, done by a process of its own; see `server.jobs`."""

import asyncio
from contextlib import suppress
from typing import Any

from server.pipe import Kind, Message
from server.process import RunProcess
from server.refusal import RefusalError, from_json

__all__ = ["do_job"]


async def do_job(begin: dict[str, Any], *, within: float, what: str) -> dict[str, Any]:
    """Let a process do a job, and end; returns what it answers.

    Args:
        begin: which job, and its fields.
        within: s after which it is ended.
        what: how messages call the process.

    Raises:
        RefusalError: the job can't be done, takes too long, or ended its process.
    """
    answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()

    def take(message: Message) -> None:
        if answer.done():
            return
        if message.kind is Kind.READY:
            answer.set_result(message.head)
        elif message.kind is Kind.FAILED:
            answer.set_exception(from_json(message.head))

    process = await RunProcess.start(begin, take)
    try:
        async with asyncio.timeout(within):
            await asyncio.wait({answer, process.ended}, return_when=asyncio.FIRST_COMPLETED)
    except TimeoutError:
        raise RefusalError("timeout", f"that takes more than {within:g} s") from None
    finally:
        with suppress(RefusalError):
            await process.close()
    if not answer.done():
        raise RefusalError("ended", f"the process that {what} {process.ended.result()}")
    return answer.result()

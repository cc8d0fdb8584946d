"""What a process may do for the server instead of running a run: short, and then it ends."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from server.check import check
from server.compare import compare
from server.refusal import RefusalError
from twin.journal import open_store

__all__ = ["JOBS"]

LACKING = 'this server lacks packages for recordings: pip install "factory-twin[foxglove]"'

Head = dict[str, Any]


def _runs(head: Head) -> Head:
    """The runs that a journal keeps."""
    return {"runs": [asdict(record) for record in open_store(head["journal"]).runs()]}


def _delete(head: Head) -> Head:
    """Remove a run from a journal."""
    store = open_store(head["journal"])
    if any(record.id == head["run"] for record in store.runs()):
        store.delete(head["run"])
    return {}


def _record(head: Head) -> Head:
    """Write a recording of a run; needs the extra `foxglove`."""
    try:
        from server.foxglove.record import record
    except ImportError:
        raise RefusalError("refused", LACKING) from None
    return record(head)


JOBS: dict[str, Callable[[Head], Head]] = {
    "check": check, "compare": compare, "runs": _runs, "delete": _delete, "record": _record,
}  # fmt: skip

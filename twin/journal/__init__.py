"""The record of a run: what happened, how all moved, what was commanded; knows no equipment.

In memory, in a folder of three files (`Journal`, `save`, `load`), or durable while it runs: a
`Store` keeps runs, a `Keeper` hands a simulation's record to one, `recover` goes on after a crash.
"""

from twin.journal.column import Column
from twin.journal.folder import check_writable, load, save
from twin.journal.forking import fork
from twin.journal.journal import COMMAND, Journal
from twin.journal.keeper import Keeper
from twin.journal.recovery import last_tick, recover
from twin.journal.replay import first_difference, replay
from twin.journal.store import (
    NOTHING,
    Batch,
    CommandRow,
    Mark,
    Retention,
    RunRecord,
    RunStore,
    SnapshotRow,
    Store,
)
from twin.journal.stores import open_store
from twin.journal.verify import Verification, verify

__all__ = [
    "COMMAND",
    "NOTHING",
    "Batch",
    "Column",
    "CommandRow",
    "Journal",
    "Keeper",
    "Mark",
    "Retention",
    "RunRecord",
    "RunStore",
    "SnapshotRow",
    "Store",
    "Verification",
    "check_writable",
    "first_difference",
    "fork",
    "last_tick",
    "load",
    "open_store",
    "recover",
    "replay",
    "save",
    "verify",
]

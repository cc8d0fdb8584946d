"""The record of a run: what happened, how all moved, what was commanded; knows no equipment."""

from twin.journal.column import Column
from twin.journal.folder import check_writable, load, save
from twin.journal.journal import COMMAND, Journal
from twin.journal.replay import first_difference, replay

__all__ = [
    "COMMAND",
    "Column",
    "Journal",
    "check_writable",
    "first_difference",
    "load",
    "replay",
    "save",
]

"""The moves of parts from place to place, in columns."""

from dataclasses import dataclass

import numpy as np

from twin.core.record import MOVE
from twin.journal import Journal
from twin.report.steps import Column
from twin.report.told import told_once

__all__ = ["Moves", "moves_of"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Moves:
    """A row per move, in the order in which they happened."""

    tick: Column
    giver: Column  # row of the place that the part left
    taker: Column  # row of the place that it came into
    part: Column  # its serial number


@told_once
def moves_of(journal: Journal) -> Moves:
    """All moves of a recorded run."""
    events = journal.events
    moves = events[events["code"] == MOVE]
    return Moves(
        tick=moves["tick"].astype(np.int64),
        giver=moves["value"].astype(np.int64),
        taker=moves["place"].astype(np.int64),
        part=moves["part"].astype(np.int64),
    )

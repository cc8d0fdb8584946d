"""What became of every part, read from a journal: its product, when it was made and finished."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.core.record import MOVE, STATE
from twin.core.state import BLOCKED
from twin.journal import Journal
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.report.told import told_once
from twin.report.totals import products_released

__all__ = ["NEVER", "Parts", "parts_of"]

NEVER = -1

Column = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Parts:
    """A row per part, source by source in the order of release; times in ticks [us]."""

    source: Column  # row of the place that made it
    serial: Column  # 0: still in its source, so the journal has not named it yet
    product: Column  # row of the plant's products
    created: Column
    finished: Column  # NEVER while it is in the plant

    @property
    def lead_ticks(self) -> Column:
        """Lead times of the finished parts, by rising time of finishing, shape [finished_count]."""
        done = np.flatnonzero(self.finished != NEVER)
        done = done[np.argsort(self.finished[done], kind="stable")]
        return self.finished[done] - self.created[done]


@told_once
def parts_of(journal: Journal) -> Parts:
    """All parts of a recorded run."""
    plant, events = journal.plant, journal.events
    moves = np.flatnonzero(events["code"] == MOVE)
    sources, serials, createds, products = [[np.empty(0, np.int64)] for _ in range(4)]
    for row, place in enumerate(plant.places):
        if isinstance(place.params, Source):
            left = moves[events["value"][moves] == row]
            serial, created = _released(journal, row, left)
            sources.append(np.full(len(serial), row))
            serials.append(serial)
            createds.append(created)
            products.append(products_released(plant, place.params, len(serial)))
    serial = np.concatenate(serials)
    return Parts(
        source=np.concatenate(sources),
        serial=serial,
        product=np.concatenate(products),
        created=np.concatenate(createds),
        finished=_finished(journal, moves, serial),
    )


def _released(journal: Journal, source: int, left: Column) -> tuple[Column, Column]:
    """Serial and tick of creation of each part of a source; `left` are rows of their moves out.

    A part that finds no room blocks its source in the tick in which it is made; one that finds room
    leaves in that tick. So the first block after the part before it, if any, tells when.
    """
    events = journal.events
    state = (events["code"] == STATE) & (events["place"] == source) & (events["value"] == BLOCKED)
    waits = np.append(np.flatnonzero(state), len(events))
    before = np.concatenate([[-1], left])
    first_wait = waits[np.searchsorted(waits[:-1], before, side="right")]
    holds = first_wait[-1] < len(events)  # after the last move out: a part waits there now
    made = np.minimum(first_wait, np.append(left, len(events)))[: len(left) + int(holds)]
    serial = np.append(events["part"][left], 0)[: len(made)]
    return serial, events["tick"][made]


def _finished(journal: Journal, moves: Column, serial: Column) -> Column:
    events = journal.events
    is_sink = np.array([isinstance(place.params, Sink) for place in journal.plant.places])
    last = moves[is_sink[events["place"][moves]]]
    done = np.full(int(serial.max(initial=0)) + 1, NEVER, np.int64)
    done[events["part"][last]] = events["tick"][last]
    return done[serial]  # serial 0 is nobody, and never done

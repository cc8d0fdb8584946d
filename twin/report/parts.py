"""What became of every part, read from a journal: its product, when it was made and finished."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from twin.core.record import FINISHED, MADE, SCRAPPED
from twin.journal import Journal
from twin.journal.column import Rows
from twin.report.told import told_once

__all__ = ["NEVER", "Parts", "parts_of", "work_of"]

NEVER = -1

Column = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Parts:
    """A row per part in the order of release; times in ticks [us], NEVER if it has not happened."""

    source: Column  # row of the place that made it
    serial: Column
    product: Column  # row of the plant's products
    created: Column
    finished: Column  # by itself, in a sink
    built_in: Column  # left the plant as a part of another one
    scrapped: Column

    @property
    def lead_ticks(self) -> Column:
        """Lead times of the finished parts, by rising time of finishing, shape [finished_count]."""
        done = np.flatnonzero(self.finished != NEVER)
        done = done[np.argsort(self.finished[done], kind="stable")]
        return self.finished[done] - self.created[done]


@told_once
def parts_of(journal: Journal) -> Parts:
    """All parts of a recorded run that were made by sources, by rising serial number."""
    events = journal.events
    made = events[events["code"] == MADE]
    done = events[(events["code"] == FINISHED) & (events["value"] == 0)]
    scrap = events[events["code"] == SCRAPPED]
    count = int(made["part"].max(initial=0)) + 1
    return Parts(
        source=made["place"].astype(np.int64),
        serial=made["part"],
        product=made["value"],
        created=made["tick"],
        finished=_when(done, count)[made["part"]],
        built_in=_when(events[(events["code"] == FINISHED) & (events["value"] > 0)], count)[
            made["part"]
        ],
        scrapped=_when(scrap, count)[made["part"]],
    )


@told_once
def work_of(journal: Journal) -> Parts:
    """The same without carriers, which are no work in process."""
    parts = parts_of(journal)
    work = ~np.array(journal.plant.carriers)[parts.product]
    return Parts(**{each.name: getattr(parts, each.name)[work] for each in fields(Parts)})


def _when(events: Rows, count: int) -> Column:
    """Tick of the event of each serial number up to `count`; NEVER without one."""
    ticks = np.full(count, NEVER, np.int64)
    ticks[events["part"]] = events["tick"]
    return ticks

"""Step functions of time, one for each place: its state, its level, who gives to it next.

A journal tells when something changed; what held in between is a step function. All of a run's are
kept in flat arrays, so that a day of a thousand places is cut, laid over one another and summed at
once.
"""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Column", "Steps", "by_place", "counted", "steps_of"]

Column = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Steps:
    """A row per step, place by place in the order of time; each place has at least one.

    A step of no length is kept: it says that something was so within a tick.
    """

    place: Column
    start: Column  # tick; the first of each place is `since`
    end: Column  # tick; the last of each place is `until`
    value: Column
    since: int
    until: int

    @property
    def ticks(self) -> Column:
        """How long each step lasted, shape [n]."""
        return self.end - self.start

    def kept(self, rows: NDArray[np.bool_] | slice) -> Self:
        """Only some of the steps; they need no longer cover all of the time."""
        return replace(
            self, place=self.place[rows], start=self.start[rows], end=self.end[rows],
            value=self.value[rows],
        )  # fmt: skip

    def lasting(self) -> Self:
        """Without the steps of no length, equal neighbours made one."""
        long = self.kept(self.ticks > 0)
        new = (np.diff(long.place, prepend=-1) != 0) | (np.diff(long.value, prepend=-1) != 0)
        last = np.append(new[1:], True)[: len(new)]
        return replace(long.kept(new), end=long.end[last])

    def cut(self, since: int) -> Self:
        """What was after everything of a tick had happened."""
        if since <= self.since:
            return self
        last = np.append(np.diff(self.place) != 0, True)[: len(self.place)]
        rest = self.kept((self.end > since) | last)
        return replace(rest, start=np.maximum(rest.start, since), since=since)

    def of(self, place: int) -> Self:
        """The steps of one place."""
        first, last = np.searchsorted(self.place, (place, place + 1)).tolist()
        return self.kept(slice(first, last))

    def at(self, tick: int) -> Column:
        """The value of each place when everything of a tick has happened, shape [place_count]."""
        begun = np.flatnonzero(self.start <= tick)
        place = self.place[begun]
        return self.value[begun[np.append(np.diff(place) != 0, True)[: len(place)]]]

    def mean(self) -> NDArray[np.float64]:
        """The mean of each place over time, shape [place_count]; no time has a mean of 0."""
        return self.integral() / max(1, self.until - self.since)

    def integral(self) -> Column:
        """The sum of value times ticks of each place, shape [place_count]."""
        count = int(self.place[-1]) + 1 if len(self.place) else 0
        total = np.zeros(count, np.int64)
        np.add.at(total, self.place, self.value * self.ticks)
        return total

    def over(self, place: Column, start: Column, end: Column) -> tuple[Column, Column]:
        """Which steps lie over spans of time at places.

        Args:
            place: of each span, shape [n].
            start: its first tick, not before `since`.
            end: its last tick, > start.

        Returns:
            rows of the spans, each as often as there are steps over it, and rows of these steps.
        """
        width = self.until + 1
        begun = self.place * width + self.start
        first = np.searchsorted(begun, place * width + start, side="right") - 1
        last = np.searchsorted(begun, place * width + end, side="left") - 1
        count = last - first + 1
        span = np.repeat(np.arange(len(place)), count)
        offset = np.arange(len(span)) - np.repeat(np.cumsum(count) - count, count)
        return span, first[span] + offset


def steps_of(
    place: ArrayLike, tick: ArrayLike, value: ArrayLike, *, first: ArrayLike, until: int
) -> Steps:
    """Step functions from changes in the order in which they happened.

    Args:
        place: where something changed, shape [n].
        tick: when.
        value: that it has from then on.
        first: the value of each place at tick 0, shape [place_count].
        until: where the time ends.
    """
    before = np.asarray(first, np.int64)
    everyone = np.arange(len(before))
    places = np.concatenate([everyone, np.asarray(place, np.int64)])
    order = by_place(places)
    places = places[order]
    start = np.concatenate([np.zeros(len(before), np.int64), np.asarray(tick, np.int64)])[order]
    end = np.append(start[1:], until)[: len(start)]
    end[np.append(np.diff(places) != 0, True)[: len(places)]] = until
    return Steps(
        place=places,
        start=start,
        end=end,
        value=np.concatenate([before, np.asarray(value, np.int64)])[order],
        since=0,
        until=until,
    )


def by_place(places: Column) -> Column:
    """The order that sorts rows by place and leaves those of one place as they are, shape [n]."""
    few = int(places.max(initial=0)) <= np.iinfo(np.uint16).max
    return np.argsort(places.astype(np.uint16) if few else places, kind="stable")  # radix sort


def counted(ticks: Column, since: int) -> NDArray[np.bool_]:
    """Which events count, shape [n]: those after a tick; from tick 0 on all."""
    return ticks > since if since else np.ones(len(ticks), bool)

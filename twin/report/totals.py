"""What a run comes to: the counters that every figure of a report is computed from.

They come from a running world, or from a journal (twin.report.retell); both give the same numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.engine.simulation import Simulation

__all__ = ["Totals", "summed", "totals_of"]

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Totals:
    """Counts and sums from the end of the warm-up, or tick 0; times in ticks [us].

    Carriers, such as skids and the bodies of vehicles, count as `carriers` and in `passed`,
    `level` and `scrapped` only.
    """

    elapsed: int
    created: Counts  # parts made, shape [product_count]
    finished: Counts  # parts that reached a sink by themselves, shape [product_count]
    built_in: Counts  # parts that reached one as a part of another, shape [product_count]
    scrapped: Counts  # shape [place_count, product_count]
    lead_ticks: int  # sum of the lead times of finished parts
    longest_lead: int
    part_ticks: int  # integral of work in process over time
    in_process: int  # parts in the plant now, with those attached to others
    carriers: int  # in the plant now
    times: Counts  # in each state, shape [place_count, state_count]; rows sum to `elapsed`
    active_periods: Counts  # stretches without waiting for other places, shape [place_count]
    passed: Counts  # parts that have left; in a sink, that have come; shape [place_count]
    seen: Counts  # parts that came by a gate or sensor, shape [place_count, product_count]
    level: Counts  # parts in it now, but for those attached to others, shape [place_count]
    failures: Counts  # shape [place_count]


def summed(runs: Sequence[Totals]) -> Totals:
    """The totals of at least one run of the same plant, one run after another."""
    return Totals(
        elapsed=sum(each.elapsed for each in runs),
        created=np.sum([each.created for each in runs], axis=0),
        finished=np.sum([each.finished for each in runs], axis=0),
        lead_ticks=sum(each.lead_ticks for each in runs),
        built_in=np.sum([each.built_in for each in runs], axis=0),
        scrapped=np.sum([each.scrapped for each in runs], axis=0),
        longest_lead=max(each.longest_lead for each in runs),
        part_ticks=sum(each.part_ticks for each in runs),
        in_process=sum(each.in_process for each in runs),
        carriers=sum(each.carriers for each in runs),
        times=np.sum([each.times for each in runs], axis=0),
        active_periods=np.sum([each.active_periods for each in runs], axis=0),
        passed=np.sum([each.passed for each in runs], axis=0),
        seen=np.sum([each.seen for each in runs], axis=0),
        level=np.sum([each.level for each in runs], axis=0),
        failures=np.sum([each.failures for each in runs], axis=0),
    )


def totals_of(simulation: Simulation) -> Totals:
    """The totals of a run up to now, from its counters."""
    world, plant = simulation.totals(), simulation.plant
    clock = world.clock[0]
    by_product = world.product.reshape(len(plant.places), len(plant.products))
    work = ~np.array(plant.carriers)
    in_process = int(clock.created - clock.finished - clock.scrapped - clock.carriers)
    return Totals(
        elapsed=int(clock.now - clock.began),
        created=by_product["created"].sum(axis=0) * work,
        finished=by_product["finished"].sum(axis=0) * work,
        built_in=by_product["built_in"].sum(axis=0) * work,
        scrapped=by_product["scrapped"].copy(),
        lead_ticks=int(by_product["lead_ticks"][:, work].sum()),
        longest_lead=int(by_product["longest_lead"][:, work].max(initial=0)),
        part_ticks=int(clock.part_ticks) + in_process * int(clock.now - clock.counted),
        in_process=in_process,
        carriers=int(clock.carriers),
        times=np.asarray(world.place["times"], np.int64),
        active_periods=np.asarray(world.place["active_periods"], np.int64),
        passed=np.asarray(world.place["passed"], np.int64),
        seen=by_product["seen"].copy(),
        level=np.asarray(world.place["count"], np.int64),
        failures=np.asarray(world.place["failures"], np.int64),
    )

"""The history of a run for machines: what only a journal knows.

finished_by_hour, jph_by_hour
lead_time_quantiles_s    smallest lead times that such shares of the parts do not exceed
lead_times      by product: a spread (count, mean_s, quantiles_s, longest_s)
cycle_times     by machine and product: path, product and a spread of the times from a part's
                coming in to its leaving
takt            by sink: path, a spread of the intervals from part to part, target_s, whether it
                is planned (the sources mean it) or the median, tolerance, adherence (share of
                the intervals within the tolerance), variation (standard deviation over mean)
levels          by path: parts in the place, mean over time
waits           by machine and state: path, waiting (starved or blocked), share of the time, the
                same in words as text, and its causes, the longest first: path, doing (the state
                of the place that it waits for) and share; they add up (see twin.report.chains)
shifting_bottleneck    sole and shifting shares by machine, the longest first, and the latest
                spells: path, start_s, end_s (see twin.report.shifting)
flows           parts over each link: from, to, parts
gantt           stays of the machines in states, in the last hour or less: path, state, start_s,
                end_s
"""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TypeAlias

from twin.core.state import STATES
from twin.report.history import QUANTILES, History
from twin.report.report import Report
from twin.report.takt import TOLERANCE, Spread
from twin.units import TICKS_PER_SECOND, to_seconds

__all__ = ["Json", "history_json"]

Json: TypeAlias = "str | int | float | bool | Sequence[Json] | Mapping[str, Json] | None"

MOST_SPELLS = 1000


def history_json(report: Report, history: History) -> Json:
    """The history of a report as a tree of the fields above."""
    paths = [place.path for place in report.places]
    products = [product.name for product in report.products]
    quantiles = zip(QUANTILES, history.lead_quantiles, strict=False)
    return {
        "finished_by_hour": history.finished_by_hour,
        "jph_by_hour": history.jph_by_hour,
        "lead_time_quantiles_s": {f"{share:g}": seconds for share, seconds in quantiles},
        "lead_times": {products[each.product]: _spread(each.times) for each in history.lead_times},
        "cycle_times": [
            {"path": paths[each.place], "product": products[each.product]} | _spread(each.times)
            for each in history.cycle_times
        ],
        "takt": [
            {
                "path": paths[each.place],
                "intervals": _spread(each.intervals),
                "target_s": each.target,
                "planned": each.planned,
                "tolerance": TOLERANCE,
                "adherence": each.adherence,
                "variation": each.variation,
            }
            for each in history.takts
        ],
        "levels": dict(zip(paths, history.levels, strict=True)),
        "waits": _waits(report, history, paths),
        "shifting_bottleneck": _shifting(history, paths),
        "flows": [
            {"from": paths[each.giver], "to": paths[each.taker], "parts": each.parts}
            for each in history.flows
        ],
        "gantt": [
            {
                "path": paths[each.place],
                "state": each.state,
                "start_s": each.start,
                "end_s": each.end,
            }
            for each in history.gantt
        ],
    }


def _spread(times: Spread) -> dict[str, Json]:
    quantiles = zip(QUANTILES, times.quantiles, strict=True)
    return {
        "count": times.count,
        "mean_s": times.mean,
        "quantiles_s": {f"{share:g}": seconds for share, seconds in quantiles},
        "longest_s": times.longest,
    }


def _waits(report: Report, history: History, paths: list[str]) -> Json:
    ticks = report.elapsed * TICKS_PER_SECOND
    found: list[Json] = []
    for key, group in groupby(history.causes, key=lambda each: (each.place, each.waiting)):
        if key in history.waits:
            causes = list(group)
            found.append(
                {
                    "path": paths[key[0]],
                    "waiting": STATES[key[1]],
                    "share": sum(each.ticks for each in causes) / ticks,
                    "text": history.waits[key],
                    "causes": [
                        {
                            "path": paths[each.cause],
                            "doing": STATES[each.doing],
                            "share": each.ticks / ticks,
                        }
                        for each in causes
                    ],
                }
            )
    return found


def _shifting(history: History, paths: list[str]) -> Json:
    shifting = history.shifting
    return {
        "shares": [
            {
                "path": paths[each.place],
                "sole": each.sole / shifting.elapsed,
                "shifting": each.shifting / shifting.elapsed,
            }
            for each in shifting.shares
        ],
        "spells": [
            {
                "path": paths[each.place],
                "start_s": to_seconds(each.start),
                "end_s": to_seconds(each.end),
            }
            for each in shifting.spells[-MOST_SPELLS:]
        ],
    }

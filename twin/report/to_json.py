"""Reports for machines: the same input gives the same bytes, in every process."""

import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from twin.report.bottleneck import Bottleneck
from twin.report.history import QUANTILES, History
from twin.report.oee import Oee
from twin.report.report import PlaceReport, Report

__all__ = ["Json", "json_text", "report_json"]

Json: TypeAlias = "str | int | float | bool | Sequence[Json] | Mapping[str, Json] | None"

DECIMALS = 6


def json_text(tree: Json) -> str:
    """Write JSON with keys in the order given and numbers rounded to six decimals."""
    return json.dumps(_rounded(tree), indent=2, allow_nan=False)


def _rounded(tree: Json) -> Json:
    match tree:
        case float():
            return round(tree, DECIMALS) + 0.0  # -0.0 becomes 0.0
        case Mapping():
            return {name: _rounded(value) for name, value in tree.items()}
        case str():
            return tree
        case Sequence():
            return [_rounded(value) for value in tree]
        case _:
            return tree


def report_json(report: Report) -> dict[str, Json]:
    """A report as a tree; the names of quantities end in their unit where they have one."""
    tree: dict[str, Json] = {
        "plant": report.plant,
        "digest": report.digest,
        "seed": report.seed,
        "replication": report.replication,
        "elapsed_s": report.elapsed,
        "throughput": {
            "created": report.created,
            "finished": report.finished,
            "jph": report.jph,
            "products": {
                each.name: {"created": each.created, "finished": each.finished, "jph": each.jph}
                for each in report.products
            },
        },
        "lead_time": {"mean_s": report.lead_mean, "max_s": report.lead_max},
        "work_in_process": {"mean": report.wip_mean, "now": report.wip_now},
        "bottleneck": _bottleneck(report.bottleneck),
        "places": [_place(place) for place in report.places],
    }
    return tree | ({"history": _history(report.history)} if report.history else {})


def _bottleneck(bottleneck: Bottleneck | None) -> Json:
    if bottleneck is None:
        return None
    return {
        "path": bottleneck.path,
        "mean_active_s": bottleneck.mean_active,
        "runner_up": bottleneck.runner_up,
        "runner_up_mean_active_s": bottleneck.runner_up_mean_active,
        "why": bottleneck.why,
    }


def _place(place: PlaceReport) -> Json:
    tree: dict[str, Json] = {
        "path": place.path,
        "kind": place.kind,
        "passed": place.passed,
        "level": place.level,
        "failures": place.failures,
        "shares": place.shares,
    }
    return tree | ({"oee": _oee(place.oee)} if place.oee else {})


def _oee(oee: Oee) -> Json:
    return {
        "oee": oee.oee,
        "availability": oee.availability,
        "performance": oee.performance,
        "quality": oee.quality,
        "ideal_cycle_s": oee.ideal_cycle,
        "planned_s": oee.planned,
        "passed": oee.passed,
        "good": oee.good,
    }


def _history(history: History) -> Json:
    quantiles = zip(QUANTILES, history.lead_quantiles, strict=False)
    return {
        "finished_by_hour": history.finished_by_hour,
        "jph_by_hour": history.jph_by_hour,
        "lead_time_quantiles_s": {f"{share:g}": seconds for share, seconds in quantiles},
    }

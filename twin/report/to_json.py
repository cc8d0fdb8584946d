"""Reports for machines: the same input gives the same bytes, in every process.

A quantity's name ends in its unit where it has one; what can't be told is null.

    plant, digest    name of the plant; SHA-256 of its scene, with scenarios and overrides applied
    what_if          scenarios and overrides of the run, as they were given
    seed, replication, elapsed_s
    throughput       created, finished, and jph: finished parts per hour; the same of each product
                     under products
    lead_time        from a part's making to its end in a sink: mean_s, max_s
    work_in_process  parts in the plant: mean over time, now
    carriers         skids, bodies of vehicles and the like in the plant now; no work in process
    bottleneck       the station with the longest mean active period (see twin.report.bottleneck):
        path, mean_active_s     and its mean time from one wait for another place to the next
        effective_cycle_s       its working and down time for each part that it passed
        takt_s                  mean time from release to release; null if parts can go past it
        runner_up, runner_up_mean_active_s
        why                     the same in words, and how often the sources are blocked
    turning_points   prim paths of the stations that are turning points (see twin.report.turning),
                     the one that waits least first
    energy           total_j, per_part_j: of each finished part (see twin.report.energy)
    places           path, kind, passed, level (parts in it now), failures, energy_j, shares of the
                     time by state, of a gate or sensor seen (parts by product), and of a station
                     its oee and iso22400:
        oee, availability, performance, quality, ideal_cycle_s, planned_s, passed, good
                     (see twin.report.oee)
        pbt_s, adot_s, aubt_s, adet_s, aupt_s, aust_s, apt_s    time elements of ISO 22400-2
        availability, effectiveness, quality_ratio, nee, utilisation_efficiency,
        allocation_efficiency, technical_efficiency, setup_ratio, scrap_ratio,
        throughput_rate_per_h, mtbf_s, mtbf_operating_s, mttr_s (see twin.report.iso22400)
    history          with a journal only (see twin.report.to_json_history)
"""

import json
from collections.abc import Mapping, Sequence

from twin.report.bottleneck import Bottleneck
from twin.report.iso22400 import Iso22400
from twin.report.oee import Oee
from twin.report.report import PlaceReport, Report, WhatIf
from twin.report.to_json_history import Json, history_json
from twin.units import to_seconds

__all__ = ["Json", "bottleneck_json", "json_text", "report_json", "what_if_json"]

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
    """A report as a tree of the fields above."""
    tree: dict[str, Json] = {
        "plant": report.plant,
        "digest": report.digest,
        "what_if": what_if_json(report.what_if),
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
        "carriers": report.carriers,
        "bottleneck": bottleneck_json(report.bottleneck),
        "turning_points": report.turning_points,
        "energy": {"total_j": report.energy.total, "per_part_j": report.energy.per_part},
        "places": [_place(place) for place in report.places],
    }
    return tree | ({"history": history_json(report, report.history)} if report.history else {})


def what_if_json(what_if: WhatIf) -> Json:
    """The scenarios and overrides of a run."""
    return {"scenarios": what_if.scenarios, "overrides": what_if.overrides}


def bottleneck_json(bottleneck: Bottleneck | None) -> Json:
    """A bottleneck, null where there is none."""
    if bottleneck is None:
        return None
    return {
        "path": bottleneck.path,
        "mean_active_s": bottleneck.mean_active,
        "effective_cycle_s": bottleneck.effective_cycle,
        "takt_s": bottleneck.takt,
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
        "energy_j": place.energy,
        "shares": place.shares,
    }
    if place.seen:
        tree["seen"] = place.seen
    if place.oee is not None and place.iso22400 is not None:
        tree |= {"oee": _oee(place.oee), "iso22400": _iso(place.iso22400)}
    return tree


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


def _iso(iso: Iso22400) -> Json:
    elements = iso.elements
    times = ("pbt", "adot", "aubt", "adet", "aupt", "aust", "apt")
    return {f"{name}_s": to_seconds(getattr(elements, name)) for name in times} | {
        "availability": iso.availability,
        "effectiveness": iso.effectiveness,
        "quality_ratio": iso.quality_ratio,
        "nee": iso.nee,
        "utilisation_efficiency": iso.utilisation_efficiency,
        "allocation_efficiency": iso.allocation_efficiency,
        "technical_efficiency": iso.technical_efficiency,
        "setup_ratio": iso.setup_ratio,
        "scrap_ratio": iso.scrap_ratio,
        "throughput_rate_per_h": iso.throughput_rate,
        "mtbf_s": iso.mtbf,
        "mtbf_operating_s": iso.mtbf_operating,
        "mttr_s": iso.mttr,
    }

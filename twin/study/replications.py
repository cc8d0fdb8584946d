"""Many reports of one plant, and the estimates that they allow.

In JSON `bottleneck` is that of all runs taken together, and its figures are means over them;
`bottlenecks` says in how many runs each place was the bottleneck of that run alone.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from twin.report import Report
from twin.report.bottleneck import Bottleneck
from twin.report.to_json import Json, bottleneck_json, what_if_json
from twin.study.estimate import CONFIDENCE, Estimate, estimate

__all__ = ["Replications", "estimate_json", "replications_json"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replications:
    """Reports of replications 0, 1, ...; at least one."""

    reports: tuple[Report, ...]
    bottleneck: Bottleneck | None  # of all runs taken together

    def estimate(self, figure: Callable[[Report], float | None]) -> Estimate | None:
        """Estimate the mean of any figure; runs in which it is None are left out."""
        values = [figure(report) for report in self.reports]
        return estimate([value for value in values if value is not None])

    @property
    def jph(self) -> Estimate | None:
        """Finished parts per hour."""
        return self.estimate(lambda report: report.jph)

    @property
    def lead_mean(self) -> Estimate | None:
        """Mean lead time [s]; None if no part was finished in any run."""
        return self.estimate(lambda report: report.lead_mean)

    @property
    def wip_mean(self) -> Estimate | None:
        """Parts in the plant, mean over time."""
        return self.estimate(lambda report: report.wip_mean)

    def oee(self, place: int) -> Estimate | None:
        """OEE of the place of a row; None unless it is a station."""
        return self.estimate(lambda report: (each := report.places[place].oee) and each.oee)

    def share(self, place: int, state: str) -> Estimate | None:
        """Share of time that the place of a row spent in a state."""
        return self.estimate(lambda report: report.places[place].shares[state])

    @property
    def bottlenecks(self) -> tuple[tuple[str, int], ...]:
        """Prim paths and in how many runs each was the bottleneck, most often first."""
        found = [report.bottleneck.path for report in self.reports if report.bottleneck]
        return tuple(sorted(Counter(found).items(), key=lambda item: (-item[1], item[0])))


def replications_json(many: Replications) -> dict[str, Json]:
    """Estimates first, then the main figures of each run."""
    first = many.reports[0]
    return {
        "plant": first.plant,
        "digest": first.digest,
        "what_if": what_if_json(first.what_if),
        "seed": first.seed,
        "elapsed_s": first.elapsed,
        "replications": len(many.reports),
        "confidence": CONFIDENCE,
        "throughput": {
            "jph": estimate_json(many.jph),
            "products": {
                each.name: {"jph": estimate_json(many.estimate(lambda r, k=k: r.products[k].jph))}
                for k, each in enumerate(first.products)
            },
        },
        "lead_time": {"mean_s": estimate_json(many.lead_mean)},
        "work_in_process": {"mean": estimate_json(many.wip_mean)},
        "bottleneck": bottleneck_json(many.bottleneck),
        "bottlenecks": [{"path": path, "runs": count} for path, count in many.bottlenecks],
        "places": [_place(many, row) for row in range(len(first.places))],
        "runs": [_run(report) for report in many.reports],
    }


def estimate_json(found: Estimate | None) -> Json:
    """A mean with its half-width, null where there is none."""
    return None if found is None else {"mean": found.mean, "half_width": found.half_width}


def _place(many: Replications, row: int) -> Json:
    place = many.reports[0].places[row]
    tree: dict[str, Json] = {
        "path": place.path,
        "kind": place.kind,
        "shares": {state: estimate_json(many.share(row, state)) for state in place.shares},
    }
    return tree | ({"oee": estimate_json(many.oee(row))} if place.oee else {})


def _run(report: Report) -> Json:
    return {
        "replication": report.replication,
        "finished": report.finished,
        "jph": report.jph,
        "lead_time_mean_s": report.lead_mean,
        "lead_time_max_s": report.lead_max,
        "work_in_process_mean": report.wip_mean,
        "bottleneck": report.bottleneck.path if report.bottleneck else None,
    }

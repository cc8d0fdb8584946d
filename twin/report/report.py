"""The report of a run: throughput, lead time, work in process, states, OEE, bottleneck.

A report is made from the counters of a simulation or from a journal, and is the same from both;
only a journal adds a history.
"""

from dataclasses import dataclass, field, replace

from twin.core.parameters import parameters
from twin.core.state import STATES
from twin.engine.layout import Layout
from twin.engine.simulation import Simulation
from twin.errors import CommandError
from twin.journal import Journal
from twin.plant import Plant, kind_of
from twin.report.bottleneck import Bottleneck, bottleneck_of
from twin.report.energy import Energy, energy_of
from twin.report.history import History, history_of
from twin.report.iso22400 import Iso22400, iso_of
from twin.report.oee import Oee, oees_of
from twin.report.retell import began_of, totals_from
from twin.report.shares import shares_of
from twin.report.totals import Totals, totals_of
from twin.report.turning import turning_points
from twin.units import to_seconds

__all__ = ["PlaceReport", "ProductReport", "Report", "WhatIf", "report_from", "report_of"]

SECONDS_PER_HOUR = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductReport:
    """What became of one product."""

    name: str
    created: int
    finished: int
    jph: float  # finished parts per hour


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceReport:
    """How one place spent the run."""

    path: str
    kind: str
    passed: int  # parts that have left; in a sink, that have come
    seen: dict[str, int]  # of a gate or sensor: parts that came by, by the names of products
    level: int  # parts in it at the end
    failures: int
    shares: dict[str, float]  # of the elapsed time by state; they sum to exactly 1
    oee: Oee | None  # of a station
    iso22400: Iso22400 | None  # of a station
    energy: float  # J


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """How the plant of a run differs from its scene, in the words of whoever asked."""

    scenarios: tuple[str, ...] = ()  # layers over the scene, strongest first
    overrides: tuple[str, ...] = ()  # PRIM.twin:attr=VALUE, over everything else


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A run in figures; times in seconds."""

    plant: str
    digest: str  # of the scene
    seed: int
    replication: int
    elapsed: float
    created: int
    finished: int
    jph: float  # finished parts (jobs) per hour
    products: tuple[ProductReport, ...]
    lead_mean: float | None  # from a part's making to its end in a sink; None before the first
    lead_max: float | None
    wip_mean: float  # parts in the plant, mean over time; carriers are none
    wip_now: int
    carriers: int  # skids, vehicles and the like in the plant now
    places: tuple[PlaceReport, ...]
    bottleneck: Bottleneck | None
    turning_points: tuple[str, ...]  # prim paths, see twin.report.turning
    energy: Energy
    totals: Totals = field(repr=False, compare=False)
    history: History | None = None
    what_if: WhatIf = WhatIf()


def report_of(simulation: Simulation) -> Report:
    """Report a run up to now from its counters.

    Raises:
        CommandError: the run is still at tick 0.
    """
    places = zip(simulation.plant.places, simulation.params, strict=True)
    now = replace(
        simulation.plant, places=tuple(replace(place, params=params) for place, params in places)
    )
    report = _report(now, simulation.layout, totals_of(simulation))
    return replace(report, seed=simulation.seed, replication=simulation.replication)


def report_from(journal: Journal, *, since: int | None = None) -> Report:
    """Report a recorded run up to where its journal was closed, with its history.

    Args:
        journal: of the run.
        since: only what happened after this tick counts; None: after the last reset.

    Raises:
        CommandError: the journal ends at that tick.
    """
    totals = totals_from(journal, since=since)
    since = began_of(journal) if since is None else since
    report = _report(_as_commanded(journal), journal.layout, totals)
    history = history_of(journal, since=since)
    return replace(report, seed=journal.seed, replication=journal.replication, history=history)


def _as_commanded(journal: Journal) -> Plant:
    """The plant with the parameters that commands have set."""
    places = list(journal.plant.places)
    for row in journal.commands[journal.commands["action"] == "set"]:
        place, command = places[int(row["place"])], journal.command_of(row)
        known = {each.usd_name: each for each in parameters(type(place.params))}
        parameter = known[command.attribute]
        params = replace(place.params, **{parameter.name: parameter.type(command.value)})
        places[int(row["place"])] = replace(place, params=params)
    return replace(journal.plant, places=tuple(places))


def _report(plant: Plant, layout: Layout, totals: Totals) -> Report:
    if totals.elapsed == 0:
        raise CommandError("a report needs a run of some time; advance it first")
    finished = int(totals.finished.sum())
    created = int(totals.created.sum())
    energy = energy_of(plant, totals)
    return Report(
        plant=plant.name,
        digest=plant.digest,
        seed=0,
        replication=0,
        elapsed=to_seconds(totals.elapsed),
        created=created,
        finished=finished,
        jph=_per_hour(finished, totals),
        products=_products(plant, totals),
        lead_mean=to_seconds(totals.lead_ticks) / finished if finished else None,
        lead_max=to_seconds(totals.longest_lead) if finished else None,
        wip_mean=totals.part_ticks / totals.elapsed,
        wip_now=totals.in_process,
        carriers=totals.carriers,
        places=_places(plant, layout, totals, energy),
        bottleneck=bottleneck_of(plant, totals),
        turning_points=tuple(plant.places[row].path for row in turning_points(plant, totals)),
        energy=energy,
        totals=totals,
    )


def _per_hour(count: int, totals: Totals) -> float:
    return count * SECONDS_PER_HOUR / to_seconds(totals.elapsed)


def _products(plant: Plant, totals: Totals) -> tuple[ProductReport, ...]:
    return tuple(
        ProductReport(name=product.name, created=made, finished=done, jph=_per_hour(done, totals))
        for product, made, done in zip(
            plant.products, totals.created.tolist(), totals.finished.tolist(), strict=True
        )
    )


def _places(
    plant: Plant, layout: Layout, totals: Totals, energy: Energy
) -> tuple[PlaceReport, ...]:
    oees = oees_of(plant, layout, totals)
    return tuple(
        PlaceReport(
            path=place.path,
            kind=kind_of(place.params),
            passed=int(totals.passed[row]),
            seen={
                product.name: count
                for product, count in zip(plant.products, totals.seen[row].tolist(), strict=True)
                if count
            },
            level=int(totals.level[row]),
            failures=int(totals.failures[row]),
            shares=dict(zip(STATES, shares_of(totals.times[row].tolist()), strict=True)),
            oee=oees[row],
            iso22400=None if (oee := oees[row]) is None else iso_of(totals, row, oee),
            energy=energy.places[row],
        )
        for row, place in enumerate(plant.places)
    )

"""`twin run`: simulate a scene and report."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from twin.cli.options import AsJson, Overrides, Scenarios, Scene, Seed, Until, WarmUp, find_scene
from twin.units import parse_duration

if TYPE_CHECKING:
    from rich.console import RenderableType

    from twin.journal import Journal
    from twin.plant import Plant
    from twin.report import Report, WhatIf

__all__ = ["run"]

WIDTH_OF_FILES = 140  # characters

Count = Annotated[
    int,
    typer.Option(
        min=1, max=100_000, help="Runs with different chances; more than one give 95 % intervals."
    ),
]
Folder = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="Keep every event and motion in this folder; with replications in one folder each.",
    ),
]

Page = Annotated[
    Path | None,
    typer.Option(
        "--html", metavar="FILE", help="Write the report with plots as one HTML file; of one run."
    ),
]
All = Annotated[
    bool, typer.Option("--all", help="Show every place and every wait, however many there are.")
]


def run(
    scene: Scene,
    *,
    until: Until = "8h",
    warm_up: WarmUp = None,
    seed: Seed = 1,
    overrides: Overrides = None,
    scenarios: Scenarios = None,
    replications: Count = 1,
    journal: Folder = None,
    html: Page = None,
    everything: All = False,
    as_json: AsJson = False,
) -> None:
    """Simulate a scene; print throughput, lead time, states, OEE, and the bottleneck and why.

    twin run body_shop --until 8h --seed 1

    twin run body_shop --set /BodyShop/Line/Station_060.twin:transferTime=8

    twin run body_shop --scenario scenes/body_shop/scenarios/double_failures.usda

    twin run body_shop --until 9h --warmup 1h --replications 20 --json

    twin run body_shop --html body_shop.html

    [bold]Exit codes[/bold]

      0  all is well

      1  the run could not finish, or its output could not be written

      2  the scene, an option or a file is wrong
    """
    ticks, counted_from = parse_duration(until), parse_duration(warm_up) if warm_up else 0
    file = find_scene(scene)
    from twin.cli.progress import compiled_first
    from twin.plant import doubts
    from twin.scene import load

    plant = load(file, scenarios=scenarios or (), overrides=overrides or ())
    from twin.report import WhatIf

    what_if = WhatIf(
        scenarios=tuple(str(each) for each in scenarios or ()), overrides=tuple(overrides or ())
    )
    keeper = Keeper(journal, replications) if journal else None
    keep = keeper.keep if keeper else None
    if html:
        _check_page(html, replications)
    for doubt in doubts(plant):
        typer.echo(f"warning: {doubt}", err=True)
    compiled_first(plant)
    job = Job(plant, ticks, counted_from, seed, keep, what_if)
    if replications == 1:
        _run_once(job, html=html, everything=everything, as_json=as_json)
    else:
        _run_many(job, replications=replications, as_json=as_json)
    if keeper:
        typer.echo(keeper.told(), err=True)


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be simulated."""

    plant: "Plant"
    until: int
    warm_up: int
    seed: int
    keep: "Callable[[Journal], None] | None"
    what_if: "WhatIf"


class Keeper:
    """Saves the journal of each run, in a folder of its own where there are many."""

    def __init__(self, folder: Path, replications: int) -> None:
        from twin.journal import check_writable

        self._folder = folder
        self._replications = replications
        self._kept: list[tuple[int, int, int]] = []  # events, motions, bytes; in any order
        for number in range(replications):
            check_writable(self._own(number))

    def _own(self, number: int) -> Path:
        return self._folder if self._replications == 1 else self._folder / f"replication_{number}"

    def keep(self, journal: "Journal") -> None:
        """Save a journal; replications call this from threads."""
        from twin.journal import save

        size = save(journal, self._own(journal.replication))
        self._kept.append((len(journal.events), len(journal.segments), size))

    def told(self) -> str:
        """What has been written where."""
        events, motions, size = (sum(each) for each in zip(*self._kept, strict=True))
        where = f"journal in {self._folder}"
        if self._replications > 1:
            last = f"replication_{self._replications - 1}"
            where = f"{self._replications} journals in {self._own(0)} to {last}"
        return f"{where}: {events} events, {motions} motions, {size / 1e6:.1f} MB"


def _check_page(file: Path, replications: int) -> None:
    """Refuse a page that could not be written, before a long run.

    Raises:
        CommandError: it is of many runs, or its folder can't be written to.
    """
    from twin.errors import CommandError
    from twin.journal import check_writable

    if replications > 1:
        raise CommandError("--html shows one run; leave out --replications")
    if file.is_dir():
        raise CommandError(f"--html {file} is a folder; name a file in it")
    check_writable(file.parent)


def _write_page(report: "Report", journal: "Journal", file: Path) -> None:
    from twin.errors import CommandError
    from twin.report.page import html_report

    page = html_report(report, journal)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(page, "utf-8")
    except OSError as error:
        raise CommandError(f"the page can't be written to {file}: {error.strerror}") from error
    typer.echo(f"page in {file}: {len(page.encode()) / 1e6:.1f} MB", err=True)


def _run_once(job: Job, *, html: Path | None, everything: bool, as_json: bool) -> None:
    from twin.cli.progress import working
    from twin.report import json_text, report_json
    from twin.report.tables import report_view
    from twin.study.replicate import run as simulate

    kept: list[Journal] = []

    def keep_both(journal: "Journal") -> None:
        kept.append(journal)
        if job.keep:
            job.keep(journal)

    with working("simulating") as show:
        report = simulate(
            job.plant, job.until, seed=job.seed, warm_up=job.warm_up,
            keep=keep_both if html else job.keep,
            progress=lambda done: show("simulating", done),
        )  # fmt: skip
    report = replace(report, what_if=job.what_if)
    if html:
        _write_page(report, kept[0], html)
    if as_json:
        typer.echo(json_text(report_json(report)))
    else:
        _print(lambda width: report_view(report, width, everything=everything))


def _run_many(job: Job, *, replications: int, as_json: bool) -> None:
    from twin.cli.progress import working
    from twin.report import json_text
    from twin.study import replicate
    from twin.study.replications import replications_json
    from twin.study.tables import replications_view

    with working("simulating") as show:
        many = replicate(
            job.plant, job.until, seed=job.seed, warm_up=job.warm_up,
            replications=replications, keep=job.keep,
            progress=lambda done: show("simulating", done),
        )  # fmt: skip
    many = replace(many, reports=tuple(replace(each, what_if=job.what_if) for each in many.reports))
    if as_json:
        typer.echo(json_text(replications_json(many)))
    else:
        _print(lambda width: replications_view(many, width))


def _print(view: "Callable[[int], RenderableType]") -> None:
    """Print tables as wide as the terminal or COLUMNS; as wide as they like without either."""
    from rich.console import Console

    console = Console(highlight=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console = Console(highlight=False, width=WIDTH_OF_FILES)
    console.print(view(console.width))

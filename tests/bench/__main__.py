"""The command `python -m tests.bench`: runs benchmarks, prints them, exits 1 below a floor."""

import argparse
import json
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench.measure import Measure

NAMES = sorted(f.stem.removeprefix("bench_") for f in Path(__file__).parent.glob("bench_*.py"))
SIGN = {"more": "≥", "less": "≤", "match": "≈"}


def main() -> int:
    """Run the benchmarks named on the command line, or all of them."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {', '.join(NAMES)}")
    parser.add_argument("--json", action="store_true", help="print one JSON object per measure")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw `growth`: .svg, .png, .pdf")
    options = parser.parse_args()
    if options.plot and "growth" not in (options.names or NAMES):
        parser.error("--plot draws what growth measures: python -m tests.bench growth --plot FILE")
    if unknown := [name for name in options.names if name not in NAMES]:
        parser.error(f"no benchmark {', '.join(unknown)}; there are: {', '.join(NAMES)}")
    results = _measures(options.names or NAMES)
    missed = _print_json(results) if options.json else _print_table(results)
    if options.plot:
        draw = import_module("tests.bench.plot").draw
        draw(import_module("tests.bench.growth").curves(), options.plot)
    return 1 if missed else 0


def _measures(names: list[str]) -> Iterator[Measure]:
    for name in names:
        yield from import_module(f"tests.bench.bench_{name}").measures()


def _print_json(results: Iterator[Measure]) -> int:
    missed = 0
    for measure in results:
        print(json.dumps(measure.line()), flush=True)
        missed += not measure.ok
    return missed


def _print_table(results: Iterator[Measure]) -> int:
    console = Console(width=None if sys.stdout.isatty() else 120)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("measure", "ours", "unit", "peer", "its value", "ratio", "floor", "aim", ""):
        side = "left" if title in ("measure", "unit", "peer") else "right"
        table.add_column(title, justify=side, no_wrap=True)
    missed = 0
    with console.status("measuring") as status:
        for measure in results:
            status.update(f"measured {measure.name}")
            missed += not measure.ok
            table.add_row(*_cells(measure))
    console.print(table)
    return missed


def _cells(measure: Measure) -> list[str]:
    floor = "" if measure.floor is None else f"{SIGN[measure.sense]} {measure.floor:g}"
    verdict = "" if measure.floor is None else "[green]ok" if measure.ok else "[red]missed"
    return [
        measure.name,
        _number(measure.ours),
        measure.unit,
        measure.peer or "",
        _number(measure.peer_value),
        _number(measure.ratio),
        floor,
        _number(measure.aim),
        verdict,
    ]


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:.4g}"


if __name__ == "__main__":
    sys.exit(main())

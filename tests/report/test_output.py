import io
import json
import math
import re
from dataclasses import replace
from typing import Any

import pytest
from rich.console import Console

from tests.report.lines import plant_of, recorded, two_stations
from twin.core.parameters import Params
from twin.core.state import STATES
from twin.engine.simulation import Simulation
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant import Place, Plant, connect
from twin.report import json_text, report_from, report_json, report_of, to_json, to_json_history
from twin.report.energy import Energy
from twin.report.tables import common_prefix, report_view
from twin.report.words import percent, span


def shown(plant: Plant, seconds: float) -> str:
    console = Console(width=140, file=io.StringIO())
    console.print(report_view(report_from(recorded(plant, seconds)[1])))
    return console.file.getvalue()


def test_json_has_the_figures_in_a_fixed_order():
    tree = report_json(report_of(recorded(two_stations(), 200.0)[0]))
    assert list(tree) == [
        "plant", "digest", "what_if", "seed", "replication", "elapsed_s", "throughput",
        "lead_time", "work_in_process", "carriers", "bottleneck", "turning_points", "energy",
        "places",
    ]  # fmt: skip
    back = json.loads(json_text(tree))
    assert back["throughput"]["jph"] == 108.0
    assert back["lead_time"] == {"mean_s": 73.333333, "max_s": 80.0}
    assert back["places"][2]["oee"]["oee"] == 0.9
    assert list(back["places"][2]) == [
        "path", "kind", "passed", "level", "failures", "energy_j", "shares", "oee", "iso22400",
    ]  # fmt: skip
    assert back["places"][2]["iso22400"] | {"mtbf_s": 1.0} == {
        "pbt_s": 200.0, "adot_s": 20.0, "aubt_s": 180.0, "adet_s": 0.0, "aupt_s": 180.0,
        "aust_s": 0.0, "apt_s": 180.0, "availability": 0.9, "effectiveness": 1.0,
        "quality_ratio": 1.0, "nee": 0.9, "utilisation_efficiency": 1.0,
        "allocation_efficiency": 0.9, "technical_efficiency": 1.0, "setup_ratio": 0.0,
        "scrap_ratio": 0.0, "throughput_rate_per_h": 108.0, "mtbf_s": 1.0,
        "mtbf_operating_s": None, "mttr_s": None,
    }  # fmt: skip
    assert back["turning_points"] == ["/Line/Station_2"]
    assert back["energy"] == {"total_j": 0.0, "per_part_j": 0.0}
    bottleneck = back["bottleneck"]
    assert bottleneck["path"] == "/Line/Station_2"
    assert (bottleneck["effective_cycle_s"], bottleneck["takt_s"]) == (30.0, 10.0)
    assert sum(back["places"][1]["shares"].values()) == pytest.approx(1.0)


def test_json_from_a_journal_also_has_the_history():
    back = json.loads(json_text(report_json(report_from(recorded(two_stations(), 200.0)[1]))))
    history = back["history"]
    assert list(history) == [
        "finished_by_hour", "jph_by_hour", "lead_time_quantiles_s", "lead_times", "cycle_times",
        "takt", "levels", "waits", "shifting_bottleneck", "flows", "gantt",
    ]  # fmt: skip
    quantiles = {"0.05": 50.0, "0.5": 80.0, "0.95": 80.0, "0.99": 80.0}
    assert history["lead_time_quantiles_s"] == quantiles
    assert (history["finished_by_hour"], history["jph_by_hour"]) == ([6], [108.0])
    assert history["lead_times"] == {
        "part": {"count": 6, "mean_s": 73.333333, "quantiles_s": quantiles, "longest_s": 80.0}
    }
    assert [each["path"] for each in history["cycle_times"]] == [
        "/Line/Station_1", "/Line/Station_2",
    ]  # fmt: skip
    assert history["takt"][0] | {"intervals": {}} == {
        "path": "/Line/Sink_1", "intervals": {}, "target_s": 10.0, "planned": True,
        "tolerance": 0.1, "adherence": 0.0, "variation": 0.0,
    }  # fmt: skip
    assert history["levels"] == {
        "/Line/Source_1": 0.65, "/Line/Station_1": 1.0, "/Line/Station_2": 0.9, "/Line/Sink_1": 0.0,
    }  # fmt: skip
    assert history["waits"][1] == {
        "path": "/Line/Station_1",
        "waiting": "blocked",
        "share": 0.3,
        "text": "Station_1 was blocked 30.0 %: 30.0 % because Station_2 was working",
        "causes": [{"path": "/Line/Station_2", "doing": "working", "share": 0.3}],
    }
    assert history["shifting_bottleneck"] == {
        "shares": [
            {"path": "/Line/Station_2", "sole": 0.8, "shifting": 0.1},
            {"path": "/Line/Station_1", "sole": 0.1, "shifting": 0.1},
        ],
        "spells": [
            {"path": "/Line/Station_1", "start_s": 0.0, "end_s": 40.0},
            {"path": "/Line/Station_2", "start_s": 20.0, "end_s": 200.0},
        ],
    }
    assert history["flows"][0] == {"from": "/Line/Source_1", "to": "/Line/Station_1", "parts": 8}
    bar = {"path": "/Line/Source_1", "state": "working", "start_s": 0.0, "end_s": 10.0}
    assert history["gantt"][0] == bar


def test_json_of_one_run_is_the_same_bytes():
    one, two = (
        json_text(report_json(report_from(recorded(two_stations(), 200.0)[1]))) for _ in range(2)
    )
    assert one == two


def test_every_field_of_the_json_is_documented():
    tree = report_json(report_from(recorded(two_stations(), 200.0)[1]))
    docs = f"{to_json.__doc__} {to_json_history.__doc__}"
    for name in names_in(json.loads(json_text(tree))):
        assert re.search(rf"\b{name}\b", docs), name


def names_in(tree: Any) -> set[str]:
    """The names of all fields but those that are paths, products, states or shares."""
    if isinstance(tree, list):
        return set().union(*map(names_in, tree))
    if not isinstance(tree, dict):
        return set()
    found = {name for name in tree if re.fullmatch(r"[a-z_]+[0-9a-z_]*", name)}
    return (found - set(STATES) - {"part"}).union(*map(names_in, tree.values()))


def test_numbers_are_rounded_and_never_minus_zero():
    assert json.loads(json_text({"a": 1 / 3, "b": -1e-9, "c": [2.0, None, True, 7], "d": "x"})) == {
        "a": 0.333333, "b": 0.0, "c": [2.0, None, True, 7], "d": "x",
    }  # fmt: skip
    assert "-0.0" not in json_text([-1e-9])


def test_what_is_not_a_number_is_a_bug():
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_text({"a": math.nan})


def test_people_read_the_figures_and_the_reason():
    text = shown(two_stations(), 200.0)
    for words in (
        "108.00 JPH (6 finished of 8 made)",
        "mean 73.3 s, longest 80.0 s",
        "mean 2.55, now 2",
        "Places under /Line/",
        "Station_2 is the bottleneck: it works 90.0 % of the time",
        "Because of it, Station_1 before it is blocked 30.0 % of the time.",
    ):
        assert words in text
    row = next(line for line in text.splitlines() if "Station_2" in line)
    assert "W" * 29 + "s" * 3 in row  # 90 % and 10 % of 32 letters
    assert " 90.0 " in row


def test_products_are_listed_where_there_are_several():
    line = [Source(interval=10.0), Station(process_time=4.0), Sink()]
    text = shown(plant_of(*line, products=("sedan", "suv")), 3600.0)
    assert "sedan 180.00, suv 180.00" in text


def test_a_line_that_stands_still_says_so():
    plant = plant_of(Source(interval=0.0, limit=1), Station(process_time=0.0), Sink())
    assert "No machine has done anything yet." in shown(plant, 10.0)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.25, "0.2 s"),
        (50.0, "50.0 s"),
        (119.0, "119.0 s"),
        (750.0, "12.5 min"),
        (28800.0, "8.0 h"),
    ],
)
def test_times_are_told_in_the_unit_that_suits(seconds: float, text: str):
    assert span(seconds) == text


@pytest.mark.parametrize(
    ("share", "text"), [(0.0, "0.0 %"), (1e-4, "less than 0.1 %"), (0.181, "18.1 %")]
)
def test_a_nought_is_a_nought(share: float, text: str):
    assert percent(share) == text


def test_the_common_prefix_ends_with_a_slash():
    assert common_prefix(["/Shop/Line/A", "/Shop/Line/B"]) == "/Shop/Line/"
    assert common_prefix(["/Shop/A", "/Shop/Line/B"]) == "/Shop/"
    assert common_prefix(["/A", "/B"]) == ""


@pytest.mark.parametrize("width", [80, 118, 135])
def test_no_figure_is_cut_off_in_a_terminal_of_common_width(width: int):
    console = Console(width=width, file=io.StringIO())
    simulation, journal = recorded(two_stations(), 200.0)
    for report in (report_of(simulation), report_from(journal), report_of(many_lines())):
        console.print(report_view(report, width))
    assert "…" not in console.file.getvalue()


def many_lines() -> Simulation:
    """Sixteen lines of two stations, the second slower from line to line."""
    places: list[Place] = []
    for number in range(16):
        at = f"/Plant/Line_{number:02d}"
        line: list[tuple[str, Params]] = [
            (f"{at}/Source", Source(interval=10.0)),
            (f"{at}/First", Station(process_time=5.0)),
            (f"{at}/Second", Station(process_time=6.0 + number)),
            (f"{at}/Sink", Sink()),
        ]
        places += connect(line)
    return recorded(Plant(places=tuple(places)), 500.0, interpreted=False)[0]


def test_a_large_plant_is_told_by_kinds_and_by_the_stations_that_lose_most():
    report = report_of(many_lines())
    console = Console(width=140, file=io.StringIO())
    console.print(report_view(report, 140))
    text = console.file.getvalue()
    assert re.search(r"station +32 +W+", text)
    assert "The 20 stations that lose most" in text
    assert "64 places in all; --all shows each" in text
    assert "Line_04/Second is the bottleneck" in text
    assert len(text.splitlines()) < 60
    assert text.index("Line_04/Second ") < text.index("Line_15/First ")  # it stands first
    console.print(report_view(report, 140, everything=True))
    assert console.file.getvalue().removeprefix(text).count("Source") >= 16


def test_the_causes_of_waits_and_the_shifting_bottleneck_are_told_with_a_journal():
    text = shown(two_stations(), 200.0)
    for words in (
        "planned 10.0 s, median 30.0 s, 0.0 % of the intervals within 10 % of the plan",
        "blocked and starved times the line turns at Station_2.",
        "Station_1 was blocked 30.0 %: 30.0 % because Station_2 was working",
        "Station_2: alone 80.0 % of the time, shifting 10.0 %",
    ):
        assert words in text


def test_what_energy_a_part_takes_is_told_where_it_is_known():
    report = report_of(recorded(two_stations(), 200.0)[0])
    energy = Energy(places=(), total=7.2e6, per_part=1.2e6)
    console = Console(width=140, file=io.StringIO())
    console.print(report_view(replace(report, energy=energy)))
    assert "2.0 kWh, 0.333 kWh for a finished part" in console.file.getvalue()

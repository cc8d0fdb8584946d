import io
import json
import math
import re

import pytest
from rich.console import Console

from tests.report.lines import plant_of, recorded, two_stations
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant import Plant
from twin.report import json_text, report_from, report_json, report_of, to_json
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
        "lead_time", "work_in_process", "bottleneck", "places",
    ]  # fmt: skip
    back = json.loads(json_text(tree))
    assert back["throughput"]["jph"] == 108.0
    assert back["lead_time"] == {"mean_s": 73.333333, "max_s": 80.0}
    assert back["places"][2]["oee"]["oee"] == 0.9
    bottleneck = back["bottleneck"]
    assert bottleneck["path"] == "/Line/Station_2"
    assert (bottleneck["effective_cycle_s"], bottleneck["takt_s"]) == (30.0, 10.0)
    assert sum(back["places"][1]["shares"].values()) == pytest.approx(1.0)


def test_json_from_a_journal_also_has_the_history():
    back = json.loads(json_text(report_json(report_from(recorded(two_stations(), 200.0)[1]))))
    assert back["history"] == {
        "finished_by_hour": [6],
        "jph_by_hour": [108.0],
        "lead_time_quantiles_s": {"0.05": 50.0, "0.5": 80.0, "0.95": 80.0, "0.99": 80.0},
    }


def test_every_field_of_the_json_is_documented():
    tree = report_json(report_from(recorded(two_stations(), 200.0)[1]))
    for name, value in tree.items():
        assert re.search(rf"\b{name}\b", to_json.__doc__ or ""), name
        inner = value if name in {"what_if", "lead_time", "bottleneck", "history"} else {}
        assert all(re.search(rf"\b{each}\b", to_json.__doc__ or "") for each in inner), name


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
    console.print(report_view(report_of(recorded(two_stations(), 200.0)[0]), width))
    assert "…" not in console.file.getvalue()

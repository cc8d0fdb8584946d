"""The page of a run: one file without a network, the same bytes every time, drawn by a browser."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.engine.lines import little_shop
from tests.report.lines import plant_of, recorded, two_stations
from twin.cli import app
from twin.core.parameters import Params
from twin.errors import CommandError
from twin.kinds.buffer import Buffer
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant import Place, Plant, connect
from twin.report import report_from, report_of
from twin.report.page import html_report
from twin.report.page.axis import clock_axis

SCENE = """#usda 1.0
(
    defaultPrim = "Line"
    metersPerUnit = 1
    upAxis = "Z"
)
def Xform "Line" (kind = "assembly")
{
    def Xform "Source" (prepend apiSchemas = ["TwinSourceAPI"])
    {
        double twin:interval = 10
        rel twin:next = </Line/Only>
    }
    def Xform "Only" (prepend apiSchemas = ["TwinStationAPI"])
    {
        double twin:processTime = 20
        rel twin:next = </Line/Sink>
    }
    def Xform "Sink" (prepend apiSchemas = ["TwinSinkAPI"])
    {
    }
}
"""


def page_of(plant: Plant, seconds: float) -> str:
    _, journal = recorded(plant, seconds)
    return html_report(report_from(journal), journal)


def without_library(page: str) -> str:
    """The page but for the plotting library."""
    pieces = re.split(r"</?script>", page)
    return "".join(piece for piece in pieces if len(piece) < 1_000_000)


def figures_of(page: str) -> dict[str, Any]:
    found = re.search(r'id="figures">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    return {each["name"]: each for each in json.loads(found.group(1))}


class Reader(HTMLParser):
    """Checks that tags are closed in order."""

    EMPTY = frozenset({"meta", "link", "br", "img"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.asked: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.asked += [value or "" for name, value in attrs if name in {"src", "href"}]
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_a_page_is_whole_and_asks_for_no_other_file():
    page = page_of(little_shop(), 900.0)
    reader = Reader()
    reader.feed(page)
    assert reader.open == []
    assert reader.asked == []
    own = without_library(page)
    assert "http" not in own
    assert "url(" not in own
    assert "@import" not in own


def test_the_same_run_gives_the_same_bytes():
    assert page_of(two_stations(), 200.0) == page_of(two_stations(), 200.0)


def test_the_page_tells_the_figures_of_the_report():
    page = without_library(page_of(two_stations(), 200.0))
    for words in (
        ">108.00<", ">Station_2<", "Station_2 is the bottleneck: it works 90.0 % of the time",
        "starved 10.0 %", "30.0 % because Station_2 was working", "mean; 2 now",
    ):  # fmt: skip
        assert words in page


def test_plots_hold_the_data_of_the_run():
    figures = figures_of(page_of(two_stations(), 200.0))
    assert set(figures) == {"hours", "wip", "states", "lead", "shifting", "gantt"}
    working = figures["states"]["data"][0]
    assert (working["name"], working["x"]) == ("working", [35.0, 70.0, 90.0, 0.0])
    assert figures["hours"]["data"][0]["y"] == [108.0]
    assert sum(sum(each["y"]) for each in figures["lead"]["data"]) == 6
    assert figures["wip"]["data"][0]["x"][-1] == 200.0
    alone = next(each for each in figures["shifting"]["data"] if each["name"] == "alone")
    assert (alone["base"], alone["x"]) == ([0.0, 40.0], [20.0, 160.0])


def test_names_from_a_scene_are_no_markup():
    plant = plant_of(Source(interval=10.0), Station(process_time=5.0), Sink(),
                     products=("</script><b>", "b&w"))  # fmt: skip
    page = page_of(plant, 100.0)
    assert "</script><b>" not in page
    assert "&lt;/script&gt;&lt;b&gt;" in page
    assert figures_of(page)["lead"]["data"][0]["name"] == "</script><b>"


def test_a_run_in_which_nothing_happened_has_a_page():
    plant = plant_of(Source(interval=0.0, limit=1), Station(process_time=500.0), Sink())
    page = without_library(page_of(plant, 10.0))
    assert "0 finished" not in page
    assert "Lead times" not in re.sub(r"<script.*", "", page, flags=re.DOTALL)


def test_time_axes_have_marks_at_round_times():
    assert clock_axis(0.0, 28800.0)["ticktext"][:3] == ["0:00", "1:00", "2:00"]
    assert clock_axis(25200.0, 28800.0)["ticktext"] == [
        "7:00", "7:10", "7:20", "7:30", "7:40", "7:50", "8:00",
    ]  # fmt: skip
    assert clock_axis(1.5, 33.0)["ticktext"][0] == "0:00:05"
    assert len(clock_axis(0.0, 86400.0 * 365)["tickvals"]) <= 10


def twin(*arguments: str):
    return CliRunner().invoke(app, arguments, catch_exceptions=False)


@pytest.fixture
def scene(tmp_path: Path) -> str:
    (tmp_path / "line.usda").write_text(SCENE)
    return str(tmp_path / "line.usda")


def test_run_writes_a_page_and_changes_no_figure(scene: str, tmp_path: Path):
    file, folder = tmp_path / "new" / "page.html", tmp_path / "journal"
    options = ["--until", "200s", "--json"]
    done = twin("run", scene, *options, "--html", str(file), "--journal", str(folder))
    assert done.exit_code == 0
    assert f"page in {file}: " in done.stderr
    assert "journal in " in done.stderr
    plain, with_page = json.loads(twin("run", scene, *options).stdout), json.loads(done.stdout)
    assert with_page.pop("history")["finished_by_hour"] == [10]
    assert with_page == plain
    assert "Only is the bottleneck" in file.read_text("utf-8")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--html", "{folder}"], "is a folder; name a file in it"),
        (["--html", "{scene}/page.html"], "can't be written to"),
        (["--html", "{folder}/a.html", "--replications", "2"], "leave out --replications"),
    ],
)
def test_a_page_that_can_not_be_written_is_refused(
    scene: str, tmp_path: Path, more: list[str], words: str
):
    arguments = [each.format(folder=tmp_path, scene=scene) for each in more]
    done = twin("run", scene, "--until", "60s", *arguments)
    assert done.exit_code == 2
    assert words in " ".join(re.sub(r"\x1b\[[0-9;]*m|[│╭╮╰╯─]", "", done.stderr).split())


def test_a_page_without_a_history_is_refused():
    simulation, journal = recorded(two_stations(), 200.0)
    with pytest.raises(CommandError, match="needs the history of a run"):
        html_report(report_of(simulation), journal)


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_browser_draws_every_plot_without_a_network(browser: Any, tmp_path: Path, theme: str):
    (tmp_path / "page.html").write_text(page_of(little_shop(), 1800.0), "utf-8")
    page = browser.new_page(color_scheme=theme, viewport={"width": 1360, "height": 900})
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("request", lambda request: told.append(request.url))
    page.goto((tmp_path / "page.html").as_uri())
    page.wait_for_function(
        "[...document.querySelectorAll('.plot')].every(e => e.querySelector('.main-svg'))"
    )
    assert [each for each in told if not each.startswith(("file:", "data:", "blob:"))] == []
    assert page.evaluate("document.querySelectorAll('.plot').length") == 7
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(13, 17, 23)"
    assert dark == (theme == "dark")
    page.click("#theme")
    assert page.evaluate("document.documentElement.dataset.theme") != theme
    page.close()


def branching() -> Plant:
    """A station that gives to two others, each with a sink of its own."""
    return Plant(
        name="Branches",
        places=(
            Place(path="/A/Source", params=Source(interval=5.0), next=("/A/Split",)),
            Place(path="/A/Split", params=Station(process_time=4.0), next=("/A/Left", "/A/Right")),
            Place(path="/A/Left", params=Station(process_time=9.0), next=("/A/Out",)),
            Place(path="/A/Right", params=Station(process_time=8.0), next=("/A/Shelf",)),
            Place(path="/A/Shelf", params=Buffer(capacity=4), next=("/A/End",)),
            Place(path="/A/Out", params=Sink()),
            Place(path="/A/End", params=Sink()),
        ),
    )


def test_flows_that_branch_are_drawn_and_each_sink_has_its_takt():
    page = page_of(branching(), 600.0)
    flow = figures_of(page)["flow"]["data"][0]
    assert set(flow["node"]["label"]) == {"Source", "Split", "Out", "End"}
    assert len(flow["link"]["value"]) == 3
    assert ">Out<" in without_library(page)
    assert "adherence" in without_library(page)


def test_a_large_plant_has_a_page_of_its_worst_stations():
    places: list[Place] = []
    for number in range(40):
        at = f"/Plant/Line_{number:02d}"
        line: list[tuple[str, Params]] = [
            (f"{at}/Source", Source(interval=10.0)),
            (f"{at}/First", Station(process_time=5.0)),
            (f"{at}/Second", Station(process_time=6.0 + number % 7)),
            (f"{at}/Sink", Sink()),
        ]
        places += connect(line)
    _, journal = recorded(Plant(places=tuple(places)), 600.0, interpreted=False)
    page = html_report(report_from(journal), journal)
    figures = figures_of(page)
    assert len(figures["states"]["data"][0]["y"]) == 60
    assert sum(len(each["x"]) for each in figures["gantt"]["data"]) <= 3000
    assert "The 60 stations that lose most, of 160 places." in page
    assert len(without_library(page)) < 1_000_000

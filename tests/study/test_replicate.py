import io
import json

import pytest
from rich.console import Console

from tests.report.lines import plant_of, two_stations
from twin.errors import CommandError, SceneError
from twin.journal import Journal
from twin.kinds.buffer import Buffer
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant import Plant
from twin.report import json_text
from twin.study import replicate, run
from twin.study.replications import replications_json
from twin.study.tables import replications_view
from twin.units import to_ticks

HOUR = to_ticks(3600.0)


def random_line(first: float = 9.0) -> Plant:
    """Two exponential stations with a buffer between them and work always waiting."""
    return plant_of(
        Source(interval=0.0),
        Station(process_time=first, process_distribution="exponential", mtbf=300.0, mttr=30.0),
        Buffer(capacity=2),
        Station(process_time=10.0, process_distribution="exponential"),
        Sink(),
    )


def test_results_do_not_depend_on_the_number_of_workers():
    one, many = (
        replicate(random_line(), HOUR, seed=4, replications=6, workers=workers)
        for workers in (1, 4)
    )
    assert one == many


def test_each_replication_is_the_run_with_its_number():
    many = replicate(random_line(), HOUR, seed=4, replications=3)
    for number, report in enumerate(many.reports):
        assert report == run(random_line(), HOUR, seed=4, replication=number)
    assert len({report.finished for report in many.reports}) > 1


def test_plants_are_compared_under_the_same_chances():
    slow, fast = (replicate(random_line(x), HOUR, replications=5).reports for x in (9.0, 8.0))
    assert all(a.finished <= b.finished for a, b in zip(slow, fast, strict=True))


def test_a_line_without_chance_leaves_no_doubt():
    many = replicate(two_stations(), to_ticks(200.0), replications=3)
    assert many.jph is not None
    assert (many.jph.mean, many.jph.half_width) == (108.0, 0.0)
    assert many.bottlenecks == (("/Line/Station_2", 3),)


def test_progress_rises_to_one_and_changes_nothing():
    steps: list[float] = []
    shown = run(random_line(), HOUR, progress=steps.append)
    assert shown == run(random_line(), HOUR)
    assert steps == sorted(steps)
    assert steps[-1] == 1.0
    steps.clear()
    replicate(random_line(), HOUR, replications=4, progress=steps.append)
    assert steps == [0.25, 0.5, 0.75, 1.0]


def test_every_replication_can_be_kept():
    kept: list[Journal] = []
    many = replicate(random_line(), HOUR, replications=2, keep=kept.append)
    assert sorted(journal.replication for journal in kept) == [0, 1]
    assert all(journal.until == HOUR for journal in kept)
    assert all(report.history is not None for report in many.reports)


def test_numbers_below_one_are_refused():
    with pytest.raises(CommandError, match="must be >= 1, got 0 and None"):
        replicate(two_stations(), HOUR, replications=0)
    with pytest.raises(CommandError, match="must be >= 1, got 1 and 0"):
        replicate(two_stations(), HOUR, replications=1, workers=0)
    with pytest.raises(CommandError, match="beyond tick 0"):
        run(two_stations(), 0)


def test_a_plant_that_can_not_run_is_refused():
    with pytest.raises(SceneError, match="must be >= 0 and"):
        replicate(plant_of(Source(), Station(process_time=-1.0), Sink()), HOUR)


def test_json_has_estimates_and_each_run():
    tree = json.loads(
        json_text(replications_json(replicate(two_stations(), to_ticks(200.0), replications=2)))
    )
    assert tree["throughput"]["jph"] == {"mean": 108.0, "half_width": 0.0}
    assert tree["lead_time"]["mean_s"] == {"mean": 73.333333, "half_width": 0.0}
    assert tree["places"][2]["oee"] == {"mean": 0.9, "half_width": 0.0}
    assert "oee" not in tree["places"][0]
    assert tree["bottlenecks"] == [{"path": "/Line/Station_2", "runs": 2}]
    assert [each["jph"] for each in tree["runs"]] == [108.0, 108.0]


def test_before_the_first_part_there_is_no_lead_time_to_estimate():
    many = replicate(two_stations(), to_ticks(15.0), replications=2)
    assert many.lead_mean is None
    assert replications_json(many)["lead_time"] == {"mean_s": None}


def shown(width: int) -> str:
    console = Console(width=width, file=io.StringIO())
    many = replicate(two_stations(), to_ticks(200.0), replications=2)
    console.print(replications_view(many, width))
    return console.file.getvalue()


@pytest.mark.parametrize("width", [80, 118, 135])
def test_no_figure_is_cut_off_in_a_terminal_of_common_width(width: int):
    assert "…" not in shown(width)


def test_people_read_means_and_half_widths():
    text = shown(140)
    assert "108.00 +- 0.00 JPH" in text
    assert "/Line/Station_2 in 2 of 2 replications" in text
    assert "Over 2 replications, Station_2 is the bottleneck: it works 90.0 % of the time" in text
    assert "mean 73.3 +- 0.0 s" in text


def test_long_lead_times_have_the_unit_of_a_single_run():
    line = plant_of(Source(interval=600.0), Station(process_time=300.0), Sink())
    console = Console(width=100, file=io.StringIO())
    console.print(replications_view(replicate(line, HOUR, replications=2), 100))
    assert "mean 5.0 +- 0.0 min" in console.file.getvalue()


def test_the_reason_quotes_means_over_the_replications():
    many = replicate(random_line(), HOUR, seed=4, replications=4)
    found = many.bottleneck
    assert found is not None
    row = [place.path for place in many.reports[0].places].index(found.path)
    share = many.share(row, "working")
    assert share is not None
    name = found.path.rpartition("/")[2]
    start = f"Over 4 replications, {name} is the bottleneck: it works {100 * share.mean:.1f} %"
    assert found.why.startswith(start)
    failures = many.estimate(lambda report: report.places[row].failures)
    assert failures is not None
    assert failures.mean == 0 or f"(failed {failures.mean:.1f} times a run)" in found.why
    tree = json.loads(json_text(replications_json(many)))
    assert tree["bottleneck"]["why"] == found.why


def test_statistics_count_from_the_end_of_the_warm_up():
    plant = plant_of(Source(interval=0.0), Station(process_time=2.0), Sink())
    report = run(plant, to_ticks(100.0), warm_up=to_ticks(40.0))
    assert (report.elapsed, report.finished, report.jph) == (60.0, 30, 1800.0)
    assert report.places[1].shares["working"] == 1.0
    with pytest.raises(CommandError, match="must end after its warm-up of 5e-06 s, got 5e-06 s"):
        run(plant, 5, warm_up=5)

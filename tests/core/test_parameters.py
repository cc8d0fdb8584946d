"""Declared parameters: names, rules, and problems in words."""

import math

import pytest

from twin.core.parameters import parameters, problems_of, type_name
from twin.kinds.conveyor import Conveyor
from twin.kinds.station import Station


def by_name(params, name):
    return next(each for each in parameters(params) if each.name == name)


def test_names_in_a_scene_are_in_camel_case():
    assert by_name(Station, "process_time").usd_name == "twin:processTime"
    assert type_name(Station) == "TwinStationAPI"


def test_a_parameter_without_default_is_required():
    assert by_name(Conveyor, "speed").required
    assert not by_name(Conveyor, "accumulating").required


@pytest.mark.parametrize(
    ("params", "problem"),
    [
        (
            Conveyor(length=5.0, speed=-1.0, spacing=1.0),
            "/C twin:speed must be > 0 and <= 100 m/s, got -1.0",
        ),
        (
            Conveyor(length=math.nan, speed=1.0, spacing=1.0),
            "/C twin:length must be >= 0 and <= 10000 m, got nan",
        ),
        (Station(mtbf=math.inf), "/C twin:mtbf must be >= 0 and <= 1e+09 s, got inf"),
        (
            Station(process_distribution="exponental"),
            (
                "/C twin:processDistribution must be one of constant, exponential, uniform, "
                "triangular, normal, lognormal, gamma, erlang, weibull, empirical, "
                "got 'exponental'; did you mean exponential?"
            ),
        ),
    ],
)
def test_a_broken_rule_says_where_which_rule_what_value_and_a_way_out(params, problem):
    assert [str(each) for each in problems_of("/C", params)] == [problem]

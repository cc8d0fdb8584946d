"""Overrides: text to values of the declared types, and clear words where it is none."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pxr import Usd

from tests.scene.shop import shop
from twin.core.parameters import Parameter, parameters
from twin.errors import CommandError, TwinError
from twin.kinds.conveyor import Conveyor
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant.declared import ProgramParams
from twin.scene import open_stage, override, read_plant
from twin.scene.overrides import parse_override, parse_value

words = st.text(st.characters(codec="utf-8", exclude_characters=",")).map(str.strip)
words = words.filter(lambda word: bool(word) and word.isprintable())
floats = st.floats(allow_nan=False, allow_infinity=False)


def named(kind: Any, name: str) -> Parameter:
    return next(each for each in parameters(kind) if each.name == name)


@given(floats)
def test_a_number_comes_back_bit_for_bit(value: float):
    assert parse_value(named(Station, "mtbf"), repr(value), "here") == value


@given(st.integers(-(2**31) + 1, 2**31 - 1))
def test_a_whole_number_comes_back(value: int):
    assert parse_value(named(Source, "limit"), str(value), "here") == value


@given(st.lists(floats, max_size=8))
def test_a_list_of_numbers_comes_back(values: list[float]):
    text = ", ".join(map(repr, values))
    assert parse_value(named(ProgramParams, "dwells"), text, "here") == tuple(values)


@given(st.lists(words, max_size=5))
def test_a_list_of_texts_comes_back(values: list[str]):
    assert parse_value(named(Source, "sequence"), ",".join(values), "here") == tuple(values)


@given(st.text())
def test_any_text_is_split_or_refused_by_its_form(text: str):
    if "=" in text:
        path, value = parse_override(text)
        assert path == text.partition("=")[0].strip()
        assert value == text.partition("=")[2].strip()
    else:
        with pytest.raises(CommandError, match="is not an override; write PRIM"):
            parse_override(text)


STAGE = Usd.Stage.CreateInMemory()
STAGE.DefinePrim("/Shop/Press", "Xform").AddAppliedSchema("TwinStationAPI")
STAGE.DefinePrim("/Shop/In", "Xform").AddAppliedSchema("TwinSourceAPI")
paths = st.one_of(
    st.text(),
    st.text().map("/Shop/Press.{}".format),
    st.text().map("/Shop/{}.twin:mtbf".format),
    st.sampled_from(["/Shop/Press.twin:form", "/Shop/In.twin:limit", "/Shop/In.twin:sequence"]),
)


@given(paths, st.one_of(st.text(), st.integers().map(str)))
def test_any_override_is_taken_or_refused_in_our_words(path: str, text: str):
    try:
        override(STAGE, path, text)
    except TwinError as error:
        assert str(error)  # noqa: PT017
    else:
        assert path.startswith(("/Shop/Press.twin:", "/Shop/In.twin:"))


@pytest.mark.parametrize(("text", "value"), [("true", True), ("False", False)])
def test_true_and_false_are_words(text: str, value: bool):  # noqa: FBT001
    assert parse_value(named(Conveyor, "accumulating"), text, "here") is value


MESSAGES = {
    ("/Shop/Press.twin:mtbf", "soon"): ("/Shop/Press.twin:mtbf must be a number [s], got 'soon'"),
    ("/Shop/Press.twin:mtbf", "-1"): "/Shop/Press.twin:mtbf must be >= 0 and <= 1e+09 s, got -1",
    ("/Shop/Press.twin:mtbf", "nan"): "/Shop/Press.twin:mtbf must be >= 0 and <= 1e+09 s, got nan",
    ("/Shop/Press.twin:form", "1.5"): (
        "/Shop/Press.twin:form must be a whole number up to 2,147,483,647, got '1.5'"
    ),
    ("/Shop/In.twin:limit", "99999999999"): (
        "/Shop/In.twin:limit must be a whole number up to 2,147,483,647, got '99999999999'"
    ),
    ("/Shop/In.twin:sequence", "a,b\0"): (
        r"/Shop/In.twin:sequence must be plain texts separated by commas, got 'a,b\x00'"
    ),
    ("/Shop/Press.twin:failureClock", "calender"): (
        "/Shop/Press.twin:failureClock must be one of operating, calendar, got calender; "
        "did you mean calendar?"
    ),
    ("/Shop/Press.twin:mtfb", "1"): (
        "/Shop/Press.twin:mtfb is not a parameter; did you mean twin:mtbf?"
    ),
    ("/Shop/Press.mtbf", "1"): "/Shop/Press.mtbf is not a parameter; did you mean twin:mtbf?",
    ("/Shop/Pres.twin:mtbf", "1"): "/Shop/Pres has no parameters; did you mean /Shop/Press?",
    ("/Shop.twin:mtbf", "1"): "/Shop has no parameters; did you mean /Shop/In?",
    ("Press.twin:mtbf", "1"): (
        "'Press.twin:mtbf' is not the path of an attribute; write "
        "PRIM.twin:attribute=VALUE, such as /Shop/Line/Press.twin:processTime=52.5"
    ),
}


@pytest.mark.parametrize(("path", "text"), MESSAGES)
def test_a_wrong_override_says_what_is_wrong(tmp_path: Path, path: str, text: str):
    stage = open_stage(shop(tmp_path))
    with pytest.raises(CommandError) as raised:
        override(stage, path, text)
    assert str(raised.value) == MESSAGES[path, text]


def test_an_override_is_in_the_session_layer_only_and_says_where_it_comes_from(tmp_path: Path):
    scene = shop(tmp_path)
    before = scene.read_bytes()
    stage = open_stage(scene, overrides=["/Shop/Press.twin:processTime = 12.5"])
    plant = read_plant(stage)
    assert plant.places[1].params == Station(process_time=12.5)
    assert plant.provenance["/Shop/Press.twin:processTime"] == ("override of this run", "proposal")
    assert not stage.GetRootLayer().dirty
    assert scene.read_bytes() == before


def test_the_last_override_of_an_attribute_holds(tmp_path: Path):
    texts = [f"/Shop/In.twin:sequence={text}" for text in ("a,b", "")]
    plant = read_plant(open_stage(shop(tmp_path), overrides=texts))
    assert plant.places[0].params == Source(interval=60.0)

"""Whatever a file holds, a check ends with problems in our words, never with a traceback."""

import time
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from pxr import Sdf

from tests.scene.shop import shop
from twin.errors import Problem
from twin.scene import check_scene

with TemporaryDirectory() as folder:
    TEXT = shop(Path(folder)).read_text()

TOKENS = """def over class rel double string[] token { } ( ) [ ] < > -1 1e400 # @@ @./shop.usda@
</Shop> </Shop/Press> TwinSinkAPI TwinRobotAPI TwinProgramAPI TwinProductAPI TwinJointAPI
twin:next twin:mtbf twin:forms twin:waypoints PhysicsRevoluteJoint .timeSamples variantSet
active=false instanceable=true kind double3 xformOp:translate references=</Shop/In> inherits=</Shop>
=None =inf =nan ='x' ="\\x00" \ufeff \0"""
WORDS = [*TOKENS.split(), "\n"]


@st.composite
def mutilated(draw: st.DrawFn) -> str:
    """The small shop with pieces cut out, doubled and put in."""
    text = TEXT
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 40)))
        piece = draw(st.one_of(st.sampled_from(WORDS), st.just(text[start:end] * 2), st.text()))
        text = text[:start] + piece + text[end:]
    return text


@settings(max_examples=300)
@given(mutilated())
def test_a_mutilated_scene_is_judged_without_a_traceback(text: str):
    with TemporaryDirectory() as folder:
        file = Path(folder) / "shop.usda"
        file.write_bytes(text.encode("utf-8", "surrogatepass"))
        problems = check_scene(file)
    assert all(isinstance(problem, Problem) and problem.path for problem in problems)


@settings(max_examples=100)
@given(st.binary(max_size=400), st.sampled_from([".usda", ".usdc", ".usd", ".usdz"]))
def test_bytes_are_refused(content: bytes, ending: str):
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"shop{ending}"
        file.write_bytes(content)
        assert check_scene(file)


def test_a_text_that_is_not_utf_8_is_named_as_such(tmp_path: Path):
    file = tmp_path / "shop.usda"
    file.write_bytes(TEXT.encode().replace(b"def", b"d\xe9f", 1))
    assert "not UTF-8" in str(check_scene(file)[0])


def test_a_value_that_is_not_of_the_type_that_it_claims_is_named(tmp_path: Path):
    layer = Sdf.Layer.FindOrOpen(str(shop(tmp_path)))
    layer.GetAttributeAtPath("/Shop/Press.twin:processTime").SetInfo("default", "soon")
    file = tmp_path / "shop.usdc"  # binary layers can hold such a thing
    layer.Export(str(file))
    assert [str(each.value) for each in check_scene(file)] == ["'soon'"]


def test_a_large_file_of_garbage_is_refused_soon(tmp_path: Path):
    file = tmp_path / "large.usda"
    file.write_bytes(b"#usda 1.0\n" + b"x = [1, 2]\n" * 3_000_000)
    begin = time.perf_counter()
    assert len(check_scene(file)) == 1
    assert time.perf_counter() - begin < 10.0

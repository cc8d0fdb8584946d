"""The golden frames of twin.v1: the server makes them so, and this client reads them so."""

import json
from typing import Any

import numpy as np
import pytest

from tests.golden.write_wire import FOLDER, expected, frames, told
from twin.client.wire import ARRAYS, HEADER, FrameType, decode, type_of

EXPECTED: dict[str, Any] = json.loads((FOLDER / "expected.json").read_text("utf-8"))
FILES = {name: (FOLDER / f"{name}.bin").read_bytes() for name in EXPECTED}


def test_every_type_has_a_golden_frame():
    assert {decode(data).kind for data in FILES.values()} == set(FrameType)
    assert {file.stem for file in FOLDER.glob("*.bin")} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_golden_frame_reads_as_is_written_beside_it(name: str):
    assert expected(FILES[name]) == EXPECTED[name]


def test_a_client_that_has_taken_them_shows_what_is_written_beside_them():
    assert told(FILES) == json.loads((FOLDER / "shown.json").read_text("utf-8"))


def test_the_server_still_makes_the_same_frames():
    made = frames()
    assert list(made) == list(FILES)
    for name, data in made.items():
        ours, golden = decode(data), decode(FILES[name])
        assert (ours.kind, ours.stamp, ours.tick) == (golden.kind, golden.stamp, golden.tick)
        assert (ours.count, ours.flags) == (golden.count, golden.flags)
        for column, _ in ARRAYS[ours.kind]:
            np.testing.assert_allclose(ours.arrays[column], golden.arrays[column], atol=1e-6)


def test_a_type_that_a_later_server_has_is_passed_over():
    data = HEADER.pack(0x5754, 1, 77, 1, 1, 1, 0, 0, 0)
    assert type_of(data) is None
    assert type_of(b"") is None
    assert type_of(FILES["key"]) is FrameType.KEY

"""Transforms written by hand are what the official protobuf classes read."""

import numpy as np
from foxglove_schemas_protobuf.FrameTransforms_pb2 import FrameTransforms
from hypothesis import given
from hypothesis import strategies as st

from twin.foxglove import Placed, Transforms

NONE = np.zeros(0, np.int64)
FINITE = st.floats(allow_nan=False, allow_infinity=False)
NAMES = st.lists(st.text(min_size=1, max_size=200), min_size=1, max_size=8, unique=True)


@given(st.data(), NAMES, st.integers(0, 2**62 // 10**3))
def test_every_number_comes_back(data: st.DataObject, names: list[str], nanoseconds: int):
    names = [name.encode("utf-8", "ignore").decode() or "x" for name in names]
    rows = data.draw(st.lists(st.integers(0, len(names) - 1), unique=True).map(sorted))
    numbers = data.draw(st.lists(FINITE, min_size=7 * len(rows), max_size=7 * len(rows)))
    table = np.array(numbers).reshape(len(rows), 7)
    placed = Placed(np.array(rows, np.int64), table[:, :3], table[:, 3:], NONE, NONE, NONE)
    message = FrameTransforms.FromString(Transforms(names).write(placed, nanoseconds))
    assert len(message.transforms) == len(rows)
    for row, numbers, each in zip(rows, table.tolist(), message.transforms, strict=True):
        assert each.child_frame_id == names[row]
        assert each.parent_frame_id == "world"
        assert each.timestamp.ToNanoseconds() == nanoseconds
        place, turn = each.translation, each.rotation
        assert [place.x, place.y, place.z, turn.w, turn.x, turn.y, turn.z] == numbers


def test_a_message_says_nothing_of_the_one_before():
    transforms = Transforms(["a", "b"])
    for rows in ([0, 1], [1], [0]):
        count = len(rows)
        placed = Placed(
            np.array(rows), np.full((count, 3), 7.0), np.full((count, 4), 0.5), NONE, NONE, NONE
        )
        message = FrameTransforms.FromString(transforms.write(placed, 5))
        assert [each.child_frame_id for each in message.transforms] == ["ab"[row] for row in rows]

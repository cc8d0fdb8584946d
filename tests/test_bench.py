"""The benchmark's verdicts: what counts as a floor kept."""

import pytest

from tests.bench.measure import Measure


@pytest.mark.parametrize(
    ("ours", "peer_value", "floor", "sense", "ok"),
    [
        (400.0, 10.0, 40.0, "more", True),
        (399.0, 10.0, 40.0, "more", False),
        (0.3, None, 0.3, "less", True),
        (0.31, None, 0.3, "less", False),
        (0.996, 1.0, 0.995, "match", True),
        (1.006, 1.0, 0.995, "match", False),
        (1.0, None, None, "more", True),
    ],
)
def test_a_floor_holds_the_ratio_or_without_a_peer_our_own_number(
    ours, peer_value, floor, sense, ok
):
    peer = None if peer_value is None else "peer"
    measure = Measure(
        name="m", unit="u", ours=ours, peer=peer, peer_value=peer_value, floor=floor, sense=sense
    )
    assert measure.ok is ok


def test_a_line_has_exactly_the_keys_of_the_format():
    line = Measure(name="m", unit="u", ours=8.0, peer="p", peer_value=2.0, floor=4.0).line()
    assert line == {
        "name": "m", "unit": "u", "ours": 8.0, "peer": "p", "peer_value": 2.0, "ratio": 4.0,
        "floor": 4.0, "ok": True,
    }  # fmt: skip

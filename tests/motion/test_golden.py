import json
from typing import Any

import numpy as np

from tests.motion.write_golden import GOLDEN, golden


def assert_same(committed: Any, fresh: Any, where: str) -> None:
    """Compare two JSON values: names and integers exactly, floats to 1e-12."""
    assert type(committed) is type(fresh), where
    if isinstance(fresh, dict):
        assert list(committed) == list(fresh), where
        for name in fresh:
            assert_same(committed[name], fresh[name], f"{where}.{name}")
    elif isinstance(fresh, list):
        assert len(committed) == len(fresh), where
        for i, (a, b) in enumerate(zip(committed, fresh, strict=True)):
            assert_same(a, b, f"{where}[{i}]")
    elif isinstance(fresh, float):
        np.testing.assert_allclose(committed, fresh, rtol=1e-12, atol=1e-12, err_msg=where)
    else:
        assert committed == fresh, where


def test_the_committed_golden_file_is_what_numpy_computes():
    committed = json.loads(GOLDEN.read_text("utf-8"))
    assert_same(committed, json.loads(json.dumps(golden())), "golden")


def test_the_golden_file_covers_every_family_of_profile():
    cases = json.loads(GOLDEN.read_text("utf-8"))["profile"]
    families = {(c["duration"] > 0, c["ramp"] > 0, c["jerk"] > 0) for c in cases}
    assert families == {
        (False, False, False), (True, False, False), (True, True, False), (True, True, True),
    }  # fmt: skip

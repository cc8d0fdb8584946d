"""Nothing jumps: over hours of every scene each motion begins where the one before it ended."""

from pathlib import Path

import numpy as np
import pytest

from tests.scenes.continuity import joint_steps, named, part_changes
from twin.core.record import ATTACHED, DETACHED
from twin.engine.simulation import Simulation
from twin.journal.journal import Journal
from twin.motion import profile
from twin.motion.progress import rates
from twin.scene import load
from twin.units import to_ticks

SCENES = Path(__file__).parents[2] / "scenes"
HOURS = {"body_shop": 2, "cell_factory": 1, "general_assembly": 2, "whole_plant": 4}
NEAR, TURN = 1e-3, np.radians(0.5)  # a vehicle takes a turn of half a degree on the way


@pytest.fixture(scope="module", params=HOURS)
def played(request):
    """A run of a scene from its start."""
    name = request.param
    plant = load(SCENES / name / f"{name}.usda")
    journal = Journal(plant, seed=1)
    run = Simulation(plant, seed=1, motion=True, recorder=journal)
    run.advance(to_ticks(3600.0 * HOURS[name]))
    journal.close(run.now)
    return journal


def test_no_part_jumps_or_turns_at_once(played):
    changes = part_changes(played)
    assert len(changes.jump) > 500
    wrong = (changes.jump > NEAR) | (changes.turn > TURN)
    assert named(played.plant, played.layout, changes, wrong) == []


def test_no_robot_jumps(played):
    assert joint_steps(played).max(initial=0.0) < 1e-9


def test_moves_with_a_ramp_start_and_end_at_rest(played):
    segments = np.asarray(played.segments)
    eased = segments[(segments["ramp"] > 0) & (segments["duration"] > 0)]
    seconds, ramp, jerk = eased["duration"] / 1e6, eased["ramp"], eased["jerk"]
    for at in (0.0 * seconds, seconds):
        assert np.abs(rates(at, seconds, ramp, jerk).velocity).max(initial=0.0) < 1e-9
    assert np.all(profile(seconds, seconds, ramp, jerk) == 1.0)
    assert np.all(2 * ramp <= seconds + 1e-6)


def test_what_is_attached_stands_where_its_base_does(played):
    """At the tick at which it is attached, and at that at which it is taken off."""
    events = np.asarray(played.events)
    changes = events[np.isin(events["code"], (ATTACHED, DETACHED))]
    rng = np.random.default_rng(0)
    compared = 0
    for row in rng.permutation(changes)[:300]:
        poses = played.poses(int(row["tick"]))
        found = [np.flatnonzero(poses.serial == row[name]) for name in ("part", "value")]
        if all(len(each) == 1 for each in found):
            one, base = (int(each[0]) for each in found)
            compared += 1
            np.testing.assert_allclose(poses.xyz[one], poses.xyz[base], rtol=0, atol=1e-9)
            np.testing.assert_allclose(poses.wxyz[one], poses.wxyz[base], rtol=0, atol=1e-9)
    assert compared > 0 or not len(changes)

"""Drive energy of conveyors, by hand."""

import numpy as np
import pytest

from twin.errors import SceneError
from twin.physics.conveyor import conveyor_energy, conveyor_force
from twin.physics.dynamics import GRAVITY


def test_on_the_level_friction_is_all():
    assert conveyor_force(800.0, friction=0.03, moved=200.0) == pytest.approx(0.03 * 1000 * GRAVITY)


def test_a_slope_lifts_the_load_and_not_the_belt():
    found = conveyor_energy(500.0, 10.0, 0.5, friction=0.0, slope=np.pi / 6, moved=100.0)
    assert found.lift == pytest.approx(500.0 * GRAVITY * 5.0)
    assert found.friction == pytest.approx(0.0, abs=1e-9)


def test_every_start_takes_the_motion_energy_anew():
    found = conveyor_energy(500.0, 0.0, 2.0, friction=0.02, starts=3, efficiency=0.5)
    assert found.motion == pytest.approx(3 * 500.0 * 2.0)
    assert found.supply == pytest.approx(2 * 3 * 500.0 * 2.0)


def test_a_falling_load_gives_back_its_share():
    found = conveyor_energy(
        100.0, 10.0, 1.0, friction=0.0, slope=-np.pi / 2, efficiency=0.8, regenerative=0.5
    )
    assert found.supply == pytest.approx(-100.0 * GRAVITY * 10.0 * 0.4)


def test_an_efficiency_of_zero_is_refused():
    with pytest.raises(SceneError, match="efficiency in"):
        conveyor_energy(1.0, 1.0, 1.0, friction=0.1, efficiency=0.0)

"""Bodies do what the textbook says: they fall, slide, tip, pile, keep energy, repeat exactly."""

from math import atan2, cos, degrees, radians, sin

import numpy as np
import pytest
import trimesh

from twin.errors import CommandError, RunError, SceneError
from twin.hifi import library as library_module
from twin.hifi.bodies import Bodies
from twin.hifi.solid import Solid
from twin.motion.frame import about, matrix_from, rotate

G = 9.81
STEP = 0.002
LEVEL = (1.0, 0.0, 0.0, 0.0)
BRACKET = [
    Solid.box((0.10, 0.06, 0.008), matrix_from((0, 0, 0.004), LEVEL)),
    Solid.box((0.008, 0.06, 0.062), matrix_from((-0.046, 0, 0.039), LEVEL)),
]


def incline(angle, size, friction):
    """A box on a long plate that rises by an angle; returns the bodies, and down and up of it."""
    turn = about([0.0, 1.0, 0.0], angle)
    plate = Solid.box((8.0, 1.0, 0.1), matrix_from((0, 0, 0), turn))
    bodies = Bodies(
        step=STEP, parts={"Box": [Solid.box(size)]}, standing=[plate], friction=friction
    )
    up = np.array([sin(angle), 0.0, cos(angle)])
    down = np.array([cos(angle), 0.0, -sin(angle)])
    slot = bodies.put("Box", up * (0.05 + size[2] / 2) - 2.0 * down, turn)
    return bodies, slot, down


def bin_of_brackets(count):
    """An open box of 0.5 by 0.4 m with so many brackets over it."""
    walls = [Solid.box((0.5, 0.4, 0.02), matrix_from((0, 0, -0.01), LEVEL))]
    walls += [Solid.box((0.02, 0.44, 0.4), matrix_from((x, 0, 0.2), LEVEL)) for x in (-0.26, 0.26)]
    walls += [Solid.box((0.5, 0.02, 0.4), matrix_from((0, y, 0.2), LEVEL)) for y in (-0.21, 0.21)]
    bodies = Bodies(
        step=STEP, parts={"Bracket": BRACKET}, standing=walls, capacity=count, friction=0.3
    )
    for k in range(count):
        turn = about([0.6, 0.8, 0.0], 0.7 * k)
        bodies.put("Bracket", (0.1 * (k % 3 - 1), 0.08 * (k % 2), 0.2 + 0.1 * k), turn)
    return bodies


@pytest.mark.parametrize(("friction", "angle"), [(0.3, 25), (0.2, 30), (0.5, 30), (0.1, 20)])
def test_a_block_slides_down_an_incline_as_coulomb_says_within_0_5_percent(friction, angle):
    bodies, slot, down = incline(radians(angle), (0.2, 0.2, 0.05), friction)
    start, _ = bodies.pose(slot)
    time = 0.6
    bodies.step(round(time / STEP))
    a = G * (sin(radians(angle)) - friction * cos(radians(angle)))
    distance = (bodies.pose(slot)[0] - start) @ down
    assert distance == pytest.approx(0.5 * a * time**2, rel=0.005)


def test_a_block_below_the_friction_angle_creeps_less_than_a_millimetre_a_second():
    bodies, slot, down = incline(radians(20.0), (0.2, 0.2, 0.05), 0.5)
    bodies.step(250)
    start, _ = bodies.pose(slot)
    bodies.step(1000)
    assert abs((bodies.pose(slot)[0] - start) @ down) < 0.002


@pytest.mark.parametrize("size", [(0.1, 0.1, 0.2), (0.1, 0.1, 0.3), (0.2, 0.1, 0.25)])
@pytest.mark.parametrize("side", [-0.5, 0.5])
def test_a_block_tips_at_the_angle_of_its_width_over_its_height_to_half_a_degree(size, side):
    critical = atan2(size[0], size[2])
    bodies, slot, _ = incline(critical + radians(side), size, friction=1.5)
    before = bodies.pose(slot)[1]
    bodies.step(round(4.0 / STEP))
    turned = 2 * np.arccos(min(1.0, abs(before @ bodies.pose(slot)[1])))
    assert degrees(turned) < 0.1 if side < 0 else degrees(turned) > 45.0


def test_a_body_falls_as_galileo_says_to_the_order_of_the_step():
    bodies = Bodies(step=STEP, parts={"Bracket": BRACKET})
    slot = bodies.put("Bracket", (0.0, 0.0, 10.0), LEVEL)
    bodies.step(500)
    fallen = 10.0 - bodies.pose(slot)[0][2]
    assert fallen == pytest.approx(0.5 * G * (1.0**2 + 1.0 * STEP), rel=1e-9)  # semi-implicit
    assert abs(fallen - 0.5 * G) <= 0.5 * G * STEP * (1 + 1e-9)


def test_mass_and_inertia_are_those_of_the_solids():
    bodies = Bodies(step=STEP, parts={"Bracket": BRACKET}, density=7850.0)
    boxes = [trimesh.convex.convex_hull(each.points) for each in BRACKET]
    whole = trimesh.util.concatenate(boxes)
    whole.density = 7850.0
    assert bodies.mass[0] == pytest.approx(whole.mass, rel=1e-9)
    moments = trimesh.inertia.principal_axis(whole.moment_inertia)[0]
    assert np.sort(bodies.inertia[0]) == pytest.approx(np.sort(moments), rel=1e-6)


def test_a_hull_weighs_what_a_box_of_the_same_corners_does():
    box = Solid.box((0.1, 0.2, 0.3))
    parts = {"Box": [box], "Hull": [Solid.hull(box.points)]}
    bodies = Bodies(step=STEP, parts=parts)
    assert bodies.mass[1] == pytest.approx(bodies.mass[0], rel=1e-6)
    assert np.sort(bodies.inertia[1]) == pytest.approx(np.sort(bodies.inertia[0]), rel=1e-6)


def test_a_pile_stays_in_its_bin_and_comes_to_rest_and_never_gains_energy():
    bodies = bin_of_brackets(12)
    energy = [bodies.energy()]
    for _ in range(200):
        bodies.step(10)
        energy.append(bodies.energy())
    most = energy[0] * 0.002  # what contacts give back of what they took, and rounding
    assert np.diff(energy).max() < most
    assert energy[-1] < 0.3 * energy[0]
    for slot in bodies.used:
        corners = bodies.corners(slot, BRACKET)
        assert (np.abs(corners[:, :2]) < [0.252, 0.202]).all()
        assert (corners[:, 2] > -0.003).all()
        assert bodies.speed(slot)[0] < 0.01


def test_the_same_steps_give_the_same_bits_and_a_saved_state_goes_on_as_before():
    one, two = bin_of_brackets(6), bin_of_brackets(6)
    one.step(300)
    two.step(100)
    saved = two.state()
    two.step(200)
    assert (one.state().state == two.state().state).all()
    two.step(77)
    two.restore(saved)
    two.step(200)
    assert (one.state().state == two.state().state).all()


def test_a_held_part_follows_the_grip_and_falls_when_it_is_let_go():
    hand = [[Solid.box((0.05, 0.05, 0.05))]]
    bodies = Bodies(step=STEP, parts={"Bracket": BRACKET}, driven=hand, grip=0)
    frame = matrix_from((0.0, 0.0, 1.0), LEVEL)
    bodies.drive(frame[None])
    slot = bodies.put("Bracket", (0.0, 0.0, 0.9), LEVEL)
    bodies.hold(slot)
    offset = bodies.pose(slot)[0] - frame[:3, 3]
    for k in range(500):
        angle = 0.002 * k
        moved = matrix_from((0.001 * k, 0.0, 1.0), about([0.0, 0.0, 1.0], angle))
        bodies.drive(moved[None])
        bodies.step()
    bodies.step(100)
    expected = moved[:3, 3] + rotate(about([0.0, 0.0, 1.0], angle), offset)
    assert bodies.pose(slot)[0] == pytest.approx(expected, abs=0.002)
    bodies.release(slot)
    bodies.step(250)
    assert bodies.pose(slot)[0][2] == pytest.approx(0.9 - 0.5 * G * 0.25, abs=0.01)


def test_a_part_that_is_gone_touches_nothing_and_its_slot_serves_again():
    bodies = Bodies(
        step=STEP, parts={"Bracket": BRACKET}, standing=[Solid.box((1.0, 1.0, 0.1))], capacity=1
    )
    slot = bodies.put("Bracket", (0.0, 0.0, 0.06), LEVEL)
    with pytest.raises(RunError, match="room for 1 parts of Bracket"):
        bodies.put("Bracket", (0.0, 0.0, 0.5), LEVEL)
    bodies.take(slot)
    parked = bodies.pose(slot)[0]
    bodies.step(200)
    assert bodies.pose(slot)[0] == pytest.approx(parked, abs=1e-9)
    assert bodies.used == ()
    assert bodies.put("Bracket", (0.0, 0.0, 0.06), LEVEL) == slot


def test_what_lies_on_top_is_seen_from_above_and_what_is_covered_is_not():
    bodies = Bodies(step=STEP, parts={"Box": [Solid.box((0.1, 0.1, 0.02))]}, capacity=2)
    low = bodies.put("Box", (0.0, 0.0, 0.1), LEVEL)
    high = bodies.put("Box", (0.04, 0.0, 0.2), LEVEL)
    assert bodies.seen_from_above((0.0, 0.0, 1.0)).slot == high
    assert bodies.seen_from_above((-0.03, 0.0, 1.0)) == (low, pytest.approx(0.11), 1.0)
    assert bodies.seen_from_above((3.0, 0.0, 1.0)).slot == -1


def test_solids_without_a_volume_are_refused_by_name():
    with pytest.raises(SceneError, match=r"/Shop/Sheet must have a volume.*give it a thickness"):
        Solid.box((1.0, 1.0, 0.0), where="/Shop/Sheet")
    flat = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [1, 1, 0]], float)
    with pytest.raises(SceneError, match="/Shop/Plate must have a volume"):
        Solid.hull(flat, where="/Shop/Plate")


def test_without_mujoco_the_message_says_how_to_install_it(monkeypatch):
    def missing(name):
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    monkeypatch.setattr(library_module, "import_module", missing)
    library_module.library.cache_clear()
    try:
        with pytest.raises(CommandError, match=r"pip install 'factory-twin\[hifi\]'"):
            Bodies(step=STEP, parts={"Bracket": BRACKET})
    finally:
        library_module.library.cache_clear()

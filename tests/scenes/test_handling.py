"""Doors and chassis of the general assembly are seen in exactly one place at every instant.

A body shows its doors, or their own part does, and never both; so it is with its chassis.
"""

import numpy as np
import pytest

from twin.core.record import ATTACHED, MADE
from twin.core.world import NONE
from twin.data import scene_path
from twin.engine.simulation import Simulation
from twin.journal.journal import Journal
from twin.scene import load, open_stage
from twin.units import to_ticks

HOURS = 4.0  # more than the lead time of a car
BODIES = ("Crossover", "Suv", "CrossoverSport", "Sedan")


@pytest.fixture(scope="module")
def played():
    plant = load(scene_path("general_assembly"))
    journal = Journal(plant, seed=2)
    run = Simulation(plant, seed=2, motion=True, recorder=journal)
    run.advance(to_ticks(3600.0 * HOURS))
    journal.close(run.now)
    return journal


@pytest.fixture(scope="module")
def forms():
    """For each product and form: whether doors are there to be seen, and a chassis."""
    stage = open_stage(scene_path("general_assembly"))
    root = "/GeneralAssembly/Products"

    def has(form, *names):
        prims = [stage.GetPrimAtPath(f"{root}/{form}/{name}") for name in names]
        return any(prim and prim.IsActive() for prim in prims)

    found = {}
    for product in load(scene_path("general_assembly")).products:
        for form in product.forms:
            where = f"{product.name}/{form}"
            doors = has(where, "Body/geometry/doors", "Doors/geometry/doors")
            unit = has(where, "Body/geometry/chassis", "Body/geometry/wheels", "Unit")
            found[product.name, form] = doors, unit
    return found


def test_forms_show_what_they_are_named_for(forms):
    assert forms["Suv", "painted"] == (True, False)
    assert forms["Suv", "trimmed"] == (False, False)
    assert forms["Suv", "married_hung"] == (False, True)
    assert forms["Suv", "refitted"] == forms["Suv", "finished"] == (True, True)
    assert [forms["SuvDoors", each][0] for each in ("fitted", "hung", "trimmed")] == [0, 1, 1]
    assert [forms["Chassis", each][1] for each in ("lifted", "built_in")] == [1, 0]


class Looks:
    """What is seen of each part, from tick to tick."""

    def __init__(self, journal, forms, which):
        rows = np.asarray(journal.segments)
        rows = rows[rows["part"] > 0]
        rows = rows[np.lexsort((np.arange(len(rows)), rows["tick"], rows["part"]))]
        last = np.append(np.diff(rows["part"]) != 0, True)
        last |= np.append(np.diff(rows["tick"]) != 0, True)  # the last of a tick holds
        rows = rows[last]
        shown = np.array([forms.get(look, (False, False))[which] for look in journal.layout.looks])
        self.serial, self.tick = rows["part"], rows["tick"]
        self.in_sight = rows["track"] != NONE
        self.shown = self.in_sight & shown[rows["look"]]

    def of(self, serial):
        """Ticks from which on it is in sight or not, and shows the thing or not."""
        span = slice(*np.searchsorted(self.serial, (serial, serial + 1)))
        return self.tick[span], self.in_sight[span], self.shown[span]


def at(ticks, states, when):
    """The state that holds from each tick on; False before the first."""
    rows = np.searchsorted(ticks, when, side="right") - 1
    return (rows >= 0) & states[np.maximum(rows, 0)]


def pairs(journal, component):
    """Serial numbers of each component and of the body that has it in the end."""
    names = [product.name for product in journal.plant.products]
    made = journal.events[journal.events["code"] == MADE]
    product = {int(each["part"]): names[int(each["value"])] for each in made}
    joined = journal.events[journal.events["code"] == ATTACHED]
    both = [(int(each["part"]), int(each["value"])) for each in joined]
    return {
        part: base for part, base in both if component(product[part]) and product[base] in BODIES
    }


def test_doors_are_seen_on_their_body_or_on_their_hanger(played, forms):
    looks = Looks(played, forms, 0)
    compared = handed = 0
    for doors, body in pairs(played, lambda name: name.endswith("Doors")).items():
        (when, _, own), (ticks, in_sight, shown) = looks.of(doors), looks.of(body)
        every = np.union1d(when, ticks)
        every = every[at(ticks, in_sight, every)]
        one, other = at(when, own, every), at(ticks, shown, every)
        assert np.all(one ^ other), (doors, body)
        compared += len(every)
        handed += int(np.count_nonzero(np.diff(other.astype(int))))
    assert compared > 10_000
    assert handed > 300  # off, and on again


def test_a_chassis_is_seen_below_its_body_or_in_it(played, forms):
    looks = Looks(played, forms, 1)
    handed = 0
    for chassis, body in pairs(played, lambda name: name == "Chassis").items():
        (when, _, own), (ticks, in_sight, shown) = looks.of(chassis), looks.of(body)
        every = np.union1d(when, ticks)
        one, other = at(when, own, every), at(ticks, shown, every)
        there = at(ticks, in_sight, every) | one
        assert not np.any(one & other)
        seen = np.flatnonzero(one | other)
        assert np.all((one | other)[seen[0] : seen[-1] + 1] | ~there[seen[0] : seen[-1] + 1])
        handed += int(np.any(one) and np.any(other))
    assert handed > 100


def test_doors_and_chassis_are_handed_over_where_they_are(played):
    """When it is built in, a component has come to where its base stands."""
    joined = played.events[played.events["code"] == ATTACHED]
    names = {f"/GeneralAssembly/Plant/{each}" for each in ("C08", "F34")}
    rows = [row for row, place in enumerate(played.plant.places) if place.path in names]
    joined = joined[np.isin(joined["place"], rows)]
    assert len(joined) > 200
    for each in joined[::5]:
        poses = played.poses(int(each["tick"]) - 1)
        one, two = (int(np.flatnonzero(poses.serial == each[key])[0]) for key in ("part", "value"))
        np.testing.assert_allclose(poses.xyz[one], poses.xyz[two], rtol=0, atol=1e-9)
        dot = abs(float(poses.wxyz[one] @ poses.wxyz[two]))
        assert dot == pytest.approx(1.0, abs=1e-12)

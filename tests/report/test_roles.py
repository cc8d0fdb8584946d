"""Every kind of equipment has its part in the flow, so that no report passes it over."""

from tests.engine.lines import little_shop
from twin.engine.dispatch import KINDS, kind_name
from twin.plant import kind_of
from twin.report.neighbours import Neighbours
from twin.report.roles import ROLES, Role, is_machine, role_of


def test_every_kind_has_a_role_and_every_role_is_of_a_kind():
    gated_conveyors = {"gated"}  # rows of a kind of their own, of places that are conveyors
    assert set(ROLES) == {kind_name(kind) for kind in KINDS} - gated_conveyors


def test_machines_are_those_that_do_something_of_their_own():
    plant = little_shop()
    roles = [role_of(plant, row) for row in range(len(plant.places))]
    assert roles[0] is Role.SOURCE
    assert roles[-1] is Role.SINK
    machines = [plant.places[row].name for row in range(len(roles)) if is_machine(plant, row)]
    assert machines == ["Source", "Framing", "Check"]
    assert [plant.places[row].name for row in Neighbours(plant).stations] == ["Framing", "Check"]
    assert kind_of(plant.places[1].params) == "conveyor"

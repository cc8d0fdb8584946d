"""The identity of a plant: a hash over everything that a run depends on, and nothing else.

The looks of a scene, comments, and how its layers are cut do not change it.
"""

import hashlib
from collections.abc import Iterator

import numpy as np

from twin.core.parameters import parameters, type_name
from twin.plant import Place, Plant, Robot, Route

__all__ = ["digest"]


def digest(plant: Plant) -> str:
    """SHA-256 of a plant's content, in hexadecimal."""
    total = hashlib.sha256()
    for piece in _pieces(plant):
        total.update(len(piece).to_bytes(8, "little"))
        total.update(piece)
    return total.hexdigest()


def _pieces(plant: Plant) -> Iterator[bytes]:
    yield plant.name.encode()
    for product in plant.products:
        yield repr((product.name, product.forms)).encode()
    for place in plant.places:
        yield from _place(place)
        for robot in place.robots:
            yield from _robot(robot)


def _place(place: Place) -> Iterator[bytes]:
    kind = type(place.params)
    values = [(each.name, getattr(place.params, each.name)) for each in parameters(kind)]
    yield repr((type_name(kind), place.path, values, place.next, place.calendar)).encode()
    yield np.array([*place.pose.xyz, *place.pose.wxyz]).tobytes()


def _robot(robot: Robot) -> Iterator[bytes]:
    arm = robot.arm
    yield robot.path.encode()
    yield np.array([*robot.base.xyz, *robot.base.wxyz]).tobytes()
    chain = (arm.fixed, arm.axis, arm.prismatic, arm.tail)
    limits = (arm.lower, arm.upper, arm.speed, arm.acceleration, arm.jerk, arm.effort)
    for array in (*chain, *limits, arm.mass, arm.com, arm.inertia):
        yield np.ascontiguousarray(array).tobytes()
    for program in robot.programs:
        yield repr((program.path, program.products)).encode()
        yield program.waypoints.tobytes() + program.dwells.tobytes()
        if program.route:
            yield from _route(program.route)


def _route(route: Route) -> Iterator[bytes]:
    yield repr((route.names, route.moves, route.actions, route.signals, route.interlocks)).encode()
    for array in (route.targets, route.speeds, route.zones, route.durations, route.tool):
        yield np.ascontiguousarray(array).tobytes()

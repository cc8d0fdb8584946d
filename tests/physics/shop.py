"""The body shop's robot and its shapes, read once for the tests of physics."""

from functools import cache

from twin.data import scene_path
from twin.motion import Arm
from twin.physics.shapes import Shapes
from twin.plant import Plant
from twin.scene import load
from twin.scene.solids import read_shapes
from twin.scene.stage import open_stage

__all__ = ["arm", "plant", "shapes"]


@cache
def plant() -> Plant:
    return load(scene_path("body_shop"))


@cache
def shapes() -> Shapes:
    return read_shapes(open_stage(scene_path("body_shop")), plant())


def arm() -> Arm:
    return plant().robots[0].arm

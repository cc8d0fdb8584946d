"""A run as Foxglove, Lichtblick and Rerun read it: their messages, and recordings as MCAP.

Needs the packages of the extra `foxglove`.
"""

from twin.foxglove.channels import CHANNELS, NANOSECONDS, Channel, Spec
from twin.foxglove.drawing import ADDRESS, Boxes, Drawing, Embedded, Linked
from twin.foxglove.models import Models
from twin.foxglove.movers import Movers, Placed
from twin.foxglove.scene import Scene
from twin.foxglove.scenery import Scenery
from twin.foxglove.transforms import Transforms

__all__ = [
    "ADDRESS",
    "CHANNELS",
    "NANOSECONDS",
    "Boxes",
    "Channel",
    "Drawing",
    "Embedded",
    "Linked",
    "Models",
    "Movers",
    "Placed",
    "Scene",
    "Scenery",
    "Spec",
    "Transforms",
]

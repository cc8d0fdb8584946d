"""An HS220-class six-axis spot-welding robot: own geometry on the published link lengths.

Links are modelled in robot space at the home pose (0, 90, 0, 0, 0, 0) deg and written in their own
frames.
"""

from collections.abc import Callable

from assets.author.robot_lower import base, link_1, link_2
from assets.author.robot_parts import FLANGE, WRIST, X1, Z1, Z2, Z3
from assets.author.robot_upper import link_3, link_4, link_5, link_6
from assets.author.surface import Piece

__all__ = ["LINKS", "ORIGINS"]

# Link origins at home [m]; True: the frame is turned 180 deg about Z there.
ORIGINS = {
    "base": ((0, 0, 0), False),
    "link_1": ((0, 0, 0), False),
    "link_2": ((X1, 0, Z1), True),
    "link_3": ((X1, 0, Z2), True),
    "link_4": ((X1, 0, Z3), False),
    "link_5": ((WRIST, 0, Z3), True),
    "link_6": ((FLANGE, 0, Z3), False),
}
LINKS: dict[str, Callable[[], list[Piece]]] = {
    "base": base,
    "link_1": link_1,
    "link_2": link_2,
    "link_3": link_3,
    "link_4": link_4,
    "link_5": link_5,
    "link_6": link_6,
}

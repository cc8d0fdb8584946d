"""The bracket bin in numbers: rates, sizes, where everything stands, origins. All are our own."""

from scenes.authoring.equipment import Origin

__all__ = ["ASSETS", "BIN", "BRACKET", "CHUTE", "CLEAR", "DROP", "HOME", "PICK", "PLACE", "ROOT"]
__all__ += ["OWN", "TOOL"]

ROOT = "/BracketBin"
ASSETS = "../../assets"
OWN: Origin = ("own example of a cell with bodies", "proposal")

BRACKET = (0.10, 0.06, 0.07, 0.008)  # length, width, height, thickness [m]
BIN = (0.95, 0.0, 0.40)  # middle of its floor, in the robot's frame [m]
INSIDE = (0.50, 0.40, 0.25)  # of the bin [m]
CHUTE = 35.0  # deg
DROP = (1.62, 0.0, 1.16)  # where a bracket begins, over the chute [m]
PLACE = (0.0, 0.95, 0.75)  # where the robot lays brackets down: the start of the belt [m]
HOME = (0.75, 0.45, 1.05)  # of the tool's tip [m]
CLEAR = 0.42  # m that the tool goes down to pick
TOOL = 0.35  # m from the flange to its tip
PICK = (0.95, 0.0, 0.50)  # of the tool's tip, where no bracket tells otherwise [m]

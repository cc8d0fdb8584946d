"""What moving costs and who comes close: dynamics, energy, swing, capsules, clearance."""

from twin.physics.capsule import Capsules, enclosing
from twin.physics.clearance import Closest, closest
from twin.physics.conveyor import ConveyorEnergy, conveyor_energy, conveyor_force
from twin.physics.crowd import Crowd, neighbours
from twin.physics.dynamics import GRAVITY, loaded, torques
from twin.physics.energy import Drives, MoveCost, SlowedMove, cost, slowed
from twin.physics.shapes import RobotShape, Shapes, Standing
from twin.physics.solids import Solid, Solids
from twin.physics.swing import Swing, acceleration_pieces

__all__ = [
    "GRAVITY",
    "Capsules",
    "Closest",
    "ConveyorEnergy",
    "Crowd",
    "Drives",
    "MoveCost",
    "RobotShape",
    "Shapes",
    "SlowedMove",
    "Solid",
    "Solids",
    "Standing",
    "Swing",
    "acceleration_pieces",
    "closest",
    "conveyor_energy",
    "conveyor_force",
    "cost",
    "enclosing",
    "loaded",
    "neighbours",
    "slowed",
    "torques",
]

"""What happens and when: exact, at integer-microsecond ticks, and the same at any step size."""

from twin.engine.command import Command
from twin.engine.poses import Poses
from twin.engine.simulation import Recorder, Simulation, Snapshot

__all__ = ["Command", "Poses", "Recorder", "Simulation", "Snapshot"]

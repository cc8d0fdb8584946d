"""Small plants written for SimPy from the README's semantics alone, one function per kind.

All take lists of integer ticks (microseconds) and return ticks, so that a run of the engine can be
compared with them tick by tick. A station uses up its list of service times in the order in which
work begins, and stops for good where the list ends.
"""

from tests.theory.simpy_models.branching import assembler, disassembler, merge
from tests.theory.simpy_models.failing import failing_line
from tests.theory.simpy_models.fleet import ring
from tests.theory.simpy_models.gap import Gap
from tests.theory.simpy_models.handling import rack, taken_apart
from tests.theory.simpy_models.moving import closed_loop, mover, paced_line, shuttle, warehouse
from tests.theory.simpy_models.resources import Waiting, repairs, worked
from tests.theory.simpy_models.router import router
from tests.theory.simpy_models.serial import line
from tests.theory.simpy_models.shaky import calendar, several_failures

__all__ = ["Gap", "Waiting", "assembler", "calendar", "closed_loop", "disassembler"]
__all__ += ["failing_line", "line", "merge", "mover", "paced_line", "rack", "repairs"]
__all__ += ["ring", "router", "several_failures", "shuttle", "taken_apart", "warehouse", "worked"]

"""High-fidelity cells: parts that slide, tip and pile in MuJoCo, beside an exact plant.

An optional extra, `pip install 'factory-twin[hifi]'`: nothing of it is loaded unless it is used.
"""

from twin.hifi.cell import Cell, CellSnapshot
from twin.hifi.plan import CellPlan, Picker
from twin.hifi.solid import Solid

__all__ = ["Cell", "CellPlan", "CellSnapshot", "Picker", "Solid"]

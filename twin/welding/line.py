"""What a spot-welding planner is given: weld spots, robots that can weld, and what takes time."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.errors import Problem, SceneError
from twin.motion import Arm
from twin.welding.hull import Hull

__all__ = ["Settings", "Spots", "Welder", "weld_time"]

Array = NDArray[np.float64]

STROKE = 0.5  # s, gun closes and opens: 0.3 to 0.5
SQUEEZE = 0.5  # s, until the force is there: 12 to 30 cycles of 60 Hz
CURRENT = 14 / 60 / 0.8  # s for each mm of a sheet: 14 cycles of 60 Hz for 0.8 mm
HOLD = 1 / 3  # of the time that the current flows


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spots:
    """Weld spots of one product, with n rows; a seam is a line of neighbours with the same sheets.

    A frame is where the tool frame of the gun must be, in the frame of the part, which is that of
    the station: Z is the electrodes' axis, about which the gun may turn, X the way in.
    """

    names: tuple[str, ...]
    frames: Array  # shape [n, 4, 4]
    seam: NDArray[np.int64]  # number of the seam, shape [n]; spots of a seam are in their order
    gun: tuple[str, ...]  # class of gun that each needs
    step: tuple[str, ...]  # in which step of the work it is welded
    time: Array  # gun closing, squeezing, welding, holding, opening [s], shape [n]

    def __post_init__(self) -> None:
        count = len(self.names)
        sizes = {len(self.frames), len(self.seam), len(self.gun), len(self.step), len(self.time)}
        if sizes != {count}:
            rule = "must have a name, frame, seam, gun, step and time for every spot"
            raise SceneError([Problem("spots", rule, f"{count} names and {sorted(sizes)}")])

    def __len__(self) -> int:
        return len(self.names)

    def some(self, rows: NDArray[np.int64]) -> "Spots":
        """Some of them."""
        picked: list[int] = rows.tolist()
        return Spots(
            names=tuple(self.names[row] for row in picked),
            frames=self.frames[rows],
            seam=self.seam[rows],
            gun=tuple(self.gun[row] for row in picked),
            step=tuple(self.step[row] for row in picked),
            time=self.time[rows],
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Welder:
    """A robot with a gun at a station."""

    path: str
    station: str  # its prim path; robots of one station work at the same time
    arm: Arm
    base: Array  # in the station, shape [4, 4]
    tool: Array  # the gun's tool frame in the flange, shape [4, 4]
    tool_path: str  # its prim
    rest: Array  # joint positions where programs begin and end [rad], shape [J]
    guns: tuple[str, ...]  # classes of spots that its gun can weld
    steps: tuple[str, ...]  # what is welded at its station
    work: float = 0.0  # what the station does besides welding, clamping and transfer [s]
    hull: Hull | None = None  # what keeps clear of others; None: no matter


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How guns come to spots, and how long the planner tries."""

    turns: tuple[float, ...] = (0.0, -0.3, 0.3, -0.6, 0.6, -0.9, 0.9)  # of the gun about Z [rad]
    gate: float = 0.25  # how far the gun is drawn back between seams [m]
    stride: float = 0.20  # neighbours of a seam this near are reached without drawing back [m]
    swing: float = 0.35  # most that a joint turns in such a step [rad]
    facing: float = 1.75  # most that the first joint turns off the front [rad]
    upright: float = 1.0  # s that a turn of the gun by a radian is worth
    stretch: int = 6  # spots of a seam that one robot welds together, about
    apart: float = 0.0  # robots of a station keep this far from one another [m]
    clear: float = 0.03  # links, those with guns left out, keep this far from the body [m]
    patience: float = 8.0  # longest that a robot waits for others in all [s]
    takt: float = 58.5  # s for a station that is good enough
    tries: int = 12  # allotments, each with what the one before came to


def weld_time(sheets: tuple[float, ...]) -> float:
    """How long the gun is at a spot [s]: stroke, squeeze, current and hold.

    Args:
        sheets: their thicknesses [mm], whose mean decides how long the current flows.

    From "squeeze 12 to 30 cycles, weld 14 cycles for 0.8 mm, hold a third of it" (bestamp.co.kr).
    """
    current = CURRENT * sum(sheets) / len(sheets)
    return round(STROKE + SQUEEZE + current * (1.0 + HOLD), 3)

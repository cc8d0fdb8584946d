"""What an export is to be like, and what came of it."""

import math
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from twin.errors import CommandError

__all__ = ["ExportSummary", "Format", "Motion", "Options", "PartForm"]

LONG = 600 * 1_000_000  # ticks: longer runs are played by value clips
MANY = 400  # slots of parts: more are shown by a point instancer


class Motion(StrEnum):
    """How the motion of robots is written."""

    AUTO = "auto"  # samples, or clips if the run is long
    SAMPLES = "samples"  # every tool reads them
    CLIPS = "clips"  # each program once, and when it runs
    SPLINES = "splines"  # samples; joints and straight ways as exact curves besides


class PartForm(StrEnum):
    """How parts are shown."""

    AUTO = "auto"  # prims, or an instancer if there are many
    PRIMS = "prims"
    INSTANCER = "instancer"


class Format(StrEnum):
    """How the layers are written that hold much data."""

    USDC = "usdc"
    USDA = "usda"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to write a run."""

    fps: float = 60.0  # time codes per second; keys need not fall on whole ones
    position_error: float = 1e-3  # bound for origins of links and parts [m]
    angle_error: float = math.radians(0.1)  # bound for their orientations [rad]
    motion: Motion = Motion.AUTO
    parts: PartForm = PartForm.AUTO
    format: Format = Format.USDC
    flatten: bool = False  # into one layer
    usdz: bool = False  # into one package besides

    def checked(self) -> "Options":
        """Themselves.

        Raises:
            CommandError: a bound is no positive number, or two options exclude one another.
        """
        for name in ("fps", "position_error", "angle_error"):
            value = float(getattr(self, name))
            if not (value > 0 and math.isfinite(value)):
                raise CommandError(f"{name} must be > 0, got {value}")
        if self.flatten and self.motion == Motion.CLIPS:
            raise CommandError("one flat layer holds no value clips; leave out clips or flatten")
        return self

    def told(self) -> dict[str, object]:
        """By name, for notes."""
        return {
            "fps": self.fps,
            "position_error": self.position_error,
            "angle_error": self.angle_error,
            "motion": str(self.motion),
            "parts": str(self.parts),
            "layers": str(self.format),
        }

    def clips(self, until: int) -> bool:
        """Whether a run of so many ticks is written as value clips."""
        if self.motion == Motion.AUTO:
            return until > LONG and not self.flatten
        return self.motion == Motion.CLIPS

    def instancer(self, slots: int) -> bool:
        """Whether so many slots of parts are shown by a point instancer."""
        return self.parts == PartForm.INSTANCER or (self.parts == PartForm.AUTO and slots > MANY)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportSummary:
    """What was exported, and how large it is."""

    root: Path  # open this file
    animation: Path | None  # the layer that plays the run, if there was one and it is not flat
    ticks: int
    start_code: float
    end_code: float
    fps: float
    position_error: float  # bound that every key keeps [m]
    angle_error: float  # [rad]
    parts: int  # prims for parts, or instances
    serials: int  # parts that were seen
    robots: int
    links: int
    places: int
    keys: int  # time samples
    dense_keys: int  # time samples of one per frame for everything that moves
    files: int
    bytes: int  # of all files
    animation_bytes: int  # of those that hold what moves

"""Robot motion as value clips: each program is written once, and each run of it is a mapping.

A robot does the same few programs again and again, so a long run is a short file of programs and,
at each robot, a list that says which stretch of that file plays when. USD goes straight between
two entries of the list, and jumps where two have one time. What a robot does once, such as braking,
is a stretch of its own.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from pxr import Sdf, Vt

from twin.motion import Segments
from twin.motion.segment import coordinate_after
from twin.scene.export.channel import Clock
from twin.scene.export.keys import Curve
from twin.scene.export.robot_curves import RobotCurves
from twin.scene.export.robot_links import LinkPrim
from twin.scene.export.samples import SampleWriter, manifest_of
from twin.units import TICKS_PER_SECOND

__all__ = ["CLIPS", "MANIFEST", "RobotClips"]

CLIPS, MANIFEST = "clips/robots.usdc", "clips/robots_manifest.usda"
GAP = 1.0  # time codes between two stretches of a clip

Array = NDArray[np.float64]
Pair = tuple[Curve, Curve]


class RobotClips:
    """Writes what robots do into one clip, and the lists into the layer that plays it."""

    def __init__(self, layer: Sdf.Layer, clock: Clock) -> None:
        """Prepare an empty clip.

        Args:
            layer: the one that plays it.
            clock: turns seconds to time codes.
        """
        self.clip = Sdf.Layer.CreateAnonymous(".usdc")
        self.writer = SampleWriter(self.clip)
        self._layer = layer
        self._clock = clock

    @property
    def manifest(self) -> Sdf.Layer:
        """The layer that says which attributes the clip has."""
        return manifest_of(self.clip)

    def write(
        self,
        links: list[LinkPrim],
        curves: RobotCurves,
        *,
        robot: int,
        first: int,
        segments: Iterable[tuple[Segments, int]],
    ) -> None:
        """Write one robot.

        Args:
            links: its prims.
            curves: programs as keys.
            robot: its row.
            first: the program at whose beginning it stands until its first segment.
            segments: of the robot, each with the tick at which it is over.
        """
        tape = _Tape(self._clock, len(links))
        tape.play(("program", first), curves.of(robot, first), 0.0, (0.0, 0.0))
        for segment, until in segments:
            _record(tape, curves, segment, until, robot=robot)
        home = links[0].translate.partition(".")[0].rpartition("/")[0]
        with Sdf.ChangeBlock():
            for link, (xyz, wxyz) in zip(links, tape.tracks, strict=True):
                self.writer.rows(link.translate, link.translate_type, *xyz.joined())
                self.writer.rows(link.orient, "quatd", *wxyz.joined())
            spec = Sdf.CreatePrimInLayer(self._layer, home)
            spec.SetInfo("clips", {"default": _clip_set(home, tape.times)})


def _record(
    tape: "_Tape", curves: RobotCurves, segment: Segments, until: int, *, robot: int
) -> None:
    tick, program = int(segment["tick"][0]), int(segment["track"][0])
    begin, end = float(segment["start"][0]), float(segment["end"][0])
    seconds, changing = (until - tick) / TICKS_PER_SECOND, -float(segment["ramp"][0])
    if changing > 0.0:
        shown = min(seconds, changing)
        content = segment[["start", "end", "ramp", "jerk", "track", "duration"]].tobytes()
        key = (content, shown)
        if not tape.knows(key):
            tape.add(key, curves.changing(robot, segment, shown))
        tape.play(key, [], tick, (0.0, shown))
        begin = float(coordinate_after(segment, np.array([changing]))[0])
    if seconds > max(changing, 0.0):
        after = max(changing, 0.0)
        over = min(end, begin + seconds - after)
        key = ("program", program)
        tape.play(key, curves.of(robot, program), tick + after * TICKS_PER_SECOND, (begin, over))


class _Samples:
    """Samples of one attribute along the clip."""

    def __init__(self) -> None:
        self._codes: list[Array] = []
        self._values: list[Array] = []

    def add(self, codes: Array, values: Array) -> None:
        self._codes.append(codes)
        self._values.append(values)

    def joined(self) -> tuple[Array, Array]:
        return np.concatenate(self._codes), np.concatenate(self._values)


class _Tape:
    """Stretches of a robot's clip, one after another, and which of them plays when."""

    def __init__(self, clock: Clock, links: int) -> None:
        self.times: list[tuple[float, float]] = []  # stage time code, clip time code
        self.tracks = [(_Samples(), _Samples()) for _ in range(links)]
        self._clock = clock
        self._start: dict[object, float] = {}
        self._end = 0.0

    def knows(self, key: object) -> bool:
        return key in self._start

    def add(self, key: object, pairs: list[Pair]) -> None:
        """Put a stretch at the end of the clip."""
        self._start[key] = self._end
        last = self._end
        for samples, pair in zip(self.tracks, pairs, strict=True):
            for one, curve in zip(samples, pair, strict=True):
                codes = self._end + (curve.time - curve.time[0]) * self._clock.fps
                one.add(codes, curve.value)
                last = max(last, float(codes[-1]))
        self._end = last + GAP

    def play(
        self, key: object, pairs: list[Pair], tick: float, seconds: tuple[float, float]
    ) -> None:
        """Play a stretch from some second to another, from a tick on; then its last value holds."""
        if key not in self._start:
            self.add(key, pairs)
        begin, end = (self._start[key] + second * self._clock.fps for second in seconds)
        code = self._clock.code(tick)
        if self.times and self.times[-1][1] != begin:
            self._hold(code)
        self.times.append((code, begin))
        if end > begin:
            self.times.append((code + (end - begin), end))

    def _hold(self, code: float) -> None:
        """Let the last value hold up to a time code; what would play beyond ends there."""
        stage, clip = self.times[-1]
        if stage > code:  # by rounding
            self.times[-1] = (code, clip)
        elif stage < code:
            self.times.append((code, clip))


def _clip_set(path: str, times: list[tuple[float, float]]) -> dict[str, object]:
    return {
        "primPath": path,
        "assetPaths": Sdf.AssetPathArray([Sdf.AssetPath(f"./{CLIPS}")]),
        "manifestAssetPath": Sdf.AssetPath(f"./{MANIFEST}"),
        "active": Vt.Vec2dArray([(0.0, 0.0)]),
        "times": Vt.Vec2dArray(times),
    }

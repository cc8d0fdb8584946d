"""The animation layer of a run: what moves, what is seen, and which state each place is in.

What exists is said by twin:* attributes, what happened by run:* attributes.
"""

from collections.abc import Callable

import numpy as np
from pxr import Sdf, Usd

from twin.core.state import STATES
from twin.journal import Journal
from twin.scene.export.channel import Channel, Clock
from twin.scene.export.keys import Curve
from twin.scene.export.part_curves import PartCurves
from twin.scene.export.part_prims import PartPrims
from twin.scene.export.robot_curves import RobotCurves
from twin.scene.export.robot_links import robot_prims
from twin.scene.export.samples import SampleWriter
from twin.scene.export.tracks import part_track, robot_track, spans, state_track

__all__ = ["Animation"]

STATE, COLOR = "run:state", "primvars:stateColor"
COLORS = {  # linear RGB
    "working": (0.05, 0.45, 0.12),
    "starved": (0.10, 0.25, 0.60),
    "blocked": (0.75, 0.40, 0.02),
    "down": (0.65, 0.02, 0.02),
    "setup": (0.35, 0.10, 0.55),
    "waiting operator": (0.60, 0.50, 0.05),
    "waiting part": (0.05, 0.45, 0.50),
    "off shift": (0.20, 0.20, 0.20),
}


class Animation:
    """Writes a run into a layer of its own."""

    def __init__(
        self,
        stage: Usd.Stage,
        run: Journal,
        *,
        fps: float,
        position_error: float,
        angle_error: float,
    ) -> None:
        self.layer = Sdf.Layer.CreateAnonymous(".usdc")
        self.writer = SampleWriter(self.layer)
        self.parts = self.serials = self.links = 0
        self._stage = stage
        self._run = run
        self._bounds = (position_error, angle_error)
        self._clock = Clock(fps)
        self._spans = spans(run.segments, run.until)

    def write(self, progress: Callable[[str, float], None]) -> None:
        """Write everything; progress is told what and what share of that is done.

        Raises:
            SceneError: a robot's links can't be moved as they are.
        """
        self._robots(progress)
        self._parts(progress)
        self._states(progress)

    def _robots(self, progress: Callable[[str, float], None]) -> None:
        layout = self._run.layout
        robots = [robot_prims(self._stage, robot) for robot in self._run.plant.robots]
        bases = [(robot.xyz, robot.wxyz) for robot in robots]
        curves = RobotCurves(layout, bases, *self._bounds)
        for row, robot in enumerate(robots):
            progress("robots", row / len(robots))
            mine = self._spans.get(row, iter(()))
            track = robot_track(layout, curves, self._clock, robot=row, segments=mine)
            with Sdf.ChangeBlock():
                for link, (xyz, wxyz) in zip(robot.links, track, strict=True):
                    self.writer.channel(link.translate, link.translate_type, xyz)
                    self.writer.channel(link.orient, "quatd", wxyz)
                    if link.order:
                        self.writer.order(link.orient.partition(".")[0], link.order)
            self.links += len(robot.links)

    def _parts(self, progress: Callable[[str, float], None]) -> None:
        robot_count = len(self._run.plant.robots)
        slots = {who - robot_count: mine for who, mine in self._spans.items() if who >= robot_count}
        prims = PartPrims(self._stage, self.writer, self._run.plant, self._run.layout.looks)
        curves = PartCurves(self._run.layout.paths, *self._bounds)
        for row, (slot, mine) in enumerate(slots.items()):
            progress("parts", row / len(slots))
            track = part_track(curves, self._clock, mine)
            if track.looks:
                with Sdf.ChangeBlock():
                    prims.write(slot, track)
                self.parts += 1
        moving = self._run.segments[self._run.segments["track"] >= 0]
        self.serials = len(np.unique(moving["part"][moving["part"] > 0]))

    def _states(self, progress: Callable[[str, float], None]) -> None:
        places = self._run.plant.places
        for row, place in enumerate(places):
            progress("states", row / len(places))
            states = state_track(self._run.events, row, self._clock)
            colors = Channel(self._clock)
            for tick, state in states.items():
                color = np.array([COLORS[str(state)]])
                colors.place(Curve(time=np.zeros(1), value=color), tick)
            with Sdf.ChangeBlock():
                self.writer.steps(f"{place.path}.{STATE}", "token", states)
                self.writer.channel(f"{place.path}.{COLOR}", "color3f", colors)
                self.writer.note(f"{place.path}.{STATE}", "allowedTokens", STATES)
                self.writer.note(f"{place.path}.{COLOR}", "interpolation", "constant")

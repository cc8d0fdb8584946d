"""The layers of a run: what moves, what is seen, and which state each place is in.

What exists is said by twin:* attributes, what happened by run:* attributes.
"""

from collections.abc import Callable

import numpy as np
from pxr import Sdf, Usd

from twin.journal import Journal
from twin.motion import Segments
from twin.scene.chain import chain_of
from twin.scene.export.channel import Clock
from twin.scene.export.clips import CLIPS, MANIFEST, RobotClips
from twin.scene.export.figures import write_figures
from twin.scene.export.flow_layers import FlowLayers
from twin.scene.export.options import Motion, Options
from twin.scene.export.part_curves import PartCurves
from twin.scene.export.part_prims import PartPrims
from twin.scene.export.robot_curves import RobotCurves
from twin.scene.export.robot_links import robot_prims
from twin.scene.export.samples import SampleWriter
from twin.scene.export.splines import joint_track, way_track
from twin.scene.export.tracks import part_track, robot_track, spans

__all__ = ["Animation"]

JOINT = "run:position"  # of a joint [degrees] or [m]

Progress = Callable[[str, float], None]


class Animation:
    """Writes a run into layers of its own."""

    def __init__(self, stage: Usd.Stage, run: Journal, options: Options) -> None:
        self.layer = Sdf.Layer.CreateAnonymous(".usdc")  # robots and figures
        self.flow = Sdf.Layer.CreateAnonymous(".usdc")  # parts
        self.clips: dict[str, Sdf.Layer] = {}  # further files, by path
        self.parts = self.serials = self.links = 0
        self._writers = [SampleWriter(self.layer), SampleWriter(self.flow)]
        self._stage = stage
        self._run = run
        self._options = options
        self._bounds = (options.position_error, options.angle_error)
        self._clock = Clock(options.fps)
        self._spans = spans(run.segments, run.until)

    @property
    def keys(self) -> int:
        """Time samples written."""
        return sum(writer.keys for writer in self._writers)

    @property
    def moving(self) -> int:
        """Positions and orientations among the attributes that have any."""
        return sum(writer.moving for writer in self._writers)

    def write(self, progress: Progress) -> None:
        """Write everything; progress is told what and what share of that is done.

        Raises:
            SceneError: a robot's links can't be moved as they are.
        """
        self._robots(progress)
        self._parts(progress)
        top = str(self._stage.GetDefaultPrim().GetPath())
        write_figures(self._writers[0], self._run, top=top, clock=self._clock, progress=progress)

    def _robots(self, progress: Progress) -> None:
        layout = self._run.layout
        robots = [robot_prims(self._stage, robot) for robot in self._run.plant.robots]
        curves = RobotCurves(layout, [(each.xyz, each.wxyz) for each in robots], *self._bounds)
        clips = RobotClips(self.layer, self._clock) if self._as_clips and robots else None
        for row, robot in enumerate(robots):
            progress("robots", row / len(robots))
            mine = list(self._spans.get(row, ()))
            if self._as_splines:
                self._joints(row, mine)
            if clips:
                first = int(layout.first_program[row])
                clips.write(robot.links, curves, robot=row, first=first, segments=mine)
            else:
                track = robot_track(layout, curves, self._clock, robot=row, segments=mine)
                with Sdf.ChangeBlock():
                    for link, (xyz, wxyz) in zip(robot.links, track, strict=True):
                        self._writers[0].channel(link.translate, link.translate_type, xyz)
                        self._writers[0].channel(link.orient, "quatd", wxyz)
            for link in robot.links:
                if link.order:
                    self._writers[0].order(link.orient.partition(".")[0], link.order)
            self.links += len(robot.links)
        if clips:
            self._writers.append(clips.writer)
            self.clips |= {CLIPS: clips.clip, MANIFEST: clips.manifest}

    @property
    def _as_clips(self) -> bool:
        return self._options.clips(self._run.until)

    @property
    def _as_splines(self) -> bool:
        return self._options.motion == Motion.SPLINES

    def _joints(self, row: int, segments: list[tuple[Segments, int]]) -> None:
        """Write the joints of a robot, in degrees or metres as UsdPhysics has them."""
        robot = self._run.plant.robots[row]
        joints = chain_of(self._stage.GetPrimAtPath(robot.path)).joints
        count, layout = len(joints), self._run.layout
        track = joint_track(layout, self._clock, robot=row, joints=count, segments=segments)
        turns = [str(each.GetTypeName()) == "PhysicsRevoluteJoint" for each in joints]
        scale = np.where(turns, 180.0 / np.pi, 1.0)
        paths = [f"{each.GetPath()}.{JOINT}" for each in joints]
        self._writers[0].splines(paths, track.splines(scale))

    def _parts(self, progress: Progress) -> None:
        robot_count = len(self._run.plant.robots)
        slots = {who - robot_count: mine for who, mine in self._spans.items() if who >= robot_count}
        moving = self._run.segments[self._run.segments["track"] >= 0]
        self.serials = len(np.unique(moving["part"][moving["part"] > 0]))
        looks = self._run.layout.looks
        prims = PartPrims(self._stage, self._writers[1], self._run.plant, looks)
        if self._options.instancer(len(slots)):
            self._flow(prims, progress)
            return
        curves = PartCurves(self._run.layout.paths, *self._bounds)
        for row, (slot, mine) in enumerate(slots.items()):
            progress("parts", row / len(slots))
            segments = list(mine)
            track = part_track(curves, self._clock, segments)
            if track.looks:
                way = way_track(curves, self._clock, segments) if self._as_splines else None
                with Sdf.ChangeBlock():
                    prims.write(slot, track, way)
                self.parts += 1

    def _flow(self, prims: PartPrims, progress: Progress) -> None:
        flow = FlowLayers(self._run, self._options)
        flow.write(prims, self._writers[1], progress, as_clips=self._as_clips)
        self.clips |= flow.clips
        self.parts = flow.instances
        self._writers += flow.writers

"""Where a flow is written: all in one layer, or each stretch of a long run in a clip of its own."""

from collections.abc import Callable

import numpy as np
from pxr import Sdf, Vt

from twin.journal import Journal
from twin.scene.export.channel import Clock
from twin.scene.export.flow import FlowWriter, stretches
from twin.scene.export.flow_pieces import parts_of, pieces_of
from twin.scene.export.options import Options
from twin.scene.export.part_curves import PartCurves
from twin.scene.export.part_prims import PartPrims
from twin.scene.export.samples import SampleWriter, manifest_of

__all__ = ["FlowLayers"]

GROUP, FLOW = "MaterialFlow", "Parts"
MANIFEST = "clips/flow_manifest.usda"
FITTED = 0.1  # of the bounds for the curves; the rest is for the frames


class FlowLayers:
    """Writes the parts of a run as a point instancer."""

    def __init__(self, run: Journal, options: Options) -> None:
        self.clips: dict[str, Sdf.Layer] = {}  # by file
        self.writers: list[SampleWriter] = []  # of the clips
        self.instances = 0
        self._run = run
        self._options = options
        self._clock = Clock(options.fps)

    def write(
        self,
        prims: PartPrims,
        writer: SampleWriter,
        progress: Callable[[str, float], None],
        *,
        as_clips: bool,
    ) -> None:
        """Write prototypes and everything that moves.

        Args:
            prims: makes the prototypes.
            writer: of the layer that plays the flow.
            progress: told "parts" and the share that is done.
            as_clips: whether each stretch is a file of its own.
        """
        run, bounds = self._run, (self._options.position_error, self._options.angle_error)
        curves = PartCurves(run.layout.paths, *(FITTED * bound for bound in bounds))
        mine = parts_of(run.segments, len(run.plant.robots), run.until)
        if not len(mine[0]):
            return
        pieces = pieces_of(*mine, run.layout.paths, curves)
        used = np.unique(pieces.look)
        pieces.look[:] = np.searchsorted(used, pieces.look)
        group = prims.group(GROUP)
        path = f"{group}/{FLOW}"
        flow = FlowWriter(pieces, self._clock, position_error=bounds[0], angle_error=bounds[1])
        with Sdf.ChangeBlock():
            writer.define(path, "PointInstancer")
            writer.define(f"{path}/Prototypes", "Scope")
        looks = [prims.look(f"{path}/Prototypes", look) for look in used.tolist()]
        flow.declare(writer, path, looks)
        parts = list(stretches(run.until))
        for number, (begin, end) in enumerate(parts):
            progress("parts", number / len(parts))
            target = self._clip(number) if as_clips else writer
            flow.write(target, path, begin, end, is_last=end == run.until)
        self.instances = flow.instances
        if as_clips:
            self._play(writer.layer, path, [begin for begin, _ in parts])

    def _clip(self, number: int) -> SampleWriter:
        layer = Sdf.Layer.CreateAnonymous(".usdc")
        self.clips[f"clips/flow_{number:03d}.usdc"] = layer
        self.writers.append(SampleWriter(layer))
        return self.writers[-1]

    def _play(self, layer: Sdf.Layer, path: str, begins: list[int]) -> None:
        """Say which clip plays when, as seen from the layer of the flow."""
        codes = [self._clock.code(begin) for begin in begins]
        end = self._clock.code(self._run.until)
        files = [Sdf.AssetPath(f"../{name}") for name in self.clips]
        clip_set = {
            "primPath": path,
            "assetPaths": Sdf.AssetPathArray(files),
            "manifestAssetPath": Sdf.AssetPath(f"../{MANIFEST}"),
            "active": Vt.Vec2dArray([(code, row) for row, code in enumerate(codes)]),
            "times": Vt.Vec2dArray([(0.0, 0.0), (end, end)]),
        }
        self.clips[MANIFEST] = manifest_of(*(writer.layer for writer in self.writers))
        layer.GetPrimAtPath(path).SetInfo("clips", {"default": clip_set})

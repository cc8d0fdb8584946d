"""The layers that an export adds to a scene, with the metadata that players ask for."""

from collections.abc import Sequence
from pathlib import Path

from pxr import Sdf, Usd

__all__ = ["ANIMATION", "EXPORTED", "ExportLayers"]

ANIMATION, OVERRIDES = "animation.usdc", "overrides.usda"
EXPORTED = "twin:export"  # in the root layer's custom data: what makes it one


class ExportLayers:
    """Writes them into a folder; all say the same of units, time and the default prim."""

    def __init__(self, stage: Usd.Stage, folder: Path, *, fps: float, end: float) -> None:
        """Prepare the layers of one export.

        Args:
            stage: the scene as it was run.
            folder: where the layers go.
            fps: time codes per second.
            end: the last time code.
        """
        self._stage = stage
        self._folder = folder
        self._fps = fps
        self._end = end

    def write_animation(self, layer: Sdf.Layer) -> None:
        """Write the layer that moves things."""
        self._write(layer, ANIMATION)

    def write_root(self, name: str, scene: Sequence[str]) -> None:
        """Write the layer to open: the animation, over what was overridden, over the scene.

        Args:
            name: of the file.
            scene: the scene's root layer, then scenarios over it, the strongest first.
        """
        layer = Sdf.Layer.CreateAnonymous(".usda")
        layer.comment = "A run of a plant. Time codes are frames; keys need not fall on them."
        layer.customLayerData = {EXPORTED: ANIMATION}
        for each in (ANIMATION, *self._write_overrides(), *scene[1:], scene[0]):
            layer.subLayerPaths.append(f"./{each}")
        self._write(layer, name)

    def _write_overrides(self) -> list[str]:
        """Write what was overridden for the run, if anything was: the stage's session layer."""
        session = self._stage.GetSessionLayer()
        if not session.rootPrims:
            return []
        layer = Sdf.Layer.CreateAnonymous(".usda")
        layer.TransferContent(session)
        layer.subLayerPaths.clear()
        self._write(layer, OVERRIDES)
        return [OVERRIDES]

    def _write(self, layer: Sdf.Layer, name: str) -> None:
        for key in ("upAxis", "metersPerUnit", "kilogramsPerUnit"):
            if self._stage.HasAuthoredMetadata(key):
                layer.pseudoRoot.SetInfo(key, self._stage.GetMetadata(key))
        layer.defaultPrim = self._stage.GetRootLayer().defaultPrim
        layer.timeCodesPerSecond = layer.framesPerSecond = self._fps
        layer.startTimeCode, layer.endTimeCode = 0.0, self._end
        layer.Export(str(self._folder / name))

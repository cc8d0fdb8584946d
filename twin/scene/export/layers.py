"""The layers that an export adds to a scene, with the metadata that players ask for."""

from collections.abc import Sequence
from pathlib import Path

from pxr import Sdf, Usd

__all__ = ["ANIMATION", "EXPORTED", "FLOW", "SEMANTICS", "ExportLayers"]

ANIMATION, FLOW = "animation", "material_flow/products"
OVERRIDES, SEMANTICS = "layers/overrides.usda", "layers/semantics.usda"
EXPORTED = "twin:export"  # in the root layer's custom data: what makes it one


class ExportLayers:
    """Writes them into a folder; all say the same of units, time and the default prim."""

    def __init__(self, stage: Usd.Stage, folder: Path, *, fps: float, end: float) -> None:
        """Prepare the layers of one export.

        Args:
            stage: the scene as it was run.
            folder: where the layers go.
            fps: time codes per second.
            end: the last time code; 0 if nothing moves.
        """
        self._stage = stage
        self._folder = folder
        self._fps = fps
        self._end = end

    def write_root(self, name: str, over: Sequence[str], scene: Sequence[str]) -> None:
        """Write the layer to open: what happened, over what was overridden, over the scene.

        Args:
            name: of the file.
            over: layers of the export, the strongest first.
            scene: the scene's root layer, then scenarios over it, the strongest first.
        """
        layer = Sdf.Layer.CreateAnonymous(".usda")
        layer.comment = "A plant. Time codes are frames; keys need not fall on them."
        layer.customLayerData = {EXPORTED: "twin export 2"}
        for each in (*over, *self._write_overrides(), *scene[1:], scene[0]):
            layer.subLayerPaths.append(f"./{each}")
        self.write(layer, name)

    def _write_overrides(self) -> list[str]:
        """Write what was overridden for the run, if anything was: the stage's session layer."""
        session = self._stage.GetSessionLayer()
        if not session.rootPrims:
            return []
        layer = Sdf.Layer.CreateAnonymous(".usda")
        layer.TransferContent(session)
        layer.subLayerPaths.clear()
        self.write(layer, OVERRIDES)
        return [OVERRIDES]

    def write(self, layer: Sdf.Layer, name: str) -> None:
        """Write one layer, its type by the name's end."""
        for key in ("upAxis", "metersPerUnit", "kilogramsPerUnit"):
            if self._stage.HasAuthoredMetadata(key):
                layer.pseudoRoot.SetInfo(key, self._stage.GetMetadata(key))
        layer.defaultPrim = self._stage.GetRootLayer().defaultPrim
        layer.timeCodesPerSecond = layer.framesPerSecond = self._fps
        if self._end > 0.0:
            layer.startTimeCode, layer.endTimeCode = 0.0, self._end
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        layer.Export(str(path))

"""The layer of an imported asset that scenes refer to; what it is made of is its payload."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from pxr import Kind, Sdf, Usd, UsdGeom

from twin.scene.author import new_stage

__all__ = ["write_interface"]


def write_interface(file: Path, prim: str, payloads: Sequence[str], *, doc: str) -> Usd.Stage:
    """Write it, with what its user should see before the payload is loaded.

    Args:
        file: the layer; its payloads lie in `payload` beside it.
        prim: name of its default prim.
        payloads: the ends of their names after that of the layer, strongest first.
        doc: what it is.
    """
    name = file.stem
    stage = new_stage(file, prim, kind=Kind.Tokens.component)
    root = stage.GetDefaultPrim()
    model = Usd.ModelAPI(root)
    model.SetAssetName(name)
    model.SetAssetIdentifier(Sdf.AssetPath(f"./{name}.usda"))
    root.SetDocumentation(doc)
    for payload in payloads:
        root.GetPayloads().AddPayload(f"./payload/{name}_{payload}")
    hints = UsdGeom.ModelAPI.Apply(root)
    box = hints.ComputeExtentsHint(UsdGeom.BBoxCache(0, ["default", "render"]))
    if np.isfinite(np.array(box)).all() and np.all(np.array(box)[0] <= np.array(box)[1]):
        hints.SetExtentsHint(box)
    stage.GetRootLayer().Save()
    return stage

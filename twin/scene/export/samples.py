"""Writing prims and time samples into a layer, past the stage: that is many times faster."""

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from pxr import Gf, Sdf, Vt

from twin.scene.export.channel import Channel, Steps

__all__ = ["ORIENT", "TRANSLATE", "SampleWriter", "manifest_of"]

Rows = NDArray[np.float64]

TRANSLATE, ORIENT = "xformOp:translate", "xformOp:orient"

CUSTOM = "run:"  # attributes that no schema declares
TYPES = {
    "double3": Sdf.ValueTypeNames.Double3,
    "float3": Sdf.ValueTypeNames.Float3,
    "quatd": Sdf.ValueTypeNames.Quatd,
    "token": Sdf.ValueTypeNames.Token,
    "token[]": Sdf.ValueTypeNames.TokenArray,
    "int": Sdf.ValueTypeNames.Int,
    "double": Sdf.ValueTypeNames.Double,
    "float3[]": Sdf.ValueTypeNames.Float3Array,
    "color3f": Sdf.ValueTypeNames.Color3f,
    "int[]": Sdf.ValueTypeNames.IntArray,
    "int64[]": Sdf.ValueTypeNames.Int64Array,
    "point3f[]": Sdf.ValueTypeNames.Point3fArray,
    "quatf[]": Sdf.ValueTypeNames.QuatfArray,
}


class SampleWriter:
    """Puts attributes into one layer, as opinions over what the layers below it say."""

    def __init__(self, layer: Sdf.Layer) -> None:
        self.layer = layer
        self._made: set[str] = set()
        self.keys = 0  # time samples written
        self.moving = 0  # positions and orientations among the attributes that have any

    def define(self, path: str, type_name: str = "Xform") -> Sdf.PrimSpec:
        """Make a prim of our own."""
        prim = Sdf.CreatePrimInLayer(self.layer, path)
        prim.specifier = Sdf.SpecifierDef
        prim.typeName = type_name
        return prim

    def default(self, path: str, type_name: str, value: object) -> None:
        """Give an attribute the value that it has when no time is asked for."""
        self._attribute(path, type_name).default = value

    def order(self, prim: str, operations: Sequence[str]) -> None:
        """Say which operations place a prim, the outermost first."""
        attribute = self._attribute(f"{prim}.xformOpOrder", "token[]", uniform=True)
        attribute.default = Vt.TokenArray(list(operations))

    def note(self, path: str, key: str, value: object) -> None:
        """Give an attribute a piece of metadata."""
        self.layer.GetAttributeAtPath(path).SetInfo(key, value)

    def channel(self, path: str, type_name: str, channel: Channel) -> None:
        """Write a position or an orientation; one that never changes becomes a plain value."""
        self.rows(path, type_name, *channel.samples())

    def rows(self, path: str, type_name: str, codes: Rows, rows: Rows) -> None:
        """Write positions, orientations or colours [n, d] at time codes [n]; one as a value."""
        values = _values(rows, type_name)
        attribute = self._attribute(path, type_name)
        if len(codes) == 1:
            attribute.default = values[0]
        else:
            self._samples(path, codes.tolist(), values)
            self.moving += 1

    def numbers(self, path: str, codes: Rows, values: Rows) -> None:
        """Write numbers [n] between which players blend."""
        self._attribute(path, "double")
        self._samples(path, codes.tolist(), values.tolist())

    def sample(self, path: str, type_name: str, code: float, value: object) -> None:
        """Write one sample of anything."""
        if path not in self._made:
            self._attribute(path, type_name)
        self.layer.SetTimeSample(path, code, value)
        self.keys += 1

    def steps(self, path: str, type_name: str, steps: Steps) -> None:
        """Write a name or a number, each held until the next."""
        self._attribute(path, type_name)
        self._samples(path, *steps.samples())

    def splines(self, paths: Sequence[str], splines: Sequence[Any]) -> None:
        """Write numbers as curves, each for an attribute."""
        for path, spline in zip(paths, splines, strict=True):
            attribute: Any = self._attribute(path, "double")
            attribute.SetSpline(spline)

    def _attribute(self, path: str, type_name: str, *, uniform: bool = False) -> Sdf.AttributeSpec:
        kind = Sdf.VariabilityUniform if uniform else Sdf.VariabilityVarying
        custom = path.rpartition(".")[2].startswith(CUSTOM)
        if path not in self._made:
            self._made.add(path)
            Sdf.JustCreatePrimAttributeInLayer(self.layer, path, TYPES[type_name], kind, custom)
        return self.layer.GetAttributeAtPath(path)

    def _samples(self, path: str, codes: Sequence[float], values: Sequence[object]) -> None:
        target, put = Sdf.Path(path), self.layer.SetTimeSample
        for code, value in zip(codes, values, strict=True):
            put(target, code, value)
        self.keys += len(codes)


def _values(rows: Rows, type_name: str) -> list[Any]:
    """Rows of positions or colours, or of quaternions wxyz, as USD's own values."""
    if type_name == "quatd":
        return [Gf.Quatd(w, x, y, z) for w, x, y, z in rows.tolist()]
    kind = Gf.Vec3d if type_name == "double3" else Gf.Vec3f
    return [kind(x, y, z) for x, y, z in rows.tolist()]


def manifest_of(*clips: Sdf.Layer) -> Sdf.Layer:
    """The manifest of value clips: their attributes, without values."""
    manifest = Sdf.Layer.CreateAnonymous(".usda")
    for clip in clips:
        for path in _attributes(clip):
            if not manifest.GetAttributeAtPath(path):
                kind = cast("Sdf.ValueTypeName", clip.GetAttributeAtPath(path).typeName)
                Sdf.JustCreatePrimAttributeInLayer(manifest, path, kind)
    return manifest


def _attributes(layer: Sdf.Layer) -> list[Sdf.Path]:
    paths: list[Sdf.Path | str] = []
    layer.Traverse("/", paths.append)
    return [path for path in map(Sdf.Path, paths) if path.IsPrimPropertyPath()]

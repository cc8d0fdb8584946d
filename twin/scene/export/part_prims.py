"""Prims for parts: one for each slot that a run used, below it a child for each look.

A slot is used again when its part has left, so there are no more prims than parts at one time. A
look is an instance of a prim of the product; of several, one is visible.
"""

from pxr import Gf, Kind, Sdf, Tf, Usd, Vt

from twin.plant import Plant
from twin.scene.export.samples import ORIENT, TRANSLATE, SampleWriter
from twin.scene.export.splines import SplineTrack
from twin.scene.export.tracks import INHERITED, INVISIBLE, PartTrack
from twin.scene.values import applied

__all__ = ["PartPrims"]

PARTS = "Parts"
SERIAL = "run:part"


class PartPrims:
    """Writes them below the default prim, in a group of their own."""

    def __init__(
        self,
        stage: Usd.Stage,
        writer: SampleWriter,
        plant: Plant,
        looks: tuple[tuple[str, str], ...],
    ) -> None:
        root = stage.GetDefaultPrim()
        self._stage = stage
        self._writer = writer
        self._products = {product.name: product.path for product in plant.products}
        self._looks = looks
        self._is_model = Usd.ModelAPI(root).IsGroup()
        self._path = ""

    def write(self, slot: int, track: PartTrack, way: SplineTrack | None = None) -> None:
        """Write one slot: what moves it, and which of its looks is seen when.

        Args:
            slot: its number.
            track: all about it.
            way: if given, its positions as splines, written instead of samples.
        """
        self._path = self._path or self.group(PARTS)
        path = f"{self._path}/Part_{slot + 1}"
        self._group(path)
        if way:
            names = [f"{TRANSLATE}{axis}" for axis in "XYZ"]
            self._writer.order(path, (*names, ORIENT))
            self._writer.splines([f"{path}.{name}" for name in names], way.splines())
        else:
            self._writer.order(path, (TRANSLATE, ORIENT))
            self._writer.channel(f"{path}.{TRANSLATE}", "double3", track.xyz)
        self._writer.channel(f"{path}.{ORIENT}", "quatd", track.wxyz)
        self._writer.steps(f"{path}.visibility", "token", track.visible)
        self._writer.default(f"{path}.visibility", "token", INVISIBLE)  # without a time
        self._writer.steps(f"{path}.{SERIAL}", "int", track.serial)
        for look in sorted(track.looks):
            child = self.look(path, look)
            seen = track.look.where(look, INHERITED, INVISIBLE)
            if len(track.looks) > 1:
                self._writer.steps(f"{child}.visibility", "token", seen)
            else:
                self._writer.default(f"{child}.visibility", "token", INHERITED)

    def group(self, name: str) -> str:
        """Make a group of a name that is free, below the default prim; returns its path."""
        path = _free(self._stage, f"{self._stage.GetDefaultPrim().GetPath()}/{name}")
        self._group(path)
        return path

    def _group(self, path: str) -> None:
        prim = self._writer.define(path)
        if self._is_model:
            prim.kind = Kind.Tokens.group

    def look(self, path: str, look: int) -> str:
        """Show a look below a prim; returns the path of what shows it."""
        product, form = self._looks[look]
        child = f"{path}/{Tf.MakeValidIdentifier('_'.join(filter(None, (product, form))))}"
        source = self._stage.GetPrimAtPath("/".join(filter(None, (self._products[product], form))))
        if not source:
            self._box(child)
            return child
        prim = self._writer.define(child, str(source.GetTypeName()) or "Xform")
        prim.referenceList.Prepend(Sdf.Reference("", source.GetPath()))
        prim.instanceable = True
        own = Sdf.TokenListOp()
        own.deletedItems = [name for name in applied(source) if name.startswith("Twin")]
        if own.deletedItems:  # it looks like a product but is none
            prim.SetInfo("apiSchemas", own)
        return child

    def _box(self, path: str) -> None:
        """A stand-in for a product of which the scene shows nothing."""
        self._writer.define(path, "Cube")
        self._writer.default(f"{path}.size", "double", 1.0)
        extent = Vt.Vec3fArray([Gf.Vec3f(-0.5), Gf.Vec3f(0.5)])
        self._writer.default(f"{path}.extent", "float3[]", extent)


def _free(stage: Usd.Stage, path: str) -> str:
    """This path, or, if the scene has such a prim, one with a number."""
    number = 1
    name = path
    while stage.GetPrimAtPath(name):
        number += 1
        name = f"{path}_{number}"
    return name

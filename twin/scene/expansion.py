"""How large a scene becomes when it is composed, estimated before USD composes it.

A few lines can ask for billions of prims: each of thirty prims refers twice to the next. Nothing is
composed here; the prims of the layers are counted, each as often as it is referred to.
"""

from collections.abc import Iterator
from typing import Any, cast

from pxr import Sdf

from twin.scene.layers import Layers

__all__ = ["MOST_PRIMS", "prim_count"]

MOST_PRIMS = 10_000_000

Spot = tuple[str, Sdf.Path]  # a prim of a layer: its file and path


def prim_count(layers: Layers, *, whole: bool = False) -> int:
    """An upper estimate of the number of prims after composition; cycles count once.

    Args:
        layers: of the scene.
        whole: whether what instances share counts for each of them, as for who walks through all.
    """
    counter = _Counter(layers, whole=whole)
    return sum(counter.count((file, Sdf.Path.absoluteRootPath)) for file in layers.stack())


class _Counter:
    """Counts prims below a prim, each once for every way on which it is reached."""

    def __init__(self, layers: Layers, *, whole: bool) -> None:
        self._layers = layers
        self._whole = whole
        self._counts: dict[Spot, int] = {}

    def count(self, root: Spot) -> int:
        """The prims of one prim, children and arcs; no recursion, whose depth has an end."""
        waiting, entered = [root], set[Spot]()
        while waiting:
            spot = waiting[-1]
            beyond = [] if spot in self._counts else list(self._beyond(spot))
            if spot in entered:
                self._counts.setdefault(spot, 1 + sum(self._counts.get(each, 0) for each in beyond))
            if spot in self._counts:
                waiting.pop()
                continue
            entered.add(spot)
            waiting += [each for each in beyond if each not in self._counts and each not in entered]
        return self._counts[root]

    def _beyond(self, spot: Spot) -> Iterator[Spot]:
        """What is composed with a prim: its children, its variants, and the targets of its arcs."""
        file, path = spot
        spec = cast("Any", self._layers.opened[file].GetPrimAtPath(path))
        if not spec or (spec.instanceable and not self._whole):
            return  # instances share what they refer to
        yield from ((file, child.path) for child in spec.nameChildren)
        for options in spec.variantSets.values():
            yield from ((file, option.primSpec.path) for option in options.variants.values())
        for editor in (spec.referenceList, spec.payloadList):
            for arc in editor.GetAddedOrExplicitItems():
                yield from self._targets(file, arc.assetPath, arc.primPath)
        for editor in (spec.inheritPathList, spec.specializesList):
            for inherited in editor.GetAddedOrExplicitItems():
                yield from self._targets(file, "", inherited)

    def _targets(self, file: str, asset: str, path: Sdf.Path) -> Iterator[Spot]:
        """The prims that an arc brings in; one without an asset may mean any layer."""
        opened = self._layers.opened
        target = self._layers.target(opened[file], asset) if asset else ""
        for each in self._layers.stack(target) if asset else opened:
            name = str(path) or f"/{opened[target].defaultPrim}"
            if opened[each].GetPrimAtPath(name):
                yield each, Sdf.Path(name)

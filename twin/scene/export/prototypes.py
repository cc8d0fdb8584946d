"""Prototypes of a flattened stage in the order of their use: USD numbers them by chance."""

from collections.abc import Iterator
from typing import Any, cast

from pxr import Sdf

__all__ = ["with_ordered_prototypes"]

PREFIX, ORDERED = "Flattened_Prototype_", "Prototype_"


def with_ordered_prototypes(layer: Sdf.Layer) -> Sdf.Layer:
    """The same layer with its prototypes numbered from 1, first used first.

    Args:
        layer: from Usd.Stage.Flatten.
    """
    new = {Sdf.Path(f"/{old}"): f"{ORDERED}{row + 1}" for row, old in enumerate(_used(layer))}
    result = Sdf.Layer.CreateAnonymous(".usdc")
    result.TransferContent(layer)
    for spec in list(result.rootPrims):
        if spec.name.startswith(PREFIX):
            children: Any = result.pseudoRoot.nameChildren
            del children[spec.name]
    with Sdf.ChangeBlock():
        for old, name in new.items():
            Sdf.CopySpec(layer, old, result, Sdf.Path(f"/{name}"))
    for spec in _all(list(result.rootPrims)):
        for reference in _references(spec):
            name = new.get(reference.primPath)
            if name:
                spec.referenceList.ReplaceItemEdits(
                    reference, Sdf.Reference(reference.assetPath, f"/{name}")
                )
    return result


def _used(layer: Sdf.Layer) -> list[str]:
    """Names of prototypes, each when it is first referred to."""
    found: dict[str, None] = {}
    waiting = [spec for spec in layer.rootPrims if not spec.name.startswith(PREFIX)]
    while waiting:
        names = [each.primPath.name for spec in _all(waiting) for each in _references(spec)]
        new = [name for name in dict.fromkeys(names) if name.startswith(PREFIX)]
        new = [name for name in new if name not in found]
        found |= dict.fromkeys(new)
        waiting = [layer.GetPrimAtPath(f"/{name}") for name in new]
    return list(found)


def _all(specs: list[Sdf.PrimSpec]) -> Iterator[Sdf.PrimSpec]:
    for spec in specs:
        yield spec
        yield from _all(list(spec.nameChildren))


def _references(spec: Sdf.PrimSpec) -> list[Sdf.Reference]:
    items = cast("list[Sdf.Reference]", spec.referenceList.GetAppliedItems())
    return [each for each in items if not each.assetPath]

"""Whether the layers of a folder name files beyond it: looked at one by one, before composition.

Nothing is composed here: a layer is opened by itself, and every asset path in it is looked at, in
arcs, attributes, time samples, clips and dictionaries alike. Whatever could be resolved in another
way than by the folder of its layer is refused: absolute paths, addresses, variables, ways into
packages.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

from pxr import Sdf, Tf

from twin.errors import Problem
from twin.scene.expansion import prim_count
from twin.scene.layers import Layers, open_layers

__all__ = ["LAYERS", "beyond", "whole_count"]

LAYERS = frozenset({".usda", ".usdc", ".usd", ".usdz"})
RULE = "must name files of its own folder, by relative paths"
UNFIT = ("`", "${", "\\", "\0", "[", "]", ":", "//")
MOST_TOLD = 100
CLIPS = ("clips", "clipSets")
KINDS = ("explicit", "added", "prepended", "appended", "deleted", "ordered")


def beyond(folder: Path) -> list[Problem]:
    """What is wrong with the asset paths of all layers in a folder.

    Args:
        folder: no link, and without links in it.
    """
    home = folder.resolve()
    layers = Layers(home, ())
    problems: list[Problem] = []
    for file in sorted(home.rglob("*")):
        if file.is_symlink():
            problems.append(Problem(layers.name(file), "must not be a link"))
        elif file.suffix.lower() in LAYERS:
            layer = layers.open(file)
            problems += [] if layer is None else _problems(home, file, layer, layers.name(file))
        if len(problems) + len(layers.problems) >= MOST_TOLD:
            break
    return [*layers.problems, *problems][:MOST_TOLD]


def whole_count(root: Path) -> int:
    """An upper estimate of a scene's prims, those of every instance counted; cycles count once."""
    return prim_count(open_layers(root), whole=True)


def _problems(home: Path, file: Path, layer: Sdf.Layer, name: str) -> Iterator[Problem]:
    try:
        arcs = set(layer.GetCompositionAssetDependencies())
        found = sorted({*arcs, *_asset_paths(layer)})
    except (Tf.ErrorException, RuntimeError, UnicodeError) as error:
        yield Problem(name, "must be readable", type(error).__name__)
        return
    for path in found:
        if not _is_inside(home, file, path):
            yield Problem(name, RULE, f"@{path[:200]}@")
        elif path in arcs and path and not (file.parent / path).is_file():
            yield Problem(name, "must refer to files that are there", f"@{path[:200]}@")


def _is_inside(home: Path, file: Path, path: str) -> bool:
    if path.startswith(("/", "~")) or any(each in path for each in UNFIT):
        return False
    plain = Path(os.path.normpath(file.parent / path))  # as a reader without links sees it
    return all(each.is_relative_to(home) for each in (plain, plain.resolve()))


def _asset_paths(layer: Sdf.Layer) -> set[str]:
    """Every asset path in a layer, wherever it stands."""
    found: set[str] = set()

    def look(path: Sdf.Path | str) -> None:
        spec: Any = layer.GetObjectAtPath(path)
        if spec is None:
            return
        for key in cast("list[str]", spec.ListInfoKeys()):
            with suppress(TypeError):  # offsets of sublayers, which Python does not know
                found.update(_within(spec.GetInfo(key), is_clip=key in CLIPS))

    layer.Traverse(Sdf.Path.absoluteRootPath, look)
    return found


def _within(value: Any, *, is_clip: bool) -> Iterator[str]:
    """The asset paths in a value of any type; of clips, all texts that could be one."""
    if isinstance(value, Sdf.AssetPath):
        yield value.path
    elif isinstance(value, str):
        if is_clip and (not value.startswith("/") or "." in value):
            yield value  # templateAssetPath is a text; so is a path of a prim, which has no dot
    elif isinstance(value, (Sdf.Reference, Sdf.Payload)):
        yield value.assetPath
        yield from _within(getattr(value, "customData", {}), is_clip=is_clip)
    else:
        for each in _members(value):
            yield from _within(each, is_clip=is_clip)


def _members(value: Any) -> Iterable[Any]:
    """What a value consists of, where there can be asset paths in it."""
    if isinstance(value, Mapping):
        return cast("Mapping[Any, Any]", value).values()
    if isinstance(value, (list, tuple, Sdf.AssetPathArray)):
        return cast("Iterable[Any]", value)
    if isinstance(value, (Sdf.ReferenceListOp, Sdf.PayloadListOp)):
        return [each for kind in KINDS for each in getattr(value, f"{kind}Items")]
    return ()

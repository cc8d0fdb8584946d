"""Where each file of a scene goes in a package: the scene's own layers, and its components.

    layers/           the root layer, its sublayers and scenarios, as they lie to one another
    components/NAME/  an asset: the file that is referred to, with all that lies below its folder

So a component is one folder, whose files keep their places to one another.
"""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from pxr import Sdf

__all__ = ["COMPONENTS", "LAYERS", "package_paths"]

COMPONENTS, LAYERS = "components", "layers"
LAYER_TYPES = {".usd", ".usda", ".usdc"}


def package_paths(
    roots: Sequence[Path], files: Iterable[Path], arrows: Iterable[tuple[Path, Path]]
) -> dict[Path, str]:
    """By file: its posix path in the package.

    Args:
        roots: the scene's root layer, then scenarios.
        files: all that they need.
        arrows: which file names which.
    """
    files = sorted(files)
    stack = _stack(roots, set(files))
    homes = _homes(stack, arrows)
    names = _Names()
    target = {file: names.layer(file, roots[0].parent) for file in stack}
    for file in files:
        if file not in target:
            target[file] = names.component(file, homes, {each.parent for each in stack})
    return target


class _Names:
    """Gives each folder a name of its own."""

    def __init__(self) -> None:
        self._taken: dict[str, Path] = {}

    def layer(self, file: Path, folder: Path) -> str:
        if file.is_relative_to(folder):
            return f"{LAYERS}/{file.relative_to(folder).as_posix()}"
        name = self._free(f"{LAYERS}/{file.parent.name or 'far'}", file.parent)
        return f"{name}/{file.name}"

    def component(self, file: Path, homes: set[Path], own: set[Path]) -> str:
        """Of a file that is no layer of the scene's own.

        Args:
            file: the file.
            homes: folders of components.
            own: folders of the scene's own layers, where each layer is a component.
        """
        if file.parent in own:
            if file.suffix not in LAYER_TYPES:
                return f"{self._free(f'{LAYERS}/files', file.parent)}/{file.name}"
            return f"{self._free(f'{COMPONENTS}/{file.stem}', file)}/{file.name}"
        around = [home for home in homes if file.is_relative_to(home)]
        home = min(around, key=lambda each: len(each.parts), default=file.parent)
        name = self._free(f"{COMPONENTS}/{home.name or 'files'}", home)
        return f"{name}/{file.relative_to(home).as_posix()}"

    def _free(self, name: str, of: Path) -> str:
        number, each = 1, name
        while self._taken.setdefault(each, of) != of:
            number += 1
            each = f"{name}_{number}"
        return each


def _stack(roots: Sequence[Path], known: set[Path]) -> list[Path]:
    """The scene's own layers: roots, and all their sublayers."""
    seen: dict[Path, None] = {}
    waiting = list(roots)
    while waiting:
        file = waiting.pop(0)
        if file in seen or file not in known:
            continue
        seen[file] = None
        layer = Sdf.Layer.FindOrOpen(str(file))
        below = [layer.ComputeAbsolutePath(each) for each in layer.subLayerPaths] if layer else []
        waiting += [Path(os.path.normpath(each)) for each in below]
    return list(seen)


def _homes(stack: Sequence[Path], arrows: Iterable[tuple[Path, Path]]) -> set[Path]:
    """Folders of what is referred to from outside of them, except where the scene itself lies."""
    own = {file.parent for file in stack}
    homes = {
        to.parent
        for source, to in arrows
        if to not in stack and (source in stack or not to.is_relative_to(source.parent))
    }
    return homes - own

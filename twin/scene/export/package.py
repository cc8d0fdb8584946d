"""A scene with everything that it refers to, copied to the folders of a package.

Files of a component keep their places to one another, so most copies are byte for byte; only paths
that would no longer lead there are rewritten.
"""

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from pxr import Ar, Sdf, UsdUtils

from twin.errors import Problem, SceneError
from twin.scene.export.components import package_paths

__all__ = ["Package", "gather"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """Where each file of a scene goes, relative to the new folder."""

    roots: tuple[str, ...]  # posix paths in the folder, in the order asked for
    target: dict[Path, str]  # the same for all files, by source
    rewritten: dict[Path, dict[str, str]]  # by source file: asset path -> what it becomes

    def write(self, folder: Path) -> None:
        """Copy all files to a folder."""
        for source, name in self.target.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            changes = self.rewritten.get(source)
            if changes:
                _rewrite(source, path, changes)
            else:
                shutil.copyfile(source, path)


@dataclass(frozen=True, slots=True)
class _Arrow:
    """A layer that names a file."""

    source: Path
    asset: str  # as it is written there; may stand for several files, as in wall.<UDIM>.png
    to: Path

    @property
    def way(self) -> str:
        """The folders in the asset path; inside a package there are none."""
        return str(Ar.SplitPackageRelativePathOuter(self.asset)[0]).rpartition("/")[0]

    def leads(self, target: dict[Path, str]) -> bool:
        """Whether it still leads there, as it is, when all files are at their targets."""
        if Path(self.asset).is_absolute():
            return False
        folder = Path(target[self.source]).parent / self.way
        return os.path.normpath(folder) == os.path.normpath(Path(target[self.to]).parent)

    def renamed(self, target: dict[Path, str]) -> str:
        """The asset path that leads there when all files are at their targets."""
        folder = os.path.relpath(Path(target[self.to]).parent, Path(target[self.source]).parent)
        name = self.asset[len(self.way) :].lstrip("/")
        return f"./{Path(folder).as_posix()}/{name}"


def gather(roots: Sequence[Path]) -> Package:
    """Plan the copy of layers, the scene's root first, and all that they refer to.

    Raises:
        SceneError: a file can't be found.
    """
    arrows: list[_Arrow] = []
    files: set[Path] = set()
    missing: list[Problem] = []
    for root in roots:
        found, lost = _dependencies(root, arrows)
        files |= found
        missing += [
            Problem(root.name, "refers to a file that does not exist", each) for each in lost
        ]
    if missing:
        raise SceneError(missing)
    target = package_paths(roots, files, [(arrow.source, arrow.to) for arrow in arrows])
    rewritten: dict[Path, dict[str, str]] = {}
    for arrow in arrows:
        if not arrow.leads(target):
            rewritten.setdefault(arrow.source, {})[arrow.asset] = arrow.renamed(target)
    named = tuple(target[root] for root in roots)
    return Package(roots=named, target=target, rewritten=rewritten)


def _rewrite(source: Path, path: Path, changes: dict[str, str]) -> None:
    def new_path(asset: str) -> str:
        return changes.get(asset, asset)

    layer = Sdf.Layer.OpenAsAnonymous(str(source))
    UsdUtils.ModifyAssetPaths(layer, new_path)
    layer.Export(str(path))


def _file(path: str) -> Path:
    """The file that a path names, or the package that it is in."""
    return Path(Ar.SplitPackageRelativePathOuter(path)[0])


def _dependencies(root: Path, arrows: list[_Arrow]) -> tuple[set[Path], list[str]]:
    """All files behind a layer, and asset paths that lead nowhere; adds who names whom."""
    seen: list[tuple[Sdf.Layer, str, str]] = []

    def note(layer: Sdf.Layer, info: UsdUtils.DependencyInfo) -> UsdUtils.DependencyInfo:
        seen.extend((layer, info.assetPath, str(each)) for each in info.dependencies)
        seen.append((layer, info.assetPath, info.assetPath))
        return info

    quiet = UsdUtils.CoalescingDiagnosticDelegate()
    try:
        layers, assets, unresolved = cast(
            "tuple[list[Sdf.Layer], list[object], list[object]]",
            UsdUtils.ComputeAllDependencies(Sdf.AssetPath(str(root)), note),
        )
    finally:
        quiet.TakeUncoalescedDiagnostics()
    known = {_file(each.identifier) for each in layers} | {_file(str(each)) for each in assets}
    for layer, asset, each in seen:
        to = _file(layer.ComputeAbsolutePath(each))
        if not Ar.IsPackageRelativePath(layer.identifier) and to in known:
            arrows.append(_Arrow(_file(layer.identifier), asset, to))
    return known, sorted(str(each) for each in unresolved if "${" not in str(each))

"""A scene with everything that it refers to, copied to another folder with relative paths kept.

Files that reach one another by relative paths keep their places to one another, so most copies are
byte for byte. What is referred to by an absolute path goes to a folder beside, and only those
paths are rewritten.
"""

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from pxr import Ar, Sdf, UsdUtils

from twin.errors import Problem, SceneError

__all__ = ["Package", "gather"]

SCENE = "scene"


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

    @property
    def is_relative(self) -> bool:
        """Whether it still leads there when both are moved together."""
        folder = os.path.normpath(self.source.parent / self.way)
        return not Path(self.asset).is_absolute() and Path(folder) == self.to.parent

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
    group = _groups(roots, sorted(files), arrows)
    target = _targets(group, roots[0])
    rewritten: dict[Path, dict[str, str]] = {}
    for arrow in arrows:
        if group[arrow.source] != group[arrow.to] or not arrow.is_relative:
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


def _groups(
    roots: Sequence[Path], files: Sequence[Path], arrows: Sequence[_Arrow]
) -> dict[Path, Path]:
    """By file: one file that stands for all that keep their places to one another."""
    group = {file: file for file in files}

    def leader(file: Path) -> Path:
        while group[file] != file:
            file = group[file]
        return file

    for one, other in _bound(roots[0], files, arrows):
        first, second = sorted((leader(one), leader(other)), key=lambda file: file != roots[0])
        group[second] = first
    return {file: leader(file) for file in files}


def _bound(
    root: Path, files: Sequence[Path], arrows: Sequence[_Arrow]
) -> Iterator[tuple[Path, Path]]:
    """Pairs of files that keep their places to one another."""
    yield from ((arrow.source, arrow.to) for arrow in arrows if arrow.is_relative)
    yield from ((root, file) for file in files if file.is_relative_to(root.parent))


def _targets(group: dict[Path, Path], root: Path) -> dict[Path, str]:
    """The scene's own group goes to one folder, each other to one of its own."""
    target: dict[Path, str] = {}
    leaders = sorted(set(group.values()), key=lambda file: (file != root, file))
    for number, leader in enumerate(leaders):
        members = [file for file, its in group.items() if its == leader]
        top = Path(os.path.commonpath([file.parent for file in members]))
        name = SCENE if number == 0 else f"external_{number}"
        target |= {file: (name / file.relative_to(top)).as_posix() for file in members}
    return target

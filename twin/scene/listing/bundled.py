"""Assets that a list names: bundled ones are copied into the scene, others stay where they lie."""

import os
import shutil
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import cast

from pxr import Sdf, UsdUtils

from twin.data import share_folder
from twin.errors import nearest

__all__ = ["Assets", "asset_names"]

ENDINGS = (".usd", ".usda", ".usdc", ".usdz")


@cache
def asset_names() -> dict[str, Path]:
    """Bundled assets by the names that lists use, such as stations/station, with their files."""
    folder = share_folder() / "assets"
    files = sorted(folder.glob("*/*/*.usda"))
    return {
        file.parent.relative_to(folder).as_posix(): file
        for file in files
        if file.stem == file.parent.name
    }


@dataclass(slots=True)
class Assets:
    """The assets of one list."""

    beside: Path  # the folder of the list, where paths of files begin
    out: Path  # the folder of the scene
    used: set[str] = field(default_factory=set[str])

    def wrong(self, name: str) -> tuple[str, str] | None:
        """Why an asset can't be used, and the way out; it is noted if it can."""
        if name in asset_names():
            self.used.add(name)
            return None
        if Path(name).suffix.lower() not in ENDINGS:
            return "asset must be a bundled one or a USD file", nearest(name, asset_names())
        if not (self.beside / name).is_file():
            return "asset must be a file that is there", f"paths begin at {self.beside}"
        return None

    def path(self, name: str) -> str:
        """The asset path that leads there from the scene's layer."""
        if name in asset_names():
            file = asset_names()[name]
            return f"./{file.relative_to(share_folder()).as_posix()}"
        return Path(os.path.relpath((self.beside / name).resolve(), self.out)).as_posix()

    def copy(self, folder: Path) -> int:
        """Copy the bundled assets, and all that they refer to, into the scene's folder."""
        for name in sorted(self.used):
            for file in _with_dependencies(asset_names()[name]):
                to = folder / file.relative_to(share_folder().resolve())
                to.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, to)
        return len(self.used)


def _with_dependencies(file: Path) -> set[Path]:
    layers, assets, _ = cast(
        "tuple[list[Sdf.Layer], list[object], list[object]]",
        UsdUtils.ComputeAllDependencies(Sdf.AssetPath(str(file))),
    )
    named = [Path(each.realPath) for each in layers] + [Path(str(each)) for each in assets]
    return {each.resolve() for each in named}

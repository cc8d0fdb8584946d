"""A package as one file: all layers composed into one, or all files in a usdz."""

import os
import shutil
from pathlib import Path

from pxr import Sdf, Usd, UsdUtils

from twin.errors import CommandError
from twin.scene.export.layers import EXPORTED
from twin.scene.export.prototypes import with_ordered_prototypes

__all__ = ["flattened", "zipped"]

LONG_AGO = 1_577_880_000  # seconds; noon of 1 January 2020 in UTC, so that time zones say one day


def flattened(folder: Path, root: str, suffix: str) -> str:
    """Replace all layers in a folder by one; returns its name. Files of other kinds stay.

    Args:
        folder: holds an export.
        root: its root layer.
        suffix: usda or usdc.
    """
    stage = Usd.Stage.Open(str(folder / root))
    layer = with_ordered_prototypes(stage.Flatten(addSourceFileComment=False))
    layer.documentation = str(stage.GetRootLayer().documentation)
    layer.customLayerData = {EXPORTED: "twin export 2"}

    def near(asset: str) -> str:
        path = Path(asset)
        inside = path.is_absolute() and path.is_relative_to(folder)
        return f"./{path.relative_to(folder).as_posix()}" if inside else asset

    UsdUtils.ModifyAssetPaths(layer, near)
    name = f"{Path(root).stem}.{suffix}"
    del stage
    _remove_layers(folder)
    layer.Export(str(folder / name))
    return name


def zipped(folder: Path, root: str) -> str:
    """Replace everything in a folder by one usdz; returns its name.

    Raises:
        CommandError: USD can't make a package of it.
    """
    name = f"{Path(root).stem}.usdz"
    files = [each for each in folder.rglob("*") if each.is_file()]
    for each in files:  # their times go into the package
        os.utime(each, (LONG_AGO, LONG_AGO))
    if not UsdUtils.CreateNewUsdzPackage(Sdf.AssetPath(str(folder / root)), str(folder / name)):
        raise CommandError("USD could make no usdz of it; leave out usdz")
    for each in sorted(folder.iterdir()):
        if each.name != name:
            shutil.rmtree(each) if each.is_dir() else each.unlink()
    return name


def _remove_layers(folder: Path) -> None:
    for each in sorted(folder.rglob("*.usd?")):
        if each.suffix in (".usda", ".usdc"):
            each.unlink()
    for each in sorted((each for each in folder.rglob("*") if each.is_dir()), reverse=True):
        if not any(each.iterdir()):
            each.rmdir()

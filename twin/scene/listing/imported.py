"""From a list of equipment to a scene: a folder that `twin check`, `run` and `serve` take."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import cos, radians, sin
from pathlib import Path
from typing import Any, cast

from pxr import Sdf, Tf, Usd, UsdGeom

from twin.core.parameters import Value, parameters
from twin.errors import Problem, SceneError
from twin.plant.declared import ProductParams, RobotParams
from twin.scene.author import apply, link, new_stage, stand
from twin.scene.export.folder import new_folder
from twin.scene.listing.bundled import Assets
from twin.scene.listing.hall import stand_hall
from twin.scene.listing.table import Table, read_table
from twin.scene.listing.things import Thing, things_of

__all__ = ["Made", "import_list"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The scene that was written."""

    scene: Path
    places: int
    things: int  # places included
    assets: int  # bundled ones that were copied


def import_list(
    file: Path,
    out: Path,
    *,
    sheet: str | None = None,
    hall: Path | None = None,
    name: str | None = None,
) -> Made:
    """Write a scene from a list of equipment.

    Args:
        file: CSV or Excel; `twin.scene.listing.things` says what its columns mean.
        out: the folder to write; an earlier import to which nothing was added is replaced.
        sheet: of a workbook; None is the first.
        hall: a USD file that stands around the plant, in any unit and with Y or Z up.
        name: of the plant; None is that of the folder.

    Raises:
        SceneError: lines are wrong, or a file can't be used; every problem by line.
        CommandError: `out` can't be written.
    """
    table = read_table(file, sheet)
    things = things_of(table)
    plant = Tf.MakeValidIdentifier("".join(map(_capital, (name or out.name).split("_"))))
    stem = Tf.MakeValidIdentifier(name or out.name).lower()
    assets = Assets(beside=file.absolute().parent, out=out.absolute())
    problems = [each for thing in things for each in _asset_problems(table, thing, assets)]
    if problems:
        raise SceneError(problems)
    with new_folder(out, {"list": file.name}) as folder:
        count = assets.copy(folder)
        stage = new_stage(folder / f"{stem}.usda", plant)
        author = _Author(stage, f"/{plant}", table, assets)
        for thing in things:
            author.write(thing)
        author.link(things)
        if hall is not None:
            stand_hall(stage, f"/{plant}/Hall", hall, folder)
        stage.GetRootLayer().Save()
        shutil.copyfile(file, folder / file.name)
    places = sum(thing.is_place for thing in things)
    return Made(scene=out / f"{stem}.usda", places=places, things=len(things), assets=count)


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]


def _asset_problems(table: Table, thing: Thing, assets: Assets) -> list[Problem]:
    wrong = assets.wrong(thing.asset) if thing.asset else None
    return [] if wrong is None else [table.problem(thing.row, wrong[0], thing.asset, wrong[1])]


@dataclass(slots=True)
class _Author:
    """Writes things below one root."""

    stage: Usd.Stage
    root: str
    table: Table
    assets: Assets

    def write(self, thing: Thing) -> None:
        """Author one thing; what is above it, if the list does not say, is a group."""
        path = f"{self.root}/{thing.name}"
        for above in Sdf.Path(path).GetParentPath().GetPrefixes():
            if not self.stage.GetPrimAtPath(above):
                UsdGeom.Xform.Define(self.stage, above)
        prim = UsdGeom.Xform.Define(self.stage, path).GetPrim()
        if thing.xyz is not None:
            half = radians(thing.turn) / 2.0
            stand(prim, thing.xyz, (cos(half), 0.0, 0.0, sin(half)))
        if thing.asset:
            self._refer(prim, thing)
        if thing.kind is not None:
            params = thing.kind(**self._values(thing))
            source = f"{self.table.name} line {thing.row.number}"
            apply(prim, params, source=source, confidence="proposal")
        if thing.kind is ProductParams:
            UsdGeom.Imageable(prim).MakeInvisible()

    def _refer(self, prim: Usd.Prim, thing: Thing) -> None:
        """A robot is its asset; of all others it is a child, with a name of its own."""
        target = prim
        if thing.kind not in {None, RobotParams}:
            target = UsdGeom.Xform.Define(self.stage, prim.GetPath().AppendChild("Look")).GetPrim()
        target.GetReferences().AddReference(self.assets.path(thing.asset))

    def _values(self, thing: Thing) -> dict[str, Any]:
        """The parameters of a thing, those that name others with their whole paths."""
        assert thing.kind is not None
        values: dict[str, Value] = dict(thing.values)
        for each in parameters(thing.kind):
            if each.is_relation and each.name in values:
                names = cast("tuple[str, ...]", values[each.name])
                values[each.name] = tuple(f"{self.root}/{name}" for name in names)
        return values

    def link(self, things: list[Thing]) -> None:
        """Author what comes after what: as the list says, else line by line."""
        places = [thing for thing in things if thing.is_place]
        if "next" in self.table.columns:
            self._write_links({thing.name: thing.next for thing in places})
        else:
            line = [thing for thing in places if thing.takes or thing.gives]
            pairs = [pair for pair in pairwise(line) if pair[0].gives and pair[1].takes]
            self._write_links({one.name: (two.name,) for one, two in pairs})

    def _write_links(self, onward: Mapping[str, tuple[str, ...]]) -> None:
        for name, targets in onward.items():
            if targets:
                prim = self.stage.GetPrimAtPath(f"{self.root}/{name}")
                link(prim, *(f"{self.root}/{each}" for each in targets))

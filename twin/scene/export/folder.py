"""The folder of an export: made under another name, and renamed when it is complete.

A file in it lists all others, so that a later export can take its place and nothing else is lost.
"""

import json
import shutil
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import cast

from twin.errors import CommandError

__all__ = ["MARKER", "new_folder"]

MARKER = "export.json"
FORMAT = "twin export 2"
EARLIER = "twin export 1"


@contextmanager
def new_folder(out: Path, notes: dict[str, object]) -> Generator[Path]:
    """A folder to fill, which takes the place of `out` when all went well.

    Args:
        out: does not exist, or is empty, or is an earlier export to which nothing was added.
        notes: what the export was, for its marker file.

    Raises:
        CommandError: `out` is something else, or can't be written.
    """
    out = out.absolute()
    _refuse_foreign(out)
    try:
        partial = _sibling(out)
        partial.mkdir(parents=True)
        try:
            yield partial
            files = sorted(each.relative_to(partial).as_posix() for each in _files(partial))
            marker = {"format": FORMAT, **notes, "files": [*files, MARKER]}
            (partial / MARKER).write_text(json.dumps(marker, indent=1) + "\n", "utf-8")
            _replace(out, partial)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise CommandError(f"{out} can't be written: {reason}; choose another folder") from error


def _sibling(out: Path) -> Path:
    names = (out.with_name(f".{out.name}.partial{number or ''}") for number in count())
    return next(name for name in names if not name.exists())


def _files(folder: Path) -> Iterator[Path]:
    return (each for each in folder.rglob("*") if not each.is_dir())


def _replace(out: Path, partial: Path) -> None:
    if not out.exists():
        partial.rename(out)
        return
    old = _sibling(out)
    out.rename(old)
    partial.rename(out)
    shutil.rmtree(old)


def _refuse_foreign(out: Path) -> None:
    """An earlier export may be replaced; anything that someone else put there may not."""
    if not out.exists() and not out.is_symlink():
        return
    way_out = "choose another folder"
    if not out.is_dir() or out.is_symlink():
        raise CommandError(f"{out} is not a folder; {way_out}")
    own = _listed(out / MARKER)
    foreign = sorted(
        each.relative_to(out).as_posix()
        for each in _files(out)
        if own is None or each.relative_to(out).as_posix() not in own
    )
    if foreign:
        what = "more than an export" if own else "something, and is not an earlier export"
        raise CommandError(f"{out} holds {what}: {foreign[0]}; empty it, or {way_out}")


def _listed(marker: Path) -> set[str] | None:
    """The files of an earlier export, if this is its marker."""
    try:
        content: object = json.loads(marker.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(content, dict):
        return None
    notes = cast("dict[str, object]", content)
    files = notes.get("files")
    if notes.get("format") not in (FORMAT, EARLIER) or not isinstance(files, list):
        return None
    return {str(each) for each in cast("list[object]", files)}

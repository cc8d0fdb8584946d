"""Journals on disk: a folder of three files that any tool can read.

    run.json      what the run was: plant, digest of its scene, seed, replication, ticks, commands,
                  prim paths of the place rows, SHA-256 of the other two files, versions
    events.npy    NumPy format 1.0, structured; columns as in twin.core.record.EVENT
    segments.npy  the same; columns as in twin.motion.SEGMENT

`run.json` is written last and removed first, so a folder that has one is complete.
"""

import io
import json
import os
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from twin import __version__
from twin.core.record import EVENT
from twin.engine.command import Command
from twin.errors import CommandError, TwinError
from twin.journal.column import Rows
from twin.journal.journal import Journal
from twin.motion import SEGMENT
from twin.plant import Plant

__all__ = ["FORMAT", "VERSION", "check_writable", "load", "save"]

FORMAT = "twin.journal"
VERSION = 1  # rises whenever an older reader would misread a folder
HEADER = "run.json"
TABLES = {"events.npy": EVENT, "segments.npy": SEGMENT}


def check_writable(folder: Path) -> None:
    """Ask whether a journal could be saved in a folder, before a long run; this leaves no trace.

    Raises:
        CommandError: the folder can't be made or written to.
    """
    try:
        made = next(each for each in (folder.absolute(), *folder.absolute().parents) if _is(each))
        with tempfile.TemporaryFile(dir=made):
            pass
    except OSError as error:
        raise _not_written(folder, error) from error


def _is(path: Path) -> bool:
    """Whether something is there: a folder, or what stands in the way of one."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def _not_written(folder: Path, error: OSError) -> TwinError:
    return CommandError(f"the journal can't be written to {folder}: {error.strerror}")


def save(journal: Journal, folder: Path) -> int:
    """Write a journal into a folder, which is made if it is missing; an older journal is replaced.

    Returns:
        how many bytes its events and motions take.

    Raises:
        CommandError: the folder can't be written to.
    """
    tables = {"events.npy": journal.events, "segments.npy": journal.segments}
    files = {name: _packed(rows) for name, rows in tables.items()}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / HEADER).unlink(missing_ok=True)
        for name, content in files.items():
            _write(folder / name, content)
        _write(folder / HEADER, json.dumps(_header(journal, files), indent=1).encode())
    except OSError as error:
        raise _not_written(folder, error) from error
    return sum(map(len, files.values()))


def load(folder: Path, plant: Plant) -> Journal:
    """Read the journal of a plant's run from a folder.

    Raises:
        CommandError: the folder holds no complete journal, it is damaged, or is of another plant.
    """
    header = _read_header(folder)
    try:
        _check_plant(folder, header, plant)
        journal = Journal(plant, seed=int(header["seed"]), replication=int(header["replication"]))
        events, segments = (_read_table(folder, name, header["sha256"][name]) for name in TABLES)
        journal.record(events, segments)
        for command in header["commands"]:
            journal.command(Command(**command))
        journal.close(int(header["until"]))
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise _damaged(folder / HEADER, f"{type(error).__name__} {error}") from error
    return journal


def _header(journal: Journal, files: dict[str, bytes]) -> dict[str, Any]:
    commands = [journal.command_of(row) for row in journal.commands]
    return {
        "format": FORMAT,
        "version": VERSION,
        "plant": journal.plant.name,
        "digest": journal.plant.digest,
        "seed": journal.seed,
        "replication": journal.replication,
        "until": journal.until,
        "commands": [
            {name: getattr(each, name) for name in ("tick", "path", "action", "attribute", "value")}
            for each in commands
        ],
        "places": [place.path for place in journal.plant.places],
        "products": [product.name for product in journal.plant.products],
        "sha256": {name: sha256(content).hexdigest() for name, content in files.items()},
        "versions": {"twin": __version__, "numpy": np.__version__},
    }


def _packed(rows: Rows) -> bytes:
    stream = io.BytesIO()
    np.lib.format.write_array(stream, rows, version=(1, 0), allow_pickle=False)
    return stream.getvalue()


def _write(file: Path, content: bytes) -> None:
    """Put a file in place in one step, on the disk before it has its name."""
    partial = file.with_name(f"{file.name}.partial")
    with partial.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(file)


def _read_header(folder: Path) -> dict[str, Any]:
    file = folder / HEADER
    header = _parsed(file)
    if header.get("format") != FORMAT:
        raise CommandError(f'{file} must have "format": "{FORMAT}"; it is not a journal of ours')
    if header.get("version") != VERSION:
        raise CommandError(
            f"{file} version must be {VERSION}, got {header.get('version')}; "
            "read it with the release that wrote it"
        )
    return header


def _parsed(file: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(file.read_bytes()))
    except FileNotFoundError:
        raise CommandError(
            f"{file.parent} holds no {HEADER}: it is no journal, or saving it was interrupted"
        ) from None
    except (TypeError, ValueError) as error:
        raise _damaged(file, str(error)) from error
    except OSError as error:
        raise CommandError(f"{file} can't be read: {error.strerror}") from error


def _check_plant(folder: Path, header: dict[str, Any], plant: Plant) -> None:
    places = [place.path for place in plant.places]
    if header["digest"] != plant.digest or header["places"] != places:
        raise CommandError(
            f"{folder} holds a run of {header['plant']} {header['digest'][:12]}, not of "
            f"{plant.name} {plant.digest[:12]}; open it with the scene that it was made from"
        )


def _read_table(folder: Path, name: str, digest: str) -> Rows:
    file = folder / name
    try:
        content = file.read_bytes()
    except OSError as error:
        raise CommandError(f"{file} can't be read: {error.strerror}") from error
    if sha256(content).hexdigest() != digest:
        raise _damaged(file, f"its SHA-256 is not the one in {HEADER}")
    rows: Rows = np.load(io.BytesIO(content), allow_pickle=False)
    if rows.dtype != TABLES[name]:
        raise _damaged(file, f"its columns are {rows.dtype.names}")
    return rows


def _damaged(file: Path, why: str) -> TwinError:
    return CommandError(f"{file} is damaged: {why}; record the run again")

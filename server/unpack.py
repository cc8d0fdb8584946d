"""What was uploaded becomes plain files: a layer, or what is in an archive.

All names, kinds and sizes in an archive are looked at before anything is written. Packages (.usdz)
are archives too: unpacked, no reader has to look into them, and no path into them has to be
understood.
"""

import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from server.refusal import RefusalError

__all__ = ["LAYERS", "TAKEN", "Unpacked", "unpack"]

LAYERS = (".usda", ".usdc", ".usd")
TAKEN = (*LAYERS, ".png", ".jpg", ".jpeg", ".hdr", ".exr")  # all else is left out

MOST_FILES = 10_000
MOST_BYTES = 512 * 2**20  # unpacked
MOST_LEVELS = 32
LONGEST_NAME, LONGEST_PATH = 200, 800  # bytes
MOST_RATIO = 200  # how many times smaller a file of an archive may be than what is in it
SMALL = 2**20  # bytes up to which the ratio does not matter
CHUNK = 2**16

KINDS = {b"#usd": ".usda", b"PXR-": ".usdc", b"PK\x03\x04": ".zip"}


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What lies in the folder now."""

    root: str  # the root layer, as a path in the folder
    files: int
    size: int  # bytes
    left_out: int  # files that are no layers and no pictures


def unpack(file: Path, into: Path, *, name: str, root: str = "") -> Unpacked:
    """Make plain files of an upload.

    Args:
        file: as it came.
        into: folder, which is made.
        name: of a single layer.
        root: path of the root layer in an archive; empty: the only one that it can be.

    Raises:
        RefusalError: it is neither a layer nor an archive, or one that may not be unpacked.
    """
    with file.open("rb") as stream:
        ending = KINDS.get(stream.read(4))
    into.mkdir()
    if ending is None:
        rule = "an upload must be a .usda, .usdc or .usdz, or a zip of a folder"
        raise RefusalError("invalid", rule)
    if ending == ".zip":
        return _unpack_archive(file, into, root)
    target = into / f"{name}{ending}"
    target.hardlink_to(file)
    return Unpacked(target.name, 1, target.stat().st_size, 0)


def _unpack_archive(file: Path, into: Path, root: str) -> Unpacked:
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            _check(entries)
            wanted = [each for each in entries if _is_taken(each)]
            written = 0
            for entry in wanted:
                written += _write(archive, entry, into, MOST_BYTES - written)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise RefusalError("invalid", f"the archive is damaged: {error}") from None
    except (UnicodeError, ValueError, RuntimeError, FileExistsError, NotADirectoryError) as error:
        raise RefusalError("invalid", f"the archive can't be unpacked: {error}") from None
    layers = [each.filename for each in wanted if each.filename.lower().endswith(LAYERS)]
    files = sum(not each.is_dir() for each in entries)
    return Unpacked(_root(layers, root), len(wanted), written, files - len(wanted))


def _check(entries: list[zipfile.ZipInfo]) -> None:
    """Refuse an archive that holds what no archive of a folder holds.

    Raises:
        RefusalError: see there.
    """
    if len(entries) > MOST_FILES:
        raise RefusalError("too_large", f"an archive has at most {MOST_FILES} files")
    seen: set[str] = set()
    size = 0
    for entry in entries:
        _check_name(entry.orig_filename, entry.filename)
        same = unicodedata.normalize("NFC", entry.filename).casefold().rstrip("/")
        if same in seen:
            _refuse(entry, "is there twice")
        seen.add(same)
        mode = entry.external_attr >> 16
        if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
            _refuse(entry, "is neither a file nor a folder, such as a link")
        if entry.flag_bits & 1:
            _refuse(entry, "is encrypted")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            _refuse(entry, "is compressed in a way that is not read; use deflate")
        if entry.file_size > max(SMALL, MOST_RATIO * entry.compress_size):
            _refuse(entry, f"is compressed more than {MOST_RATIO} times")
        size += entry.file_size
    if size > MOST_BYTES:
        rule = f"an archive has at most {MOST_BYTES >> 20} MiB when it is unpacked"
        raise RefusalError("too_large", f"{rule}, this one {size >> 20}")


def _check_name(original: str, name: str) -> None:
    parts = PurePosixPath(original).parts
    size = len(original.encode("utf-8", "surrogatepass"))
    bad = (
        not original or original != name or original.startswith("/") or ".." in parts
        or "//" in original or "./" in original or any(each in original for each in '\\:"<>|?*')
        or not all(each.isprintable() for each in original)
        or len(parts) > MOST_LEVELS or size > LONGEST_PATH
        or any(len(part.encode("utf-8", "surrogatepass")) > LONGEST_NAME for part in parts)
    )  # fmt: skip
    if bad:
        raise RefusalError("invalid", f"the archive holds {original!r:.120}, which is no safe name")


def _refuse(entry: zipfile.ZipInfo, why: str) -> None:
    raise RefusalError("invalid", f"{entry.filename!r:.120} in the archive {why}")


def _is_taken(entry: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(entry.filename)
    is_hidden = any(part.startswith((".", "__MACOSX")) for part in path.parts)
    return not entry.is_dir() and not is_hidden and path.suffix.lower() in TAKEN


def _write(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, into: Path, room: int) -> int:
    """Write one file; what it really holds counts, not what the archive says."""
    target = into / entry.filename
    target.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with archive.open(entry) as source, target.open("xb") as out:
        while chunk := source.read(CHUNK):
            written += len(chunk)
            if written > min(room, entry.file_size):
                _refuse(entry, "is larger than the archive says")
            out.write(chunk)
    return written


def _root(layers: list[str], asked: str) -> str:
    """Which layer is the scene."""
    if asked:
        if asked not in layers:
            some = ", ".join(layers[:10]) or "none"
            rule = f"the archive holds no layer {asked!r:.120}; its layers are {some}"
            raise RefusalError("not_found", rule)
        return asked
    if not layers:
        raise RefusalError("invalid", f"the archive holds no layer: {', '.join(LAYERS)}")
    level = min(each.count("/") for each in layers)
    highest = [each for each in layers if each.count("/") == level]
    named = [each for each in highest if _is_named_as_its_folder(each)]
    for found in (highest, named):
        if len(found) == 1:
            return found[0]
    raise RefusalError("invalid", f"say which layer is the scene: root={_or(highest)}")


def _is_named_as_its_folder(layer: str) -> bool:
    path = PurePosixPath(layer)
    return path.stem == path.parent.name


def _or(names: Iterable[str]) -> str:
    return " or ".join(list(names)[:10])

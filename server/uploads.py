"""Scenes that engineers have uploaded: kept in a folder, each in one of its own, by name.

    FOLDER/.cache         machine code of the processes that are shut in
    FOLDER/.incoming/...  what is being received and checked; gone after a restart
    FOLDER/NAME/upload.json, body, files/...

The server never looks into an upload: a process that is shut in does, see `server.check`.
"""

import asyncio
import json
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import AsyncIterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from server.errand import do_job
from server.refusal import RefusalError

__all__ = ["CHECK_WITHIN", "MOST_UPLOADS", "ROOM", "Upload", "Uploads"]

MOST_UPLOADS = 64
ROOM = 4 * 2**30  # bytes of all uploads, as they came and unpacked
CHECK_WITHIN = 30.0  # s
AT_ONCE = 2  # uploads that are received or checked
RECORD = "upload.json"
INCOMING = ".incoming"
CACHE = ".cache"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A scene that was uploaded and found sound."""

    name: str
    root: str  # its root layer, as a path in `files`
    sha256: str  # of what was sent
    received: int  # bytes that were sent
    size: int  # bytes of its files
    files: int
    left_out: int  # files of the archive that are no layers and no pictures
    places: int
    plant: str  # the plant's digest
    issuer: str
    created: float  # s since 1970


class Uploads:
    """The uploads of one server; lives in one event loop."""

    def __init__(self, folder: Path | None = None, *, most: int = MOST_UPLOADS) -> None:
        """Find what is there.

        Args:
            folder: where they are kept; None: in a folder that goes with the server.
            most: how many there may be.
        """
        self._is_temporary = folder is None
        name = f"twin-uploads-{os.getpid()}-{secrets.token_hex(8)}"
        self._folder = (folder or Path(tempfile.gettempdir()) / name).resolve()
        self._most = most
        self._busy = 0
        self._uploads: dict[str, Upload] = {}
        shutil.rmtree(self._folder / INCOMING, ignore_errors=True)
        for file in sorted(self._folder.glob(f"*/{RECORD}")):
            with suppress(OSError, ValueError, TypeError):
                upload = Upload(**json.loads(file.read_text("utf-8")))
                self._uploads[upload.name] = upload

    @property
    def cache(self) -> Path:
        """Where processes that are shut in keep machine code: no other process uses it."""
        return self._folder / CACHE

    def close(self) -> None:
        """Remove what goes with the server."""
        if self._is_temporary:
            shutil.rmtree(self._folder, ignore_errors=True)

    def listed(self) -> list[Upload]:
        """All of them, by name."""
        return [self._uploads[name] for name in sorted(self._uploads)]

    def get(self, name: str) -> Upload | None:
        """The one of a name."""
        return self._uploads.get(name)

    def scene(self, name: str) -> Path | None:
        """The root layer of an upload, or None."""
        upload = self._uploads.get(name)
        return None if upload is None else self._folder / name / "files" / upload.root

    def home(self, scene: str) -> str:
        """The folder that a scene must not leave; empty for one that was not uploaded."""
        path = Path(scene)
        if not path.is_relative_to(self._folder) or path == self._folder:
            return ""
        return str(self._folder / path.relative_to(self._folder).parts[0] / "files")

    async def receive(
        self, name: str, chunks: AsyncIterable[bytes], *, root: str, issuer: str
    ) -> Upload:
        """Take an upload in, and check it.

        Args:
            name: of the scene from now on.
            chunks: what is sent.
            root: path of the root layer in an archive; empty: the only one that it can be.
            issuer: who sends it.

        Raises:
            RefusalError: it is not kept, and why; nothing of it is left.
        """
        self._check_room(name)
        if self._busy >= AT_ONCE:
            raise RefusalError("busy", f"{AT_ONCE} uploads are being checked; come again")
        stage = self._folder / INCOMING / secrets.token_hex(6)
        self._busy += 1
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            stage.mkdir(parents=True)
            self.cache.mkdir(exist_ok=True)
            received, digest = await _write(stage / "body", chunks)
            job = {"job": "check", "home": str(stage), "name": name, "root": root}
            told = await _checked(job, stage, str(self.cache))
            upload = Upload(
                name=name, sha256=digest, received=received, issuer=issuer, created=time.time(),
                **told,
            )  # fmt: skip
            await asyncio.to_thread(self._keep, stage, upload)
        except OSError as error:
            raise RefusalError("limit", f"the upload can't be kept: {error.strerror}") from None
        finally:
            self._busy -= 1
            await asyncio.to_thread(shutil.rmtree, stage, ignore_errors=True)
        return upload

    async def delete(self, name: str) -> None:
        """Forget an upload, and remove its files.

        Raises:
            RefusalError: there is none.
        """
        if self._uploads.pop(name, None) is None:
            raise RefusalError("not_found", f"there is no uploaded scene {name!r:.80}")
        (self._folder / INCOMING).mkdir(exist_ok=True)
        gone = self._folder / INCOMING / secrets.token_hex(6)
        (self._folder / name).rename(gone)
        await asyncio.to_thread(shutil.rmtree, gone, ignore_errors=True)

    def _check_room(self, name: str) -> None:
        """Whether one more may come.

        Raises:
            RefusalError: the name is taken, or there are too many.
        """
        if name in self._uploads:
            raise RefusalError("refused", f"there is a scene {name!r} already; delete it first")
        if len(self._uploads) >= self._most:
            raise RefusalError("limit", f"there are {self._most} uploads already; delete one")
        if sum(each.received + each.size for each in self._uploads.values()) >= ROOM:
            raise RefusalError("limit", f"all uploads have {ROOM >> 20} MiB already; delete one")

    def _keep(self, stage: Path, upload: Upload) -> None:
        """Put a sound upload in its place; it can't be changed there by accident."""
        for file in (stage / "files").rglob("*"):
            if file.is_file() and not file.is_symlink():
                file.chmod(0o444)
        (stage / "body").unlink()
        (stage / RECORD).write_text(json.dumps(asdict(upload)), encoding="utf-8")
        self._check_room(upload.name)  # others may have come meanwhile
        stage.rename(self._folder / upload.name)
        self._uploads[upload.name] = upload


async def _write(file: Path, chunks: AsyncIterable[bytes]) -> tuple[int, str]:
    """Write what comes; its number of bytes and its hash."""
    size, digest = 0, sha256()
    with file.open("xb") as out:
        async for chunk in chunks:
            size += len(chunk)
            digest.update(chunk)
            await asyncio.to_thread(out.write, chunk)
    return size, digest.hexdigest()


async def _checked(job: dict[str, Any], stage: Path, cache: str) -> dict[str, Any]:
    """What a check says, in the types that it must have: it may have been taken over."""
    try:
        told = await do_job({**job, "cache": cache}, within=CHECK_WITHIN, what="checks it")
    except RefusalError as error:
        if error.code == "ended":
            rule = "the scene takes more time or memory than it may, or USD's readers fail on it"
            raise RefusalError("scene", f"{rule}: {error}") from None
        raise
    names = ("size", "files", "left_out", "places")
    root = str(told.get("root"))
    numbers = {name: told.get(name) for name in names}
    is_sound = all(isinstance(each, int) for each in numbers.values())
    home = stage / "files"
    if not is_sound or not (home / root).resolve().is_relative_to(home):
        raise RefusalError("scene", "the check of the upload has gone wrong")
    return {"root": root, "plant": str(told.get("plant"))[:128], **numbers}

"""Where the Parquet of a run's motion lies: files in a folder, or rows of the database."""

import os
from collections.abc import Collection
from pathlib import Path
from typing import Protocol

from twin.errors import RunError

__all__ = ["Files", "Inside", "Telemetry", "sync_folder"]


class Telemetry(Protocol):
    """Keeps contents by number; what is kept is on the disk when `put` returns."""

    def put(self, number: int, content: bytes) -> bytes | None:
        """Keep a content; returns what the database's row must hold of it."""
        ...

    def get(self, number: int, inside: bytes | None) -> bytes:
        """A content, given what the database's row holds.

        Raises:
            RunError: it is gone.
        """
        ...

    def keep_only(self, numbers: Collection[int]) -> None:
        """Remove all others."""
        ...


class Inside:
    """All is in the database."""

    def put(self, number: int, content: bytes) -> bytes | None:  # noqa: ARG002
        return content

    def get(self, number: int, inside: bytes | None) -> bytes:
        if inside is None:
            raise RunError(f"motion {number} is gone from the database")
        return inside

    def keep_only(self, numbers: Collection[int]) -> None:
        pass


class Files:
    """A file NUMBER.parquet each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, number: int, content: bytes) -> bytes | None:
        """Keep a content in a file.

        Raises:
            RunError: it can't be written.
        """
        file = self._file(number)
        partial = file.with_suffix(".partial")
        try:
            self._folder.mkdir(exist_ok=True)
            with partial.open("wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            partial.replace(file)
            sync_folder(self._folder)
        except OSError as error:
            raise RunError(f"{file} can't be written: {error.strerror}") from error
        return None

    def get(self, number: int, inside: bytes | None) -> bytes:  # noqa: ARG002
        try:
            return self._file(number).read_bytes()
        except OSError as error:
            raise RunError(f"{self._file(number)} can't be read: {error.strerror}") from error

    def keep_only(self, numbers: Collection[int]) -> None:
        """Remove all other files: those dropped, and those that a crash left unfinished."""
        kept = {self._file(number).name for number in numbers}
        for file in self._folder.glob("*"):
            if file.name not in kept:
                file.unlink(missing_ok=True)

    def _file(self, number: int) -> Path:
        return self._folder / f"{number:08d}.parquet"


def sync_folder(folder: Path) -> None:
    """Put a folder's names on the disk, where the system can."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except PermissionError:  # Windows opens no folders, and needs no such thing
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

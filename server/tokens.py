"""Tokens: who may connect, as a file that is read again whenever it changes."""

import hashlib
import hmac
import json
import os
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from server.access import Caller, Role
from twin.errors import CommandError

__all__ = ["LONGEST_SECRET", "Token", "Tokens", "add_token"]

BYTES = 32  # of a secret: 256 random bits need no slow hash
LONGEST_SECRET = 128  # characters
DAY = 86400.0  # s
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]


class Token(BaseModel):
    """One token, without its secret."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    name: Name
    role: Annotated[str, Field(pattern="^(viewer|operator|engineer)$")]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    expires: float | None = None  # s since 1970; None: never


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    tokens: list[Token]


class Tokens:
    """The tokens of a file, as it is now."""

    def __init__(self, file: Path, clock: Callable[[], float] = time.time) -> None:
        """Read a file.

        Args:
            file: what `add_token` writes.
            clock: seconds since 1970.

        Raises:
            CommandError: it can't be read, or is wrong.
        """
        self._file = file
        self._clock = clock
        self._stamp = _stamp(file)
        self._tokens = _read(file)
        self.error = ""
        """Why the file could not be read again; nobody may connect then."""

    def caller(self, secret: str) -> tuple[Caller, Token] | None:
        """Who has a secret; None: nobody, or no longer.

        How long this takes tells nothing of what is in the file.
        """
        self._refresh()
        digest = _digest(secret)
        found: Token | None = None
        for token in self._tokens:
            if hmac.compare_digest(token.sha256, digest):
                found = token
        if found is None or self._is_over(found):
            return None
        return Caller(found.name, Role[found.role.upper()]), found

    def holds(self, token: Token) -> bool:
        """Whether a token is still in the file as it was, and has not expired."""
        self._refresh()
        return token in self._tokens and not self._is_over(token)

    def _is_over(self, token: Token) -> bool:
        return token.expires is not None and self._clock() >= token.expires

    def _refresh(self) -> None:
        stamp = _stamp(self._file)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self._tokens, self.error = _read(self._file), ""
        except CommandError as error:
            self._tokens, self.error = [], str(error)


def add_token(file: Path, name: str, role: str, days: float | None = None) -> str:
    """Add a token to a file, which is made if there is none; returns the secret.

    Raises:
        CommandError: the name is taken, or an argument or the file is wrong.
    """
    tokens = _read(file) if file.exists() else []
    if any(token.name == name for token in tokens):
        raise CommandError(
            f"{file} has a token {name!r} already; remove its entry, or name another"
        )
    if days is not None and not 0 < days <= 36500:
        raise CommandError(f"days must be > 0 and <= 36500, got {days:g}")
    secret = secrets.token_urlsafe(BYTES)
    expires = None if days is None else time.time() + days * DAY
    try:
        token = Token(name=name, role=role, sha256=_digest(secret), expires=expires)
    except ValidationError as error:
        raise CommandError(f"token {name!r:.80}: {_first(error)}") from None
    body = _File(tokens=[*tokens, token]).model_dump()
    new = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            json.dump(body, out, indent=2)
            out.write("\n")
        new.replace(file)
    except OSError as error:
        raise CommandError(f"can't write {file}: {error.strerror}") from None
    return secret


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _stamp(file: Path) -> tuple[int, int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _read(file: Path) -> list[Token]:
    way_out = "`twin token NAME --role ROLE` makes one"
    try:
        return _File.model_validate_json(file.read_bytes()).tokens
    except OSError as error:
        raise CommandError(f"can't read the tokens {file}: {error.strerror}; {way_out}") from None
    except ValidationError as error:
        raise CommandError(f"the tokens {file} are wrong: {_first(error)}; {way_out}") from None


def _first(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    return f"{'.'.join(str(each) for each in first['loc'])}: {first['msg']}"

"""What clients may ask, as they write it: JSON objects with an `op` and an `id`."""

from typing import Annotated, Literal, TypeAlias, cast

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core import from_json

from twin.errors import CommandError, nearest

__all__ = [
    "LONGEST",
    "Act",
    "Ask",
    "Jump",
    "Pause",
    "Ping",
    "Play",
    "Reset",
    "SetSpeed",
    "id_of",
    "parse",
    "read",
]

LONGEST = 8192  # characters of a message
LARGEST = 1e9  # of a command's value, either way


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, allow_inf_nan=False)

    id: int = Field(ge=0, le=2**53)


class Play(_Message):
    """Let time run."""

    op: Literal["play"]


class Pause(_Message):
    """Let time stand."""

    op: Literal["pause"]


class Reset(_Message):
    """Begin the run again."""

    op: Literal["reset"]


class SetSpeed(_Message):
    """Show so many simulated seconds per second."""

    op: Literal["speed"]
    value: float


class Jump(_Message):
    """Go forward by simulated seconds."""

    op: Literal["jump"]
    seconds: float


class Act(_Message):
    """Do something to a place; without a value a failure lasts as it does on average."""

    op: Literal["command"]
    path: str
    action: str
    attribute: str = ""
    value: float | None = Field(default=None, ge=-LARGEST, le=LARGEST)


class Ping(_Message):
    """Ask for the server's clock; `client` [ms] comes back as it is."""

    op: Literal["ping"]
    client: float


Ask: TypeAlias = Play | Pause | Reset | SetSpeed | Jump | Act | Ping

OPS = ("play", "pause", "reset", "speed", "jump", "command", "ping")
ASK: TypeAdapter[Ask] = TypeAdapter(Annotated[Ask, Field(discriminator="op")])


def read(text: str) -> dict[str, object]:
    """Read a message as a JSON object.

    Raises:
        CommandError: it is none, or too long.
    """
    if len(text) > LONGEST:
        raise CommandError(f"a message has at most {LONGEST} characters, got {len(text)}")
    try:
        message = from_json(text, allow_inf_nan=False)
    except ValueError as error:
        raise CommandError(f"a message must be JSON: {error}") from None
    if not isinstance(message, dict):
        raise CommandError('a message must be a JSON object such as {"op": "play", "id": 1}')
    return cast("dict[str, object]", message)


def id_of(message: dict[str, object]) -> int | None:
    """The id to answer to, if it has a proper one."""
    number = message.get("id")
    return number if isinstance(number, int) and not isinstance(number, bool) else None


def parse(message: dict[str, object]) -> Ask:
    """Say what a message asks for.

    Raises:
        CommandError: it asks for nothing that there is, or lacks something.
    """
    op = message.get("op")
    if op not in OPS:
        raise CommandError(f"there is no op {op!r}; {nearest(str(op), OPS)}")
    try:
        return ASK.validate_python(message)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        field = ".".join(str(each) for each in first["loc"][1:])
        raise CommandError(f"{op} {field}: {first['msg']}, got {first['input']!r:.80}") from None

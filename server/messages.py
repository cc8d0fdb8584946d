"""What clients may ask, as they write it: JSON objects with an `op` and an `id`."""

from typing import Annotated, Any, Literal, TypeAlias, cast

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core import from_json

from server.refusal import RefusalError
from twin.errors import nearest

__all__ = ["LONGEST", "OPS", "Ask", "Attach", "Detach", "Drive", "HandOver", "Ping", "Release"]
__all__ += ["Subscribe", "fields_of", "id_of", "parse", "read"]

LONGEST = 8192  # characters of a message
LARGEST = 1e9  # of a command's value, either way
LONGEST_PATH = 1024  # characters
LONGEST_WORD = 128  # characters of a key, an attribute, a name

Path = Annotated[str, Field(max_length=LONGEST_PATH)]
Word = Annotated[str, Field(max_length=LONGEST_WORD)]
Seconds = Annotated[float, Field(ge=0, le=LARGEST)]


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
    """Show so many simulated seconds per second, or as many as possible."""

    op: Literal["speed"]
    value: float | Literal["max"]


class Jump(_Message):
    """Go forward by simulated seconds."""

    op: Literal["jump"]
    seconds: float


class Step(_Message):
    """Pause, and go forward by simulated seconds, or by events."""

    op: Literal["step"]
    seconds: float | None = None
    events: int | None = None


class Seek(_Message):
    """Show another time of the run's past, by tick or in seconds since its beginning."""

    op: Literal["seek"]
    tick: int | None = Field(default=None, ge=0, le=2**62)
    seconds: float | None = Field(default=None, ge=0, le=LARGEST)


class GoLive(_Message):
    """Show the farthest time that the run has reached."""

    op: Literal["live"]


class Act(_Message):
    """Command equipment; without a value a failure lasts as it does on average."""

    op: Literal["command"]
    path: Path = ""
    action: Word
    attribute: Word = ""
    value: float | None = Field(default=None, ge=-LARGEST, le=LARGEST)
    key: Word = ""
    correlation: Word = ""


class Ping(_Message):
    """Ask for the server's clock; `client` [ms] comes back as it is."""

    op: Literal["ping"]
    client: float


class Subscribe(_Message):
    """Read only what lies at or below prim paths; none is everything."""

    op: Literal["subscribe"]
    paths: list[Path] = Field(max_length=LONGEST_WORD)
    poses: float = 0.0


class LockStep(_Message):
    """Let the run wait for this client at every multiple of a step [s]."""

    op: Literal["lockstep"]
    step: float
    patience: float | None = None


class DoneStep(_Message):
    """This client has all it wants of what was up to a tick: the run may go on."""

    op: Literal["done"]
    tick: int = Field(ge=0, le=2**62)


class Unlock(_Message):
    """Let the run wait for this client no longer."""

    op: Literal["unlock"]


class Attach(_Message):
    """Look at another run."""

    op: Literal["attach"]
    run: Word


class Detach(_Message):
    """Look at this run in a time of one's own: a fork that is gone when one leaves it."""

    op: Literal["detach"]


class Drive(_Message):
    """Let nobody else change the time for some seconds."""

    op: Literal["drive"]
    seconds: Seconds


class Release(_Message):
    """Let others change the time again."""

    op: Literal["release"]


class HandOver(_Message):
    """Let another client drive, by the name that its hello gave."""

    op: Literal["handover"]
    to: Word


Ask: TypeAlias = (
    Play | Pause | Reset | SetSpeed | Jump | Step | Seek | GoLive | Act | Ping
    | Subscribe | Attach | Detach | Drive | Release | HandOver | LockStep | DoneStep | Unlock
)  # fmt: skip

OPS = (
    "play", "pause", "reset", "speed", "jump", "step", "seek", "live", "command", "ping",
    "subscribe", "attach", "detach", "drive", "release", "handover",
    "lockstep", "done", "unlock",
)  # fmt: skip
ASK: TypeAdapter[Ask] = TypeAdapter(Annotated[Ask, Field(discriminator="op")])


def read(text: str) -> dict[str, object]:
    """Read a message as a JSON object.

    Raises:
        RefusalError: it is none, or too long.
    """
    if len(text) > LONGEST:
        rule = f"a message has at most {LONGEST} characters, got {len(text)}"
        raise RefusalError("invalid", rule)
    try:
        message = from_json(text, allow_inf_nan=False)
    except ValueError as error:
        raise RefusalError("invalid", f"a message must be JSON: {error}") from None
    if not isinstance(message, dict):
        rule = 'a message must be a JSON object such as {"op": "play", "id": 1}'
        raise RefusalError("invalid", rule)
    return cast("dict[str, object]", message)


def id_of(message: dict[str, object]) -> int | None:
    """The id to answer to, if it has a proper one."""
    number = message.get("id")
    return number if isinstance(number, int) and not isinstance(number, bool) else None


def parse(message: dict[str, object]) -> Ask:
    """Say what a message asks for.

    Raises:
        RefusalError: it asks for nothing that there is, or lacks something.
    """
    op = message.get("op")
    if op not in OPS:
        raise RefusalError("invalid", f"there is no op {op!r:.80}; {nearest(str(op)[:80], OPS)}")
    try:
        return ASK.validate_python(message)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        field = ".".join(str(each) for each in first["loc"][1:])
        rule = f"{op} {field}: {first['msg']}, got {first['input']!r:.80}"
        raise RefusalError("invalid", rule) from None


def fields_of(ask: Ask) -> dict[str, Any]:
    """What an operation is given besides its name; what was left out is left out."""
    return ask.model_dump(exclude={"id", "op"}, exclude_none=True)

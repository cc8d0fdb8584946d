"""The messages of Foxglove's WebSocket protocol, version 1, as far as they are spoken here.

JSON text for control, binary for data; see https://github.com/foxglove/ws-protocol for all but
playback control, and the sources of the Foxglove SDK for that.
"""

import json
from collections.abc import Iterable, Mapping
from enum import IntEnum
from math import isfinite
from struct import Struct, error
from typing import Annotated, Any, Literal, NamedTuple, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from server.refusal import RefusalError
from twin.foxglove import CHANNELS

__all__ = [
    "PROTOCOLS",
    "WITH_CONTROLS",
    "Call",
    "FetchAsset",
    "Level",
    "Playback",
    "Status",
    "Subscribe",
]
__all__ += ["Unsubscribe", "advertise", "asset", "called", "data_head", "not_called", "playback"]
__all__ += ["read_binary", "read_text", "status", "time"]

WITH_CONTROLS = "foxglove.sdk.v1"  # knows playback control
PROTOCOLS = (WITH_CONTROLS, "foxglove.websocket.v1")
MOST_IDS = 256  # in one message
LONGEST_URI = 1024
LONGEST_ID = 256  # bytes of a request's id

DATA, TIME, CALLED, ASSET, STATE = 1, 2, 3, 4, 5  # from here
CALL, CONTROL = 2, 3  # from there
DATA_HEAD = Struct("<BIQ")  # opcode, subscription, nanoseconds
TIME_MESSAGE = Struct("<BQ")
CALL_HEAD = Struct("<BIII")  # opcode, service, call, length of the encoding's name
ASSET_HEAD = Struct("<BIBI")  # opcode, request, status, length of the error
CONTROL_HEAD = Struct("<BBfBQI")  # opcode, command, speed, has seek, nanoseconds, length of the id
STATE_HEAD = Struct("<BBQfBI")  # opcode, status, nanoseconds, speed, did seek, length of the id

Number = Annotated[int, Field(ge=0, lt=2**32)]


class Level(IntEnum):
    """How serious a status is."""

    INFO = 0
    WARNING = 1
    ERROR = 2


class Status(IntEnum):
    """Of a run's time."""

    PLAYING = 0
    PAUSED = 1


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True)


class Subscription(_Message):
    """A channel, and the client's own number for it."""

    id: Number
    channelId: Number  # noqa: N815 - the protocol's name


class Subscribe(_Message):
    """Send messages of channels."""

    op: Literal["subscribe"]
    subscriptions: Annotated[tuple[Subscription, ...], Field(max_length=MOST_IDS, strict=False)]


class Unsubscribe(_Message):
    """Send them no longer."""

    op: Literal["unsubscribe"]
    subscriptionIds: Annotated[  # noqa: N815
        tuple[Number, ...], Field(max_length=MOST_IDS, strict=False)
    ]


class FetchAsset(_Message):
    """Send what is at an address."""

    op: Literal["fetchAsset"]
    uri: Annotated[str, Field(max_length=LONGEST_URI)]
    requestId: Number  # noqa: N815


class Call(NamedTuple):
    """A call of a service."""

    service: int
    number: int
    fields: dict[str, Any]


class Playback(NamedTuple):
    """What a client's time controls ask for."""

    play: bool
    speed: float
    seek: int | None  # nanoseconds
    request: str


Text: TypeAlias = Subscribe | Unsubscribe | FetchAsset
_TEXTS: TypeAdapter[Text] = TypeAdapter(Annotated[Text, Field(discriminator="op")])


def read_text(text: str) -> Text:
    """Read a text message.

    Raises:
        RefusalError: it is malformed, or asks for what is not offered.
    """
    try:
        return _TEXTS.validate_json(text)
    except ValidationError as problem:
        first = problem.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise RefusalError("invalid", f"{where}: {first['msg']}"[:200]) from None


def read_binary(data: bytes) -> Call | Playback:
    """Read a binary message.

    Raises:
        RefusalError: it is malformed, or asks for what is not offered.
    """
    try:
        if data[:1] == bytes([CALL]):
            return _call(data)
        if data[:1] == bytes([CONTROL]):
            return _control(data)
    except (error, ValueError, RecursionError):
        raise RefusalError("invalid", "a binary message is cut off or malformed") from None
    raise RefusalError("invalid", "clients can't publish here; known are opcodes 2 and 3")


def _call(data: bytes) -> Call:
    _, service, number, length = CALL_HEAD.unpack_from(data)
    begin = CALL_HEAD.size + length
    if data[CALL_HEAD.size : begin] != b"json":
        raise RefusalError("invalid", "services speak json")
    fields = json.loads(data[begin:] or b"{}")
    if not isinstance(fields, dict):
        raise RefusalError("invalid", "a service wants a JSON object")
    return Call(service, number, fields)


def _control(data: bytes) -> Playback:
    _, command, speed, has_seek, seek, length = CONTROL_HEAD.unpack_from(data)
    request = data[CONTROL_HEAD.size :]
    if command > 1 or length > LONGEST_ID or len(request) < length or not isfinite(speed):
        raise ValueError(command)
    name = request[:length].decode()
    return Playback(command == 0, round(speed, 6), seek if has_seek else None, name)


def status(level: Level, message: str) -> str:
    """Something for the user to read."""
    return json.dumps({"op": "status", "level": int(level), "message": message})


def advertise() -> str:
    """The channels that there are."""
    from base64 import b64encode

    rows = [
        {
            "id": int(channel), "topic": spec.topic, "encoding": spec.encoding,
            "schemaName": spec.schema_name, "schemaEncoding": spec.schema_encoding,
            "schema": b64encode(spec.schema).decode() if spec.encoding == "protobuf"
            else spec.schema.decode(),
        }
        for channel, spec in CHANNELS.items()
    ]  # fmt: skip
    return json.dumps({"op": "advertise", "channels": rows})


def data_head(subscription: int, nanoseconds: int) -> bytes:
    """What comes before a message's payload."""
    return DATA_HEAD.pack(DATA, subscription, nanoseconds)


def time(nanoseconds: int) -> bytes:
    """The run's time."""
    return TIME_MESSAGE.pack(TIME, nanoseconds)


def playback(
    state: Status, nanoseconds: int, speed: float, *, did_seek: bool = False, request: str = ""
) -> bytes:
    """How the run's time goes; `request` names what is answered."""
    name = request.encode()
    return STATE_HEAD.pack(STATE, state, nanoseconds, speed, did_seek, len(name)) + name


def called(call: Call, fields: Mapping[str, Any]) -> bytes:
    """What came of a call."""
    head = CALL_HEAD.pack(CALLED, call.service, call.number, 4)
    return head + b"json" + json.dumps(fields, separators=(",", ":")).encode()


def not_called(call: Call, message: str) -> str:
    """Why a call was not carried out."""
    return json.dumps(
        {
            "op": "serviceCallFailure", "serviceId": call.service, "callId": call.number,
            "message": message,
        }
    )  # fmt: skip


def asset(request: int, data: bytes | None, why: str = "") -> Iterable[bytes]:
    """What is at an address, or why nothing is, in pieces."""
    words = why.encode()
    return ASSET_HEAD.pack(ASSET, request, data is None, len(words)), data or words

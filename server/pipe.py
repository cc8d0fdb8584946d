"""Messages between the server and the process of a run: a 12-byte header, then the body.

The body of a FRAME is the frame. All others have a JSON object, and any number of byte strings
behind it. Nothing is pickled: a process that opens foreign scenes must not be able to do more than
send data.
"""

import json
from collections.abc import Sequence
from enum import IntEnum
from struct import Struct
from typing import Any, NamedTuple, cast

from twin.errors import TwinError

__all__ = ["HEADER", "MOST", "Kind", "Message", "PipeError", "pack", "pack_frame", "size_of"]
__all__ += ["unpack"]

HEADER = Struct("<IHHI")  # bytes of the body, kind, topic, number
LENGTH = Struct("<I")
MOST = 2**30  # bytes of a body


class Kind(IntEnum):
    """What a message is."""

    BEGIN = 1  # to the process: its spec
    REQUEST = 2  # to the process: number, op and fields
    REPLY = 3  # to the server: what a request came to
    READY = 4  # to the server: it runs; with the scene pack
    FAILED = 5  # to the server: it can't be run, and why
    STATUS = 6  # to the server: how it goes, from time to time
    FRAME = 7  # to the server: a frame of a topic; number is its seq
    CHECKED = 8  # to the server: its scene is sound; it is prepared now


class PipeError(TwinError):
    """Bytes that are not a message between the server and a run."""


class Message(NamedTuple):
    """One message."""

    kind: Kind
    topic: int
    number: int
    head: dict[str, Any]
    blobs: list[bytes]


def pack(
    kind: Kind, number: int = 0, head: dict[str, Any] | None = None, blobs: Sequence[bytes] = ()
) -> bytes:
    """The bytes of a message that is not a frame."""
    text = json.dumps(head or {}, separators=(",", ":"), allow_nan=False).encode()
    parts = [text, *blobs]
    body = b"".join(piece for part in parts for piece in (LENGTH.pack(len(part)), part))
    return HEADER.pack(len(body), kind, 0, number) + body


def pack_frame(topic: int, seq: int, data: bytes) -> bytes:
    """The bytes of a frame's message."""
    return HEADER.pack(len(data), Kind.FRAME, topic, seq) + data


def size_of(header: bytes) -> int:
    """How many bytes of body follow a header.

    Raises:
        PipeError: too many.
    """
    size = HEADER.unpack(header)[0]
    if size > MOST:
        raise PipeError(f"a message has at most {MOST} bytes, got {size}")
    return size


def unpack(header: bytes, body: bytes) -> Message:
    """Read a message.

    Raises:
        PipeError: these are not the bytes of one.
    """
    _, code, topic, number = HEADER.unpack(header)
    if code not in iter(Kind):
        raise PipeError(f"a message's kind must be 1 to {max(Kind):d}, got {code}")
    kind = Kind(code)
    if kind is Kind.FRAME:
        return Message(kind, topic, number, {}, [body])
    text, *blobs = _parts(body)
    try:
        head = json.loads(text)
    except ValueError as error:
        raise PipeError(f"a message must hold JSON: {error}") from None
    if not isinstance(head, dict):
        raise PipeError("a message must hold a JSON object")
    return Message(kind, topic, number, cast("dict[str, Any]", head), blobs)


def _parts(body: bytes) -> list[bytes]:
    parts: list[bytes] = []
    at = 0
    while at < len(body):
        if at + LENGTH.size > len(body):
            raise PipeError("a message is cut off")
        (length,) = LENGTH.unpack_from(body, at)
        at += LENGTH.size
        if at + length > len(body):
            raise PipeError("a message is cut off")
        parts.append(body[at : at + length])
        at += length
    if not parts:
        raise PipeError("a message must hold a JSON object")
    return parts

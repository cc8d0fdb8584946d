"""Frames of WebSockets as they may be and as they may not, for raw sockets."""

import base64
import os
import socket as sockets
import struct
from collections.abc import Iterator

from tests.server.serving import TIMEOUT

__all__ = ["ALLOWED", "FORBIDDEN", "close_code", "frame", "frames", "upgrade"]

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


def frame(opcode: int, body: bytes = b"", *, head: int = 0x80, masked: bool = True) -> bytes:
    """A frame; `head` has the bits FIN and RSV1 to 3."""
    size, mask = len(body), 0x80 * masked
    if size < 126:
        length = bytes([size | mask])
    elif size < 65536:
        length = bytes([126 | mask]) + struct.pack(">H", size)
    else:
        length = bytes([127 | mask]) + struct.pack(">Q", size)
    return bytes([head | opcode]) + length + (bytes(4) if masked else b"") + body


def code(number: int, reason: bytes = b"") -> bytes:
    """A close frame."""
    return frame(CLOSE, struct.pack(">H", number) + reason)


def _forbidden() -> Iterator[tuple[str, bytes, int]]:
    for opcode in (TEXT, BINARY, CLOSE, PING, PONG):
        yield f"opcode {opcode} not masked", frame(opcode, masked=False), 1002
    for bits in range(1, 8):
        yield f"reserved bits {bits}", frame(TEXT, b"{}", head=0x80 | bits << 4), 1002
    for opcode in (BINARY, CLOSE, PING):
        yield f"reserved bit of opcode {opcode}", frame(opcode, head=0xC0), 1002
    for opcode in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15):
        yield f"unknown opcode {opcode}", frame(opcode), 1002
    for opcode in (CLOSE, PING, PONG):
        yield f"opcode {opcode} of 126 bytes", frame(opcode, b"x" * 126), 1002
        yield f"opcode {opcode} in parts", frame(opcode, head=0), 1002
    yield "continuation of nothing", frame(0, b"x"), 1002
    yield "continuation of nothing that goes on", frame(0, b"x", head=0), 1002
    yield "continuation of what has ended", frame(TEXT, b"{}") + frame(0, b"x"), 1002
    for opcode in (TEXT, BINARY):
        yield f"opcode {opcode} within text", frame(TEXT, head=0) + frame(opcode), 1002
    broken = {
        "no text": b"\xff\xfe{}", "cut": '"é'.encode()[:-1], "continuation alone": b"\x80",
        "overlong slash": b"\xc0\xaf", "overlong null": b"\xe0\x80\x80",
        "surrogate": b"\xed\xa0\x80",
        "beyond U+10FFFF": b"\xf4\x90\x80\x80", "five bytes": b"\xf8\x88\x80\x80\x80",
    }  # fmt: skip
    for name, body in broken.items():
        yield f"text of {name}", frame(TEXT, body), 1007
    yield "broken over two parts", frame(TEXT, b"\xc3", head=0) + frame(0, b"x"), 1007
    yield "close of one byte", frame(CLOSE, b"x"), 1002
    for number in (0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535):
        yield f"close code {number}", code(number), 1002
    yield "close of broken text", code(1000, b"\xff"), 1007
    part = frame(0, b"x" * 1000, head=0)
    yield "70 kB in parts", frame(TEXT, head=0) + part * 70, 1009
    yield "10 MB", frame(TEXT, b"x" * 10_000_000), 1009
    yield "10 MB, binary", frame(BINARY, b"x" * 10_000_000), 1009
    for bits in (62, 63):
        long = struct.pack(">Q", 2**bits)
        yield (
            f"length 2^{bits}",
            bytes([0x81, 0xFF]) + long + bytes(4),
            1002 if bits == 63 else 1009,
        )


FORBIDDEN = {name: (data, closes) for name, data, closes in _forbidden()}

ALLOWED = {
    f"close code {number}": (code(number, b"bye"), number)
    for number in (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1011, 3000, 3999, 4000, 4999)
}


def upgrade(port: int) -> sockets.socket:
    """A raw socket that has become a WebSocket of our protocol."""
    raw = sockets.create_connection(("127.0.0.1", port), timeout=TIMEOUT)
    key = base64.b64encode(os.urandom(16)).decode()
    raw.sendall(
        (
            "GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Protocol: twin.v1\r\n\r\n"
        ).encode()
    )
    head = b""
    while b"\r\n\r\n" not in head:
        head += raw.recv(1)
    assert head.startswith(b"HTTP/1.1 101"), head
    return raw


def frames(raw: sockets.socket) -> Iterator[tuple[int, bytes]]:
    """What the server sends, until it hangs up: opcodes and bodies."""
    with raw.makefile("rb") as source:
        try:
            while len(head := source.read(2)) == 2:
                size = head[1] & 0x7F
                if size == 126:
                    (size,) = struct.unpack(">H", source.read(2))
                elif size == 127:
                    (size,) = struct.unpack(">Q", source.read(8))
                yield head[0] & 0x0F, source.read(size)
        except ConnectionError:
            pass


def close_code(raw: sockets.socket) -> int | None:
    """The code with which the server closes; None if it only hangs up."""
    with raw:
        for opcode, body in frames(raw):
            if opcode == CLOSE:
                return struct.unpack_from(">H", body)[0]
    return None

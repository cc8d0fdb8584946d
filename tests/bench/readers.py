"""Clients that read and forget: `python -m tests.bench.readers`, a process of their own.

They do as little as a client can, so that many fit on one core: a handshake on a plain socket, then
lengths of frames, and an answer to each ping. When all are connected and up to date they say so on
the standard output; a line on the standard input begins the measurement.
"""

import argparse
import base64
import json
import os
import select
import socket
import struct
import sys
import time
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Crowd", "Reader", "main"]

BUFFER = memoryview(bytearray(2**20))  # what is read is not kept
SEGMENTS = b"TW\x01\x03"  # how a SEG frame begins; gaps are between those
SETTLE = 1.0  # s without a new client, so that all have the beginning behind them
REQUEST = (
    "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n"
    "Sec-WebSocket-Protocol: {protocol}\r\n\r\n"
)


@dataclass(eq=False, slots=True)
class Reader:
    """One connection: how much came, how many messages, and when."""

    socket: socket.socket
    size: int = 0  # bytes
    messages: int = 0
    last: float = 0.0  # s, of the last SEG frame
    gaps: list[float] = field(default_factory=list[float])  # s between them
    _left: int = 0  # bytes of the present frame that are still to come
    _rest: bytes = b""  # the beginning of a frame that is not all here

    @classmethod
    def connect(cls, port: int, path: str, protocol: str) -> "Reader":
        """Open a WebSocket; its stream is not read yet."""
        sock = socket.create_connection(("127.0.0.1", port))
        key = base64.b64encode(os.urandom(16)).decode()
        sock.sendall(REQUEST.format(path=path, port=port, key=key, protocol=protocol).encode())
        answer = b""
        while not answer.endswith(b"\r\n\r\n"):  # byte by byte: what follows is the stream
            byte = sock.recv(1)
            if not byte:
                raise ConnectionError(answer.decode(errors="replace"))
            answer += byte
        if b" 101 " not in answer:
            raise ConnectionError(answer.decode(errors="replace"))
        sock.settimeout(0.0)
        return cls(sock)

    def begin(self) -> None:
        """Count anew."""
        self.size = self.messages = 0
        self.last = 0.0
        self.gaps.clear()

    def read(self, buffer: memoryview) -> bool:
        """Take what is there; false at the end of the stream."""
        try:
            count = self.socket.recv_into(buffer)
        except BlockingIOError:
            return True
        except ConnectionError:
            return False
        self.size += count
        self._take(buffer[:count])
        return count > 0

    def _take(self, data: memoryview) -> None:
        if self._left >= len(data):
            self._left -= len(data)
            return
        data = data[self._left :]
        self._left = 0
        if self._rest:
            data = memoryview(self._rest + bytes(data))
            self._rest = b""
        at = 0
        while at < len(data):
            head = bytes(data[at : at + 16])
            length, begin = _length(head)
            if begin < 0 or len(head) < begin + min(length, 4):
                self._rest = bytes(data[at:])
                return
            self._note(head, begin, length)
            at += begin + length
        self._left = at - len(data)

    def _note(self, head: bytes, begin: int, length: int) -> None:
        self.messages += 1
        code = head[0] & 15
        if code == 9:  # ping; ours have 4 bytes
            payload = head[begin : begin + length]
            self.socket.send(bytes([0x8A, 0x80 | len(payload)]) + bytes(4) + payload)
        elif head[begin : begin + 4] == SEGMENTS:
            now = time.perf_counter()
            if self.last:
                self.gaps.append(now - self.last)
            self.last = now


def _length(head: bytes) -> tuple[int, int]:
    """The payload's length, and where it begins; -1: that is not here yet."""
    if len(head) < 2:
        return 0, -1
    short = head[1] & 127
    if short < 126:
        return short, 2
    form, begin = (">H", 4) if short == 126 else (">Q", 10)
    if len(head) < begin:
        return 0, -1
    return struct.unpack(form, head[2:begin])[0], begin


class Crowd:
    """Readers, and clients that never read, in one loop."""

    def __init__(self, readers: list[Reader]) -> None:
        """Begin with readers only."""
        self.readers = readers
        self.lost = 0  # readers whose stream ended
        self.stuck: list[float] = []  # s after which each that never reads was cut off
        self._by_number = {each.socket.fileno(): each for each in readers}
        self._stuck: dict[int, tuple[socket.socket, float]] = {}
        self._poll = select.epoll()
        for number in self._by_number:
            self._poll.register(number, select.EPOLLIN)

    def add_stuck(self, sock: socket.socket) -> None:
        """Take in a client that never reads; only its end is noticed."""
        self._stuck[sock.fileno()] = (sock, time.perf_counter())
        self._poll.register(sock.fileno(), 0)

    def read_until_told(self) -> None:
        """Read until there is a line on the standard input."""
        self._poll.register(sys.stdin.fileno(), select.EPOLLIN)
        while not self._turn(None):
            pass
        sys.stdin.readline()
        self._poll.unregister(sys.stdin.fileno())

    def read(self, seconds: float) -> None:
        """Read for some time."""
        until = time.perf_counter() + seconds
        while (left := until - time.perf_counter()) > 0:
            self._turn(left)

    def _turn(self, seconds: float | None) -> bool:
        """Wait for something, and read it; true if it is on the standard input."""
        is_told = False
        for number, _ in self._poll.poll(seconds):
            reader = self._by_number.get(number)
            if number in self._stuck:
                self._poll.unregister(number)
                self.stuck.append(time.perf_counter() - self._stuck[number][1])
            elif reader is None:
                is_told = True
            elif not reader.read(BUFFER):
                self._poll.unregister(number)
                self.lost += 1
        return is_told


def main() -> None:
    """Connect, say so, wait for a line, measure, and print what came as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("--path", default="/ws")
    parser.add_argument("--protocol", default="twin.v1")
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--stuck", type=int, default=0, help="clients that never read")
    parser.add_argument("--seconds", type=float, default=5.0)
    options = parser.parse_args()
    where = (options.port, options.path, options.protocol)
    crowd = Crowd([Reader.connect(*where) for _ in range(options.readers)])
    crowd.read(SETTLE)
    print("ready", flush=True)
    crowd.read_until_told()
    for each in crowd.readers:
        each.begin()
    for _ in range(options.stuck):
        crowd.add_stuck(Reader.connect(*where).socket)
    began = time.perf_counter()
    crowd.read(options.seconds)
    took = time.perf_counter() - began
    print(json.dumps(_result(crowd, took)), flush=True)


def _result(crowd: Crowd, took: float) -> dict[str, Any]:
    readers = crowd.readers
    gaps = sorted(gap for each in readers for gap in each.gaps) or [0.0]
    return {
        "bytes": sum(each.size for each in readers) / len(readers) / took,  # a second, of each
        "messages": sum(each.messages for each in readers) / len(readers) / took,
        "p50": gaps[len(gaps) // 2],
        "p99": gaps[int(len(gaps) * 0.99)],
        "worst": gaps[-1],
        "lost": crowd.lost,
        "cut": crowd.stuck,
    }


if __name__ == "__main__":
    main()

"""The short way for frames that all clients get: framed once, written as they are.

A message takes tens of microseconds on its way through ASGI; with many clients that is most of
what the server does. So a frame goes straight to the sockets of those who wait for nothing else, as
bytes of RFC 6455 that are the same for all. Whoever can't take it at once gets it the usual way.
"""

import socket
from functools import lru_cache
from struct import Struct
from typing import Any, cast

from starlette.types import Scope
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

__all__ = ["DIRECT", "DirectSocket", "Tally", "direct_of"]

DIRECT = "twin.direct"  # extension of an ASGI scope
BINARY = 0x82  # a whole binary message
AT_ONCE = Struct("ii").pack(1, 0)  # linger for 0 s
SHORT, LONG = Struct(">BBH"), Struct(">BBQ")
NEWEST = 4  # frames that are kept framed


class Tally:
    """What was sent."""

    def __init__(self) -> None:
        """Begin at 0."""
        self.messages = 0
        self.bytes = 0


class DirectSocket(WebSocketsSansIOProtocol):
    """The server's side of a WebSocket, with a way to write what is framed already."""

    tally = Tally()
    _unsent = 0  # bytes that waited for the client when it was last asked whether it is there

    def handle_connect(self, event: Any) -> None:
        """Offer itself to the application."""
        super().handle_connect(event)
        if not self.close_sent:
            cast("dict[str, Any]", self.scope)["extensions"][DIRECT] = self

    @property
    def is_gone(self) -> bool:
        """Whether the connection has ended, even if nobody has been told yet."""
        return self.transport.is_closing()

    def pass_on(self, data: bytes) -> bool:
        """Write a binary message if the client can take it at once; false: it was not written."""
        if not self.writable.is_set() or self.close_sent or self.transport.is_closing():
            return False
        self.transport.write(framed(data))
        self.tally.messages += 1
        self.tally.bytes += len(data)
        return True

    def cut(self) -> None:
        """End the connection now: who reads nothing does not read a farewell either."""
        sock = self.transport.get_extra_info("socket")
        if sock is not None:  # a reset: else the kernel goes on to offer what is not read
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        self.transport.abort()

    def send_keepalive_ping(self) -> None:
        """Ask whether the client is there."""
        self._unsent = self.transport.get_write_buffer_size()
        super().send_keepalive_ping()

    def keepalive_timeout(self) -> None:
        """Cut off who does not answer, unless it has taken some of what lay before the question."""
        if self.transport.get_write_buffer_size() < self._unsent:
            self.send_keepalive_ping()
            return
        super().keepalive_timeout()
        self.cut()


@lru_cache(maxsize=NEWEST)
def framed(data: bytes) -> bytes:
    """A whole binary message as a server sends it, RFC 6455 section 5.2."""
    size = len(data)
    if size < 126:
        return bytes((BINARY, size)) + data
    if size < 2**16:
        return SHORT.pack(BINARY, 126, size) + data
    return LONG.pack(BINARY, 127, size) + data


def direct_of(scope: Scope) -> DirectSocket | None:
    """The short way to a client, if its server has one."""
    return scope.get("extensions", {}).get(DIRECT)

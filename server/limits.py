"""What strangers may take from the server, in one place; `server/PROTOCOL.md` has the table."""

from dataclasses import dataclass

__all__ = ["Limits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds that hold at the door, for all routes alike."""

    message_rate: float = 100.0  # messages a second of one socket
    message_burst: float = 512.0
    request_rate: float = 200.0  # requests a second of one address, sockets to be opened included
    request_burst: float = 2048.0
    requests_at_once: int = 256
    body: int = 65536  # bytes of a request
    body_within: float = 10.0  # s for it to arrive
    upload: int = 64 * 2**20  # bytes of a scene that is uploaded
    upload_within: float = 120.0  # s for it to arrive
    sockets: int = 2048
    sockets_of_token: int = 256
    connections: int = 4096  # of TCP, idle ones included

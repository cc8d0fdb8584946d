"""What a client of a server is told when something is not done, in words and as a code."""

from typing import Any

from twin.errors import TwinError

__all__ = ["ClientError"]


class ClientError(TwinError):
    """The server has refused something, or can't be reached.

    `code` is one of the protocol's error codes (`refused`, `not_driver`, ...), or of the client's
    own: `unreachable`, `lost` (the connection broke before the answer came), `slow` (frames were
    not taken), `protocol` (the server speaks otherwise), `closed`.
    """

    def __init__(self, code: str, message: str, path: str = "") -> None:
        """Say what is not done.

        Args:
            code: for programs.
            message: for people.
            path: prim path that it is about, or empty.
        """
        self.code = code
        self.path = path
        super().__init__(message)

    @classmethod
    def told(cls, answer: dict[str, Any]) -> "ClientError":
        """What an `error` of the server says."""
        code, message = str(answer.get("code", "failed")), str(answer.get("message", ""))
        return cls(code, message, str(answer.get("path", "")))

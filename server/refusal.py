"""Why something was not done, with a code that programs read, beside the words for people."""

from typing import Any

from twin.errors import CommandError, Problem, RunError, SceneError, TwinError

__all__ = ["SOON", "STATUS", "RefusalError", "from_json", "to_json", "told_again"]

# Code: status of HTTP. They are part of the protocol.
STATUS = {
    "invalid": 422,  # what was asked is malformed
    "refused": 409,  # a command or an option can't be carried out as given
    "scene": 422,  # the scene is wrong
    "failed": 409,  # the run can't go on
    "not_found": 404,  # there is no such thing
    "not_driver": 409,  # another client drives the run
    "not_ready": 409,  # the run is being prepared; come again
    "ended": 409,  # the run has no process: stopped, failed or crashed
    "unauthenticated": 401,  # nobody knows who calls
    "forbidden": 403,  # the caller may not do this
    "origin": 403,  # a page of another site asks, or under a foreign name
    "limit": 429,  # there are too many
    "rate": 429,  # it is asked too often
    "too_large": 413,  # a request is too long
    "slow": 408,  # a request does not arrive
    "busy": 503,  # the server has too much to do
    "timeout": 504,  # the run has not answered in time
}


SOON = frozenset({"not_ready", "rate", "busy"})  # who comes again after a second may be let in


class RefusalError(TwinError):
    """Something that the service does not do, with the reason's code."""

    def __init__(self, code: str, message: str, path: str = "") -> None:
        """Refuse.

        Args:
            code: one of STATUS.
            message: what people read.
            path: prim path that it is about, or empty.
        """
        assert code in STATUS
        self.code = code
        self.path = path
        super().__init__(message)


def to_json(error: TwinError, path: str = "") -> dict[str, Any]:
    """An error as it crosses the pipe, and as clients read it."""
    if isinstance(error, RefusalError):
        return {"code": error.code, "message": str(error), "path": error.path or path}
    kinds = ((SceneError, "scene"), (CommandError, "refused"), (RunError, "failed"))
    code = next((code for kind, code in kinds if isinstance(error, kind)), "failed")
    return {"code": code, "message": str(error), "path": path}


def told_again(error: RefusalError) -> TwinError:
    """The same as the error that the run's process has met, for who starts the server."""
    if error.code == "scene":
        lines = (line.partition(" ") for line in str(error).splitlines())
        return SceneError([Problem(path, rule) for path, _, rule in lines])
    kind = RunError if error.code == "failed" else CommandError
    return kind(str(error))


def from_json(error: dict[str, Any]) -> RefusalError:
    """The error that `to_json` told."""
    code = str(error.get("code"))
    return RefusalError(
        code if code in STATUS else "failed", str(error.get("message")), str(error.get("path", ""))
    )

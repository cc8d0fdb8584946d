"""Who calls, and what each role may do: the one table that names every operation.

Whoever authenticates puts a `Caller` into the connection's scope under KEY, before the application
sees it. Without one, the caller is somebody at this machine, who may do all.
"""

from collections.abc import Mapping
from enum import IntEnum
from typing import Any, NamedTuple

from server.refusal import RefusalError

__all__ = ["KEY", "ROLE_OF", "Caller", "Role", "caller_of", "check_role"]

KEY = "twin.caller"


class Role(IntEnum):
    """What someone may do: each includes those before it."""

    VIEWER = 1  # look, and detach into a time of their own
    OPERATOR = 2  # drive time, command equipment
    ENGINEER = 3  # make, fork, stop and delete runs


class Caller(NamedTuple):
    """Somebody who has connected."""

    name: str
    role: Role


LOCAL = Caller("local", Role.ENGINEER)

ROLE_OF: dict[str, Role] = {
    **dict.fromkeys(("ping", "subscribe", "attach", "detach", "read", "done"), Role.VIEWER),
    **dict.fromkeys(
        ("play", "pause", "speed", "step", "seek", "live", "jump", "drive", "release", "handover"),
        Role.OPERATOR,
    ),
    **dict.fromkeys(("command", "reset", "lockstep", "unlock"), Role.OPERATOR),
    **dict.fromkeys(
        ("create", "fork", "start", "stop", "delete", "compare", "record", "upload"), Role.ENGINEER
    ),
}


def caller_of(scope: Mapping[str, Any]) -> Caller:
    """Who is at the other end of a connection."""
    return scope.get(KEY, LOCAL)


def check_role(caller: Caller, op: str) -> None:
    """Whether a caller may do something.

    Raises:
        RefusalError: their role is too low.
    """
    needed = ROLE_OF[op]
    if caller.role < needed:
        have, need = caller.role.name.lower(), needed.name.lower()
        raise RefusalError("forbidden", f"{op} needs the role {need}; {caller.name} is a {have}")

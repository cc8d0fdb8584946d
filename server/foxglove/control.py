"""What a Foxglove client may ask of a run: by the app's time controls, or by services.

Both do what the same operations of `/ws` do, with the same roles, lease and limits.
"""

import json
from typing import Any

from server import messages
from server.foxglove.words import Call, Playback
from server.messages import fields_of
from server.refusal import RefusalError
from twin.foxglove import NANOSECONDS

__all__ = ["SERVICES", "Operation", "advertised", "of_call", "of_playback"]

Operation = tuple[str, dict[str, Any]]  # its name and fields

SLOWEST, FASTEST = 0.01, 1000.0
NUMBER, TEXT = {"type": "number"}, {"type": "string"}
FIELDS: dict[str, dict[str, Any]] = {
    "play": {}, "pause": {}, "live": {}, "speed": {"value": NUMBER}, "seek": {"seconds": NUMBER},
    "step": {"seconds": NUMBER, "events": {"type": "integer"}}, "jump": {"seconds": NUMBER},
    "command": {
        "path": TEXT, "action": TEXT, "attribute": TEXT, "value": NUMBER, "key": TEXT,
        "correlation": TEXT,
    },
}  # fmt: skip
SERVICES = dict(enumerate(FIELDS, 1))  # by their ids


def advertised() -> str:
    """The services that there are."""
    rows = [
        {
            "id": number, "name": f"/{op}", "type": f"twin.{op}",
            "request": _schema(f"twin.{op}.Request", FIELDS[op]),
            "response": _schema(f"twin.{op}.Response", {}),
        }
        for number, op in SERVICES.items()
    ]  # fmt: skip
    return json.dumps({"op": "advertiseServices", "services": rows})


def of_call(call: Call) -> Operation:
    """What a call of a service asks for.

    Raises:
        RefusalError: there is no such service, or its fields are wrong.
    """
    if call.service not in SERVICES:
        raise RefusalError("invalid", f"there is no service {call.service}")
    told: dict[str, object] = {**call.fields, "op": SERVICES[call.service], "id": call.number}
    ask = messages.parse(told)
    return ask.op, fields_of(ask)


def of_playback(asked: Playback, *, is_playing: bool, speed: float, head: int) -> list[Operation]:
    """What the time controls ask for that does not hold yet.

    Args:
        asked: their whole state.
        is_playing: whether time runs.
        speed: simulated seconds per second now.
        head: the farthest tick that the run has reached; what is later is taken for it.
    """
    wanted: list[Operation] = []
    if not asked.play and is_playing:
        wanted.append(("pause", {}))
    if asked.seek is not None:
        tick = asked.seek // NANOSECONDS
        wanted.append(("live", {}) if tick >= head else ("seek", {"tick": tick, "seconds": None}))
    value = min(max(asked.speed, SLOWEST), FASTEST)
    if abs(value - speed) > 1e-6 * speed:
        wanted.append(("speed", {"value": value}))
    if asked.play and not is_playing:
        wanted.append(("play", {}))
    return wanted


def _schema(name: str, properties: dict[str, Any]) -> dict[str, Any]:
    schema = json.dumps({"type": "object", "properties": properties})
    return {
        "encoding": "json", "schemaName": name, "schemaEncoding": "jsonschema", "schema": schema,
    }  # fmt: skip

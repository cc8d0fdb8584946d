"""The channels that Foxglove sees: their topics, their schemas, and messages of the plain ones."""

import json
from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import Any, NamedTuple, cast

from foxglove_schemas_protobuf.FrameTransforms_pb2 import FrameTransforms
from foxglove_schemas_protobuf.Log_pb2 import Log
from foxglove_schemas_protobuf.SceneUpdate_pb2 import SceneUpdate
from google.protobuf.descriptor import FileDescriptor
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.message import Message

from twin.foxglove.scene import stamp
from twin.units import TICKS_PER_SECOND

__all__ = ["CHANNELS", "NANOSECONDS", "Channel", "Spec", "figures", "note", "states"]

NANOSECONDS = 10**9 // TICKS_PER_SECOND  # of a tick
FIGURES = ("finished", "wip", "jph", "jph_total", "lead_mean", "lead_max", "created")
LEVELS = {"down": Log.WARNING, "error": Log.ERROR}


class Channel(IntEnum):
    """What can be subscribed to; the numbers are the channels' ids."""

    TRANSFORMS = 1
    STANDING = 2
    PLACES = 3
    PARTS = 4
    STATES = 5
    FIGURES = 6
    EVENTS = 7


class Spec(NamedTuple):
    """What a reader must know of a channel."""

    topic: str
    encoding: str  # of messages: protobuf or json
    schema_name: str
    schema_encoding: str
    schema: bytes


def figures(tick: int, totals: Sequence[float]) -> bytes:
    """A message of FIGURES: `totals` as the server's KPI frames have them."""
    values = {name: round(float(value), 6) for name, value in zip(FIGURES, totals, strict=False)}
    return _compact({"seconds": tick / TICKS_PER_SECOND, **values})


def states(
    tick: int, places: Sequence[Mapping[str, Any]], names: Sequence[str], rows: Sequence[int]
) -> bytes:
    """A message of STATES.

    Args:
        tick: now.
        places: of the pack.
        names: of the states.
        rows: the state of each place.
    """
    told = [
        {"path": place["path"], "name": place["name"], "state": names[row]}
        for place, row in zip(places, rows, strict=True)
    ]
    return _compact({"seconds": tick / TICKS_PER_SECOND, "places": told})


def note(event: Mapping[str, Any]) -> bytes:
    """A message of EVENTS: something with tick, kind, path and text."""
    log = Log(
        level=LEVELS.get(event["kind"], Log.INFO), message=event["text"], name=event["path"],
        file=event["kind"],
    )  # fmt: skip
    log.timestamp.CopyFrom(stamp(int(event["tick"]) * NANOSECONDS))
    return log.SerializeToString()


def _descriptors(kind: type[Message]) -> bytes:
    """The schema of a message with all that it is made of, dependencies first."""
    told = FileDescriptorSet()
    seen: set[str] = set()

    def tell(file: FileDescriptor) -> None:
        if file.name in seen:
            return
        seen.add(file.name)
        for each in file.dependencies:
            tell(each)
        file.CopyToProto(told.file.add())

    tell(cast("FileDescriptor", kind.DESCRIPTOR.file))
    return told.SerializeToString()


def _compact(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _protobuf(topic: str, kind: type[Message]) -> Spec:
    return Spec(topic, "protobuf", kind.DESCRIPTOR.full_name, "protobuf", _descriptors(kind))


def _json(topic: str, name: str, properties: Mapping[str, Any]) -> Spec:
    seconds = {"type": "number", "description": "since the run's beginning"}
    schema = {"type": "object", "properties": {"seconds": seconds, **properties}}
    return Spec(topic, "json", name, "jsonschema", _compact(schema))


TEXT, NUMBER = {"type": "string"}, {"type": "number"}
PLACE = {"type": "object", "properties": {"path": TEXT, "name": TEXT, "state": TEXT}}

CHANNELS: dict[Channel, Spec] = {
    Channel.TRANSFORMS: _protobuf("/tf", FrameTransforms),
    Channel.STANDING: _protobuf("/scene", SceneUpdate),
    Channel.PLACES: _protobuf("/places", SceneUpdate),
    Channel.PARTS: _protobuf("/parts", SceneUpdate),
    Channel.STATES: _json(
        "/states", "twin.States", {"places": {"type": "array", "items": PLACE}}
    ),
    Channel.FIGURES: _json("/figures", "twin.Figures", dict.fromkeys(FIGURES, NUMBER)),
    Channel.EVENTS: _protobuf("/events", Log),
}  # fmt: skip

"""`foxglove.SceneUpdate` of what stands, what state places are in, and which parts there are.

Each message says all of its topic, and takes away what was told before and is gone: who comes
late, or seeks in a recording, needs only the last one.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from foxglove_schemas_protobuf.SceneEntity_pb2 import SceneEntity
from foxglove_schemas_protobuf.SceneUpdate_pb2 import SceneUpdate
from google.protobuf.timestamp_pb2 import Timestamp

from twin.core.state import STATES
from twin.foxglove.drawing import Drawing, pose_at, set_colour
from twin.foxglove.movers import Placed, part_frame
from twin.foxglove.scenery import Scenery
from twin.foxglove.transforms import BILLION, WORLD

__all__ = ["Scene", "stamp"]

# Of lamps and of the viewer: Okabe and Ito's, which nobody confuses.
COLOURS = {
    "working": (0.0, 0.62, 0.45), "starved": (0.94, 0.89, 0.26), "blocked": (0.90, 0.62, 0.0),
    "down": (0.84, 0.37, 0.0), "setup": (0.0, 0.45, 0.70), "waiting operator": (0.80, 0.47, 0.65),
    "waiting part": (0.34, 0.71, 0.91), "off shift": (0.6, 0.6, 0.6),
}  # fmt: skip
assert set(COLOURS) == set(STATES)
PLATE = 0.02  # m: how thick the mark of a state is
OPAQUE, FAINT = 1.0, 0.45
SMALLEST = (0.5, 0.5, 0.0)  # m: of a place that has no shape
FONT = 0.35  # m
ABOVE = 0.3  # m: a name over what it names
BOX = 0.4  # m: of a part that has no shape
BLUE = (0.0, 0.45, 0.70, 1.0)


class Scene:
    """Writes the scene of a scenery."""

    def __init__(self, scenery: Scenery, standing: Drawing, parts: Drawing) -> None:
        """Choose how things are drawn.

        Args:
            scenery: what there is.
            standing: how what stands, and robots' links, are drawn.
            parts: how parts are drawn.
        """
        self._scenery = scenery
        self._standing, self._parts = standing, parts
        self._slots = 0  # that have ever had a part
        self._looks: dict[int, SceneEntity] = {}

    def standing(self, *, together: bool = False) -> bytes:
        """Everything but parts, with robots' links in frames of their own.

        Args:
            together: what stands in the world is one entity; else each place is one.
        """
        update = SceneUpdate()
        groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for each in self._scenery.instances:
            groups.setdefault(self._owner(each, together=together), []).append(each)
        for (frame, name), instances in groups.items():
            entity = _entity(update, name, frame, 0)
            self._standing.draw(entity, instances)
        return update.SerializeToString()

    def places(self, states: Sequence[int], nanoseconds: int) -> bytes:
        """A plate under each place in the colour of its state, and its name."""
        update = SceneUpdate()
        for place, state in zip(self._scenery.places, states, strict=True):
            self._place(update, place, self._scenery.states[state], nanoseconds)
        return update.SerializeToString()

    def parts(self, placed: Placed, nanoseconds: int) -> bytes:
        """The parts in sight, each in its frame; slots without one are told too."""
        update = SceneUpdate()
        slots = set(placed.slot.tolist())
        self._slots = max(self._slots, *(slot + 1 for slot in slots), 0)
        for slot in sorted(set(range(self._slots)) - slots):
            gone = update.deletions.add(id=part_frame(slot))
            gone.timestamp.CopyFrom(stamp(nanoseconds))
        rows = (placed.slot.tolist(), placed.serial.tolist(), placed.look.tolist())
        for slot, serial, look in zip(*rows, strict=True):
            entity = update.entities.add()
            entity.CopyFrom(self._look(look))
            entity.timestamp.CopyFrom(stamp(nanoseconds))
            entity.id = entity.frame_id = part_frame(slot)
            entity.metadata.add(key="part", value=str(serial))
        return update.SerializeToString()

    def _owner(self, instance: Mapping[str, Any], *, together: bool) -> tuple[str, str]:
        """The frame and the entity that an instance belongs to."""
        if instance["robot"] >= 0:
            robot = self._scenery.robots[int(instance["robot"])]
            link = f"{robot['path']}/link_{max(0, instance['link'])}"
            return link, link
        if together or instance["place"] < 0:
            return WORLD, "standing"
        place = self._scenery.places[int(instance["place"])]
        return WORLD, str(place["path"])

    def _place(
        self, update: SceneUpdate, place: Mapping[str, Any], state: str, nanoseconds: int
    ) -> None:
        entity = _entity(update, place["path"], WORLD, nanoseconds)
        for key in ("path", "name", "kind"):
            entity.metadata.add(key=key, value=place[key])
        entity.metadata.add(key="state", value=state)
        size = np.maximum(place["size"] or SMALLEST, SMALLEST)
        xyz = np.array(place["xyz"], np.float64)
        plate = entity.cubes.add(pose=pose_at(xyz - [0.0, 0.0, PLATE / 2]))
        plate.size.x, plate.size.y, plate.size.z = size[0], size[1], PLATE
        set_colour(plate, (*COLOURS[state], FAINT))
        text = entity.texts.add(
            pose=pose_at(xyz + [0.0, 0.0, size[2] + ABOVE]), billboard=True, font_size=FONT,
            text=f"{place['name']}: {state}",
        )  # fmt: skip
        text.color.r, text.color.g, text.color.b = COLOURS[state]
        text.color.a = OPAQUE

    def _look(self, look: int) -> SceneEntity:
        """What a part looks like, in its own frame."""
        if look not in self._looks:
            entity = SceneEntity(frame_locked=True)
            row: dict[str, Any] = {"prototypes": []}
            if look >= 0:
                row = self._scenery.looks[look]
            self._parts.draw(entity, row["prototypes"])
            if not row["prototypes"]:
                cube = entity.cubes.add(pose=pose_at((0.0, 0.0, BOX / 2)))
                cube.size.x = cube.size.y = cube.size.z = BOX
                set_colour(cube, BLUE)
            for key in ("product", "form"):
                entity.metadata.add(key=key, value=row.get(key, ""))
            self._looks[look] = entity
        return self._looks[look]


def stamp(nanoseconds: int) -> Timestamp:
    """A time since the run's beginning, as a time since 1970."""
    seconds, nanos = divmod(nanoseconds, BILLION)
    return Timestamp(seconds=seconds, nanos=nanos)


def _entity(update: SceneUpdate, name: str, frame: str, nanoseconds: int) -> SceneEntity:
    entity = update.entities.add(id=name, frame_id=frame, frame_locked=True)
    entity.timestamp.CopyFrom(stamp(nanoseconds))
    return entity

"""The scene pack: a stage and its plant as a browser takes them, in two files that never change.

`prototypes.glb` holds every shape once; `scene.json` says where each is drawn, what stands where,
and along what everything moves. The hash over both names the pack.
"""

import json
from dataclasses import dataclass
from hashlib import sha256

from pxr import Usd

from twin.core.state import STATES
from twin.engine.layout import Layout, lay_out
from twin.plant import Plant
from twin.scene.pack.glb import write_glb
from twin.scene.pack.places import place_table
from twin.scene.pack.prototypes import Prototypes
from twin.scene.pack.tables import (
    camera_table,
    instance_table,
    look_table,
    path_table,
    program_table,
    robot_table,
)

__all__ = ["ScenePack", "build_pack"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenePack:
    """The two files, and the hash that names them."""

    name: str
    digest: str
    scene: bytes  # JSON
    prototypes: bytes  # binary glTF


def build_pack(stage: Usd.Stage, plant: Plant, layout: Layout | None = None) -> ScenePack:
    """Make the pack of a stage from which a plant was read.

    Args:
        stage: composed, payloads loaded.
        plant: read from it.
        layout: of the plant, if it is at hand.

    Raises:
        SceneError: a robot's program can't be run.
    """
    layout = layout or lay_out(plant)
    drawn = Prototypes(stage, plant)
    glb = write_glb([prototype.parts for prototype in drawn.prototypes])
    tables: dict[str, object] = {
        "name": plant.name,
        "upAxis": "Z",
        "states": list(STATES),
        "places": place_table(plant, layout, drawn),
        "robots": robot_table(stage, plant, layout),
        "paths": path_table(layout),
        "programs": program_table(layout),
        "looks": look_table(layout, drawn),
        "prototypes": [
            {"name": prototype.name, "node": f"p{row}"}
            for row, prototype in enumerate(drawn.prototypes)
        ],
        "instances": instance_table(drawn),
    }
    camera = camera_table(stage)
    if camera is not None:
        tables["camera"] = camera
    digest = sha256(_compact(tables) + glb).hexdigest()[:16]
    return ScenePack(
        name=plant.name,
        digest=digest,
        scene=_compact({"hash": digest, **tables}),
        prototypes=glb,
    )


def _compact(tables: dict[str, object]) -> bytes:
    return json.dumps(tables, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()

"""Write a binary glTF 2.0 file of named prototypes.

Each prototype is one node with one mesh, and in it one primitive per material. Axes are kept as
they are: who reads it must know that Z is up.
"""

import json
from collections.abc import Sequence
from struct import pack
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.scene.pack.shape import Shape
from twin.scene.pack.surface import Surface

__all__ = ["Part", "write_glb"]

Part = tuple[Surface, Shape]  # a primitive

FLOAT, U16, U32 = 5126, 5123, 5125
ARRAY_BUFFER, ELEMENT_BUFFER = 34962, 34963


def write_glb(prototypes: Sequence[Sequence[Part]]) -> bytes:
    """The file's bytes; prototype k is the node p<k>."""
    return _Writer().file(prototypes)


class _Writer:
    def __init__(self) -> None:
        self._blocks: list[bytes] = []
        self._size = 0  # of all blocks [bytes]
        self._views: list[dict[str, int]] = []
        self._accessors: list[dict[str, Any]] = []
        self._materials: dict[tuple[Surface, bool], int] = {}

    def file(self, prototypes: Sequence[Sequence[Part]]) -> bytes:
        meshes = [
            {"primitives": [self._primitive(*part) for part in parts]} for parts in prototypes
        ]
        count = range(len(prototypes))
        document: dict[str, Any] = {
            "asset": {"version": "2.0", "generator": "factory-twin"},
            "scene": 0,
            "scenes": [{"nodes": [*count]}],
            "nodes": [{"name": f"p{row}", "mesh": row} for row in count],
            "meshes": meshes,
            "materials": [_material(*key) for key in self._materials],
            "accessors": self._accessors,
            "bufferViews": self._views,
        }
        binary = b"".join(self._blocks)
        document["buffers"] = [{"byteLength": len(binary)}]
        if any("extensions" in material for material in document["materials"]):
            document["extensionsUsed"] = ["KHR_materials_emissive_strength"]
        # what may not be empty is left out
        document = {key: value for key, value in document.items() if value or value == 0}
        text = json.dumps(document, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 4)
        chunks = pack("<I4s", len(text), b"JSON") + text
        chunks += pack("<I4s", len(binary), b"BIN\0") + binary
        return pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks

    def _primitive(self, surface: Surface, shape: Shape) -> dict[str, Any]:
        key = (surface, shape.double_sided)
        material = self._materials.setdefault(key, len(self._materials))
        small = len(shape.points) < 65535
        indices = shape.triangles.astype(np.uint16 if small else np.uint32).ravel()
        return {
            "attributes": {
                "POSITION": self._vectors(shape.points, bounds=True),
                "NORMAL": self._vectors(shape.normals),
            },
            "indices": self._accessor(indices, U16 if small else U32, "SCALAR", ELEMENT_BUFFER),
            "material": material,
        }

    def _vectors(self, rows: NDArray[np.float32], *, bounds: bool = False) -> int:
        number = self._accessor(rows, FLOAT, "VEC3", ARRAY_BUFFER)
        if bounds:
            least, most = rows.min(axis=0), rows.max(axis=0)
            self._accessors[number] |= {"min": least.tolist(), "max": most.tolist()}
        return number

    def _accessor(self, rows: NDArray[Any], component: int, kind: str, target: int) -> int:
        data = np.ascontiguousarray(rows).tobytes()
        view = {"buffer": 0, "byteOffset": self._size, "byteLength": len(data), "target": target}
        self._views.append(view)
        self._blocks += [data, bytes(-len(data) % 4)]
        self._size += len(data) + -len(data) % 4
        accessor = {"bufferView": len(self._views) - 1, "componentType": component}
        self._accessors.append(accessor | {"count": len(rows), "type": kind})
        return len(self._accessors) - 1


def _material(surface: Surface, double_sided: bool) -> dict[str, Any]:  # noqa: FBT001 - a key
    strength = max(1.0, *surface.emission)
    material: dict[str, Any] = {
        "name": surface.name,
        "pbrMetallicRoughness": {
            "baseColorFactor": [*surface.colour, surface.opacity],
            "metallicFactor": surface.metallic,
            "roughnessFactor": surface.roughness,
        },
    }
    if surface.opacity < 1:
        material["alphaMode"] = "BLEND"
    if double_sided:
        material["doubleSided"] = True
    if any(surface.emission):
        material["emissiveFactor"] = [each / strength for each in surface.emission]
        if strength > 1:
            extension = {"emissiveStrength": strength}
            material["extensions"] = {"KHR_materials_emissive_strength": extension}
    return material

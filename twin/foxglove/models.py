"""Models for Foxglove: cut out of a pack's `prototypes.glb`, each a file that stands by itself.

glTF says that Y is up, and Foxglove and Lichtblick turn what they load back to Z up. The pack's
file has Z up; so what is cut out of it gets a node above all others that turns it.
"""

import json
from collections.abc import Iterable
from struct import pack, unpack_from
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Models"]

Table = dict[str, Any]
HEADER, CHUNK = 12, 8  # bytes
HALF = 0.7071067811865476
Y_UP = [-HALF, 0.0, 0.0, HALF]  # xyzw: a quarter turn about X


class Models:
    """The prototypes of a pack."""

    def __init__(self, glb: bytes) -> None:
        """Read a file as `twin.scene.pack` writes it: prototype k is the node p<k>."""
        length = unpack_from("<I", glb, HEADER)[0]
        begin = HEADER + CHUNK
        self._document: Table = json.loads(glb[begin : begin + length])
        self._binary = memoryview(glb)[begin + length + CHUNK :]
        meshes: list[Table] = self._document.get("meshes", [])
        self.boxes: list[NDArray[np.float64]] = [self._box(mesh) for mesh in meshes]

    @property
    def count(self) -> int:
        """How many prototypes there are."""
        return len(self.boxes)

    def cut(self, drawn: Iterable[tuple[int, ArrayLike | None]]) -> bytes:
        """A file with some prototypes, each where its matrix says (16 numbers, row by row)."""
        return _Cut(self._document, self._binary).file(drawn)

    def _box(self, mesh: Table) -> NDArray[np.float64]:
        """Around a mesh, shape [2, 3] [m]."""
        rows = [
            self._document["accessors"][p["attributes"]["POSITION"]] for p in mesh["primitives"]
        ]
        least = np.min([row["min"] for row in rows], axis=0)
        return np.array([least, np.max([row["max"] for row in rows], axis=0)], np.float64)


class _Cut:
    """A new document, with only what is needed of an old one."""

    def __init__(self, document: Table, binary: memoryview) -> None:
        self._old, self._source = document, binary
        self._rows: dict[tuple[str, int], int] = {}  # of the old document -> of the new one
        self._tables: Table = {}
        self._blocks: list[bytes] = []
        self._size = 0

    def file(self, drawn: Iterable[tuple[int, ArrayLike | None]]) -> bytes:
        nodes: list[Table] = []
        for prototype, matrix in drawn:
            node: Table = {"mesh": self._take("meshes", prototype)}
            if matrix is not None:
                columns = np.asarray(matrix, np.float64).reshape(4, 4).T
                node["matrix"] = columns.ravel().tolist()
            nodes.append(node)
        top = {"rotation": Y_UP, "children": [*range(1, len(nodes) + 1)]}
        document: Table = {
            "asset": self._old["asset"], "scene": 0, "scenes": [{"nodes": [0]}],
            "nodes": [top, *nodes], **self._tables, "buffers": [{"byteLength": self._size}],
        }  # fmt: skip
        if any("extensions" in each for each in self._tables.get("materials", [])):
            document["extensionsUsed"] = self._old["extensionsUsed"]
        text = json.dumps(document, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 4)
        chunks = pack("<I4s", len(text), b"JSON") + text
        chunks += pack("<I4s", self._size, b"BIN\0") + b"".join(self._blocks)
        return pack("<4sII", b"glTF", 2, HEADER + len(chunks)) + chunks

    def _take(self, table: str, row: int) -> int:
        """Take a row of a table over, with what it names; returns where it is now."""
        key = (table, row)
        if key not in self._rows:
            made = self._copied(table, self._old[table][row])
            self._rows[key] = len(self._tables.setdefault(table, []))
            self._tables[table].append(made)
        return self._rows[key]

    def _copied(self, table: str, old: Table) -> Table:
        if table == "meshes":
            return {**old, "primitives": [self._primitive(each) for each in old["primitives"]]}
        if table == "accessors":
            return {**old, "bufferView": self._take("bufferViews", old["bufferView"])}
        if table == "bufferViews":
            return {**old, "byteOffset": self._block(old["byteOffset"], old["byteLength"])}
        return old

    def _primitive(self, old: Table) -> Table:
        attributes = {name: self._take("accessors", row) for name, row in old["attributes"].items()}
        return {
            **old, "attributes": attributes, "indices": self._take("accessors", old["indices"]),
            "material": self._take("materials", old["material"]),
        }  # fmt: skip

    def _block(self, begin: int, length: int) -> int:
        offset = self._size
        data = bytes(self._source[begin : begin + length])
        self._blocks += [data, bytes(-length % 4)]
        self._size += length + -length % 4
        return offset

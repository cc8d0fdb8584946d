"""The files of a scene: every layer that can be reached, opened with care, and what is wrong there.

USD's own reader overflows the stack on deeply nested text, so a text is measured before it is read.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from pxr import Sdf, Tf

from twin.errors import Problem, SceneError

__all__ = ["LONGEST", "Layers", "open_layers", "plain", "reason"]

DEEPEST = 500  # levels of brackets in a text
LARGEST = 1 << 30  # bytes of a file
LONGEST = 300  # characters of what USD says
MOST = 10_000  # layers of a scene

ROOT_METADATA = {
    "upAxis": ("Z", 'write upAxis = "Z" at the top of the file'),
    "metersPerUnit": (1.0, "write metersPerUnit = 1 at the top of the file"),
}
METADATA = {**ROOT_METADATA, "kilogramsPerUnit": (1.0, "write kilogramsPerUnit = 1")}

RULE = "must be a USD layer"
OPENING, CLOSING = b"([{", b")]}"


class Layers:
    """The opened layers of a scene by file, root first, and the problems found on the way."""

    def __init__(self, folder: Path, entries: tuple[str, ...]) -> None:
        self.folder = folder
        self.entries = entries  # files of the root and of the scenarios
        self.opened: dict[str, Sdf.Layer] = {}
        self.problems: list[Problem] = []
        self.unfit: set[str] = set()  # files that must not be given to USD's reader

    def name(self, file: str | Path) -> str:
        """How messages call a file: by its path from the scene's folder, if it lies there."""
        try:
            return str(Path(file).resolve().relative_to(self.folder))
        except (OSError, ValueError):
            return str(file)

    def open(self, file: Path) -> Sdf.Layer | None:
        """Open one layer, or note why it can't be."""
        try:
            _measure(file, self.name(file))
            layer = Sdf.Layer.FindOrOpen(str(file))
        except SceneError as error:
            self.problems += error.problems
            self.unfit.add(str(file))
            return None
        except Tf.ErrorException as error:
            self.problems.append(Problem(self.name(file), RULE, self.shorter(reason(error))))
            return None
        if not layer:
            self.problems.append(Problem(self.name(file), RULE))
            return None
        self.opened[str(file)] = layer
        return layer

    def shorter(self, text: str) -> str:
        """A text of USD in one line, without its inner names and our folder."""
        return plain(text).replace(f"{self.folder}/", "")[:LONGEST]

    def beyond(self, layer: Sdf.Layer) -> Iterator[Path]:
        """The existing files that a layer names as sublayers, references and payloads."""
        for asset in layer.GetCompositionAssetDependencies():
            if asset and "${" not in asset and not asset.startswith("anon:"):
                file = Path(self.target(layer, asset))
                if file.is_file():
                    yield file

    def target(self, layer: Sdf.Layer, asset: str) -> str:
        """The file that a layer means by an asset path."""
        return str(Path(layer.ComputeAbsolutePath(asset)).resolve())

    def stack(self, file: str = "") -> list[str]:
        """The files of a layer and its sublayers, each once; without a file, those of the scene."""
        seen: dict[str, None] = {}
        waiting = [file] if file else list(self.entries)
        while waiting:
            one = waiting.pop(0)
            if one in self.opened and one not in seen:
                seen[one] = None
                layer = self.opened[one]
                waiting += [self.target(layer, each) for each in layer.subLayerPaths]
        return list(seen)


def open_layers(path: Path, *, scenarios: tuple[Path, ...] = ()) -> Layers:
    """Open the root layer of a scene, its scenarios, and all that they refer to."""
    root = path.resolve()
    waiting = [root, *(scenario.resolve() for scenario in scenarios)]
    layers = Layers(root.parent, tuple(map(str, waiting)))
    seen: set[Path] = set()
    while waiting and len(seen) <= MOST:
        file = waiting.pop(0)
        if file in seen:
            continue
        seen.add(file)
        if layer := layers.open(file):
            layers.problems += _metadata(layers.name(file), layer, is_root=file == root)
            waiting += layers.beyond(layer)
    if waiting:
        layers.problems.append(Problem(layers.name(root), f"must have at most {MOST} layers"))
        layers.unfit.update(map(str, waiting))
    return layers


def plain(text: str) -> str:
    """A text of USD in one line, without the names of its session layer and its own insides."""
    text = re.sub(r",@anon:[^@]*@", "", text)
    return " ".join(re.sub(r"pxrInternal_\w*?__pxrReserved__(?:_pegtl)?(?:::)?", "", text).split())


def reason(error: Tf.ErrorException) -> str:
    """The first reason in an error of USD."""
    try:
        text = str(error)
    except UnicodeDecodeError:  # it repeats what it has read
        return "its text is not UTF-8"
    reasons = [line.partition(" : '")[2] for line in text.splitlines() if " : '" in line]
    return plain((reasons or [text])[0]).strip("'")


def _measure(file: Path, name: str) -> None:
    """Refuse a file that USD's reader should not be given.

    Raises:
        SceneError: it is missing, no file, too large, or nested too deeply.
    """
    try:
        size = file.stat().st_size
        if not file.is_file():
            way_out = "name the root layer, such as shop.usda"
            raise SceneError([Problem(name, "must be a file", "a folder", way_out)])
        if size > LARGEST:
            rule = f"must be at most {LARGEST >> 20} MiB"
            raise SceneError([Problem(name, rule, f"{size >> 20} MiB")])
        with file.open("rb") as stream:
            depth = _depth(stream.read()) if stream.read(5) == b"#usda" else 0
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise SceneError([Problem(name, "must be readable", reason, "check the path")]) from None
    if depth > DEEPEST:
        rule = f"must be nested at most {DEEPEST} levels deep"
        raise SceneError([Problem(name, rule, f"{depth} levels")])


def _depth(text: bytes) -> int:
    """The deepest nesting of brackets; those in strings and comments count too, at worst."""
    byte = np.frombuffer(text, np.uint8)
    step = np.zeros(256, np.int8)
    step[list(OPENING)], step[list(CLOSING)] = 1, -1
    return int(np.cumsum(step[byte], dtype=np.int32).max(initial=0))


def _metadata(name: str, layer: Sdf.Layer, *, is_root: bool) -> Iterator[Problem]:
    for key, (needed, way_out) in METADATA.items():
        if layer.pseudoRoot.HasInfo(key):
            value: object = layer.pseudoRoot.GetInfo(key)
            if value != needed:
                yield Problem(name, f"{key} must be {needed}", str(value), way_out)
        elif is_root and key in ROOT_METADATA:
            yield Problem(name, f"{key} must be {needed}", "nothing", way_out)
    if is_root and not layer.defaultPrim:
        yield Problem(name, "must have a default prim", way_out='write defaultPrim = "NAME"')

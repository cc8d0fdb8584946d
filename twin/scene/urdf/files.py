"""Finding the mesh files that a URDF names, inside one folder and nowhere else."""

from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from twin.errors import Problem, SceneError
from twin.scene.urdf.model import Shape

__all__ = ["ENDINGS", "MeshFiles"]

ENDINGS = (".stl", ".dae", ".obj")
MOST_BYTES = 100_000_000  # of one mesh file
MOST_TOGETHER = 500_000_000
MOST_FILES = 500
LEVELS = 4  # folders above the URDF that are searched for a package


@dataclass(slots=True)
class MeshFiles:
    """Mesh files of one URDF; every path is resolved and must lie below `root`."""

    urdf: Path
    root: Path  # nothing outside is read
    known: dict[Path, int] = field(default_factory=dict[Path, int])  # sizes of files met so far

    def find(self, shape: Shape) -> Path:
        """The file of a shape's mesh.

        Raises:
            SceneError: it is not there, outside the root, no mesh, or too large.
        """
        where = f"{self.urdf.name} {shape.where}"
        name = unquote(shape.mesh)
        if "\0" in name or len(name) > 1000:
            raise SceneError([Problem(where, "must name a mesh file", name[:40])])
        if Path(name).suffix.lower() not in ENDINGS:
            rule = f"must name a mesh file: {', '.join(ENDINGS)}"
            raise SceneError([Problem(where, rule, shape.mesh[:120])])
        file = next((each for each in self._candidates(name) if each.is_file()), None)
        if file is None:
            rule, way_out = "must name a file that is there", self._way_out(name)
            raise SceneError([Problem(where, rule, shape.mesh[:120], way_out)])
        real = file.resolve()
        if not real.is_relative_to(self.root):
            rule = f"must name a file below {self.root}"
            way_out = "if you trust it, name a folder above with --root"
            raise SceneError([Problem(where, rule, shape.mesh[:120], way_out)])
        self._count(where, real)
        return real

    def _candidates(self, name: str) -> list[Path]:
        """Where a file may be, most likely first.

        A package is a folder of its name that the URDF lies in or beside; if none is called that,
        the package is the nearest folder above the URDF that has the file.
        """
        folders = [self.urdf.parent, *list(self.urdf.parents)[1:LEVELS]]
        scheme, _, rest = name.rpartition("://")
        path = PurePosixPath(rest)
        if scheme == "file" or path.is_absolute():
            return [Path(rest)]
        if scheme != "package":
            return [self.urdf.parent / path]
        package, *inside = path.parts
        named = [folder / package for folder in (*folders, self.root)]
        named += [folder for folder in folders if folder.name == package]
        return [folder.joinpath(*inside) for folder in (*named, *folders)]

    def _way_out(self, name: str) -> str:
        if name.startswith("package://"):
            return f"packages are searched in {LEVELS} folders above the URDF and in --root"
        return "paths without package:// begin at the URDF's own folder"

    def _count(self, where: str, file: Path) -> None:
        self.known.setdefault(file, file.stat().st_size)
        if self.known[file] > MOST_BYTES or sum(self.known.values()) > MOST_TOGETHER:
            rule = f"must be at most {MOST_BYTES:,} bytes, all meshes {MOST_TOGETHER:,}"
            raise SceneError([Problem(where, rule, f"{self.known[file]:,} in {file.name}")])
        if len(self.known) > MOST_FILES:
            raise SceneError([Problem(where, f"must be one of at most {MOST_FILES} mesh files")])

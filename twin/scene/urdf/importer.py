"""From a URDF file to a robot asset: a folder that scenes refer to, built as our own assets are."""

from dataclasses import dataclass
from pathlib import Path

from pxr import Sdf, Tf

from twin.errors import CommandError, Problem
from twin.motion import Arm
from twin.motion.joint import is_a_body_s
from twin.scene.author import new_stage
from twin.scene.chain import FLANGE
from twin.scene.export.folder import new_folder
from twin.scene.interface import write_interface
from twin.scene.robots import ArmReader
from twin.scene.urdf.files import MeshFiles
from twin.scene.urdf.parse import parse
from twin.scene.urdf.physics import Ramps, write_physics
from twin.scene.urdf.shapes import link_paths, write_shapes
from twin.scene.urdf.tree import Serial, serial

__all__ = ["Imported", "import_robot"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """The asset that was written, and what its user should know."""

    asset: Path  # the layer that scenes refer to
    arm: Arm
    flange: str  # the link that tools are mounted on
    meshes: int
    notes: tuple[Problem, ...]


def import_robot(
    file: Path,
    out: Path,
    *,
    flange: str | None = None,
    root: Path | None = None,
    ramp_time: float = 0.4,
) -> Imported:
    """Write a robot asset from a URDF file.

    Args:
        file: The URDF, with xacro expanded.
        out: The folder to write; an earlier import to which nothing was added is replaced.
        flange: The link that tools are mounted on; None: tool0 or flange, or the last that moves.
        root: Meshes are read below this folder only; None: the one above the URDF's own.
        ramp_time: How long a joint takes to its full speed [s]; URDF has no acceleration.

    Raises:
        SceneError: the file or a mesh can't be used; by file, element and rule.
        CommandError: `out` can't be written, or the time is not positive.
    """
    if not 0.0 < ramp_time <= 60.0:
        raise CommandError(f"the time to full speed must be > 0 and <= 60 s, got {ramp_time:g}")
    file = file.absolute()
    described = parse(file)
    chain = serial(described, flange)
    files = MeshFiles(urdf=file, root=(root or file.parents[min(1, len(file.parts) - 2)]).resolve())
    prim = Tf.MakeValidIdentifier(described.name)
    name = prim.lower()
    source = f"URDF {file.name}"
    with new_folder(out, {"robot": described.name, "urdf": file.name}) as folder:
        paths, links = link_paths(chain, f"/{prim}")
        geometry = new_stage(folder / "payload" / f"{name}_geo.usdc", prim, kind="")
        count = write_shapes(geometry, chain, paths, files.find)
        geometry.GetRootLayer().Save()
        physics = new_stage(folder / "payload" / f"{name}_physics.usda", prim, kind="")
        write_physics(physics, chain, links, ramps=Ramps(time=ramp_time), source=source)
        named = physics.GetDefaultPrim().CreateRelationship(FLANGE, custom=True)
        named.SetTargets([Sdf.Path(paths[chain.flange])])
        physics.GetRootLayer().Save()
        stage = write_interface(
            folder / f"{name}.usda", prim, ("physics.usda", "geo.usdc"),
            doc=f"Robot arm, imported from {file.name}.",
        )  # fmt: skip
        arm, _ = ArmReader().read(stage.GetDefaultPrim())
    return Imported(
        asset=out.absolute() / f"{name}.usda", arm=arm, flange=chain.flange,
        meshes=sum(count.values()), notes=tuple(_notes(file.name, chain)),
    )  # fmt: skip


def _notes(file: str, chain: Serial) -> list[Problem]:
    """What is legal but not what an arm should be."""
    notes: list[Problem] = []
    for joint in chain.joints:
        if not joint.speed:
            rule = "has no speed limit: 90 deg/s is taken, or 0.5 m/s"
            notes.append(Problem(f'{file} joint "{joint.name}"', rule))
    for body in chain.bodies()[1:]:
        where = f'{file} link "{body.name}"'
        if not body.mass > 0:
            notes.append(Problem(where, "has no mass: torque and energy can't be computed"))
        elif not is_a_body_s(body):
            rule = "has an inertia that no body has: one moment is above the sum of the others"
            notes.append(Problem(where, rule))
    if chain.held:
        rule = "has joints off the chain to the flange, which are held at zero"
        notes.append(Problem(file, rule, ", ".join(chain.held[:8])))
    return notes

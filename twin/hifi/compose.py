"""The MuJoCo model of a cell: what stands, what is driven, and room for parts.

There is a body for every part that can be in the cell at once. One that is not in use is parked:
it weighs nothing and touches nothing. So the model never changes its shape, and its state can be
saved and restored as a whole.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from twin.hifi.library import library
from twin.hifi.solid import Solid
from twin.motion.frame import pose_from

__all__ = ["DRIVEN", "PART", "PARTS_TOUCH", "STANDING", "compose"]

STANDING, PART, DRIVEN = 1, 2, 4  # bits of who touches whom, and groups of geometry
PARTS_TOUCH = STANDING | PART | DRIVEN
STIFF = 2.5  # steps in which contacts and grips settle; below 2 MuJoCo slows them itself
STICKY = 10.0  # how much stiffer contacts are along friction than across: less creep


def compose(
    *,
    step: float,
    friction: float,
    gravity: float,
    density: float,
    capacity: int,
    standing: Sequence[Solid],
    parts: Mapping[str, Sequence[Solid]],
    driven: Sequence[Sequence[Solid]],
    grip: int | None,
) -> Any:
    """Compile a model; body names are standing, driven_N and part_PRODUCT_N."""
    mujoco = library()
    spec = mujoco.MjSpec()
    option = spec.option
    option.timestep = step
    option.gravity = [0.0, 0.0, -gravity]
    option.cone = mujoco.mjtCone.mjCONE_ELLIPTIC
    option.impratio = STICKY
    option.integrator = mujoco.mjtIntegrator.mjINT_IMPLICITFAST
    _light(spec)
    body = spec.worldbody.add_body(name="standing")
    for solid in standing:
        _add(spec, body, solid, bits=(STANDING, 0), friction=friction)
    for number, link in enumerate(driven):
        body = spec.worldbody.add_body(name=f"driven_{number}", mocap=True)
        for solid in link:
            _add(spec, body, solid, bits=(DRIVEN, 0), friction=friction)
    for product, solids in parts.items():
        for number in range(capacity):
            name = f"part_{product}_{number}"
            _add_part(spec, name, solids, friction=friction, density=density, grip=grip)
    return spec.compile()


def _light(spec: Any) -> None:
    """Two lamps and a bright sky, for pictures."""
    mujoco = library()
    for at, shadow in (((2.0, -1.5, 3.0), True), ((-1.0, 2.0, 3.5), False)):
        spec.worldbody.add_light(
            pos=at, dir=[-at[0] / 2, -at[1] / 2, -1.0], diffuse=[0.55] * 3, specular=[0.15] * 3,
            castshadow=shadow,
        )  # fmt: skip
    spec.add_texture(
        name="sky", type=mujoco.mjtTexture.mjTEXTURE_SKYBOX, width=64, height=384,
        builtin=mujoco.mjtBuiltin.mjBUILTIN_GRADIENT, rgb1=[0.75, 0.80, 0.86],
        rgb2=[0.93, 0.94, 0.95],
    )  # fmt: skip
    spec.visual.headlight.ambient = [0.35] * 3
    spec.visual.quality.shadowsize = 8192


def _add_part(
    spec: Any,
    name: str,
    solids: Sequence[Solid],
    *,
    friction: float,
    density: float,
    grip: int | None,
) -> None:
    mujoco = library()
    body = spec.worldbody.add_body(name=name, gravcomp=1.0)
    body.add_freejoint()
    for solid in solids:
        _add(spec, body, solid, bits=(0, 0), friction=friction, density=density, group=PART)
    if grip is None:
        return
    weld = spec.add_equality(
        name=f"grip_{name}",
        type=mujoco.mjtEq.mjEQ_WELD,
        objtype=mujoco.mjtObj.mjOBJ_BODY,
        name1=f"driven_{grip}",
        name2=name,
        active=False,
    )
    weld.solref = [STIFF * spec.option.timestep, 1.0]


def _add(
    spec: Any,
    body: Any,
    solid: Solid,
    *,
    bits: tuple[int, int],
    friction: float,
    density: float = 1000.0,
    group: int = 0,
) -> None:
    mujoco = library()
    common: dict[str, Any] = {
        "contype": bits[0],
        "conaffinity": bits[1],
        "friction": [friction, 0.001, 0.0001],
        "solref": [STIFF * spec.option.timestep, 1.0],
        "density": density,
        "group": group or bits[0],
        "rgba": [*solid.colour, 1.0],
        "condim": 3,
    }
    if solid.half is not None and solid.frame is not None:
        xyz, wxyz = pose_from(solid.frame)
        kind = mujoco.mjtGeom.mjGEOM_BOX
        body.add_geom(type=kind, size=list(solid.half), pos=xyz, quat=wxyz, **common)
        return
    mesh = spec.add_mesh(name=f"hull_{len(spec.meshes)}", uservert=solid.points.ravel())
    body.add_geom(type=mujoco.mjtGeom.mjGEOM_MESH, meshname=mesh.name, **common)

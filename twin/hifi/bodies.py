"""Bodies under gravity and contact: parts that slide, tip and pile among what stands or is driven.

MuJoCo steps them (Todorov, Erez and Tassa, "MuJoCo: A physics engine for model-based control",
IROS 2012): velocities and positions by a semi-implicit step of fixed length, contacts that give a
little, Coulomb friction with an elliptic cone. On one thread the same steps give the same bits.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.errors import RunError
from twin.hifi.compose import PART, PARTS_TOUCH, STANDING, compose
from twin.hifi.library import library
from twin.hifi.solid import Solid
from twin.motion.frame import compose as turned
from twin.motion.frame import invert, pose_from, rotate

__all__ = ["Bodies", "BodiesState", "Sight"]

Array = NDArray[np.float64]
PARKING = -50.0  # m: height at which bodies wait that are not in use
PAD = 0.004  # m from a point to those that must lie on the same surface
MUTABLE = (
    *("geom_contype", "geom_conaffinity", "body_contype", "body_conaffinity"),
    *("body_gravcomp", "eq_data"),
)


SEEN = np.array([each in (STANDING, PART) for each in range(6)], np.uint8)  # groups


class Sight(NamedTuple):
    """What a look from above finds."""

    slot: int  # of the part; -1: it is none
    height: float  # m
    upward: float  # Z of the surface's normal: 1 is level, 0 at an edge


class BodiesState(NamedTuple):
    """Everything that the next step depends on."""

    state: Array
    model: tuple[Any, ...]
    used: tuple[bool, ...]


class Bodies:
    """A model with its state; a part is known by its slot."""

    def __init__(
        self,
        *,
        step: float,
        parts: Mapping[str, Sequence[Solid]],
        standing: Sequence[Solid] = (),
        driven: Sequence[Sequence[Solid]] = (),
        grip: int | None = None,
        capacity: int = 1,
        friction: float = 0.5,
        gravity: float = 9.81,
        density: float = 7850.0,
    ) -> None:
        """Make a model with no part in it.

        Args:
            step: how far one step goes [s].
            parts: by product, the solids of a part in its own frame; they must not overlap.
            standing: solids in the world that never move.
            driven: solids of each driven body in its own frame.
            grip: number of the driven body that parts can be held by.
            capacity: how many parts of each product can be there at once.
            friction: coefficient between any two bodies.
            gravity: m/s2, downwards.
            density: of parts [kg/m3].

        Raises:
            CommandError: MuJoCo is not installed.
        """
        self._mujoco = library()
        self.model: Any = compose(
            step=step, friction=friction, gravity=gravity, density=density, capacity=capacity,
            standing=standing, parts=parts, driven=driven, grip=grip,
        )  # fmt: skip
        self.data: Any = self._mujoco.MjData(self.model)
        self.products = tuple(name for name in parts for _ in range(capacity))
        self._used = [False] * len(self.products)
        self._grip = grip
        first = 2 + len(driven)  # after the world and what stands
        self._body = np.arange(first, first + len(self.products))
        self._geoms = [np.flatnonzero(self.model.geom_bodyid == each) for each in self._body]
        for slot in range(len(self.products)):
            self._park(slot)
        self._mujoco.mj_forward(self.model, self.data)

    @property
    def used(self) -> tuple[int, ...]:
        """Slots of the parts that are there."""
        return tuple(slot for slot, each in enumerate(self._used) if each)

    @property
    def mass(self) -> Array:
        """Of the part of each slot [kg]."""
        return self.model.body_mass[self._body].copy()

    @property
    def inertia(self) -> Array:
        """Principal moments of the part of each slot about its centre of mass [kg m2], [n, 3]."""
        return self.model.body_inertia[self._body].copy()

    def put(self, product: str, xyz: ArrayLike, wxyz: ArrayLike, velocity: ArrayLike = 0.0) -> int:
        """Let a part begin at a pose with a velocity [m/s]; returns its slot.

        Raises:
            RunError: there is no room.
        """
        free = [s for s, name in enumerate(self.products) if name == product and not self._used[s]]
        if not free:
            count = self.products.count(product)
            raise RunError(f"the cell has room for {count} parts of {product}; give it more")
        slot = free[0]
        self._used[slot] = True
        at, speed = self._places(slot)
        self.data.qpos[at : at + 3] = xyz
        self.data.qpos[at + 3 : at + 7] = wxyz
        self.data.qvel[speed : speed + 3] = velocity
        self.data.qvel[speed + 3 : speed + 6] = 0.0
        self._touch(slot, PART, PARTS_TOUCH)
        self.model.body_gravcomp[self._body[slot]] = 0.0
        self._mujoco.mj_kinematics(self.model, self.data)
        return slot

    def take(self, slot: int) -> None:
        """Let a part be gone."""
        self.release(slot)
        self._used[slot] = False
        self._park(slot)
        self._mujoco.mj_kinematics(self.model, self.data)

    def drive(self, frames: ArrayLike) -> None:
        """Bring the driven bodies to these frames in the world, shape [n, 4, 4]."""
        xyz, wxyz = pose_from(frames)
        self.data.mocap_pos[:] = xyz
        self.data.mocap_quat[:] = wxyz

    def hold(self, slot: int) -> None:
        """Let the grip hold a part as it lies to it now; they no longer push one another."""
        if self._grip is None:
            raise RunError("the cell has nothing to hold a part with")
        xyz, wxyz = self.data.mocap_pos[self._grip], self.data.mocap_quat[self._grip]
        part, turn = self.pose(slot)
        back = invert(wxyz)
        self.model.eq_data[slot, :11] = [
            *(0.0, 0.0, 0.0),
            *rotate(back, part - xyz),
            *turned(back, turn),
            1.0,
        ]
        self.data.eq_active[slot] = 1
        self._touch(slot, PART, STANDING | PART)

    def release(self, slot: int) -> None:
        """Let a part go, if it is held."""
        if self._grip is not None and self.data.eq_active[slot]:
            self.data.eq_active[slot] = 0
            self._touch(slot, PART, PARTS_TOUCH)

    def step(self, count: int = 1) -> None:
        """Let so many steps go by."""
        self._mujoco.mj_step(self.model, self.data, count)

    def pose(self, slot: int) -> tuple[Array, Array]:
        """Where the frame of a part is: position [m] and quaternion wxyz."""
        at, _ = self._places(slot)
        return self.data.qpos[at : at + 3].copy(), self.data.qpos[at + 3 : at + 7].copy()

    def speed(self, slot: int) -> tuple[float, float]:
        """How fast a part moves [m/s] and turns [rad/s]."""
        _, at = self._places(slot)
        velocity = self.data.qvel[at : at + 6]
        return float(np.linalg.norm(velocity[:3])), float(np.linalg.norm(velocity[3:]))

    def corners(self, slot: int, solids: Sequence[Solid]) -> Array:
        """The corners of a part's solids in the world [m], shape [n, 3]."""
        xyz, wxyz = self.pose(slot)
        return rotate(wxyz, np.vstack([each.points for each in solids])) + xyz

    def seen_from_above(self, point: ArrayLike) -> Sight:
        """What lies open under a point, with nothing but robots above it."""
        self._mujoco.mj_kinematics(self.model, self.data)
        x, y, z = np.asarray(point, np.float64).tolist()
        geom, height = self._ray(x, y, z)
        sides = [self._ray(x + PAD, y, z), self._ray(x, y + PAD, z)]
        slopes = [(each - height) / PAD if other == geom else np.inf for other, each in sides]
        slot = int(self.model.geom_bodyid[geom] - self._body[0]) if geom >= 0 else -1
        return Sight(max(slot, -1), height, float(1.0 / np.sqrt(1.0 + np.square(slopes).sum())))

    def _ray(self, x: float, y: float, z: float) -> tuple[int, float]:
        """The geometry straight under a point, -1 if none, and how high it is there [m]."""
        found, down = np.array([-1], np.int32), np.array([0.0, 0.0, -1.0])
        distance = self._mujoco.mj_ray(
            self.model, self.data, np.array([x, y, z]), down, SEEN, 1, -1, found
        )
        return int(found[0]), float(z - distance)

    def seen(self) -> Any:
        """MuJoCo's data with all places worked out, for whoever draws them."""
        self._mujoco.mj_kinematics(self.model, self.data)
        self._mujoco.mj_camlight(self.model, self.data)
        return self.data

    def energy(self) -> float:
        """Kinetic and potential energy of all parts that are there [J], heights from the origin."""
        model, total = self.model, 0.0
        for slot in self.used:
            body, (_, at) = self._body[slot], self._places(slot)
            (xyz, wxyz), velocity = self.pose(slot), self.data.qvel[at : at + 6]
            centre, turning = model.body_ipos[body], velocity[3:]  # in the part's own frame
            speed = velocity[:3] + rotate(wxyz, np.cross(turning, centre))
            own = rotate(invert(model.body_iquat[body]), turning)
            height = float(xyz[2] + rotate(wxyz, centre)[2])
            total += 0.5 * float(model.body_mass[body] * (speed @ speed))
            total += 0.5 * float(model.body_inertia[body] @ (own * own))
            total -= float(model.body_mass[body] * model.opt.gravity[2]) * height
        return total

    def state(self) -> BodiesState:
        """What is now, to be restored here or in another cell of the same description."""
        kind = self._mujoco.mjtState.mjSTATE_INTEGRATION
        state = np.empty(self._mujoco.mj_stateSize(self.model, kind))
        self._mujoco.mj_getState(self.model, self.data, state, kind)
        model = tuple(getattr(self.model, name).copy() for name in MUTABLE)
        return BodiesState(state, model, tuple(self._used))

    def restore(self, saved: BodiesState) -> None:
        """Go to a saved state."""
        for name, column in zip(MUTABLE, saved.model, strict=True):
            getattr(self.model, name)[:] = column
        kind = self._mujoco.mjtState.mjSTATE_INTEGRATION
        self._mujoco.mj_setState(self.model, self.data, saved.state, kind)
        self._used = list(saved.used)
        self._mujoco.mj_kinematics(self.model, self.data)

    def _park(self, slot: int) -> None:
        at, speed = self._places(slot)
        self.data.qpos[at : at + 7] = [float(slot), 0.0, PARKING, 1.0, 0.0, 0.0, 0.0]
        self.data.qvel[speed : speed + 6] = 0.0
        self.data.qacc_warmstart[speed : speed + 6] = 0.0
        self._touch(slot, 0, 0)
        self.model.body_gravcomp[self._body[slot]] = 1.0

    def _touch(self, slot: int, kind: int, others: int) -> None:
        self.model.geom_contype[self._geoms[slot]] = kind
        self.model.geom_conaffinity[self._geoms[slot]] = others
        self.model.body_contype[self._body[slot]] = kind
        self.model.body_conaffinity[self._body[slot]] = others

    def _places(self, slot: int) -> tuple[int, int]:
        joint = self.model.body_jntadr[self._body[slot]]
        return int(self.model.jnt_qposadr[joint]), int(self.model.jnt_dofadr[joint])

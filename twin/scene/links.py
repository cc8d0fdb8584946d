"""Joints and links of a robot as numbers: frames, limits, drives, masses, read from UsdPhysics.

A joint stands at `localPos0`, `localRot0` in the link before it and at `localPos1`, `localRot1` in
the link after it. An arm has no frame of its own for the joint: a turned `localRot1` turns its axis
instead, and where a link's origin lies off the axis, the arm's link begins at the joint. UsdPhysics
keeps these frames in single precision. A joint may tell the link's frame in the link before, at
zero, in double precision as well, as `twin:frame`; it must agree.
"""

import math
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from pxr import Usd, UsdGeom, UsdPhysics

from twin.errors import Problem
from twin.motion import Joint, Link
from twin.motion.frame import invert_matrix, matrix_from, pose_from
from twin.plant.declared import JointParams
from twin.scene.chain import FRAME, Chain
from twin.scene.values import read_values

__all__ = ["Numbers", "read_numbers", "relative_frame"]

Matrix = NDArray[np.float64]

SINGLE = 2e-5  # [m] or per unit of a direction: what single precision may lose
PRINCIPAL = {"X": (1.0, 0.0, 0.0), "Y": (0.0, 1.0, 0.0), "Z": (0.0, 0.0, 1.0)}
UNLIMITED = 4 * math.pi  # rad each way: an axis without limits, in numbers that a drive can count


@dataclass(frozen=True, slots=True)
class Numbers:
    """What an `Arm` is built of; `shift` is where a link's prim begins in the arm's link [m]."""

    joints: tuple[Joint, ...]
    links: tuple[Link, ...]
    shift: tuple[tuple[float, float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Seat:
    """A joint in the links on both of its sides."""

    before: Matrix  # in the link before
    after: Matrix  # in the link after
    axis: Matrix  # in the joint's own frame


def read_numbers(chain: Chain, problems: list[Problem]) -> Numbers:
    """Read joints and links; what is wrong with them is added to `problems`."""
    seats = [_seat(joint) for joint in chain.joints]
    joints: list[Joint] = []
    shift: list[Matrix] = [np.zeros(3)]
    for i, (prim, seat) in enumerate(zip(chain.joints, seats, strict=True)):
        slides = prim.IsA("PhysicsPrismaticJoint")
        exact = _at_zero(prim, seat, problems)
        place = _moved(shift[i]) @ exact  # of the link's prim in the arm's link before
        axis = _straight(seat.after[:3, :3] @ seat.axis)
        # a revolute joint holds the link at its axis; a prismatic one, or one on it, anywhere
        centre = seat.after[:3, 3]
        is_off = not slides and np.linalg.norm(np.cross(axis, centre)) > SINGLE
        shift.append(-centre if is_off else np.zeros(3))
        place = place @ _moved(-shift[i + 1])
        joints.append(_joint(prim, place, axis, problems))
    links = [_link(prim, each) for prim, each in zip(chain.links, shift, strict=True)]
    places = [(float(x), float(y), float(z)) for x, y, z in shift]
    return Numbers(tuple(joints), tuple(links), tuple(places))


def relative_frame(below: Usd.Prim, above: Usd.Prim) -> Matrix:
    """Where a prim stands in the frame of one above it, shape [4, 4]."""
    relative = cast("tuple[Any, bool]", UsdGeom.XformCache().ComputeRelativeTransform(below, above))
    return np.array(relative[0], dtype=np.float64).T


def _seat(prim: Usd.Prim) -> _Seat:
    joint = UsdPhysics.Joint(prim)
    axis = str(cast("object", prim.GetAttribute("physics:axis").Get()))
    return _Seat(
        before=_frame(joint.GetLocalPos0Attr().Get(), joint.GetLocalRot0Attr().Get()),
        after=_frame(joint.GetLocalPos1Attr().Get(), joint.GetLocalRot1Attr().Get()),
        axis=np.array(PRINCIPAL.get(axis, (0.0, 0.0, 1.0))),
    )


def _frame(xyz: Any, turn: Any) -> Matrix:
    wxyz = np.array([turn.GetReal(), *turn.GetImaginary()], np.float64)
    length = np.linalg.norm(wxyz)
    return matrix_from(xyz, wxyz / length if length else (1.0, 0.0, 0.0, 0.0))


def _moved(xyz: Matrix) -> Matrix:
    return matrix_from(xyz, (1.0, 0.0, 0.0, 0.0))


def _straight(axis: Matrix) -> Matrix:
    """The axis, freed of single precision's noise where it is along X, Y or Z."""
    near = np.round(axis)
    return near + 0.0 if np.abs(axis - near).max() < 1e-6 else axis / np.linalg.norm(axis)


def _at_zero(prim: Usd.Prim, seat: _Seat, problems: list[Problem]) -> Matrix:
    """The link's frame in the link before, as precise as the joint tells it."""
    frame = seat.before @ invert_matrix(seat.after)
    told: Any = prim.GetAttribute(FRAME).Get() if prim.HasAttribute(FRAME) else None
    if told is None:
        return frame
    precise = np.array(told, dtype=np.float64).T
    if precise.shape != (4, 4) or not np.abs(precise - frame).max() <= SINGLE:
        rule, way_out = "must agree with the joint's physics:local frames", "remove it"
        problems.append(Problem(f"{prim.GetPath()} {FRAME}", rule, way_out=way_out))
        return frame
    return precise


def _joint(prim: Usd.Prim, place: Matrix, axis: Matrix, problems: list[Problem]) -> Joint:
    where = str(prim.GetPath())
    reading = read_values(prim, JointParams)
    problems += reading.problems
    params = reading.params
    assert isinstance(params, JointParams)
    slides = prim.IsA("PhysicsPrismaticJoint")
    scale, unit = (1.0, "m") if slides else (math.radians(1.0), "deg")
    lower, upper = (
        float(cast("float", prim.GetAttribute(f"physics:{end}Limit").Get()))
        for end in ("lower", "upper")
    )
    if slides or not (math.isinf(lower) and math.isinf(upper) and lower < upper):
        if not (math.isfinite(lower) and math.isfinite(upper) and lower < upper):
            rule = "must have physics:lowerLimit below physics:upperLimit"
            way_out = f"swap them: {upper:g} to {lower:g} {unit}" if lower > upper else ""
            problems.append(Problem(where, rule, f"{lower:g} to {upper:g} {unit}", way_out))
    else:
        lower, upper = -UNLIMITED / scale, UNLIMITED / scale
    xyz, wxyz = pose_from(place)
    x, y, z = xyz.tolist()
    w, i, j, k = wxyz.tolist()
    ax, ay, az = axis.tolist()
    return Joint(
        name=prim.GetName(),
        origin=(x, y, z),
        wxyz=(w, i, j, k),
        axis=(ax, ay, az),
        prismatic=slides,
        lower=lower * scale,
        upper=upper * scale,
        speed=params.max_speed * scale,
        acceleration=params.max_acceleration * scale,
        jerk=params.max_jerk * scale,
        effort=_effort(prim, "linear" if slides else "angular"),
    )


def _effort(prim: Usd.Prim, kind: str) -> float:
    """The drive's largest force or torque; infinite where no drive says."""
    force = prim.GetAttribute(f"drive:{kind}:physics:maxForce")
    value = cast("float | None", force.Get()) if force else None
    return math.inf if value is None else float(value)


def _link(prim: Usd.Prim, shift: Matrix) -> Link:
    api = UsdPhysics.MassAPI(prim)
    if not prim.HasAPI("PhysicsMassAPI") or not api.GetMassAttr().Get():
        return Link(name=prim.GetName())
    com = np.array(api.GetCenterOfMassAttr().Get(), np.float64)
    com = np.where(np.isfinite(com), com, 0.0) + shift  # unwritten: minus infinity
    moments = np.array(api.GetDiagonalInertiaAttr().Get(), np.float64)
    turn: Any = api.GetPrincipalAxesAttr().Get()
    axes = _frame((0.0, 0.0, 0.0), turn)[:3, :3]
    rows = (axes * moments @ axes.T).tolist()
    x, y, z = com.tolist()
    return Link(
        name=prim.GetName(),
        mass=float(api.GetMassAttr().Get()),
        com=(x, y, z),
        inertia=(tuple(rows[0]), tuple(rows[1]), tuple(rows[2])),
    )

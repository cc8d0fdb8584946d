"""The weld spots of a body: a thousand frames along its seams, left and right.

A spot's frame is where the tool frame of the gun must be: Z is the electrodes' axis, square to the
sheets; X is the way into the open side of the seam, from where the gun comes. A gun may turn about
Z. Sheets, guns and which step welds what are proposals; so is the pitch of some 20 mm, which is
denser than the usual 30 to 50 mm, as the body has outer flanges only. No two spots are nearer than
20 mm; roof rails, pillars and arches have two rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pxr import Gf, Sdf, Usd, UsdGeom

from assets.author.body_style import Style
from assets.author.package import new_stage
from assets.author.weld_seams import Seam, seams

__all__ = ["SPOTS", "SpotRow", "spot_rows", "write_spots"]

Array = NDArray[np.float64]
Hold = tuple[float, float, float]

SPOTS = 1000  # of a body
LIGHT, HEAVY = "light", "heavy"  # guns by force: up to 3 mm of sheets in all, and beyond
SHEETS = {  # mm, by the first word of the seam's name
    "top": (0.8, 1.2, 0.8),
    "bottom": (0.8, 1.4, 1.6),
    "ahead": (0.8, 1.2, 0.8),
    "behind": (0.8, 1.2, 0.8),
    "arch": (0.8, 0.8),
    "nose": (1.2, 1.6),
    "tail": (1.0, 1.4),
}
# Spots that hold the side frames while the buck holds them: seam, start, stop, share, spots of a
# side, and the gun's own yaw, pitch and roll [deg] where it can't come square to the side.
GEOMETRY: tuple[tuple[str, float, float, int, Hold], ...] = (
    ("nose", 0.0, 0.5, 8, (45, 15, 0)),
    ("arch_front", 0.71, 1.0, 12, (10, 0, -48)),
    ("arch_rear", 0.0, 0.33, 12, (15, 15, 55)),
    ("tail", 0.0, 1.0, 12, (-50, 25, 0)),
)
ROOF = {"top_inner_front": (0.04, 0.97, 20), "top_inner_rear": (0.04, 0.97, 20)}
RESPOT = {  # the part that respot robots weld; they weld no spot that is welded already
    "arch_front": (0.02, 0.68),
    "arch_rear": (0.37, 0.98),
    "top_front": (0.02, 0.98),
    "top_rear": (0.02, 0.98),
    "bottom_front": (0.02, 0.98),
    "bottom_rear": (0.02, 0.98),
    "arch_inner_front": (0.02, 0.68),
    "arch_inner_rear": (0.37, 0.98),
    "ahead_inner_front": (0.35, 0.98),
    "behind_inner_rear": (0.06, 0.94),
    "ahead_front": (0.30, 0.98),
    "ahead_rear": (0.08, 0.92),
    "behind_front": (0.08, 0.92),
    "behind_rear": (0.06, 0.94),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SpotRow:
    """Spots along one seam, in their order."""

    name: str
    step: str  # framing, respot or roof
    gun: str
    sheets: tuple[float, ...]  # mm
    frames: Array  # in the body, shape [n, 4, 4]


def spot_rows(style: Style) -> list[SpotRow]:
    """All spots of a body, 1,000 of them."""
    found = seams(style)
    rows: list[SpotRow] = []
    for side, word in ((1.0, "left"), (-1.0, "right")):
        for name, start, stop, count, hold in GEOMETRY:
            frames = _frames(found[name], (start, stop), count, side, hold)
            rows.append(_row("framing", word, name, frames))
        for name, count in _respot(found).items():
            rows.append(_row("respot", word, name, _frames(found[name], RESPOT[name], count, side)))
        for name, (start, stop, count) in ROOF.items():
            frames = _frames(found[name], (start, stop), count, side)
            rows.append(_row("roof", word, name, frames))
    return rows


def _row(step: str, side: str, name: str, frames: Array) -> SpotRow:
    sheets = SHEETS[name.partition("_")[0]]
    gun = HEAVY if sum(sheets) > 3.0 else LIGHT
    return SpotRow(name=f"{step}/{side}_{name}", step=step, gun=gun, sheets=sheets, frames=frames)


def _respot(found: dict[str, Seam]) -> dict[str, int]:
    """How many spots each seam of a side has: even pitch, and as many in all as are left."""
    fixed = sum(count for *_, count, _ in GEOMETRY) + sum(count for *_, count in ROOF.values())
    left = SPOTS // 2 - fixed
    share = {name: found[name].length * (stop - start) for name, (start, stop) in RESPOT.items()}
    exact = {name: left * each / sum(share.values()) for name, each in share.items()}
    counts = {name: int(each) for name, each in exact.items()}
    rest = sorted(exact, key=lambda name: counts[name] - exact[name])
    for name in rest[: left - sum(counts.values())]:
        counts[name] += 1
    return counts


def _frames(  # noqa: PLR0917
    seam: Seam, part: tuple[float, float], count: int, side: float, hold: Hold | None = None
) -> Array:
    """Frames at equal steps along a part of a seam, mirrored for the right side (-1)."""
    points, into = seam.at(np.linspace(*part, count))
    mirror = np.array([1.0, side, 1.0])
    points, into = points * mirror, into * mirror
    if hold is None:
        inward = np.tile([0.0, -side, 0.0], (count, 1))
        x = np.cos(seam.tilt) * inward + np.sin(seam.tilt) * into
        z = np.cos(seam.tilt) * into - np.sin(seam.tilt) * inward
    else:
        x, z = (np.tile(axis, (count, 1)) for axis in _held(hold, side))
    frames = np.tile(np.eye(4), (count, 1, 1))
    frames[:, :3, 0], frames[:, :3, 1], frames[:, :3, 2] = x, np.cross(z, x), z
    frames[:, :3, 3] = points
    return frames


def _held(hold: Hold, side: float) -> tuple[Array, Array]:
    """Way in and electrode axis of a gun with a given attitude.

    Without angles it points straight at the body, upright; it turns to come from the front of the
    car (yaw), from above (pitch), and rolls its drive to the front.
    """
    yaw, pitch, roll = np.radians(hold)
    x = np.array(
        [-np.sin(yaw) * np.cos(pitch), -side * np.cos(yaw) * np.cos(pitch), -np.sin(pitch)]
    )
    ahead = np.array([np.cos(yaw), -side * np.sin(yaw), 0.0])
    up = np.cross(x, ahead) if side > 0 else np.cross(ahead, x)
    return x, np.cos(roll) * up + np.sin(roll) * ahead


def write_spots(style: Style, path: Path) -> None:
    """Write the layer with the spots of a body: a scope for each seam, a frame for each spot."""
    stage = new_stage(path, style.prim)
    root = UsdGeom.Scope.Define(stage, f"/{style.prim}/spots").GetPrim()
    root.SetDocumentation("Weld spots: Z is the electrodes' axis, X the way into the seam.")
    for prim, row in _scopes(stage, style, spot_rows(style)):
        values = {
            "weld:step": (Sdf.ValueTypeNames.String, row.step),
            "weld:gun": (Sdf.ValueTypeNames.String, row.gun),
            "weld:sheets": (Sdf.ValueTypeNames.DoubleArray, list(row.sheets)),
        }
        for name, (kind, value) in values.items():
            prim.CreateAttribute(name, kind, custom=True).Set(value)
        for number, frame in enumerate(row.frames, start=1):
            spot = UsdGeom.Xform.Define(stage, f"{prim.GetPath()}/s{number:02d}")
            spot.AddTransformOp().Set(Gf.Matrix4d(frame.T))
    stage.GetRootLayer().Save()


def _scopes(
    stage: Usd.Stage, style: Style, rows: list[SpotRow]
) -> Iterator[tuple[Usd.Prim, SpotRow]]:
    for row in rows:
        step = f"/{style.prim}/spots/{row.step}"
        UsdGeom.Scope.Define(stage, step)
        yield UsdGeom.Scope.Define(stage, f"/{style.prim}/spots/{row.name}").GetPrim(), row

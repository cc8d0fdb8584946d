"""Layout layer: bin, chute, belt, floor, the bracket itself, cameras."""

import math

from pxr import Usd, UsdGeom, UsdLux

from scenes.authoring.usd import Vector, group
from scenes.bracket_bin.authoring.plan import BIN, BRACKET, CHUTE, DROP, INSIDE, OWN, PLACE, ROOT
from scenes.bracket_bin.authoring.shapes import box, looks
from twin.plant.declared import ProductParams
from twin.scene.author import apply, stand

__all__ = ["BODIES", "DROPPING", "VIEWS", "VOLUME", "author_bracket", "author_layout"]

BODIES = [f"{ROOT}/Equipment/{name}" for name in ("Bin", "Chute", "Belt", "Floor")]
DROPPING = f"{ROOT}/Equipment/Drop"
VOLUME = f"{ROOT}/Equipment/Reach"
WALL = 0.02  # m
VEE = 18.0  # deg that the halves of the bin's floor fall to its middle
MARGIN = 0.045  # m that the tool keeps from the walls
VIEWS: dict[str, tuple[Vector, Vector]] = {
    "Cell": ((3.0, 2.6, 2.1), (0.7, 0.25, 0.6)),
    "Bin": ((1.5, -0.75, 1.5), (0.95, 0.0, 0.5)),
}


def about(axis: int, degrees: float) -> tuple[float, float, float, float]:
    """The quaternion wxyz of a turn about X (0) or Y (1)."""
    half = math.radians(degrees) / 2
    turn = [0.0, 0.0, 0.0]
    turn[axis] = round(math.sin(half), 12)
    return (round(math.cos(half), 12), turn[0], turn[1], turn[2])


def author_bracket(stage: Usd.Stage) -> None:
    """An angle of two plates that stand beside each other, without overlapping."""
    length, width, height, thick = BRACKET
    UsdGeom.Imageable(group(stage, f"{ROOT}/Products")).MakeInvisible()
    path = f"{ROOT}/Products/Bracket"
    prim = group(stage, path, kind="component")
    apply(prim, ProductParams(), source=OWN[0], confidence=OWN[1])
    look = looks(stage, f"{path}/Looks", "Bracket")["Bracket"]
    box(stage, f"{path}/base", (length, width, thick), (0.0, 0.0, thick / 2), look=look)
    middle = (round(-length / 2 + thick / 2, 6), 0.0, round((height + thick) / 2, 6))
    box(stage, f"{path}/back", (thick, width, round(height - thick, 6)), middle, look=look)


def author_layout(stage: Usd.Stage) -> None:
    """Build what stands in the cell."""
    group(stage, f"{ROOT}/Equipment")
    _bin(stage, BODIES[0])
    _chute(stage, BODIES[1])
    x, y, z = PLACE
    group(stage, BODIES[2], kind="component")
    look = looks(stage, f"{BODIES[2]}/Looks", "Rubber", "Steel")
    box(stage, f"{BODIES[2]}/belt", (1.9, 0.3, 0.05), (x - 0.75, y, z - 0.025), look=look["Rubber"])
    box(
        stage,
        f"{BODIES[2]}/frame",
        (1.7, 0.2, z - 0.05),
        (x - 0.75, y, (z - 0.05) / 2),
        look=look["Steel"],
    )
    group(stage, BODIES[3], kind="component")
    look = looks(stage, f"{BODIES[3]}/Looks", "Floor")
    box(stage, f"{BODIES[3]}/slab", (6.0, 5.0, 0.1), (0.0, 0.5, -0.05), look=look["Floor"])
    stand(UsdGeom.Xform.Define(stage, DROPPING).GetPrim(), DROP, about(1, CHUTE))
    _reach(stage)
    dome = UsdLux.DomeLight.Define(stage, f"{ROOT}/Light")
    dome.CreateIntensityAttr(600.0)


def _reach(stage: Usd.Stage) -> None:
    """Where the tool may go: the inside of the bin, away from its walls."""
    cube = UsdGeom.Cube.Define(stage, VOLUME)
    cube.CreateSizeAttr(1.0)
    cube.CreatePurposeAttr(UsdGeom.Tokens.guide)
    cube.CreateExtentAttr([(-0.5, -0.5, -0.5), (0.5, 0.5, 0.5)])
    x, y, z = BIN
    long, wide, high = (each - 2 * MARGIN for each in INSIDE)
    stand(cube.GetPrim(), (x, y, z + INSIDE[2] / 2))
    scale = UsdGeom.Xformable(cube).AddScaleOp(UsdGeom.XformOp.PrecisionDouble)
    scale.Set((round(long, 6), round(wide, 6), round(high + 2 * MARGIN, 6)))


def _bin(stage: Usd.Stage, path: str) -> None:
    """A floor of two halves that fall to the middle, and four walls; the open side is low."""
    group(stage, path, kind="component")
    look = looks(stage, f"{path}/Looks", "Blue", "Steel")
    x, y, z = BIN
    long, wide, high = INSIDE
    slope = math.radians(VEE)
    for side, name in ((1, "left"), (-1, "right")):
        half = wide / 2 / math.cos(slope) + WALL / 3
        middle = side * half / 2 * math.cos(slope)
        up = half / 2 * math.sin(slope) - WALL / 2 * math.cos(slope)
        at = (x, round(y + middle, 6), round(z + up, 6))
        box(stage, f"{path}/floor_{name}", (long, round(half, 6), WALL), at, look=look["Steel"],
            wxyz=about(0, side * VEE))  # fmt: skip
        at = (x, round(y + side * (wide + WALL) / 2, 6), round(z + high / 2, 6))
        box(
            stage, f"{path}/wall_{name}", (long + 2 * WALL, WALL, high + 0.1), at, look=look["Blue"]
        )
    for side, name, more in ((1, "chute", 0.0), (-1, "robot", 0.04)):
        at = (round(x + side * (long + WALL) / 2, 6), y, round(z + (high + more) / 2 - 0.025, 6))
        box(
            stage,
            f"{path}/wall_{name}",
            (WALL, wide, round(high + more + 0.05, 6)),
            at,
            look=look["Blue"],
        )
    for i, (dx, dy) in enumerate(((-1, -1), (-1, 1), (1, -1), (1, 1)), start=1):
        at = (round(x + dx * 0.22, 6), round(y + dy * 0.17, 6), round((z - 0.02) / 2, 6))
        box(stage, f"{path}/leg_{i}", (0.05, 0.05, z - 0.02), at, look=look["Steel"])


def _chute(stage: Usd.Stage, path: str) -> None:
    """A plate that falls to the bin, with guards at its sides; in the frame of the drop."""
    prim = group(stage, path, kind="component")
    stand(prim, DROP, about(1, -CHUTE))
    look = looks(stage, f"{path}/Looks", "Steel")["Steel"]
    box(stage, f"{path}/plate", (0.62, 0.24, 0.012), (-0.17, 0.0, -0.05), look=look)
    for side, name in ((1, "left"), (-1, "right")):
        box(
            stage,
            f"{path}/guard_{name}",
            (0.62, 0.012, 0.12),
            (-0.17, side * 0.126, 0.0),
            look=look,
        )
    box(stage, f"{path}/back", (0.012, 0.264, 0.12), (0.146, 0.0, 0.0), look=look)

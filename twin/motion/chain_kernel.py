"""The hot loop of forward kinematics, one robot after another; see `twin.motion.kinematics`.

A joint is 33 numbers, so that it needs no branch: its rotation in the link before at angle q is
A + cos(q) C + sin(q) S (Rodrigues, with the fixed rotation multiplied in), its origin there is
p + q d. A revolute joint has d = 0; a prismatic one C = S = 0.
"""

from typing import Any

from twin.core.compiled import compilable
from twin.motion.sine import sines

__all__ = ["BLOCK", "JOINT", "place_links"]

JOINT = 33  # numbers of a joint: A, C and S row by row, then p and d
BLOCK = 128  # robots whose sines are taken together: they fit the nearest cache


@compilable
def place_links(  # a chain has its frame in hand: twelve numbers
    table: Any, row: Any, joints: Any, base: Any, sine: Any, cosine: Any, out: Any
) -> None:
    """Write the top three rows of all link frames.

    Args:
        table: Joints of each type of arm, shape [type_count, J, JOINT].
        row: Type of each robot, shape [n].
        joints: Joint positions [rad], row by row, shape [n * J].
        base: Where each robot stands, shape [n, 4, 4], or [1, 4, 4] for all.
        sine: Room to work in, shape [BLOCK * J].
        cosine: The same.
        out: Frames, base first, shape [n, J + 1, 3 or 4, 4]; a fourth row is left as it is.
    """
    robots, count, stride = out.shape[0], table.shape[1], 1 if base.shape[0] > 1 else 0
    for n in range(robots):
        if n % BLOCK == 0:
            sines(joints, n * count, min(BLOCK, robots - n) * count, sine, cosine)
        b = base[n * stride]
        xx, xy, xz, x = b[0, 0], b[0, 1], b[0, 2], b[0, 3]
        yx, yy, yz, y = b[1, 0], b[1, 1], b[1, 2], b[1, 3]
        zx, zy, zz, z = b[2, 0], b[2, 1], b[2, 2], b[2, 3]
        f = out[n, 0]
        f[0, 0], f[0, 1], f[0, 2], f[0, 3] = xx, xy, xz, x
        f[1, 0], f[1, 1], f[1, 2], f[1, 3] = yx, yy, yz, y
        f[2, 0], f[2, 1], f[2, 2], f[2, 3] = zx, zy, zz, z
        for i in range(count):
            t = table[row[n], i]
            at = (n % BLOCK) * count + i
            q, s, c = joints[n * count + i], sine[at], cosine[at]
            a0, a1 = t[0] + c * t[9] + s * t[18], t[1] + c * t[10] + s * t[19]
            b0, b1 = t[3] + c * t[12] + s * t[21], t[4] + c * t[13] + s * t[22]
            c0, c1 = t[6] + c * t[15] + s * t[24], t[7] + c * t[16] + s * t[25]
            a2, b2 = t[2] + c * t[11] + s * t[20], t[5] + c * t[14] + s * t[23]
            c2 = t[8] + c * t[17] + s * t[26]
            u, v, w = t[27] + q * t[30], t[28] + q * t[31], t[29] + q * t[32]
            x, xx, xy, xz = (
                x + xx * u + xy * v + xz * w, xx * a0 + xy * b0 + xz * c0,
                xx * a1 + xy * b1 + xz * c1, xx * a2 + xy * b2 + xz * c2,
            )  # fmt: skip
            y, yx, yy, yz = (
                y + yx * u + yy * v + yz * w, yx * a0 + yy * b0 + yz * c0,
                yx * a1 + yy * b1 + yz * c1, yx * a2 + yy * b2 + yz * c2,
            )  # fmt: skip
            z, zx, zy, zz = (
                z + zx * u + zy * v + zz * w, zx * a0 + zy * b0 + zz * c0,
                zx * a1 + zy * b1 + zz * c1, zx * a2 + zy * b2 + zz * c2,
            )  # fmt: skip
            f = out[n, i + 1]
            f[0, 0], f[0, 1], f[0, 2], f[0, 3] = xx, xy, xz, x
            f[1, 0], f[1, 1], f[1, 2], f[1, 3] = yx, yy, yz, y
            f[2, 0], f[2, 1], f[2, 2], f[2, 3] = zx, zy, zz, z

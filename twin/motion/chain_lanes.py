"""Forward kinematics of a few robots of one type side by side, one in each lane of a vector.

The same numbers as `twin.motion.chain_kernel`, bit for bit: each lane does the same in the same
order. A number of all lanes lies in one row, so that the compiler computes a row at once.
"""

from typing import Any, NamedTuple, Self

import numpy as np

from twin.core.compiled import compilable
from twin.motion.sine import sines

__all__ = ["LANES", "Room", "place_lanes"]

LANES = 8
LOCAL = 12 * LANES  # where the joint's own frames begin in the room to work in
POSITIVE = 0x7FFFFFFF  # seeing it, numba leaves out the rule that -1 is the last


class Room(NamedTuple):
    """To work in: it belongs to the kernel."""

    angle: Any  # shape [LANES]
    sine: Any  # shape [LANES]
    cosine: Any  # shape [LANES]
    state: Any  # frames so far, then joint frames; shape [24 * LANES]

    @classmethod
    def blank(cls) -> Self:
        return cls(np.zeros(LANES), np.zeros(LANES), np.zeros(LANES), np.zeros(24 * LANES))


@compilable
def place_lanes(
    table: Any, robots: Any, count: int, joints: Any, bases: Any, room: Room, out: Any
) -> None:
    """Write the top three rows of the link frames of up to LANES robots of one type.

    Args:
        table: Joints of the type, shape [J, JOINT].
        robots: Rows of the robots, shape [LANES].
        count: How many they are.
        joints: Joint positions of all robots, shape [n, J].
        bases: Where each of all robots stands, shape [n, 4, 4].
        room: To work in, of finite numbers.
        out: Frames of all robots, base first, shape [n, J + 1, 3, 4].
    """
    angle, sine, cosine, state = room.angle, room.sine, room.cosine, room.state
    for n in range(count):
        base = bases[robots[n] & POSITIVE]
        for r in range(3):
            for k in range(4):
                state[(4 * r + k) * LANES + n] = base[r, k]
    _write(robots, count, 0, state, out)
    for i in range(table.shape[0]):
        for n in range(count):
            angle[n] = joints[robots[n] & POSITIVE, i]
        sines(angle, 0, LANES, sine, cosine)
        _go_on(table[i], angle, sine, cosine, state)
        _write(robots, count, i + 1, state, out)


@compilable
def _write(robots: Any, count: int, link: int, state: Any, out: Any) -> None:
    for n in range(count):
        frame = out[robots[n] & POSITIVE, link]
        for r in range(3):
            for k in range(4):
                frame[r, k] = state[(4 * r + k) * LANES + n]


@compilable
def _go_on(t: Any, angle: Any, sine: Any, cosine: Any, state: Any) -> None:
    """Carry the frames in all lanes over one joint `t`."""
    p0, p1, p2, p3, p4, p5, p6, p7, p8 = t[0], t[1], t[2], t[3], t[4], t[5], t[6], t[7], t[8]
    c0, c1, c2, c3, c4, c5 = t[9], t[10], t[11], t[12], t[13], t[14]
    c6, c7, c8, s0, s1, s2 = t[15], t[16], t[17], t[18], t[19], t[20]
    s3, s4, s5, s6, s7, s8 = t[21], t[22], t[23], t[24], t[25], t[26]
    o0, o1, o2, d0, d1, d2 = t[27], t[28], t[29], t[30], t[31], t[32]
    for n in range(LANES):
        q, s, c = angle[n], sine[n], cosine[n]
        state[LOCAL + n] = p0 + c * c0 + s * s0
        state[LOCAL + LANES + n] = p1 + c * c1 + s * s1
        state[LOCAL + 2 * LANES + n] = p2 + c * c2 + s * s2
        state[LOCAL + 3 * LANES + n] = o0 + q * d0
        state[LOCAL + 4 * LANES + n] = p3 + c * c3 + s * s3
        state[LOCAL + 5 * LANES + n] = p4 + c * c4 + s * s4
        state[LOCAL + 6 * LANES + n] = p5 + c * c5 + s * s5
        state[LOCAL + 7 * LANES + n] = o1 + q * d1
        state[LOCAL + 8 * LANES + n] = p6 + c * c6 + s * s6
        state[LOCAL + 9 * LANES + n] = p7 + c * c7 + s * s7
        state[LOCAL + 10 * LANES + n] = p8 + c * c8 + s * s8
        state[LOCAL + 11 * LANES + n] = o2 + q * d2
    for r in range(3):
        at = 4 * r * LANES
        for n in range(LANES):
            a, b, e = state[at + n], state[at + LANES + n], state[at + 2 * LANES + n]
            x = state[LOCAL + n] * a + state[LOCAL + 4 * LANES + n] * b
            y = state[LOCAL + LANES + n] * a + state[LOCAL + 5 * LANES + n] * b
            z = state[LOCAL + 2 * LANES + n] * a + state[LOCAL + 6 * LANES + n] * b
            w = state[at + 3 * LANES + n] + state[LOCAL + 3 * LANES + n] * a
            state[at + n] = x + state[LOCAL + 8 * LANES + n] * e
            state[at + LANES + n] = y + state[LOCAL + 9 * LANES + n] * e
            state[at + 2 * LANES + n] = z + state[LOCAL + 10 * LANES + n] * e
            w += state[LOCAL + 7 * LANES + n] * b
            state[at + 3 * LANES + n] = w + state[LOCAL + 11 * LANES + n] * e

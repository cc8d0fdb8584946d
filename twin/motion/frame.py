"""Frames: rotations as unit quaternions wxyz, poses as 4x4 matrices that act on column vectors.

Every function works on any number of leading axes, which broadcast. Quaternions q and -q are the
same rotation. A matrix `T_world_from_link` has the link's axes as columns and its origin as the
last column, so `T_world_from_tool = T_world_from_link @ T_link_from_tool`.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "about",
    "compose",
    "invert",
    "invert_matrix",
    "matrix_from",
    "nlerp",
    "pose_from",
    "rotate",
    "rotation_about",
]

Array = NDArray[np.float64]


def about(axis: ArrayLike, angle: ArrayLike) -> Array:
    """Quaternion of a turn by angles [rad], shape [...], about unit axes [..., 3]."""
    half = np.asarray(angle, dtype=np.float64)[..., None] / 2
    vector = np.sin(half) * np.asarray(axis, dtype=np.float64)
    return np.concatenate([np.broadcast_to(np.cos(half), (*vector.shape[:-1], 1)), vector], axis=-1)


def compose(a: ArrayLike, b: ArrayLike) -> Array:
    """Quaternion of turning by b, then by a: Hamilton's product a b, shape [..., 4]."""
    a, b = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    aw, ax, ay, az = a[..., 0], a[..., 1], a[..., 2], a[..., 3]
    bw, bx, by, bz = b[..., 0], b[..., 1], b[..., 2], b[..., 3]
    return np.stack(
        [
            aw * bw - ax * bx - ay * by - az * bz,
            aw * bx + ax * bw + ay * bz - az * by,
            aw * by - ax * bz + ay * bw + az * bx,
            aw * bz + ax * by - ay * bx + az * bw,
        ],
        axis=-1,
    )


def invert(wxyz: ArrayLike) -> Array:
    """Quaternion of the opposite turn, shape [..., 4]."""
    return np.asarray(wxyz, dtype=np.float64) * [1.0, -1.0, -1.0, -1.0]


def rotate(wxyz: ArrayLike, xyz: ArrayLike) -> Array:
    """Turn vectors [..., 3] by unit quaternions [..., 4]: v + 2 w (n x v) + 2 n x (n x v)."""
    wxyz, xyz = np.asarray(wxyz, dtype=np.float64), np.asarray(xyz, dtype=np.float64)
    twice = 2 * np.cross(wxyz[..., 1:], xyz)
    return xyz + wxyz[..., :1] * twice + np.cross(wxyz[..., 1:], twice)


def nlerp(a: ArrayLike, b: ArrayLike, weight: ArrayLike) -> Array:
    """Blend quaternions [..., 4] along the shorter arc: weight 0 is a, 1 is b; weight [...]."""
    a, b = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    weight = np.asarray(weight, dtype=np.float64)[..., None]
    near = np.where((a * b).sum(axis=-1, keepdims=True) < 0, -b, b)
    blend = a + (near - a) * weight
    return blend / np.sqrt((blend * blend).sum(axis=-1, keepdims=True))


def rotation_about(axis: ArrayLike, angle: ArrayLike) -> Array:
    """Rotation matrix [..., 3, 3] of a turn by angles [rad] about unit axes [..., 3]: Rodrigues."""
    axis, angle = np.asarray(axis, dtype=np.float64), np.asarray(angle, dtype=np.float64)
    x, y, z, zero = axis[..., 0], axis[..., 1], axis[..., 2], np.zeros(axis.shape[:-1])
    cross = np.stack([zero, -z, y, z, zero, -x, -y, x, zero], axis=-1).reshape(*x.shape, 3, 3)
    sine, versine = np.sin(angle)[..., None, None], 1.0 - np.cos(angle)[..., None, None]
    return np.eye(3) + sine * cross + versine * (cross @ cross)


def matrix_from(xyz: ArrayLike, wxyz: ArrayLike) -> Array:
    """Matrices [..., 4, 4] of poses: origins [..., 3] [m] and unit quaternions [..., 4]."""
    xyz = np.asarray(xyz, dtype=np.float64)
    columns = rotate(np.asarray(wxyz, dtype=np.float64)[..., None, :], np.eye(3))
    shape = np.broadcast_shapes(xyz.shape[:-1], columns.shape[:-2])
    matrix = np.zeros((*shape, 4, 4))
    matrix[..., :3, :3] = np.swapaxes(columns, -1, -2)
    matrix[..., :3, 3] = xyz
    matrix[..., 3, 3] = 1.0
    return matrix


def pose_from(matrix: ArrayLike) -> tuple[Array, Array]:
    """Origins [..., 3] [m] and quaternions [..., 4] with w >= 0 of rigid matrices [..., 4, 4].

    Of the four ways to read a quaternion off a rotation matrix, the one with the largest divisor
    is taken (Shepperd, 1978).
    """
    m = np.asarray(matrix, dtype=np.float64)
    (xx, xy, xz), (yx, yy, yz), (zx, zy, zz) = np.moveaxis(m[..., :3, :3], (-2, -1), (0, 1))
    four_products = [  # 4 q q^T: each row is the quaternion, scaled
        1 + xx + yy + zz, zy - yz, xz - zx, yx - xy,
        zy - yz, 1 + xx - yy - zz, xy + yx, xz + zx,
        xz - zx, xy + yx, 1 - xx + yy - zz, yz + zy,
        yx - xy, xz + zx, yz + zy, 1 - xx - yy + zz,
    ]  # fmt: skip
    outer = np.stack(four_products, axis=-1).reshape(*xx.shape, 4, 4)
    best = np.argmax(np.diagonal(outer, axis1=-2, axis2=-1), axis=-1)
    row: Array = np.take_along_axis(outer, best[..., None, None], axis=-2)[..., 0, :]
    wxyz: Array = row / np.sqrt((row * row).sum(axis=-1, keepdims=True))
    return m[..., :3, 3].copy(), np.where(wxyz[..., :1] < 0, -wxyz, wxyz)


def invert_matrix(matrix: ArrayLike) -> Array:
    """Inverse of rigid matrices [..., 4, 4]: transpose the rotation, carry the origin back."""
    m = np.asarray(matrix, dtype=np.float64)
    inverse = np.zeros_like(m)
    turned = np.swapaxes(m[..., :3, :3], -1, -2)
    inverse[..., :3, :3] = turned
    inverse[..., :3, 3] = -(turned @ m[..., :3, 3:])[..., 0]
    inverse[..., 3, 3] = 1.0
    return inverse

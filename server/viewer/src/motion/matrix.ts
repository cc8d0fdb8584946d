/** Rigid 4x4 matrices, row-major, acting on column vectors: translation at 3, 7 and 11. */

export type Matrix = Float64Array;

export const identity = (): Matrix =>
  Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1);

/** out = a b; out may be neither a nor b. */
export function multiply(out: Matrix, a: ArrayLike<number>, b: ArrayLike<number>): Matrix {
  for (let r = 0; r < 16; r += 4) {
    const x = a[r], y = a[r + 1], z = a[r + 2], w = a[r + 3];
    for (let c = 0; c < 4; c++) out[r + c] = x * b[c] + y * b[4 + c] + z * b[8 + c] + w * b[12 + c];
  }
  return out;
}

/** Matrix of a position [m] and a unit quaternion (w, x, y, z). */
export function fromPose(out: Matrix, p: ArrayLike<number>, q: ArrayLike<number>, at = 0): Matrix {
  const w = q[at], x = q[at + 1], y = q[at + 2], z = q[at + 3];
  out[0] = 1 - 2 * (y * y + z * z);
  out[1] = 2 * (x * y - w * z);
  out[2] = 2 * (x * z + w * y);
  out[3] = p[0];
  out[4] = 2 * (x * y + w * z);
  out[5] = 1 - 2 * (x * x + z * z);
  out[6] = 2 * (y * z - w * x);
  out[7] = p[1];
  out[8] = 2 * (x * z - w * y);
  out[9] = 2 * (y * z + w * x);
  out[10] = 1 - 2 * (x * x + y * y);
  out[11] = p[2];
  out[12] = out[13] = out[14] = 0;
  out[15] = 1;
  return out;
}

/** out = a turned about its own axis X (0), Y (1) or Z (2) by an angle [rad]; out may be a. */
export function turn(out: Matrix, a: ArrayLike<number>, axis: number, angle: number): Matrix {
  const c = Math.cos(angle), s = Math.sin(angle);
  const i = (axis + 1) % 3, j = (axis + 2) % 3;
  for (let r = 0; r < 16; r += 4) {
    const u = a[r + i], v = a[r + j], k = a[r + axis], w = a[r + 3];
    out[r + i] = u * c + v * s;
    out[r + j] = v * c - u * s;
    out[r + axis] = k;
    out[r + 3] = w;
  }
  return out;
}

/** out = a shifted along its own axis X (0), Y (1) or Z (2) by a distance [m]; out may be a. */
export function slide(out: Matrix, a: ArrayLike<number>, axis: number, distance: number): Matrix {
  if (out !== a) out.set(a);
  for (let r = 0; r < 12; r += 4) out[r + 3] = a[r + 3] + a[r + axis] * distance;
  return out;
}

/** Write a matrix into a column-major GPU buffer at an instance index. */
export function store(buffer: Float32Array, index: number, m: ArrayLike<number>): void {
  const o = index * 16;
  for (let r = 0; r < 4; r++)
    for (let c = 0; c < 4; c++) buffer[o + c * 4 + r] = m[r * 4 + c];
}

/** Static paths: knots of arc length, position and orientation; poses between them. */

export interface PathTable {
  first: number[];
  count: number[];
  length: number[];
  /** One row per knot: s [m], x, y, z [m], w, x, y, z. */
  knots: number[][];
}

export interface Pose {
  xyz: Float64Array;
  wxyz: Float64Array;
}

export const newPose = (): Pose => ({
  xyz: new Float64Array(3),
  wxyz: Float64Array.of(1, 0, 0, 0),
});

/** Pose at s [m] along a path row: lerp of position, nlerp on the shortest arc of orientation. */
export function pathPose(paths: PathTable, track: number, s: number, out: Pose): Pose {
  const first = paths.first[track];
  const count = paths.count[track];
  const k = lastKnot(paths.knots, first, count, s);
  const a = paths.knots[k];
  const b = paths.knots[Math.min(k + 1, first + count - 1)];
  const span = b[0] - a[0];
  const f = span > 0 ? Math.min(Math.max((s - a[0]) / span, 0), 1) : 0;
  const dot = a[4] * b[4] + a[5] * b[5] + a[6] * b[6] + a[7] * b[7];
  const side = dot < 0 ? -1 : 1;
  for (let i = 0; i < 3; i++) out.xyz[i] = a[1 + i] + (b[1 + i] - a[1 + i]) * f;
  let norm = 0;
  for (let i = 0; i < 4; i++) {
    const q = a[4 + i] * (1 - f) + side * b[4 + i] * f;
    out.wxyz[i] = q;
    norm += q * q;
  }
  norm = Math.sqrt(norm) || 1;
  for (let i = 0; i < 4; i++) out.wxyz[i] /= norm;
  return out;
}

/** Row of the last knot with its s at or before the given one (the first if none). */
function lastKnot(knots: number[][], first: number, count: number, s: number): number {
  let low = first;
  let high = first + count - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (knots[middle][0] <= s) low = middle;
    else high = middle - 1;
  }
  return low;
}

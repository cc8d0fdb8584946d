/** Coarser copies of a mesh for far away: vertices that share a cell of a grid become one. */
import { BufferAttribute, BufferGeometry } from "three";

/** Meshes below this many triangles are not worth a copy. */
const SMALL = 120;
/** A copy must have less than this share of the triangles. */
const WORTH = 0.7;
/** More surface than this share means that gaps were closed: wires would become boards. */
const GROWN = 1.15;

/** How coarse a copy is. */
export interface Coarseness {
  /** Size of a grid cell [m]. */
  cell: number;
  /** Share of the surface that a copy must keep, else thin things would vanish. */
  kept: number;
}

/** Coarse copy of a mesh; on a finer grid, or the mesh itself, if a copy would lose too much. */
export function coarsened(geometry: BufferGeometry, { cell, kept }: Coarseness): BufferGeometry {
  const whole = trianglesOf(geometry);
  if (whole.count < SMALL) return geometry;
  const area = surface(whole.position, whole.index);
  for (const size of [cell, cell * 0.6, cell * 0.35]) {
    const copy = clustered(whole, size);
    if (copy.index.length > whole.count * 3 * WORTH) continue;
    const share = surface(copy.position, copy.index) / area;
    if (share > kept && share < GROWN) return built(copy);
  }
  return geometry;
}

interface Triangles {
  position: ArrayLike<number>;
  normal: ArrayLike<number>;
  index: ArrayLike<number>;
}

function trianglesOf(geometry: BufferGeometry): Triangles & { count: number } {
  const position = geometry.attributes.position.array;
  const normal = geometry.attributes.normal?.array ?? new Float32Array(position.length);
  const index = geometry.index?.array ?? Uint32Array.from({ length: position.length / 3 }, (_, i) => i);
  return { position, normal, index, count: index.length / 3 };
}

/** One vertex per cell and main direction of the normal; triangles within one cell go. */
function clustered(mesh: Triangles, size: number): Triangles {
  const { cells, center } = cellsOf(mesh.position, size);
  const vertices = new Map<number, number>();
  const position: number[] = [];
  const normal: number[] = [];
  const vertexOf = (i: number): number => {
    const key = cells[i] * 6 + mainDirection(mesh.normal, i);
    let vertex = vertices.get(key);
    if (vertex === undefined) {
      vertices.set(key, (vertex = position.length / 3));
      const c = cells[i] * 3;
      position.push(center[c], center[c + 1], center[c + 2]);
      normal.push(0, 0, 0);
    }
    for (let k = 0; k < 3; k++) normal[vertex * 3 + k] += mesh.normal[i * 3 + k];
    return vertex;
  };
  const index: number[] = [];
  const seen = new Set<number>();
  for (let t = 0; t < mesh.index.length; t += 3) {
    const [i, j, k] = [mesh.index[t], mesh.index[t + 1], mesh.index[t + 2]];
    const [a, b, c] = [cells[i], cells[j], cells[k]];
    if (a === b || b === c || c === a || !isNew(seen, a, b, c)) continue;
    index.push(vertexOf(i), vertexOf(j), vertexOf(k));
  }
  return { position, normal, index };
}

/** Number of each vertex's cell, and the mean position of the vertices in each cell. */
function cellsOf(position: ArrayLike<number>, size: number): { cells: Int32Array; center: number[] } {
  const numbers = new Map<number, number>();
  const cells = new Int32Array(position.length / 3);
  const center: number[] = [];
  const count: number[] = [];
  const at = (v: number) => Math.round(v / size) + 8192;
  for (let i = 0; i < cells.length; i++) {
    const key = (at(position[3 * i]) * 16384 + at(position[3 * i + 1])) * 16384 + at(position[3 * i + 2]);
    let cell = numbers.get(key);
    if (cell === undefined) {
      numbers.set(key, (cell = count.length));
      center.push(0, 0, 0);
      count.push(0);
    }
    cells[i] = cell;
    count[cell]++;
    for (let k = 0; k < 3; k++) center[3 * cell + k] += position[3 * i + k];
  }
  for (let i = 0; i < center.length; i++) center[i] /= count[Math.floor(i / 3)];
  return { cells, center };
}

/** True the first time a triangle of three cells comes, in this orientation. */
function isNew(seen: Set<number>, a: number, b: number, c: number): boolean {
  const [x, y, z] = a < b && a < c ? [a, b, c] : b < c ? [b, c, a] : [c, a, b];
  const key = (x * 131071 + y) * 131071 + z;
  if (seen.has(key)) return false;
  seen.add(key);
  return true;
}

/** Which of the six axis directions a normal points to most: 0..5. */
function mainDirection(normal: ArrayLike<number>, i: number): number {
  const [x, y, z] = [normal[3 * i], normal[3 * i + 1], normal[3 * i + 2]];
  const [ax, ay, az] = [Math.abs(x), Math.abs(y), Math.abs(z)];
  if (ax >= ay && ax >= az) return x < 0 ? 0 : 1;
  if (ay >= az) return y < 0 ? 2 : 3;
  return z < 0 ? 4 : 5;
}

function surface(position: ArrayLike<number>, index: ArrayLike<number>): number {
  let sum = 0;
  for (let t = 0; t < index.length; t += 3) {
    const [a, b, c] = [index[t] * 3, index[t + 1] * 3, index[t + 2] * 3];
    const [ux, uy, uz] = [0, 1, 2].map((k) => position[b + k] - position[a + k]);
    const [vx, vy, vz] = [0, 1, 2].map((k) => position[c + k] - position[a + k]);
    sum += Math.hypot(uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx) / 2;
  }
  return sum;
}

function built({ position, normal, index }: Triangles): BufferGeometry {
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(Float32Array.from(position as number[]), 3));
  geometry.setAttribute("normal", new BufferAttribute(Float32Array.from(normal as number[]), 3));
  geometry.setIndex(new BufferAttribute(Uint32Array.from(index as number[]), 1));
  geometry.normalizeNormals();
  return geometry;
}

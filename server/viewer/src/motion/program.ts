/** Static robot programs: contiguous joint moves, S-curves or cubics; joint angles at a program time. */
import { profile } from "./profile";

export interface ProgramTable {
  first: number[];
  count: number[];
  /** Whole time of each program [s]. */
  duration: number[];
  /** One row per move: start, duration, ramp, jerk [s], J joints from, J joints to [rad]. */
  moves: number[][];
  /** Of moves that are no S-curves, by row: pieces q = c0 + c1 u + c2 u^2 + c3 u^3. */
  cubics?: Record<string, Cubics>;
  /** Rows in which the robot stands still but does not weld. */
  idle?: number[];
}

export interface Cubics {
  /** When each piece begins in its move [s], rising from 0. */
  knots: number[];
  /** c0 of all J joints, then c1, c2, c3 [rad, s]; a row per piece. */
  pieces: number[][];
}

const HEAD = 4;

/** Joint angles [rad] of a program row at a time [s] from its start. */
export function programJoints(
  programs: ProgramTable,
  program: number,
  time: number,
  out: Float64Array,
): Float64Array {
  const row = moveAt(programs, program, time);
  const move = programs.moves[row];
  const joints = (move.length - HEAD) / 2;
  const cubics = programs.cubics?.[row];
  if (cubics && time < move[0] + move[1]) return cubicJoints(cubics, Math.max(0, time - move[0]), out);
  const s = profile(time - move[0], move[1], move[2], move[3]);
  for (let i = 0; i < joints; i++) {
    const from = move[HEAD + i];
    out[i] = from + (move[HEAD + joints + i] - from) * s;
  }
  return out;
}

/** Joint angles [rad] of a move made of cubics, seconds after it began. */
function cubicJoints({ knots, pieces }: Cubics, since: number, out: Float64Array): Float64Array {
  let low = 0;
  let high = knots.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (knots[middle] <= since) low = middle;
    else high = middle - 1;
  }
  const c = pieces[low];
  const joints = c.length / 4;
  const u = since - knots[low];
  for (let i = 0; i < joints; i++)
    out[i] = c[i] + u * (c[joints + i] + u * (c[2 * joints + i] + u * c[3 * joints + i]));
  return out;
}

/** Row of the move that a program is in at a time [s]: the last with start at or before it. */
export function moveAt(programs: ProgramTable, program: number, time: number): number {
  let low = programs.first[program];
  let high = low + programs.count[program] - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (programs.moves[middle][0] <= time) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** True if the robot holds still in a move and welds. */
export function isDwell(programs: ProgramTable, row: number): boolean {
  const move = programs.moves[row];
  const joints = (move.length - HEAD) / 2;
  if (programs.cubics?.[row] || programs.idle?.includes(row)) return false;
  for (let i = 0; i < joints; i++)
    if (Math.abs(move[HEAD + i] - move[HEAD + joints + i]) > 1e-9) return false;
  return true;
}

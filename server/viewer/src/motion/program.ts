/** Static robot programs: contiguous synchronised joint moves; joint angles at a program time. */
import { profile } from "./profile";

export interface ProgramTable {
  first: number[];
  count: number[];
  /** Whole time of each program [s]. */
  duration: number[];
  /** One row per move: start, duration, ramp, jerk [s], J joints from, J joints to [rad]. */
  moves: number[][];
}

const HEAD = 4;

/** Joint angles [rad] of a program row at a time [s] from its start. */
export function programJoints(
  programs: ProgramTable,
  program: number,
  time: number,
  out: Float64Array,
): Float64Array {
  const move = programs.moves[moveAt(programs, program, time)];
  const joints = (move.length - HEAD) / 2;
  const s = profile(time - move[0], move[1], move[2], move[3]);
  for (let i = 0; i < joints; i++) {
    const from = move[HEAD + i];
    out[i] = from + (move[HEAD + joints + i] - from) * s;
  }
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

/** True if a move row holds still: the robot is at a weld spot. */
export function isDwell(move: number[]): boolean {
  const joints = (move.length - HEAD) / 2;
  for (let i = 0; i < joints; i++)
    if (Math.abs(move[HEAD + i] - move[HEAD + joints + i]) > 1e-9) return false;
  return true;
}

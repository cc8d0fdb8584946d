/** A motion segment: who moves along what, from when to when; its coordinate at a time. */
import { profile } from "./profile";

export const TICKS_PER_SECOND = 1_000_000;

export interface Segment {
  /** Start [ticks of 1 microsecond]. */
  tick: number;
  /** Time it takes [ticks]; afterwards the coordinate stays at `end`. */
  duration: number;
  /** Coordinate at the start: [m] along a path (parts), [s] into a program (robots). */
  start: number;
  end: number;
  /** Acceleration time and jerk-phase time of the profile [s]. */
  ramp: number;
  jerk: number;
  /** Below the number of robots: a robot row; else robot count + slot of a part. */
  subject: number;
  /** Path row (parts) or program row (robots); -1: not in the scene. */
  track: number;
  /** Row of the looks table (parts), -1 for robots. */
  look: number;
  /** Serial number of the part in its slot. */
  part: number;
}

/** Coordinate of a segment at a tick. */
export function coordinate(segment: Segment, tick: number): number {
  const seconds = (tick - segment.tick) / TICKS_PER_SECOND;
  const s = profile(seconds, segment.duration / TICKS_PER_SECOND, segment.ramp, segment.jerk);
  return segment.start + (segment.end - segment.start) * s;
}

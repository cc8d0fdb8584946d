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
  /** Acceleration time and jerk-phase time of the profile [s]; a ramp below zero: see `shareGone`. */
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
  const lasts = segment.duration / TICKS_PER_SECOND;
  const s =
    segment.ramp < 0 && seconds < lasts
      ? shareGone(segment, seconds, lasts)
      : profile(seconds, lasts, Math.max(segment.ramp, 0), segment.jerk);
  return segment.start + (segment.end - segment.start) * s;
}

/**
 * Share of the way gone by a robot's program clock whose rate changes; it is over after -ramp [s].
 *
 * A jerk of zero or more: it goes on evenly for so long and then fades out. Below zero: it comes
 * back, in -jerk [s]; if that is more than the whole, it goes on, rests for a while and goes on.
 */
function shareGone(segment: Segment, seconds: number, lasts: number): number {
  const over = -segment.ramp;
  if (segment.jerk >= 0) return faded(seconds, segment.jerk, over);
  const way = segment.end - segment.start;
  return (seconds - (lasts - way) * faded(seconds, over + segment.jerk, over)) / way;
}

/** Share of its way that a clock has gone which fades from `even` until `over` [s]. */
function faded(seconds: number, even: number, over: number): number {
  if (seconds >= over) return 1;
  if (even < 0) return Math.max((seconds + even) / (over + even), 0);
  const since = Math.max(seconds - even, 0);
  return (2 * (seconds - (since * since) / (2 * (over - even || 1)))) / (even + over);
}

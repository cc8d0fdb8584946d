/** The one motion profile of the twin: rest to rest, symmetric, with ramps and jerk phases. */

/**
 * Share of the way done, in [0, 1].
 *
 * @param u elapsed time [s], clipped to [0, duration]
 * @param duration whole time [s]
 * @param ramp acceleration time [s], both jerk phases included; 0 = constant speed
 * @param jerk time of one jerk phase [s], at most ramp / 2; 0 = trapezoid
 */
export function profile(u: number, duration: number, ramp: number, jerk: number): number {
  if (duration <= 0) return 1;
  const t = Math.min(Math.max(u, 0), duration);
  if (ramp <= 0) return t / duration;
  const late = t > duration / 2;
  const s = firstHalf(late ? duration - t : t, 1 / (duration - ramp), ramp, jerk);
  return late ? 1 - s : s;
}

/** Share done at time w [s] of the first half, at peak speed v [1/s]. */
function firstHalf(w: number, v: number, ramp: number, jerk: number): number {
  const peak = v / (ramp - jerk);
  if (w < jerk) return ((peak / jerk) * w * w * w) / 6;
  if (w < ramp - jerk) {
    const r = w - jerk;
    return peak * ((jerk * jerk) / 6 + (jerk * r) / 2 + (r * r) / 2);
  }
  if (w < ramp) {
    const e = ramp - w;
    return (v * ramp) / 2 - v * e + ((peak / jerk) * e * e * e) / 6;
  }
  return (v * ramp) / 2 + v * (w - ramp);
}

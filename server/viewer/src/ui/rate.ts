/** Throughput over time: jobs per hour of the last hour, or since the start when that is shorter. */
import type { HistoryPoint } from "../live/store";

const WINDOW = 3_600_000_000;
/** A plot shows at most a shift [h]. */
const SHIFT = 8;

export interface Throughput {
  hours: number[];
  jph: number[];
}

/** Hours and jobs per hour at each point of a history ordered by tick. */
export function throughput(history: HistoryPoint[]): Throughput {
  const hours: number[] = [];
  const jph: number[] = [];
  let from = 0;
  for (const point of history) {
    if (point.tick <= 0) continue;
    const begin = Math.max(0, point.tick - WINDOW);
    while (from + 1 < history.length && history[from + 1].tick <= begin) from++;
    const before = begin === 0 ? 0 : finishedAt(history, from, begin);
    hours.push(point.tick / WINDOW);
    jph.push(((point.finished - before) * WINDOW) / (point.tick - begin));
  }
  return { hours, jph };
}

/** The points of the last shift. */
export function lastShift({ hours, jph }: Throughput): Throughput {
  const from = hours.findIndex((hour) => hour >= hours[hours.length - 1] - SHIFT);
  return from > 0 ? { hours: hours.slice(from), jph: jph.slice(from) } : { hours, jph };
}

/** Parts finished at a tick, between the points i and i + 1. */
function finishedAt(history: HistoryPoint[], i: number, tick: number): number {
  const a = history[i];
  const b = history[i + 1];
  if (!b || tick <= a.tick || b.tick === a.tick) return a.finished;
  return a.finished + ((b.finished - a.finished) * (tick - a.tick)) / (b.tick - a.tick);
}

/** Throughput over time: jobs per hour of the last hour, or since the start when that is shorter. */
import type { HistoryPoint } from "../live/store";

const WINDOW = 3_600_000_000;

/** Hours and jobs per hour at each point of a history ordered by tick. */
export function throughput(history: HistoryPoint[]): { hours: number[]; jph: number[] } {
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

/** Parts finished at a tick, between the points i and i + 1. */
function finishedAt(history: HistoryPoint[], i: number, tick: number): number {
  const a = history[i];
  const b = history[i + 1];
  if (!b || tick <= a.tick || b.tick === a.tick) return a.finished;
  return a.finished + ((b.finished - a.finished) * (tick - a.tick)) / (b.tick - a.tick);
}

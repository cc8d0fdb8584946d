/**
 * `window.twin`: what browser tests and curious people may ask the viewer.
 *
 * - `store`    what is known of the run at the display time: `places[row]` = {state, since}, `kpi`, `history`,
 *              `events` (newest first), `segments.at(subject, tick)`, `epoch`, `dropped`
 * - `clock`    `rate` (simulated seconds per second, 0 = paused), `rtt` [s]
 * - `pack`     the scene pack, null until it has come
 * - `tick()`   the tick shown now
 * - `poseOf(subject, link?)`  row-major world matrix shown now (16 numbers, column vectors) of robot `subject`
 *              (link 0 = base ... J) or of the part in slot `subject - robots`; null if it is not in the scene
 * - `stats()`  {link, fps, quality, bytesPerSecond, messagesPerSecond, bytes, segments, parts, frames, triangles}
 * - `select(path | null)`  select a place or robot by prim path
 * - `ready`    true once the pack is there and, unless `?render=off`, the first picture is drawn
 */
import type { Clock } from "./live/clock";
import type { Pack } from "./live/pack";
import type { Store } from "./live/store";

export interface Stats {
  link: string;
  fps: number;
  quality: string;
  bytesPerSecond: number;
  messagesPerSecond: number;
  bytes: number;
  /** Segments received since the page opened. */
  segments: number;
  /** Parts in the scene now. */
  parts: number;
  /** Pictures drawn. */
  frames: number;
  /** Triangles in the last picture. */
  triangles: number;
}

export interface Inspection {
  store: Store;
  clock: Clock;
  pack: Pack | null;
  ready: boolean;
  tick(): number;
  poseOf(subject: number, link?: number): number[] | null;
  stats(): Stats;
  select(path: string | null): boolean;
}

declare global {
  interface Window {
    twin: Inspection;
  }
}

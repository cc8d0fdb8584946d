/** The binary frames of twin.v1: a 32-byte header, then 8-byte aligned arrays, little endian. */
import type { Segment } from "../motion/segment";

export const SUBPROTOCOL = "twin.v1";
const MAGIC = 0x5754;
const VERSION = 1;
const HEADER_BYTES = 32;
const FULL = 1;

export const FrameType = {
  TIME: 1, KEY: 2, SEG: 3, STATE: 4, KPI: 5, EVENT: 6, POSE: 7, JOINT: 8, STEP: 9,
} as const;

export interface Header {
  type: number;
  epoch: number;
  seq: number;
  keySeq: number;
  tick: number;
  count: number;
  flags: number;
}

export interface TimeMap {
  tick: number;
  /** Server clock [s] at that tick. */
  wall: number;
  /** Simulated seconds per server second; 0 when paused. */
  rate: number;
}

export interface StateChange {
  tick: number;
  place: number;
  state: number;
}

export interface Kpi {
  tick: number;
  finished: number;
  wip: number;
  /** Jobs per hour: of the last hour (or since the start), and of the whole run. */
  jph: number;
  jphTotal: number;
  /** Lead times [s]. */
  leadMean: number;
  leadMax: number;
  created: number;
  /** Seconds per state, row-major (place, state), shape (places, 8). */
  times: Float64Array;
  /** Parts completed by and parts now in each place. */
  placeFinished: Int32Array;
  level: Int32Array;
}

export interface PlantEvent {
  tick: number;
  kind: string;
  path: string;
  text: string;
}

/** Where all parts in sight are, for those who asked for poses. */
export interface Poses {
  /** Positions [m], three a part, and orientations w, x, y, z. */
  xyz: Float32Array;
  wxyz: Float32Array;
  part: Int32Array;
  look: Int32Array;
}

/** Where the joints of robots are [rad or m], each robot's in their order. */
export interface Joints {
  joint: Float32Array;
  robot: Int32Array;
}

export type Frame = { header: Header } & (
  | { kind: "time"; map: TimeMap }
  | { kind: "segments"; key: boolean; segments: Segment[] }
  | { kind: "states"; full: boolean; changes: StateChange[] }
  | { kind: "kpi"; kpi: Kpi }
  | { kind: "events"; events: PlantEvent[] }
  | { kind: "poses"; poses: Poses }
  | { kind: "joints"; joints: Joints }
  | { kind: "step"; steps: Float64Array }
  | { kind: "unknown" }
);

export const STATE_COUNT = 8;

/** Walks over the aligned arrays that follow a header. */
class Reader {
  private at = HEADER_BYTES;

  constructor(private readonly buffer: ArrayBuffer) {}

  f64(n: number): Float64Array {
    return new Float64Array(this.buffer, this.take(n * 8), n);
  }

  f32(n: number): Float32Array {
    return new Float32Array(this.buffer, this.take(n * 4), n);
  }

  i32(n: number): Int32Array {
    return new Int32Array(this.buffer, this.take(n * 4), n);
  }

  text(bytes: number): string {
    return new TextDecoder().decode(new Uint8Array(this.buffer, this.take(bytes), bytes));
  }

  private take(bytes: number): number {
    const start = this.at;
    this.at = (start + bytes + 7) & ~7;
    return start;
  }
}

export function decodeHeader(buffer: ArrayBuffer): Header {
  const view = new DataView(buffer);
  if (buffer.byteLength < HEADER_BYTES || view.getUint16(0, true) !== MAGIC)
    throw new Error("not a twin frame: wrong magic number");
  const version = view.getUint8(2);
  if (version !== VERSION) throw new Error(`frame version ${version}, this viewer reads ${VERSION}`);
  return {
    type: view.getUint8(3),
    epoch: view.getUint32(4, true),
    seq: view.getUint32(8, true),
    keySeq: view.getUint32(12, true),
    tick: Number(view.getBigInt64(16, true)),
    count: view.getUint32(24, true),
    flags: view.getUint32(28, true),
  };
}

export function decodeFrame(buffer: ArrayBuffer): Frame {
  const header = decodeHeader(buffer);
  const reader = new Reader(buffer);
  const { type, tick, count, flags } = header;
  switch (type) {
    case FrameType.TIME: {
      const [wall, rate] = reader.f64(2);
      return { header, kind: "time", map: { tick, wall, rate } };
    }
    case FrameType.KEY:
    case FrameType.SEG:
      return { header, kind: "segments", key: type === FrameType.KEY, segments: segments(reader, count) };
    case FrameType.STATE:
      return { header, kind: "states", full: (flags & FULL) !== 0, changes: changes(reader, count) };
    case FrameType.KPI:
      return { header, kind: "kpi", kpi: kpi(reader, tick, count) };
    case FrameType.EVENT:
      return { header, kind: "events", events: JSON.parse(reader.text(count)) as PlantEvent[] };
    case FrameType.POSE: {
      const xyz = reader.f32(3 * count), wxyz = reader.f32(4 * count);
      return { header, kind: "poses", poses: { xyz, wxyz, part: reader.i32(count), look: reader.i32(count) } };
    }
    case FrameType.JOINT:
      return { header, kind: "joints", joints: { joint: reader.f32(count), robot: reader.i32(count) } };
    case FrameType.STEP:
      return { header, kind: "step", steps: reader.f64(count) };
    default:
      return { header, kind: "unknown" };
  }
}

function segments(reader: Reader, n: number): Segment[] {
  const tick = reader.f64(n), duration = reader.f64(n), start = reader.f64(n), end = reader.f64(n);
  const ramp = reader.f32(n), jerk = reader.f32(n);
  const subject = reader.i32(n), track = reader.i32(n), look = reader.i32(n), part = reader.i32(n);
  return Array.from({ length: n }, (_, i) => ({
    tick: tick[i], duration: duration[i], start: start[i], end: end[i], ramp: ramp[i], jerk: jerk[i],
    subject: subject[i], track: track[i], look: look[i], part: part[i],
  }));
}

function changes(reader: Reader, n: number): StateChange[] {
  const tick = reader.f64(n), place = reader.i32(n), state = reader.i32(n);
  return Array.from({ length: n }, (_, i) => ({ tick: tick[i], place: place[i], state: state[i] }));
}

function kpi(reader: Reader, tick: number, places: number): Kpi {
  const [finished, wip, jph, jphTotal, leadMean, leadMax, created] = reader.f64(8);
  return {
    tick, finished, wip, jph, jphTotal, leadMean, leadMax, created,
    times: reader.f64(STATE_COUNT * places),
    placeFinished: reader.i32(places),
    level: reader.i32(places),
  };
}

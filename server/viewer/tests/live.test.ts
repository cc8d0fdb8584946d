/** Frames, clock and store: what is shown at a tick follows from what arrived, in any order. */
import { expect, test } from "vitest";
import { Clock } from "../src/live/clock";
import { decodeFrame, FrameType } from "../src/live/protocol";
import { SegmentStore } from "../src/live/segments";
import { Store } from "../src/live/store";
import type { Segment } from "../src/motion/segment";

const segment = (tick: number, end: number, subject = 0): Segment => ({
  tick, duration: 10, start: 0, end, ramp: 0, jerk: 0, subject, track: 0, look: -1, part: 0,
});

/** A frame by hand: header, then the bytes of each array padded to 8. */
function frame(type: number, epoch: number, tick: number, count: number, flags: number, arrays: ArrayBufferView[]) {
  const padded = arrays.map((a) => (a.byteLength + 7) & ~7);
  const buffer = new ArrayBuffer(32 + padded.reduce((a, b) => a + b, 0));
  const view = new DataView(buffer);
  view.setUint16(0, 0x5754, true);
  view.setUint8(2, 1);
  view.setUint8(3, type);
  view.setUint32(4, epoch, true);
  view.setBigInt64(16, BigInt(tick), true);
  view.setUint32(24, count, true);
  view.setUint32(28, flags, true);
  let at = 32;
  arrays.forEach((a, i) => {
    new Uint8Array(buffer, at).set(new Uint8Array(a.buffer, a.byteOffset, a.byteLength));
    at += padded[i];
  });
  return buffer;
}

function states(epoch: number, tick: number, place: number, state: number, full = false) {
  const arrays = [Float64Array.of(tick), Int32Array.of(place), Int32Array.of(state)];
  return decodeFrame(frame(FrameType.STATE, epoch, tick, 1, full ? 1 : 0, arrays));
}

test("a segment frame reads back field by field", () => {
  const arrays = [
    Float64Array.of(5, 6), Float64Array.of(7, 8), Float64Array.of(0.5, 0.25), Float64Array.of(1.5, 2.5),
    Float32Array.of(0.5, 0.25), Float32Array.of(0.125, 0), Int32Array.of(3, 4), Int32Array.of(1, -1),
    Int32Array.of(2, -1), Int32Array.of(9, 0),
  ];
  const decoded = decodeFrame(frame(FrameType.KEY, 2, 5, 2, 0, arrays));
  expect(decoded.header.epoch).toBe(2);
  expect(decoded).toMatchObject({ kind: "segments", key: true });
  if (decoded.kind !== "segments") return;
  expect(decoded.segments[0]).toEqual({
    tick: 5, duration: 7, start: 0.5, end: 1.5, ramp: 0.5, jerk: 0.125, subject: 3, track: 1, look: 2, part: 9,
  });
  expect(decoded.segments[1].track).toBe(-1);
});

test("a KPI frame has its tables at aligned places for an odd number of places", () => {
  const arrays = [
    Float64Array.of(10, 2, 60, 58, 900, 1200, 12, 0), new Float64Array(24).fill(1.5),
    Int32Array.of(1, 2, 3), Int32Array.of(4, 5, 6),
  ];
  const decoded = decodeFrame(frame(FrameType.KPI, 1, 77, 3, 0, arrays));
  if (decoded.kind !== "kpi") throw new Error("not a KPI frame");
  expect(decoded.kpi).toMatchObject({ tick: 77, finished: 10, jph: 60, leadMax: 1200 });
  expect([...decoded.kpi.placeFinished]).toEqual([1, 2, 3]);
  expect([...decoded.kpi.level]).toEqual([4, 5, 6]);
});

test("foreign bytes are refused with a reason", () => {
  expect(() => decodeFrame(new ArrayBuffer(40))).toThrow("magic");
});

test("the valid segment is the latest that has begun, whatever the order of arrival", () => {
  const store = new SegmentStore();
  store.add([segment(100, 2), segment(0, 1), segment(50, 3)]);
  expect(store.at(0, 99)?.end).toBe(3);
  expect(store.at(0, 100)?.end).toBe(2);
  expect(store.at(0, -1)).toBeNull();
  store.add([segment(100, 7)]);
  expect(store.at(0, 200)?.end).toBe(7);
});

test("a key frame replaces all segments", () => {
  const store = new SegmentStore();
  store.add([segment(0, 1, 0), segment(0, 1, 5)]);
  store.replace([segment(0, 2, 0)]);
  expect(store.at(5, 10)).toBeNull();
  expect(store.at(0, 10)?.end).toBe(2);
});

test("a state change waits for its tick", () => {
  const store = new Store();
  store.take(states(0, 0, 3, 1, true));
  store.take(states(0, 500, 3, 4));
  store.advance(499);
  expect(store.places[3]).toEqual({ state: 1, since: 0 });
  store.advance(500);
  expect(store.places[3]).toEqual({ state: 4, since: 500 });
});

test("frames of an older epoch are dropped and a newer one clears the past", () => {
  const store = new Store();
  store.begin(1, [[10, 1, 1], [900, 2, 1]]);
  store.take(states(1, 0, 0, 2, true));
  expect(store.take(states(0, 0, 0, 5, true))).toBe(false);
  expect(store.places[0].state).toBe(2);
  store.take(states(2, 100, 1, 3, true));
  expect(store.places[0]).toBeUndefined();
  expect(store.history.map((p) => p.tick)).toEqual([10]);
});

test("key numbers stay after a jump until newer ones come", () => {
  const numbers = (epoch: number, finished: number) => {
    const arrays = [Float64Array.of(finished, 2, 60, 58, 900, 1200, 12, 0), new Float64Array(8), Int32Array.of(1), Int32Array.of(4)];
    return decodeFrame(frame(FrameType.KPI, epoch, epoch * 1000, 1, 0, arrays));
  };
  const store = new Store();
  store.take(numbers(0, 10));
  store.advance(0);
  store.take(states(1, 1000, 0, 2, true));
  expect(store.kpi?.finished).toBe(10);
  store.take(numbers(1, 20));
  store.advance(1000);
  expect(store.kpi?.finished).toBe(20);
});

test("the clock follows the server's map and stands still when paused", () => {
  const clock = new Clock();
  clock.addPong(100, 100.02, 5000.01);
  clock.setMap({ tick: 2e6, wall: 5000, rate: 10 }, 100.02);
  expect(clock.tick(101)).toBeCloseTo(2e6 + 10e6, 0);
  clock.setMap({ tick: 2e6, wall: 5000, rate: 0 }, 101);
  expect(clock.tick(150)).toBe(2e6);
});

test("the clock leans towards a better offset by at most two percent of the time", () => {
  const clock = new Clock();
  clock.addPong(0, 0.2, 0.1);
  clock.setMap({ tick: 0, wall: 0, rate: 1 }, 0.2);
  clock.addPong(1, 1.01, 1.105);
  const before = clock.tick(1.01);
  const after = clock.tick(2.01);
  expect(after - before).toBeCloseTo(1.02e6, -1);
});

test("a held clock shows the moment it was held until released", () => {
  const clock = new Clock();
  clock.setMap({ tick: 0, wall: 50, rate: 1 }, 10);
  clock.hold(11);
  expect(clock.tick(20)).toBe(1e6);
  clock.release();
  expect(clock.tick(12)).toBe(2e6);
});

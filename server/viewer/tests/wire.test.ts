/** The golden frames of twin.v1, which the server wrote, read here as the Python client reads them. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { decodeFrame, FrameType, type Frame } from "../src/live/protocol";
import { Store } from "../src/live/store";
import { coordinate, type Segment } from "../src/motion/segment";

const FOLDER = fileURLToPath(new URL("../../../tests/golden/wire/", import.meta.url));

interface Expected {
  type: number; name: keyof typeof FrameType; epoch: number; seq: number; key_seq: number;
  tick: number; count: number; flags: number;
  arrays: Record<string, number[]>;
  events?: object[];
}

interface Shown {
  tick: number;
  subjects: [number, number][];
  states: number[];
}

const json = <T>(name: string): T => JSON.parse(readFileSync(FOLDER + name, "utf8")) as T;
const expected = json<Record<string, Expected>>("expected.json");

function frame(name: string): Frame {
  const bytes = readFileSync(`${FOLDER}${name}.bin`);
  return decodeFrame(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer);
}

const columns = (rows: object[], names: string[]): Record<string, number[]> =>
  Object.fromEntries(names.map((name) => [name, rows.map((row) => (row as Record<string, number>)[name])]));

/** A decoded frame's arrays, by the names that the protocol gives them. */
function arrays(frame: Frame): Record<string, ArrayLike<number>> {
  switch (frame.kind) {
    case "time": return { map: [frame.map.wall, frame.map.rate] };
    case "segments": {
      const names: (keyof Segment)[] = [
        "tick", "duration", "start", "end", "ramp", "jerk", "subject", "track", "look", "part",
      ];
      return columns(frame.segments, names);
    }
    case "states": return columns(frame.changes, ["tick", "place", "state"]);
    case "kpi": {
      const { finished, wip, jph, jphTotal, leadMean, leadMax, created } = frame.kpi;
      const totals = [finished, wip, jph, jphTotal, leadMean, leadMax, created, 0];
      return { totals, times: frame.kpi.times, finished: frame.kpi.placeFinished, level: frame.kpi.level };
    }
    case "poses": return { ...frame.poses };
    case "joints": return { ...frame.joints };
    case "step": return { step: frame.steps };
    default: return {};
  }
}

test("every type has a golden frame", () => {
  const types = new Set(Object.values(expected).map((each) => each.type));
  expect([...types].sort()).toEqual(Object.values(FrameType));
  const files = readdirSync(FOLDER).filter((name) => name.endsWith(".bin"));
  expect(files.sort()).toEqual(Object.keys(expected).map((name) => `${name}.bin`).sort());
});

test.each(Object.keys(expected))("the golden frame %s reads as is written beside it", (name) => {
  const told = expected[name];
  const read = frame(name);
  expect(FrameType[told.name]).toBe(told.type);
  expect(read.header).toEqual({
    type: told.type, epoch: told.epoch, seq: told.seq, keySeq: told.key_seq, tick: told.tick,
    count: told.count, flags: told.flags,
  });
  if (read.kind === "events") expect(read.events).toEqual(told.events);
  else {
    const found = Object.fromEntries(Object.entries(arrays(read)).map(([key, each]) => [key, Array.from(each)]));
    expect(found).toEqual(told.arrays);
  }
});

test("a client that has taken them shows what is written beside them", () => {
  const store = new Store();
  for (const name of Object.keys(expected)) store.take(frame(name));
  for (const shown of json<Shown[]>("shown.json")) {
    store.advance(shown.tick);
    for (const [subject, x] of shown.subjects)
      expect(coordinate(store.segments.at(subject, shown.tick)!, shown.tick)).toBeCloseTo(x, 9);
    expect(store.places.map((place) => place.state)).toEqual(shown.states);
  }
});

test("figures with the totals only leave those of the places as they were", () => {
  const store = new Store();
  store.take(frame("kpi"));
  store.take(frame("kpi_totals"));
  store.advance(Infinity);
  expect(Array.from(store.kpi!.level)).toEqual(expected.kpi.arrays.level);
  expect(store.kpi!.tick).toBe(expected.kpi_totals.tick);
});

/** What is derived for the display: throughput, coarse meshes, texts, prim paths. */
import { Box3, BoxGeometry, CylinderGeometry, SphereGeometry, Vector3 } from "three";
import { expect, test } from "vitest";
import { placeOfPath, type Pack } from "../src/live/pack";
import { coarsened } from "../src/stage/coarse";
import { room } from "../src/stage/covers";
import { isSlab, layerOf, plain } from "../src/stage/lying";
import { clockText, humanName, spanText } from "../src/ui/dom";
import { lastShift, throughput } from "../src/ui/rate";

const HOUR = 3_600_000_000;

test("throughput counts from the start until an hour is full, then over the last hour", () => {
  const history = [
    { tick: HOUR / 2, finished: 20, wip: 0 },
    { tick: HOUR, finished: 50, wip: 0 },
    { tick: 2 * HOUR, finished: 110, wip: 0 },
  ];
  expect(throughput(history)).toEqual({ hours: [0.5, 1, 2], jph: [40, 50, 60] });
});

test("throughput at the very start is left out", () => {
  expect(throughput([{ tick: 0, finished: 0, wip: 0 }]).jph).toEqual([]);
});

test("a coarse sphere has fewer triangles and nearly the same surface", () => {
  const fine = new SphereGeometry(1, 64, 48);
  const coarse = coarsened(fine, { cell: 0.2, kept: 0.7 });
  expect(coarse.index!.count).toBeLessThan(fine.index!.count / 3);
  expect(coarse.index!.count).toBeGreaterThan(100);
});

test("a small mesh and a thin rod stay as they are", () => {
  const box = new BoxGeometry(1, 1, 1);
  expect(coarsened(box, { cell: 0.2, kept: 0.7 })).toBe(box);
  const rod = new CylinderGeometry(0.002, 0.002, 3, 64, 8);
  expect(coarsened(rod, { cell: 0.2, kept: 0.7 })).toBe(rod);
});

test("a prim path finds the nearest place above it", () => {
  const pack = { places: [{ path: "/L/A" }, { path: "/L/A/B" }, { path: "/L/AB" }] } as unknown as Pack;
  expect(placeOfPath(pack, "/L/A/B/Robot_1")).toBe(1);
  expect(placeOfPath(pack, "/L/A/C")).toBe(0);
  expect(placeOfPath(pack, "/X")).toBe(-1);
});

test("times and names read well", () => {
  expect(clockText(3_723_000_000)).toBe("01:02:03");
  expect(clockText(90_061_000_000)).toBe("1d 01:01:01");
  expect(spanText(59)).toBe("59 s");
  expect(spanText(125)).toBe("2 min 05 s");
  expect(humanName("processTime")).toBe("Process time");
  expect(humanName("mtbf")).toBe("MTBF");
  expect(humanName("Respot_3")).toBe("Respot 3");
});

test("a plot shows the last shift", () => {
  const hours = [1, 5, 9, 13];
  expect(lastShift({ hours, jph: [10, 20, 30, 40] })).toEqual({ hours: [5, 9, 13], jph: [20, 30, 40] });
  expect(lastShift({ hours: [], jph: [] })).toEqual({ hours: [], jph: [] });
});

test("paint on the floor lies in layers, all else in none", () => {
  const box = (low: number, high: number) => new Box3(new Vector3(-1, -1, low), new Vector3(1, 1, high));
  expect([box(0.002, 0.002), box(0.004, 0.004), box(0, 0.008), box(1, 1)].map(layerOf)).toEqual([1, 2, 0, 0]);
});

test("a slab in the floor is plain from far away, a plate above it is none", () => {
  const slab = new BoxGeometry(7, 7, 0.1, 3, 3, 3).translate(0, 0, -0.05);
  slab.computeBoundingBox();
  expect(isSlab(slab.boundingBox!)).toBe(true);
  expect(isSlab(slab.boundingBox!.clone().translate(new Vector3(0, 0, 1)))).toBe(false);
  expect(plain(slab).index!.count).toBe(6);
  expect(plain(slab).boundingBox!.max.distanceTo(slab.boundingBox!.max)).toBeCloseTo(0);
});

test("a label has the room to the nearest panel or edge", () => {
  const label = { left: 100, right: 140, top: 50, bottom: 70 };
  const panel = { left: 0, right: 90, top: 0, bottom: 300 };
  expect(room(label, [panel], 800, 600)).toBe(10);
  expect(room(label, [], 800, 600)).toBe(50);
  expect(room(label, [{ ...panel, right: 120 }], 800, 600)).toBeLessThan(0);
});

/** What is derived for the display: throughput, coarse meshes, texts, prim paths. */
import { BoxGeometry, CylinderGeometry, SphereGeometry } from "three";
import { expect, test } from "vitest";
import { placeOfPath, type Pack } from "../src/live/pack";
import { coarsened } from "../src/stage/coarse";
import { clockText, humanName, spanText } from "../src/ui/dom";
import { throughput } from "../src/ui/rate";

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

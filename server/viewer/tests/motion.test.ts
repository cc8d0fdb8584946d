/** Closed forms of the motion modules at points where the answer is known. */
import { expect, test } from "vitest";
import { linkFrames, newFrames, prepareChain } from "../src/motion/chain";
import { identity } from "../src/motion/matrix";
import { newPose, pathPose } from "../src/motion/path";
import { profile } from "../src/motion/profile";
import { isDwell, programJoints } from "../src/motion/program";

test("a profile begins at 0, is at 1/2 in the middle and ends at 1", () => {
  for (const [ramp, jerk] of [[0, 0], [1, 0], [1, 0.5], [1.5, 0.4]]) {
    expect(profile(0, 4, ramp, jerk)).toBe(0);
    expect(profile(2, 4, ramp, jerk)).toBeCloseTo(0.5, 12);
    expect(profile(4, 4, ramp, jerk)).toBe(1);
    expect(profile(9, 4, ramp, jerk)).toBe(1);
  }
});

test("a trapezoid of 4 s with 1 s ramps has gone one sixth after the ramp", () => {
  expect(profile(1, 4, 1, 0)).toBeCloseTo(1 / 6, 12);
  expect(profile(0.5, 4, 1, 0)).toBeCloseTo(1 / 24, 12);
});

test("a profile has no step where its phases meet", () => {
  const [duration, ramp, jerk] = [5, 2, 0.75];
  for (const at of [jerk, ramp - jerk, ramp, duration / 2, duration - ramp]) {
    const before = profile(at - 1e-9, duration, ramp, jerk);
    const after = profile(at + 1e-9, duration, ramp, jerk);
    expect(after - before).toBeLessThan(1e-8);
  }
});

test("a profile without duration is done", () => {
  expect(profile(0, 0, 0, 0)).toBe(1);
});

test("a path turns along the shorter arc", () => {
  const half = Math.SQRT1_2;
  const paths = {
    first: [0], count: [2], length: [2],
    knots: [[0, 0, 0, 0, 1, 0, 0, 0], [2, 4, 0, 2, -half, 0, 0, -half]],
  };
  const pose = pathPose(paths, 0, 1, newPose());
  expect([...pose.xyz]).toEqual([2, 0, 1]);
  expect(pose.wxyz[0]).toBeCloseTo(Math.cos(Math.PI / 8), 12);
  expect(pose.wxyz[3]).toBeCloseTo(Math.sin(Math.PI / 8), 12);
});

test("a position beyond the ends of a path is at its end", () => {
  const paths = { first: [0], count: [2], length: [1], knots: [[0, 0, 0, 0, 1, 0, 0, 0], [1, 1, 0, 0, 1, 0, 0, 0]] };
  expect(pathPose(paths, 0, -1, newPose()).xyz[0]).toBe(0);
  expect(pathPose(paths, 0, 7, newPose()).xyz[0]).toBe(1);
});

test("a program is in the move that has begun and holds in a dwell", () => {
  const moves = [[0, 2, 0, 0, 0, 1], [2, 1, 0, 0, 1, 1], [3, 1, 0, 0, 1, 0]];
  const programs = { first: [0], count: [3], duration: [4], moves };
  const joints = new Float64Array(1);
  expect(programJoints(programs, 0, 1, joints)[0]).toBe(0.5);
  expect(programJoints(programs, 0, 2.5, joints)[0]).toBe(1);
  expect(programJoints(programs, 0, 3.5, joints)[0]).toBe(0.5);
  expect(moves.map((_, row) => isDwell(programs, row))).toEqual([false, true, false]);
});

test("a chain of two joints adds up its turns", () => {
  const chain = prepareChain([
    { origin: [0, 0, 1], wxyz: [1, 0, 0, 0], axis: "Z" },
    { origin: [1, 0, 0], wxyz: [1, 0, 0, 0], axis: "Y" },
  ]);
  const frames = linkFrames(chain, identity(), [Math.PI / 2, 0], newFrames(chain));
  expect(frames[2][3]).toBeCloseTo(0, 12);
  expect(frames[2][7]).toBeCloseTo(1, 12);
  expect(frames[2][11]).toBeCloseTo(1, 12);
});

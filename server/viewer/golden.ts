/** Compares this evaluator with golden vectors that NumPy wrote: one file, every formula of motion. */
import { linkFrames, newFrames, prepareChain, type Joint } from "./src/motion/chain";
import { newPose, pathPose, type PathTable } from "./src/motion/path";
import { profile } from "./src/motion/profile";
import { programJoints, type ProgramTable } from "./src/motion/program";
import { coordinate, type Segment } from "./src/motion/segment";
import { SegmentStore } from "./src/live/segments";

export interface Golden {
  profile: { u: number; duration: number; ramp: number; jerk: number; value: number }[];
  paths: PathTable;
  path_cases: { track: number; s: number; xyz: number[]; wxyz: number[] }[];
  programs: ProgramTable;
  program_cases: { program: number; time: number; joints: number[] }[];
  segments: Segment[];
  segment_cases: { tick: number; subject: number; x: number }[];
  fk_cases: { chain: Joint[]; joints: number[]; base: number[]; frames: number[][] }[];
}

export interface Comparison {
  name: string;
  cases: number;
  /** Largest absolute difference (metres, radians, seconds or shares). */
  error: number;
}

export function compare(golden: Golden): Comparison[] {
  return [
    summary("profile", golden.profile.map((c) => [profile(c.u, c.duration, c.ramp, c.jerk) - c.value])),
    summary("path", golden.path_cases.map((c) => pathErrors(golden.paths, c))),
    summary("program", golden.program_cases.map((c) => programErrors(golden.programs, c))),
    summary("segment", segmentErrors(golden)),
    summary("chain", golden.fk_cases.map(chainErrors)),
  ];
}

function summary(name: string, errors: number[][]): Comparison {
  const error = errors.flat().reduce((most, e) => Math.max(most, Number.isNaN(e) ? Infinity : Math.abs(e)), 0);
  return { name, cases: errors.length, error };
}

function pathErrors(paths: PathTable, c: Golden["path_cases"][number]): number[] {
  const pose = pathPose(paths, c.track, c.s, newPose());
  const dot = pose.wxyz.reduce((sum, q, i) => sum + q * c.wxyz[i], 0);
  const side = dot < 0 ? -1 : 1;
  return [...difference(pose.xyz, c.xyz), ...difference(pose.wxyz, c.wxyz.map((q) => side * q))];
}

function programErrors(programs: ProgramTable, c: Golden["program_cases"][number]): number[] {
  return difference(programJoints(programs, c.program, c.time, new Float64Array(c.joints.length)), c.joints);
}

function segmentErrors(golden: Golden): number[][] {
  const cases = [...golden.segment_cases].sort((a, b) => a.tick - b.tick);
  const store = new SegmentStore();
  store.add(golden.segments);
  return cases.map((c) => {
    const segment = store.at(c.subject, c.tick);
    return [segment ? coordinate(segment, c.tick) - c.x : NaN];
  });
}

function chainErrors(c: Golden["fk_cases"][number]): number[] {
  const chain = prepareChain(c.chain);
  const frames = linkFrames(chain, c.base, c.joints, newFrames(chain));
  const skip = frames.length - c.frames.length;
  return c.frames.flatMap((frame, i) => difference(frames[i + skip], frame.flat()));
}

function difference(a: ArrayLike<number>, b: ArrayLike<number>): number[] {
  return Array.from(b as number[], (value, i) => a[i] - value);
}

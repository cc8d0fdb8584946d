/** Where robots and parts are at a tick: segments evaluated on paths, programs and chains. */
import { linkFrames, newFrames, prepareChain, type Chain } from "../motion/chain";
import { fromPose, identity, type Matrix } from "../motion/matrix";
import { newPose, pathPose, type Pose } from "../motion/path";
import { isDwell, moveAt, programJoints } from "../motion/program";
import { coordinate, type Segment } from "../motion/segment";
import type { Pack, Robot } from "./pack";
import type { SegmentStore } from "./segments";

export class Poser {
  private readonly chains: Chain[];
  private readonly frames: Matrix[][];
  private readonly angles: Float64Array[];
  private readonly home: number[][];
  private readonly pose: Pose = newPose();

  constructor(
    readonly pack: Pack,
    private readonly segments: SegmentStore,
  ) {
    this.chains = pack.robots.map((robot) => prepareChain(robot.chain));
    this.frames = this.chains.map(newFrames);
    this.angles = pack.robots.map((robot) => new Float64Array(robot.chain.length));
    this.home = pack.robots.map((robot) => homeOf(robot));
  }

  get robotCount(): number {
    return this.pack.robots.length;
  }

  /** Number of part slots seen so far. */
  get slotCount(): number {
    return Math.max(0, this.segments.subjects - this.robotCount);
  }

  /** Joint angles [rad] of a robot at a tick; the array is reused. */
  joints(robot: number, tick: number): Float64Array {
    const out = this.angles[robot];
    const segment = this.segments.at(robot, tick);
    if (segment && segment.track >= 0)
      return programJoints(this.pack.programs, segment.track, coordinate(segment, tick), out);
    out.set(this.home[robot]);
    return out;
  }

  /** World frames of base and links of a robot at a tick; the matrices are reused. */
  robotFrames(robot: number, tick: number): Matrix[] {
    const base = this.pack.robots[robot].base;
    return linkFrames(this.chains[robot], base, this.joints(robot, tick), this.frames[robot]);
  }

  /** True while a robot runs its program. */
  isRunning(robot: number, tick: number): boolean {
    return this.programTime(robot, tick) !== null;
  }

  /** True while a robot holds still inside its running program: it welds. */
  isWelding(robot: number, tick: number): boolean {
    const x = this.programTime(robot, tick);
    const { programs } = this.pack;
    return x !== null && isDwell(programs, moveAt(programs, this.segments.at(robot, tick)!.track, x));
  }

  /** Seconds into the program that a robot runs; null if it stands. */
  private programTime(robot: number, tick: number): number | null {
    const segment = this.segments.at(robot, tick);
    if (!segment || segment.track < 0) return null;
    const x = coordinate(segment, tick);
    return x > segment.start && x < segment.end ? x : null;
  }

  /** The segment of the part in a slot, if it is in the scene at a tick. */
  part(slot: number, tick: number): Segment | null {
    const segment = this.segments.at(this.robotCount + slot, tick);
    return segment && segment.track >= 0 ? segment : null;
  }

  /** World matrix of a part that moves by a segment, at a tick. */
  partMatrix(segment: Segment, tick: number, out: Matrix): Matrix {
    const pose = pathPose(this.pack.paths, segment.track, coordinate(segment, tick), this.pose);
    return fromPose(out, pose.xyz, pose.wxyz);
  }

  /** World matrix (row-major) of a robot's link or of a part; null if it is not in the scene. */
  poseOf(subject: number, tick: number, link = 0): number[] | null {
    if (subject < this.robotCount) return Array.from(this.robotFrames(subject, tick)[link]);
    const segment = this.part(subject - this.robotCount, tick);
    return segment && Array.from(this.partMatrix(segment, tick, identity()));
  }
}

/** Rest angles [rad]: given ones, else zero. */
function homeOf(robot: Robot): number[] {
  return robot.home ?? robot.chain.map(() => 0);
}

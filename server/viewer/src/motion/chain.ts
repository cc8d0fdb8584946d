/** Forward kinematics of a joint chain: one frame per link from the joint angles. */
import { fromPose, identity, multiply, turn, type Matrix } from "./matrix";

export interface Joint {
  /** Origin of the child frame in the parent frame at q = 0 [m]. */
  origin: number[];
  wxyz: number[];
  axis: "X" | "Y" | "Z";
}

/** A chain prepared for many evaluations: fixed frames and axis numbers. */
export interface Chain {
  fixed: Matrix[];
  axes: number[];
}

export function prepareChain(joints: Joint[]): Chain {
  return {
    fixed: joints.map((j) => fromPose(identity(), j.origin, j.wxyz)),
    axes: joints.map((j) => "XYZ".indexOf(j.axis)),
  };
}

/** Frames of base (row 0) and links 1..J in the world, from the base matrix and angles [rad]. */
export function linkFrames(
  chain: Chain,
  base: ArrayLike<number>,
  angles: ArrayLike<number>,
  out: Matrix[],
): Matrix[] {
  out[0].set(base);
  for (let i = 0; i < chain.fixed.length; i++) {
    multiply(out[i + 1], out[i], chain.fixed[i]);
    turn(out[i + 1], out[i + 1], chain.axes[i], angles[i]);
  }
  return out;
}

export const newFrames = (chain: Chain): Matrix[] =>
  Array.from({ length: chain.fixed.length + 1 }, identity);

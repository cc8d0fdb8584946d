/** Forward kinematics of a joint chain: one frame per link from the joint positions. */
import { fromPose, identity, multiply, slide, turn, type Matrix } from "./matrix";

export interface Joint {
  /** Origin of the child frame in the parent frame at q = 0 [m]. */
  origin: number[];
  wxyz: number[];
  axis: "X" | "Y" | "Z";
  /** True if it slides along its axis [m]; else it turns about it [rad]. */
  slides?: boolean;
}

/** A chain prepared for many evaluations: fixed frames and axis numbers. */
export interface Chain {
  fixed: Matrix[];
  axes: number[];
  slides: boolean[];
}

export function prepareChain(joints: Joint[]): Chain {
  return {
    fixed: joints.map((j) => fromPose(identity(), j.origin, j.wxyz)),
    axes: joints.map((j) => "XYZ".indexOf(j.axis)),
    slides: joints.map((j) => j.slides ?? false),
  };
}

/** Frames of base (row 0) and links 1..J in the world, from the base matrix and joints [rad] or [m]. */
export function linkFrames(
  chain: Chain,
  base: ArrayLike<number>,
  joints: ArrayLike<number>,
  out: Matrix[],
): Matrix[] {
  out[0].set(base);
  for (let i = 0; i < chain.fixed.length; i++) {
    multiply(out[i + 1], out[i], chain.fixed[i]);
    const move = chain.slides[i] ? slide : turn;
    move(out[i + 1], out[i + 1], chain.axes[i], joints[i]);
  }
  return out;
}

export const newFrames = (chain: Chain): Matrix[] =>
  Array.from({ length: chain.fixed.length + 1 }, identity);

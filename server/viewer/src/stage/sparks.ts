/** Weld sparks: a flicker at the tool of every robot that holds still inside its program. */
import { Box3, Color, Matrix4, Vector3 } from "three";
import type { Pack } from "../live/pack";
import type { Poser } from "../live/poser";
import { Glow } from "./glow";
import type { Prototype } from "./prototypes";

const HOT = new Color(1.0, 0.72, 0.36);
const ARC = new Color(0.72, 0.84, 1.0);

export class Sparks {
  readonly glow: Glow;
  private readonly tools: (Vector3 | null)[];
  private readonly at = new Vector3();
  private readonly tint = new Color();

  constructor(
    pack: Pack,
    prototypes: Prototype[],
    private readonly poser: Poser,
  ) {
    this.tools = pack.robots.map((robot, row) =>
      robot.tool ? new Vector3().fromArray(robot.tool) : farEnd(pack, prototypes, row),
    );
    this.glow = new Glow(Math.max(1, pack.robots.length), 0.85);
  }

  update(tick: number, seconds: number, running: boolean): void {
    this.glow.clear();
    this.tools.forEach((tool, robot) => {
      if (!tool || !running || !this.poser.isWelding(robot, tick)) return;
      const frames = this.poser.robotFrames(robot, tick);
      const frame = new Matrix4().fromArray(frames[frames.length - 1]).transpose();
      const flicker = 0.55 + 0.45 * Math.sin(seconds * 47 + robot * 1.7) * Math.sin(seconds * 31 + robot * 2.9);
      this.tint.copy(HOT).lerp(ARC, 0.5 + 0.5 * Math.sin(seconds * 23 + robot)).multiplyScalar(flicker);
      this.glow.add(this.at.copy(tool).applyMatrix4(frame), this.tint, 2.5);
    });
    this.glow.finish();
  }
}

/** Middle of the far face of what hangs on a robot's last link; null if nothing does. */
function farEnd(pack: Pack, prototypes: Prototype[], robot: number): Vector3 | null {
  const last = pack.robots[robot].chain.length;
  const box = new Box3();
  for (const instance of pack.instances.filter((i) => i.robot === robot && i.link === last)) {
    const matrix = new Matrix4().fromArray(instance.matrix).transpose();
    box.union(prototypes[instance.prototype].box.clone().applyMatrix4(matrix));
  }
  if (box.isEmpty()) return null;
  const end = box.getCenter(new Vector3());
  const far = { axis: "x" as "x" | "y" | "z", value: 0 };
  for (const axis of ["x", "y", "z"] as const)
    for (const value of [box.min[axis], box.max[axis]])
      if (Math.abs(value) > Math.abs(far.value)) Object.assign(far, { axis, value });
  end[far.axis] = far.value;
  return end;
}

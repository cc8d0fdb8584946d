/** Robots: each display frame, link frames by forward kinematics into the instance matrices. */
import { Group } from "three";
import type { Instance, Pack } from "../live/pack";
import type { Poser } from "../live/poser";
import { identity, multiply } from "../motion/matrix";
import { Batch } from "./batch";
import type { Prototype } from "./prototypes";
import { byPrototype } from "./statics";
import type { Viewpoint } from "./viewpoint";

export class Robots {
  readonly group = new Group();
  private readonly batches: { batch: Batch; instances: Instance[] }[] = [];
  private readonly matrix = identity();

  constructor(
    pack: Pack,
    prototypes: Prototype[],
    private readonly poser: Poser,
    view: Viewpoint,
  ) {
    const moving = pack.instances.filter((i) => i.robot >= 0);
    for (const [prototype, instances] of byPrototype(moving)) {
      const batch = new Batch(prototypes[prototype], instances.length, view, this.group);
      this.batches.push({ batch, instances });
    }
  }

  update(tick: number): void {
    const frames = Array.from({ length: this.poser.robotCount }, (_, r) => this.poser.robotFrames(r, tick));
    for (const { batch, instances } of this.batches) {
      batch.clear();
      for (const { robot, link, matrix } of instances)
        batch.add(multiply(this.matrix, frames[robot][Math.max(link, 0)], matrix), { kind: "robot", row: robot });
      batch.finish();
    }
  }
}

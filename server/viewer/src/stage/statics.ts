/** Everything that stands still: one batch per prototype; the hall's roof apart, so it can be hidden. */
import { Group } from "three";
import type { Instance, Pack } from "../live/pack";
import { Batch } from "./batch";
import type { Prototype } from "./prototypes";
import type { Viewpoint } from "./viewpoint";

/** What reaches above this and belongs to no place is hall [m]. */
const HALL_ABOVE = 4.5;
/** The hall is shown to a camera below this [m]: from above it would hide the line. */
const HALL_SHOWN_BELOW = 4.2;

export class Statics {
  readonly group = new Group();
  private readonly hall = new Group();
  private readonly batches: { batch: Batch; instances: Instance[] }[] = [];

  constructor(
    pack: Pack,
    prototypes: Prototype[],
    private readonly view: Viewpoint,
  ) {
    const still = pack.instances.filter((i) => i.robot < 0 && !i.lamp);
    for (const [row, instances] of byPrototype(still)) {
      const prototype = prototypes[row];
      const isHall = (i: Instance) => i.place < 0 && topOf(i, prototype) > HALL_ABOVE;
      this.build(prototype, instances.filter((i) => !isHall(i)), this.group, true);
      this.build(prototype, instances.filter(isHall), this.hall, false);
    }
    this.group.add(this.hall);
  }

  /** Choose levels of detail anew; needed only when the view is another. */
  update(cameraHeight: number): void {
    this.hall.visible = cameraHeight < HALL_SHOWN_BELOW;
    for (const { batch, instances } of this.batches) {
      batch.clear();
      for (const { matrix, place } of instances) batch.add(matrix, place >= 0 ? { kind: "place", row: place } : null);
      batch.finish();
    }
  }

  private build(prototype: Prototype, instances: Instance[], group: Group, shadow: boolean): void {
    if (instances.length)
      this.batches.push({ batch: new Batch(prototype, instances.length, this.view, group, shadow), instances });
  }
}

export function byPrototype(instances: Instance[]): Map<number, Instance[]> {
  const groups = new Map<number, Instance[]>();
  for (const instance of instances) {
    const list = groups.get(instance.prototype) ?? [];
    list.push(instance);
    groups.set(instance.prototype, list);
  }
  return groups;
}

/** Height of the top of an instance [m]. */
function topOf({ matrix }: Instance, { box }: Prototype): number {
  const corner = (i: number) =>
    matrix[8] * (i & 1 ? box.max.x : box.min.x) +
    matrix[9] * (i & 2 ? box.max.y : box.min.y) +
    matrix[10] * (i & 4 ? box.max.z : box.min.z);
  return matrix[11] + Math.max(...Array.from({ length: 8 }, (_, i) => corner(i)));
}

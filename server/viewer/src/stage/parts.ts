/** Parts: each display frame, the looks of all parts in the scene at their poses on the paths. */
import { Group } from "three";
import type { Pack } from "../live/pack";
import type { Poser } from "../live/poser";
import { identity, multiply } from "../motion/matrix";
import type { Thing } from "../selection";
import { Batch } from "./batch";
import type { Prototype } from "./prototypes";
import type { Viewpoint } from "./viewpoint";

export class Parts {
  readonly group = new Group();
  private readonly batches = new Map<number, Batch>();
  private readonly pose = identity();
  private readonly matrix = identity();

  constructor(
    private readonly pack: Pack,
    prototypes: Prototype[],
    private readonly poser: Poser,
    view: Viewpoint,
  ) {
    for (const { prototype } of pack.looks.flatMap((look) => look.prototypes))
      if (!this.batches.has(prototype))
        this.batches.set(prototype, new Batch(prototypes[prototype], 32, view, this.group));
  }

  update(tick: number): void {
    for (const batch of this.batches.values()) batch.clear();
    for (let slot = 0; slot < this.poser.slotCount; slot++) this.place(slot, tick);
    for (const batch of this.batches.values()) batch.finish();
  }

  private place(slot: number, tick: number): void {
    const segment = this.poser.part(slot, tick);
    const look = segment && this.pack.looks[segment.look];
    if (!look) return;
    this.poser.partMatrix(segment, tick, this.pose);
    const thing: Thing = { kind: "part", slot, part: segment.part };
    for (const { prototype, matrix } of look.prototypes)
      this.batches.get(prototype)!.add(multiply(this.matrix, this.pose, matrix), thing);
  }
}

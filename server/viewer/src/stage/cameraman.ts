/** Where the camera goes: named views, onto the selection, along with a part. */
import { Vector3, type Box3 } from "three";
import type { Session } from "../live/session";
import type { Selection, Thing } from "../selection";
import { boxAround, lineBounds, placeBounds } from "./bounds";
import type { Rig, View } from "./rig";

/** Half the width of what is shown around a part and a robot [m]. */
const AROUND_PART = 3.4;
const AROUND_ROBOT = 2.4;

export class Cameraman {
  private readonly point = new Vector3();

  constructor(
    private readonly rig: Rig,
    private readonly session: Session,
    private readonly selection: Selection,
  ) {
    selection.onChange.on((thing) => {
      if (thing?.kind !== "part") rig.follow(null);
    });
  }

  view(view: View): void {
    this.rig.frame(lineBounds(this.session.pack!), view);
  }

  /** Bring the selection, or everything, into view. */
  focus(): void {
    this.rig.frame(this.boundsOf(this.selection.current) ?? lineBounds(this.session.pack!));
  }

  /** Follow the selected part, or the first one in the scene; false if there is none. */
  follow(): boolean {
    if (this.selection.current?.kind !== "part") this.selection.set(this.firstPart());
    const at = this.partAt(this.selection.current);
    if (!at) return false;
    this.rig.frame(boxAround(at, AROUND_PART));
    this.rig.follow(at);
    return true;
  }

  /** Keep up with the followed part; stop when it has left. */
  update(): void {
    if (!this.rig.follows) return;
    const at = this.partAt(this.selection.current);
    if (at) this.rig.moveFollowed(at);
    else this.rig.follow(null);
  }

  private firstPart(): Thing | null {
    const { poser, tick } = this.session;
    for (let slot = 0; slot < poser!.slotCount; slot++) {
      const segment = poser!.part(slot, tick);
      if (segment) return { kind: "part", slot, part: segment.part };
    }
    return null;
  }

  /** Where a part is, a little above its skid; null if it is not in the scene (any more). */
  private partAt(thing: Thing | null): Vector3 | null {
    if (thing?.kind !== "part") return null;
    const { poser, tick } = this.session;
    if (poser!.part(thing.slot, tick)?.part !== thing.part) return null;
    const m = poser!.poseOf(poser!.robotCount + thing.slot, tick)!;
    return this.point.set(m[3], m[7], m[11] + 0.7);
  }

  private boundsOf(thing: Thing | null): Box3 | null {
    if (thing?.kind === "part") {
      const at = this.partAt(thing);
      return at && boxAround(at, AROUND_PART);
    }
    if (thing?.kind === "robot") {
      const base = this.session.pack!.robots[thing.row].base;
      return boxAround(new Vector3(base[3], base[7], base[11] + 1.1), AROUND_ROBOT);
    }
    return thing && placeBounds(this.session.pack!, thing.row);
  }
}

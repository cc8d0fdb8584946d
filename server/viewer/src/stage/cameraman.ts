/** Where the camera goes: named views, onto the selection, along with a part. */
import { MathUtils, Vector3, type Box3 } from "three";
import type { Session } from "../live/session";
import type { Selection, Thing } from "../selection";
import { boxAround, lineBounds, placeBounds } from "./bounds";
import type { Rig, View } from "./rig";

/** Half the width of what is shown around a part and a robot [m]. */
const AROUND_PART = 2.7;
const AROUND_ROBOT = 2.4;
/** Floor that is shown around the line [m]. */
const AROUND_LINE = new Vector3(3, 3, 0);
/** Least distance to a part that is followed [m], how steep it is seen [rad], and how much from one end [rad]. */
const BEHIND_PART = 9;
const STEEP = MathUtils.degToRad(40);
const ASKEW = MathUtils.degToRad(24);

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
    this.rig.frame(this.wholeLine(), view);
  }

  /** Bring the selection, or everything, into view. */
  focus(): void {
    this.rig.frame(this.boundsOf(this.selection.current) ?? this.wholeLine());
  }

  private wholeLine(): Box3 {
    return lineBounds(this.session.pack!).expandByVector(AROUND_LINE);
  }

  /** Follow the selected part, or the one nearest to what is seen; false if there is none. */
  follow(): boolean {
    if (this.selection.current?.kind !== "part") this.selection.set(this.nearestPart());
    const at = this.partAt(this.selection.current);
    if (!at) return false;
    this.rig.frameFrom(boxAround(at, AROUND_PART), this.overTheFence(), BEHIND_PART);
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

  private nearestPart(): Thing | null {
    const { poser, tick } = this.session;
    let nearest: Thing | null = null;
    let least = Infinity;
    for (let slot = 0; slot < poser!.slotCount; slot++) {
      const segment = poser!.part(slot, tick);
      if (!segment) continue;
      const thing: Thing = { kind: "part", slot, part: segment.part };
      const distance = this.partAt(thing)!.distanceTo(this.rig.controls.target);
      if (distance < least) [nearest, least] = [thing, distance];
    }
    return nearest;
  }

  /** Direction to a camera at the aisle beside the line, high enough to look over fence and cabinets. */
  private overTheFence(): Vector3 {
    const size = lineBounds(this.session.pack!).getSize(new Vector3());
    const aisle = (size.y > size.x ? 0 : -Math.PI / 2) - ASKEW;
    return new Vector3(Math.cos(aisle), Math.sin(aisle), Math.tan(STEEP)).normalize();
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

/** What is under the pointer: the nearest instance that a ray meets, else the place whose floor it meets. */
import { Plane, Raycaster, Vector2, Vector3, type Group, type InstancedMesh, type PerspectiveCamera } from "three";
import type { Pack } from "../live/pack";
import type { Thing } from "../selection";

const CLICK_PIXELS = 5;
const FLOOR = new Plane(new Vector3(0, 0, 1), 0);

export class Picker {
  private readonly ray = new Raycaster();
  private readonly down = new Vector2();

  constructor(
    private readonly element: HTMLElement,
    private readonly camera: PerspectiveCamera,
    private readonly groups: Group[],
    private readonly pack: Pack,
    onPick: (thing: Thing | null, twice: boolean) => void,
  ) {
    element.addEventListener("pointerdown", (e) => this.down.set(e.clientX, e.clientY));
    element.addEventListener("click", (e) => {
      if (this.down.distanceTo(new Vector2(e.clientX, e.clientY)) < CLICK_PIXELS)
        onPick(this.at(e.clientX, e.clientY), e.detail === 2);
    });
  }

  at(clientX: number, clientY: number): Thing | null {
    const box = this.element.getBoundingClientRect();
    const point = new Vector2(((clientX - box.left) / box.width) * 2 - 1, 1 - ((clientY - box.top) / box.height) * 2);
    this.ray.setFromCamera(point, this.camera);
    for (const hit of this.ray.intersectObjects(this.groups, true)) {
      const things = (hit.object as InstancedMesh).userData.things as (Thing | null)[] | undefined;
      const thing = hit.instanceId === undefined ? null : things?.[hit.instanceId];
      if (thing) return thing;
    }
    return this.placeAt(this.ray.ray.intersectPlane(FLOOR, new Vector3()));
  }

  /** The place whose footprint holds a point of the floor. */
  private placeAt(point: Vector3 | null): Thing | null {
    if (!point) return null;
    const row = this.pack.places.findIndex(
      ({ xyz, size }) => size && Math.abs(point.x - xyz[0]) < size[0] / 2 && Math.abs(point.y - xyz[1]) < size[1] / 2,
    );
    return row < 0 ? null : { kind: "place", row };
  }
}

/** Boxes around things of the hall: places, what a camera should see, everything. */
import { Box3, Vector3 } from "three";
import type { Pack } from "../live/pack";

export function placeBounds(pack: Pack, row: number): Box3 {
  const { xyz, size } = pack.places[row];
  const at = new Vector3().fromArray(xyz);
  const half = size ? new Vector3(size[0], size[1], 0).multiplyScalar(0.5) : new Vector3(1, 1, 0);
  return new Box3(at.clone().sub(half), at.clone().add(half).setZ(at.z + (size?.[2] ?? 2.5)));
}

export function boxAround(at: Vector3, reach: number): Box3 {
  return new Box3().setFromCenterAndSize(at, new Vector3(2 * reach, 2 * reach, reach));
}

/** Bounds of all places: what a view of the whole line shows. */
export function lineBounds(pack: Pack): Box3 {
  const box = new Box3();
  pack.places.forEach((_, row) => box.union(placeBounds(pack, row)));
  if (box.isEmpty()) box.set(new Vector3(-10, -10, 0), new Vector3(10, 10, 4));
  return box;
}

/** Where the camera may look: the line and the floor around it. */
export function cameraBounds(pack: Pack): Box3 {
  const box = lineBounds(pack).expandByVector(new Vector3(12, 12, 1));
  box.min.z = 0;
  return box;
}

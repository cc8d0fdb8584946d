/** What lies flat on the floor, millimetres above what is below it: layers that never flicker through each other. */
import { PlaneGeometry, Vector3, type Box3, type BufferGeometry, type Material } from "three";

/** Thinner than this is paint or foil [m]. */
const THIN = 1e-4;
/** Paint is at most this high [m], and this much higher per layer. */
const HIGHEST = 0.02;
const LAYER = 0.002;
/** A slab is this many times wider than thick. */
const WIDE = 20;
/** Least steps of depth between layers, for a floor seen straight from above. */
const STEPS = 4;

/** Layer of a mesh by the box around it: 1, 2 ... for paint on the floor, 0 for all else. */
export function layerOf({ min, max }: Box3): number {
  const paint = max.z - min.z < THIN && max.z > 0 && max.z < HIGHEST;
  return paint ? Math.max(1, Math.round(max.z / LAYER)) : 0;
}

/** True for a wide slab in the floor. */
export function isSlab({ min, max }: Box3): boolean {
  const thick = max.z - min.z;
  return max.z < LAYER && thick > THIN && Math.min(max.x - min.x, max.y - min.y) > WIDE * thick;
}

/** The top of a slab, without bevels and sides: far away they are hairlines that would glitter. */
export function plain(slab: BufferGeometry): BufferGeometry {
  const box = slab.boundingBox!;
  const size = box.getSize(new Vector3());
  const { x, y } = box.getCenter(new Vector3());
  const geometry = new PlaneGeometry(size.x, size.y).translate(x, y, box.max.z);
  geometry.computeBoundingBox();
  return geometry;
}

/**
 * Draw a material as if it were half a pixel's depth nearer per layer. At a flat angle one pixel of floor spans far
 * more depth than the millimetres between two sheets, so else rounding would decide which of them is seen.
 */
export function lying<M extends Material>(material: M, layer: number): M {
  material.polygonOffset = layer !== 0;
  material.polygonOffsetFactor = -layer / 2;
  material.polygonOffsetUnits = -layer * STEPS;
  return material;
}

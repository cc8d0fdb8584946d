/** What the camera sees of a sphere: nothing, or at which level of detail. */
import { Frustum, MathUtils, Matrix4, Sphere, Vector3, type PerspectiveCamera } from "three";
import type { Coarseness } from "./coarse";

/** The coarser levels, from level 1 on; level 0 is the mesh itself. */
export const COARSE: Coarseness[] = [
  { cell: 0.035, kept: 0.72 },
  { cell: 0.09, kept: 0.55 },
  { cell: 0.2, kept: 0.4 },
];
/** Things this far outside the picture are kept, as their shadow may fall into it [m]. */
const MARGIN = 5;

export class Viewpoint {
  /** Pixels that a cell of a coarse level may be large: more is faster and rougher. */
  tolerance = 2.2;
  private readonly frustum = new Frustum();
  private readonly matrix = new Matrix4();
  private readonly eye = new Vector3();
  private readonly sphere = new Sphere();
  private pixel = 0.001;

  /** Take the view of a camera on a picture of a height [pixels]; true if it is another than before. */
  take(camera: PerspectiveCamera, height: number): boolean {
    camera.updateMatrixWorld();
    const matrix = new Matrix4().multiplyMatrices(camera.projectionMatrix, camera.matrixWorldInverse);
    if (matrix.equals(this.matrix)) return false;
    this.matrix.copy(matrix);
    this.frustum.setFromProjectionMatrix(matrix);
    this.eye.copy(camera.position);
    this.pixel = (2 * Math.tan(MathUtils.degToRad(camera.fov / 2))) / Math.max(height, 1);
    return true;
  }

  /** Level of detail for a sphere: -1 unseen, 0 fine, then coarser. */
  level(x: number, y: number, z: number, radius: number): number {
    this.sphere.center.set(x, y, z);
    this.sphere.radius = radius + MARGIN;
    if (!this.frustum.intersectsSphere(this.sphere)) return -1;
    const distance = Math.max(0, Math.hypot(x - this.eye.x, y - this.eye.y, z - this.eye.z) - radius);
    const finest = distance * this.pixel * this.tolerance;
    let level = 0;
    while (level < COARSE.length && COARSE[level].cell < finest) level++;
    return level;
  }
}

/** The camera: orbit with Z up, smooth flights, views and following, kept inside sensible limits. */
import { Box3, MathUtils, PerspectiveCamera, Sphere, Vector3 } from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";
import { prefersStillness } from "../settings";

export type View = "iso" | "top" | "side";

const FLIGHT = 0.9;
const DIRECTIONS: Record<View, Vector3> = {
  iso: new Vector3(-0.55, -0.72, 0.52),
  top: new Vector3(0, -0.02, 1),
  side: new Vector3(0, -1, 0.16),
};

interface Flight {
  begin: number;
  eye: [Vector3, Vector3];
  target: [Vector3, Vector3];
}

export class Rig {
  readonly camera = new PerspectiveCamera(34, 1, 0.3, 2000);
  readonly controls: OrbitControls;
  /** Called when the operator takes the camera in hand. */
  onTaken: () => void = () => {};
  private flight: Flight | null = null;
  private followed: Vector3 | null = null;
  /** Share of the width that nothing covers. */
  private free = 1;
  private readonly step = new Vector3();

  constructor(
    element: HTMLElement,
    private readonly bounds: Box3,
  ) {
    this.camera.up.set(0, 0, 1);
    this.controls = new OrbitControls(this.camera, element);
    const size = bounds.getSize(new Vector3()).length();
    Object.assign(this.controls, {
      enableDamping: true, dampingFactor: 0.09, zoomToCursor: true, zoomSpeed: 1.1, rotateSpeed: 0.75,
      minDistance: 2, maxDistance: size * 1.8, maxPolarAngle: MathUtils.degToRad(87),
    });
    this.controls.addEventListener("start", () => {
      this.flight = null;
      this.onTaken();
    });
  }

  get distance(): number {
    return this.camera.position.distanceTo(this.controls.target);
  }

  /** Be at an eye looking at a target, at once. */
  set(eye: Vector3, target: Vector3): void {
    this.flight = null;
    this.camera.position.copy(eye);
    this.controls.target.copy(target);
    this.controls.update();
  }

  fly(eye: Vector3, target: Vector3): void {
    if (prefersStillness()) return this.set(eye, target);
    this.flight = {
      begin: performance.now(),
      eye: [this.camera.position.clone(), eye],
      target: [this.controls.target.clone(), target],
    };
  }

  /** Fly to see a box from a named direction, or from where the camera is. */
  frame(box: Box3, view?: View): void {
    const sphere = box.getBoundingSphere(new Sphere());
    const direction = view ? DIRECTIONS[view].clone().normalize() : this.gaze();
    const distance = Math.max(this.fit(box, direction), 5);
    this.follow(null);
    this.fly(sphere.center.clone().addScaledVector(direction, distance), sphere.center);
  }

  /** Move along with a point from now on; null stops. */
  follow(point: Vector3 | null): void {
    this.followed = point?.clone() ?? null;
  }

  /** The followed point is now here. */
  moveFollowed(point: Vector3): void {
    if (!this.followed) return;
    this.step.subVectors(point, this.followed);
    this.followed.copy(point);
    this.camera.position.add(this.step);
    this.controls.target.add(this.step);
    this.flight?.eye.forEach((p) => p.add(this.step));
    this.flight?.target.forEach((p) => p.add(this.step));
  }

  get follows(): boolean {
    return this.followed !== null;
  }

  update(): void {
    this.advanceFlight();
    const target = this.controls.target;
    const before = this.step.copy(target);
    target.clamp(this.bounds.min, this.bounds.max);
    this.camera.position.add(before.subVectors(target, before));
    this.controls.update();
    this.camera.near = MathUtils.clamp(this.distance * 0.02, 0.1, 2);
    this.camera.far = this.distance + 600;
    this.camera.updateProjectionMatrix();
  }

  /** Picture of a size [pixels] whose left part is covered: its middle is the middle of the rest. */
  resize(width: number, height: number, covered: number): void {
    this.camera.aspect = width / height;
    this.camera.fov = this.camera.aspect < 1 ? 50 : 34;
    this.camera.setViewOffset(width, height, -covered / 2, 0, width, height);
    this.free = (width - covered) / width;
    this.camera.updateProjectionMatrix();
  }

  private advanceFlight(): void {
    if (!this.flight) return;
    const f = Math.min((performance.now() - this.flight.begin) / (FLIGHT * 1000), 1);
    const s = f < 0.5 ? 4 * f ** 3 : 1 - (-2 * f + 2) ** 3 / 2;
    this.camera.position.lerpVectors(...this.flight.eye, s);
    this.controls.target.lerpVectors(...this.flight.target, s);
    if (f === 1) this.flight = null;
  }

  /** Unit direction from target to camera, lifted to look a little down. */
  private gaze(): Vector3 {
    const gaze = this.camera.position.clone().sub(this.controls.target).normalize();
    gaze.z = MathUtils.clamp(gaze.z, 0.3, 0.75);
    return gaze.normalize();
  }

  /** Distance from which the corners of a box fit into the picture. */
  private fit(box: Box3, direction: Vector3): number {
    const center = box.getCenter(new Vector3());
    const right = new Vector3().crossVectors(this.camera.up, direction).normalize();
    const up = new Vector3().crossVectors(direction, right);
    const half = Math.tan(MathUtils.degToRad(this.camera.fov / 2)) * 0.86;
    let distance = 0;
    for (let i = 0; i < 8; i++) {
      const corner = new Vector3(
        i & 1 ? box.max.x : box.min.x, i & 2 ? box.max.y : box.min.y, i & 4 ? box.max.z : box.min.z,
      ).sub(center);
      const across = Math.abs(corner.dot(right)) / (half * this.camera.aspect * this.free);
      const high = Math.abs(corner.dot(up)) / half;
      distance = Math.max(distance, corner.dot(direction) + Math.max(across, high));
    }
    return distance;
  }
}

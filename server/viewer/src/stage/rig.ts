/** The camera: orbit with Z up, smooth flights, views and following, kept inside sensible limits. */
import { Box3, MathUtils, PerspectiveCamera, Vector2, Vector3 } from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";
import { prefersStillness } from "../settings";

export type View = "iso" | "top" | "side";

const FLIGHT = 0.9;
/** Pixels left free around what a view shows. */
const MARGIN = 28;
/** Things may be this much higher than what the camera may look at [m]. */
const HEADROOM = 3;
const DIRECTIONS: Record<View, Vector3> = {
  iso: new Vector3(-0.78, -0.52, 0.46),
  top: new Vector3(0, -0.02, 1),
  side: new Vector3(0, -1, 0.16),
};

/** Pixels at the edges of the picture that panels cover. */
export interface Insets {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

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
  private width = 1;
  private height = 1;
  private insets: Insets = { left: 0, top: 0, right: 0, bottom: 0 };
  /** Where the middle of the uncovered part is, from the middle of the picture [pixels]: now, and in the end. */
  private readonly middle = new Vector2();
  private readonly wanted = new Vector2();
  private readonly step = new Vector3();

  constructor(
    element: HTMLElement,
    private readonly bounds: Box3,
    private readonly covered: () => Insets,
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
    this.look();
    const direction = view ? this.directionOf(view, box) : this.gaze();
    const { eye, target } = fitted(box, direction, this.slopes());
    this.follow(null);
    this.fly(eye, target);
  }

  /** Fly to see the middle of a box from a direction, all of it and from no nearer than a distance. */
  frameFrom(box: Box3, direction: Vector3, nearest: number): void {
    this.look();
    const target = box.getCenter(new Vector3());
    const { eye } = fitted(box, direction, this.slopes());
    const distance = Math.max(nearest, eye.distanceTo(target));
    this.fly(target.clone().addScaledVector(direction, distance), target);
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
    this.middle.lerp(this.wanted, this.flight ? 0.15 : 1);
    this.camera.near = this.near();
    this.camera.far = this.distance + 600;
    this.place();
  }

  /** The picture has a size [pixels]: its middle is the middle of the part that no panel covers. */
  resize(width: number, height: number): void {
    this.width = width;
    this.height = height;
    this.camera.aspect = width / height;
    this.camera.fov = this.camera.aspect < 1 ? 50 : 34;
    this.look();
    this.middle.copy(this.wanted);
    this.place();
  }

  /** See which part of the picture is covered now. */
  private look(): void {
    const { left, top, right, bottom } = (this.insets = this.covered());
    this.wanted.set((left - right) / 2, (top - bottom) / 2);
  }

  private place(): void {
    const { width, height, middle } = this;
    this.camera.setViewOffset(width, height, -middle.x, -middle.y, width, height);
  }

  /** As far as nothing can be nearer: depth is then fine enough to keep sheets on the floor apart. */
  private near(): number {
    const above = this.camera.position.z - this.bounds.max.z - HEADROOM;
    return Math.max(MathUtils.clamp(this.distance * 0.02, 0.1, 2), above / 2);
  }

  /** Direction of a view of a box: square to its long side, which runs along the wide side of the picture. */
  private directionOf(view: View, box: Box3): Vector3 {
    const size = box.getSize(new Vector3());
    const { x, y } = this.slopes();
    const turned = size.y > size.x !== (view === "top" && y > x);
    return DIRECTIONS[view].clone().normalize().applyAxisAngle(this.camera.up, turned ? Math.PI / 2 : 0);
  }

  /** Half the uncovered width and height, less a margin, at distance 1. */
  private slopes(): Vector2 {
    const { left, top, right, bottom } = this.insets;
    const pixel = (2 * Math.tan(MathUtils.degToRad(this.camera.fov / 2))) / this.height;
    const wide = Math.max(this.width - left - right - 2 * MARGIN, this.width / 5);
    const high = Math.max(this.height - top - bottom - 2 * MARGIN, this.height / 5);
    return new Vector2((wide * pixel) / 2, (high * pixel) / 2);
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
}

/**
 * Eye and target of a camera that looks against a direction and sees a box as large as it can, in the middle:
 * the planes at the edges of the picture, with the given slopes, touch the box.
 */
function fitted(box: Box3, direction: Vector3, slopes: Vector2): { eye: Vector3; target: Vector3 } {
  const right = new Vector3(0, 0, 1).cross(direction).normalize();
  const up = new Vector3().crossVectors(direction, right);
  const center = box.getCenter(new Vector3());
  const corners = Array.from({ length: 8 }, (_, i) =>
    new Vector3(i & 1 ? box.max.x : box.min.x, i & 2 ? box.max.y : box.min.y, i & 4 ? box.max.z : box.min.z),
  ).map((corner) => corner.sub(center));
  const reach = (axis: Vector3, slope: number) => {
    const least = (sign: number) => Math.max(...corners.map((c) => sign * c.dot(axis) + slope * c.dot(direction)));
    return { away: (least(1) + least(-1)) / (2 * slope), middle: (least(1) - least(-1)) / 2 };
  };
  const [across, along] = [reach(right, slopes.x), reach(up, slopes.y)];
  const distance = Math.max(across.away, along.away, 5);
  const eye = center.clone().addScaledVector(right, across.middle).addScaledVector(up, along.middle);
  eye.addScaledVector(direction, distance);
  const back = direction.z > 0.1 ? (eye.z - center.z) / direction.z : distance;
  return { eye, target: eye.clone().addScaledVector(direction, -back) };
}

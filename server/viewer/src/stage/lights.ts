/** Sun through the skylights with one soft shadow map that follows what is looked at. */
import { DirectionalLight, HemisphereLight, Matrix4, Vector3, type Box3, type Scene } from "three";
import type { Palette } from "./palette";

const TOWARDS_SUN = new Vector3(-0.38, -0.5, 0.78).normalize();

export class Lights {
  readonly sun = new DirectionalLight();
  private readonly sky = new HemisphereLight();
  private readonly reach: number;
  private readonly turn = new Matrix4().lookAt(TOWARDS_SUN, new Vector3(), new Vector3(0, 0, 1));
  private readonly back = this.turn.clone().invert();
  private readonly at = new Vector3();

  constructor(scene: Scene, bounds: Box3) {
    this.sky.position.set(0, 0, 1);
    this.reach = bounds.getSize(new Vector3()).length() / 2;
    this.sun.shadow.bias = -0.0004;
    this.sun.shadow.radius = 3;
    scene.add(this.sky, this.sun, this.sun.target);
  }

  /** Shadow map of a size in texels; 0 turns shadows off. */
  setShadows(size: number): void {
    this.sun.castShadow = size > 0;
    if (!size || this.sun.shadow.mapSize.x === size) return;
    this.sun.shadow.mapSize.set(size, size);
    this.sun.shadow.map?.dispose();
    this.sun.shadow.map = null;
  }

  paint(palette: Palette): void {
    this.sun.color.set(palette.sun.color);
    this.sun.intensity = palette.sun.intensity;
    this.sky.color.set(palette.sky.above);
    this.sky.groundColor.set(palette.sky.below);
    this.sky.intensity = palette.sky.intensity;
  }

  /** Fit the shadow to what a camera at a distance [m] from its target sees, in texel steps. */
  follow(target: Vector3, distance: number): void {
    const radius = quantised(Math.min(Math.max(distance * 0.95, 12), this.reach * 1.05));
    const texel = (2 * radius) / this.sun.shadow.mapSize.x;
    const p = this.at.copy(target).setZ(0).applyMatrix4(this.back);
    p.set(Math.round(p.x / texel) * texel, Math.round(p.y / texel) * texel, p.z).applyMatrix4(this.turn);
    this.sun.target.position.copy(p);
    this.sun.position.copy(p).addScaledVector(TOWARDS_SUN, radius + 30);
    const camera = this.sun.shadow.camera;
    if (camera.right === radius) return;
    camera.left = camera.bottom = -radius;
    camera.right = camera.top = radius;
    camera.near = 1;
    camera.far = 2 * radius + 60;
    this.sun.shadow.normalBias = texel * 2.2;
    camera.updateProjectionMatrix();
  }
}

/** Next size up in steps of a quarter, so that zooming does not make shadows swim. */
function quantised(radius: number): number {
  const step = Math.log(1.25);
  return Math.exp(Math.ceil(Math.log(radius) / step) * step);
}

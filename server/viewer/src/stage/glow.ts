/** Soft light points that add to the picture: lit lamps and weld sparks. */
import {
  AdditiveBlending, BufferAttribute, BufferGeometry, Points, ShaderMaterial, Sphere, Vector3, type Color,
} from "three";

const VERTEX = /* glsl */ `
  attribute vec4 tint;
  uniform float uSize, uHeight;
  varying vec4 vTint;
  void main() {
    vec4 p = modelViewMatrix * vec4(position, 1.0);
    gl_Position = projectionMatrix * p;
    gl_PointSize = clamp(uSize * uHeight * projectionMatrix[1][1] / max(gl_Position.w, 0.1), 2.0, 220.0);
    gl_Position.z -= 0.15 * gl_Position.w / max(gl_Position.w, 1.0) * 0.02;
    vTint = tint;
  }
`;

const FRAGMENT = /* glsl */ `
  varying vec4 vTint;
  void main() {
    float r = length(gl_PointCoord - 0.5) * 2.0;
    float halo = pow(max(1.0 - r, 0.0), 2.6);
    float core = smoothstep(0.22, 0.0, r);
    gl_FragColor = vec4(vTint.rgb * (0.55 * halo + core * vTint.a), 1.0);
  }
`;

export class Glow {
  readonly points: Points<BufferGeometry, ShaderMaterial>;
  private readonly at: Float32Array;
  private readonly tint: Float32Array;
  private used = 0;

  /** Room for a number of points of a diameter [m]. */
  constructor(capacity: number, diameter: number) {
    this.at = new Float32Array(capacity * 3);
    this.tint = new Float32Array(capacity * 4);
    const geometry = new BufferGeometry();
    geometry.setAttribute("position", new BufferAttribute(this.at, 3));
    geometry.setAttribute("tint", new BufferAttribute(this.tint, 4));
    geometry.boundingSphere = new Sphere(new Vector3(), 1e5);
    const material = new ShaderMaterial({
      vertexShader: VERTEX,
      fragmentShader: FRAGMENT,
      uniforms: { uSize: { value: diameter }, uHeight: { value: 400 } },
      blending: AdditiveBlending,
      depthWrite: false,
      transparent: true,
    });
    this.points = new Points(geometry, material);
    this.points.frustumCulled = false;
    this.points.raycast = () => {};
  }

  /** Height of the picture [pixels], for sizes in metres. */
  setHeight(pixels: number): void {
    this.points.material.uniforms.uHeight.value = pixels / 2;
  }

  clear(): void {
    this.used = 0;
  }

  /** Add a point; `core` is the strength of its bright middle. */
  add(at: Vector3, color: Color, core: number): void {
    const i = this.used++;
    at.toArray(this.at, i * 3);
    this.tint.set([color.r, color.g, color.b, core], i * 4);
  }

  finish(): void {
    const geometry = this.points.geometry;
    geometry.setDrawRange(0, this.used);
    geometry.attributes.position.needsUpdate = true;
    geometry.attributes.tint.needsUpdate = true;
    this.points.visible = this.used > 0;
  }
}

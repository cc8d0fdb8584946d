/** The floor: polished concrete with joints, fading into the background at the hall's edge. */
import { Color, Mesh, MeshStandardMaterial, PlaneGeometry, Vector4, type Box3 } from "three";
import { lying } from "./lying";
import type { Palette } from "./palette";

const MARGIN = 90;
/** Layer below everything that a pack lays on the floor. */
const BELOW = -4;

const NOISE = /* glsl */ `
  varying vec3 vFloor;
  uniform vec4 uHall;
  uniform vec3 uLine;
  uniform float uPool;
  float hash(vec2 p) { p = fract(p * vec2(123.34, 456.21)); p += dot(p, p + 45.32); return fract(p.x * p.y); }
  float noise(vec2 p) {
    vec2 i = floor(p), f = fract(p);
    f = f * f * (3.0 - 2.0 * f);
    return mix(mix(hash(i), hash(i + vec2(1, 0)), f.x), mix(hash(i + vec2(0, 1)), hash(i + vec2(1, 1)), f.x), f.y);
  }
  float cloud(vec2 p) { return 0.5 * noise(p) + 0.3 * noise(p * 2.7 + 7.1) + 0.2 * noise(p * 7.3 + 3.7); }
  float lines(vec2 p, float pitch, float width) {
    vec2 at = abs(fract(p / pitch - 0.5) - 0.5) * pitch;
    vec2 soft = max(fwidth(p), vec2(1e-4));
    vec2 on = (1.0 - smoothstep(vec2(width), vec2(width) + soft * 1.2, at)) * clamp(width * 2.5 / soft, 0.0, 1.0);
    return max(on.x, on.y);
  }
`;

const PLACE = "#include <begin_vertex>\nvFloor = (modelMatrix * vec4(position, 1.0)).xyz;";

const SURFACE = /* glsl */ `
  #include <color_fragment>
  float worn = cloud(vFloor.xy * 0.22);
  float fine = cloud(vFloor.xy * 3.1);
  diffuseColor.rgb *= 0.86 + 0.2 * worn + 0.07 * fine;
  diffuseColor.rgb = mix(diffuseColor.rgb, uLine, 0.16 * lines(vFloor.xy, 1.0, 0.006));
  float away = length(max(abs(vFloor.xy - uHall.xy) - uHall.zw, 0.0));
  diffuseColor.rgb *= mix(1.0, uPool, smoothstep(0.0, 26.0, away));
  diffuseColor.rgb *= 1.0 - 0.34 * lines(vFloor.xy, 7.0, 0.014);
`;

const POLISH = /* glsl */ `
  #include <roughnessmap_fragment>
  roughnessFactor = clamp(roughnessFactor + 0.22 * (worn - 0.5) + 0.1 * (fine - 0.5), 0.12, 1.0);
`;

const EDGE = /* glsl */ `
  #include <fog_fragment>
  gl_FragColor.rgb = mix(gl_FragColor.rgb, fogColor, smoothstep(6.0, 62.0, away));
`;

export class Floor {
  readonly mesh: Mesh<PlaneGeometry, MeshStandardMaterial>;
  private readonly line = { value: new Color() };
  private readonly pool = { value: 1 };

  constructor(bounds: Box3) {
    const hall = new Vector4(
      (bounds.min.x + bounds.max.x) / 2, (bounds.min.y + bounds.max.y) / 2,
      (bounds.max.x - bounds.min.x) / 2, (bounds.max.y - bounds.min.y) / 2,
    );
    const material = lying(new MeshStandardMaterial({ roughness: 0.42, metalness: 0 }), BELOW);
    material.onBeforeCompile = (shader) => {
      shader.uniforms.uHall = { value: hall };
      shader.uniforms.uLine = this.line;
      shader.uniforms.uPool = this.pool;
      shader.vertexShader = shader.vertexShader
        .replace("#include <common>", "#include <common>\nvarying vec3 vFloor;")
        .replace("#include <begin_vertex>", PLACE);
      shader.fragmentShader = shader.fragmentShader
        .replace("#include <common>", `#include <common>\n${NOISE}`)
        .replace("#include <color_fragment>", SURFACE)
        .replace("#include <roughnessmap_fragment>", POLISH)
        .replace("#include <fog_fragment>", EDGE);
    };
    this.mesh = new Mesh(new PlaneGeometry(2 * (hall.z + MARGIN), 2 * (hall.w + MARGIN)), material);
    this.mesh.position.set(hall.x, hall.y, -0.002);
    this.mesh.receiveShadow = true;
    this.mesh.name = "floor";
  }

  paint(palette: Palette): void {
    this.mesh.material.color.set(palette.floor);
    this.line.value.set(palette.line);
    this.pool.value = palette.pool;
  }
}

/** Light masts: lamps that show their station's state, lit or dark, with a glow when lit. */
import { Color, Group, InstancedMesh, Matrix4, MeshStandardMaterial, Vector3 } from "three";
import type { Instance, LampColor, Pack } from "../live/pack";
import type { PlaceState } from "../live/store";
import { stateLook } from "../states";
import { Glow } from "./glow";
import type { Primitive, Prototype } from "./prototypes";
import { byPrototype } from "./statics";

export const LAMP_COLORS: Record<LampColor, Color> = {
  red: new Color("#e23b00"),
  amber: new Color("#ffa200"),
  green: new Color("#00c48c"),
  blue: new Color("#1287e6"),
};

const LIT = 1.7;
const DARK = 0.1;

interface Lamp {
  mesh: InstancedMesh[];
  index: number;
  place: number;
  color: LampColor;
  at: Vector3;
}

export class Lamps {
  readonly group = new Group();
  readonly glow: Glow;
  private readonly lamps: Lamp[] = [];
  private readonly shade = new Color();

  constructor(pack: Pack, prototypes: Prototype[]) {
    const lamps = pack.instances.filter((i) => i.lamp);
    for (const [prototype, instances] of byPrototype(lamps)) this.build(prototypes[prototype].levels[0], instances);
    this.glow = new Glow(this.lamps.length, 0.55);
    this.group.add(this.glow.points);
  }

  /** Show the states; `blink` is true in the lit half of a flash. */
  update(places: PlaceState[], blink: boolean): void {
    this.glow.clear();
    for (const lamp of this.lamps) {
      const look = stateLook(places[lamp.place]?.state);
      const lit = look.lamp === lamp.color && (blink || !look.flashes);
      const color = this.shade.copy(LAMP_COLORS[lamp.color]).multiplyScalar(lit ? LIT : DARK);
      for (const mesh of lamp.mesh) mesh.setColorAt(lamp.index, color);
      if (lit) this.glow.add(lamp.at, LAMP_COLORS[lamp.color], 1);
    }
    for (const mesh of new Set(this.lamps.flatMap((lamp) => lamp.mesh))) mesh.instanceColor!.needsUpdate = true;
    this.glow.finish();
  }

  private build(primitives: Primitive[], instances: Instance[]): void {
    const meshes = primitives.map(({ geometry }) => {
      const mesh = new InstancedMesh(geometry, glassMaterial(), instances.length);
      instances.forEach((instance, i) => mesh.setMatrixAt(i, new Matrix4().fromArray(instance.matrix).transpose()));
      mesh.computeBoundingSphere();
      mesh.geometry.computeBoundingBox();
      this.group.add(mesh);
      return mesh;
    });
    instances.forEach((instance, index) => {
      const at = new Vector3();
      meshes[0]?.geometry.boundingBox!.getCenter(at);
      at.applyMatrix4(new Matrix4().fromArray(instance.matrix).transpose());
      this.lamps.push({ mesh: meshes, index, place: instance.place, color: instance.lamp!, at });
    });
  }
}

/** A lamp's glass: it shines by itself in its instance colour. */
function glassMaterial(): MeshStandardMaterial {
  const material = new MeshStandardMaterial({ roughness: 0.25, metalness: 0, envMapIntensity: 0.6 });
  material.onBeforeCompile = (shader) => {
    shader.fragmentShader = shader.fragmentShader.replace(
      "#include <emissivemap_fragment>",
      "#include <emissivemap_fragment>\n#ifdef USE_COLOR\n totalEmissiveRadiance += vColor.rgb * 0.8;\n#endif",
    );
  };
  return material;
}

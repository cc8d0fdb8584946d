/** Many copies of one prototype: instanced meshes per level of detail, filled anew for each view. */
import { DynamicDrawUsage, InstancedBufferAttribute, InstancedMesh, Sphere, Vector3, type Group } from "three";
import { store as storeMatrix } from "../motion/matrix";
import type { Thing } from "../selection";
import type { Primitive, Prototype } from "./prototypes";
import type { Viewpoint } from "./viewpoint";

const EVERYWHERE = new Sphere(new Vector3(), 1e5);

/** The instances shown at one level of detail; primitives share one matrix buffer. */
class Level {
  readonly meshes: InstancedMesh[];
  /** What a click on each instance selects. */
  readonly things: (Thing | null)[] = [];
  private matrices: InstancedBufferAttribute;
  private used = 0;

  constructor(primitives: Primitive[], private capacity: number) {
    this.matrices = this.newMatrices();
    this.meshes = primitives.map(({ geometry, material }) => this.newMesh(geometry, material));
  }

  clear(): void {
    this.used = 0;
  }

  add(matrix: ArrayLike<number>, thing: Thing | null): void {
    if (this.used === this.capacity) this.grow();
    storeMatrix(this.matrices.array as Float32Array, this.used, matrix);
    this.things[this.used++] = thing;
  }

  finish(): void {
    this.matrices.clearUpdateRanges();
    this.matrices.addUpdateRange(0, this.used * 16);
    this.matrices.needsUpdate = this.used > 0;
    for (const mesh of this.meshes) {
      mesh.count = this.used;
      mesh.visible = this.used > 0;
    }
  }

  private newMesh(geometry: Primitive["geometry"], material: Primitive["material"]): InstancedMesh {
    const mesh = new InstancedMesh(geometry, material, 0);
    mesh.instanceMatrix = this.matrices;
    mesh.castShadow = mesh.receiveShadow = true;
    mesh.frustumCulled = false;
    mesh.boundingSphere = EVERYWHERE;
    mesh.userData.things = this.things;
    return mesh;
  }

  private newMatrices(): InstancedBufferAttribute {
    return new InstancedBufferAttribute(new Float32Array(this.capacity * 16), 16).setUsage(DynamicDrawUsage);
  }

  private grow(): void {
    const old = this.matrices;
    this.capacity = Math.max(8, this.capacity * 2);
    this.matrices = this.newMatrices();
    (this.matrices.array as Float32Array).set(old.array as Float32Array);
    for (const mesh of this.meshes) {
      mesh.dispose();
      mesh.instanceMatrix = this.matrices;
    }
  }
}

export class Batch {
  private readonly levels: Level[];

  constructor(
    private readonly prototype: Prototype,
    capacity: number,
    private readonly view: Viewpoint,
    group: Group,
    shadow = true,
  ) {
    this.levels = prototype.levels.map((primitives) => new Level(primitives, capacity));
    for (const mesh of this.levels.flatMap((level) => level.meshes)) {
      mesh.castShadow = shadow;
      group.add(mesh);
    }
  }

  clear(): void {
    for (const level of this.levels) level.clear();
  }

  /** Add an instance at a world matrix if the view sees it. */
  add(m: ArrayLike<number>, thing: Thing | null): void {
    const { center, radius } = this.prototype.sphere;
    const x = m[0] * center.x + m[1] * center.y + m[2] * center.z + m[3];
    const y = m[4] * center.x + m[5] * center.y + m[6] * center.z + m[7];
    const z = m[8] * center.x + m[9] * center.y + m[10] * center.z + m[11];
    const level = this.view.level(x, y, z, radius);
    if (level >= 0) this.levels[level].add(m, thing);
  }

  /** Make what was added visible. */
  finish(): void {
    for (const level of this.levels) level.finish();
  }
}

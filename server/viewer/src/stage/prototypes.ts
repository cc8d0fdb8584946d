/** Prototypes of a pack: geometry and material of each primitive at each level of detail. */
import { Box3, BufferGeometry, Material, Mesh, MeshStandardMaterial, Object3D, Sphere, type Texture } from "three";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import { geometryUrl, type Pack } from "../live/pack";
import { tokenHeaders } from "../live/token";
import { coarsened, type Coarseness } from "./coarse";
import { isSlab, layerOf, lying, plain } from "./lying";
import { COARSE } from "./viewpoint";

export interface Primitive {
  geometry: BufferGeometry;
  material: Material;
}

export interface Prototype {
  /** Primitives by level: 0 as authored, then coarser. */
  levels: Primitive[][];
  box: Box3;
  sphere: Sphere;
}

/** Prototypes by their row in the pack. */
export async function loadPrototypes(pack: Pack): Promise<Prototype[]> {
  const gltf = await new GLTFLoader().setRequestHeader(tokenHeaders()).loadAsync(geometryUrl(pack.hash));
  gltf.scene.updateMatrixWorld(true);
  const byName = new Map<string, Object3D>();
  gltf.scene.traverse((node) => byName.set(node.name, node));
  return pack.prototypes.map(({ node }) => prototypeOf(byName.get(node)));
}

function prototypeOf(node: Object3D | undefined): Prototype {
  const whole = node ? primitivesOf(node) : [];
  const levels = [whole];
  for (const coarseness of COARSE) levels.push(levels[levels.length - 1].map((p) => coarser(p, coarseness)));
  const box = new Box3();
  for (const { geometry } of whole) box.union(geometry.boundingBox!);
  return { levels, box, sphere: box.getBoundingSphere(new Sphere()) };
}

function coarser({ geometry, material }: Primitive, coarseness: Coarseness): Primitive {
  if (!geometry.boundingBox) geometry.computeBoundingBox();
  if (isSlab(geometry.boundingBox!)) return { geometry: plain(geometry), material };
  return { geometry: coarsened(geometry, coarseness), material };
}

function primitivesOf(node: Object3D): Primitive[] {
  const toNode = node.matrixWorld.clone().invert();
  const found: Primitive[] = [];
  node.traverse((child) => {
    if (!(child instanceof Mesh)) return;
    const geometry = (child.geometry as BufferGeometry).clone();
    geometry.applyMatrix4(toNode.clone().multiply(child.matrixWorld));
    geometry.computeBoundingBox();
    found.push({ geometry, material: prepared(child.material as Material, layerOf(geometry.boundingBox!)) });
  });
  return found;
}

/** Give metals their own, stronger reflection of an environment. */
export function polishMetals(prototypes: Prototype[], environment: Texture, strength: number): void {
  for (const { material } of prototypes.flatMap((prototype) => prototype.levels[0])) {
    if (!(material instanceof MeshStandardMaterial) || material.metalness < 0.5) continue;
    material.envMap = environment;
    material.envMapIntensity = strength;
    material.needsUpdate = true;
  }
}

function prepared(material: Material, layer: number): Material {
  if (material instanceof MeshStandardMaterial && material.transparent) material.depthWrite = false;
  material.shadowSide = material.side;
  return layer ? lying(material.clone(), layer) : material;
}

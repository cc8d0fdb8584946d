/** The light around: a factory hall with rows of strip lights, made in code, seen in reflections. */
import {
  BackSide, BoxGeometry, Color, Mesh, MeshBasicMaterial, PMREMGenerator, Scene, type Texture, type WebGLRenderer,
} from "three";
import type { Theme } from "../settings";

interface Hall {
  wall: string;
  ceiling: string;
  floor: string;
  strip: number;
  window: number;
}

const HALLS: Record<Theme, Hall> = {
  dark: { wall: "#30363f", ceiling: "#14171c", floor: "#1d2024", strip: 26, window: 1.2 },
  light: { wall: "#c6ccd2", ceiling: "#9aa1a8", floor: "#8d9297", strip: 16, window: 4 },
};

/** Environment map of the theme's hall, Z up. */
export function hallEnvironment(renderer: WebGLRenderer, theme: Theme): Texture {
  const generator = new PMREMGenerator(renderer);
  const scene = hallScene(HALLS[theme]);
  const target = generator.fromScene(scene, 0.015, 0.1, 100);
  generator.dispose();
  scene.traverse((o) => {
    if (!(o instanceof Mesh)) return;
    o.geometry.dispose();
    for (const material of [o.material].flat() as MeshBasicMaterial[]) material.dispose();
  });
  return target.texture;
}

function hallScene(hall: Hall): Scene {
  const scene = new Scene();
  const shell = [hall.wall, hall.wall, hall.wall, hall.wall, hall.ceiling, hall.floor];
  const materials = shell.map((color) => new MeshBasicMaterial({ color, side: BackSide }));
  const room = new Mesh(new BoxGeometry(40, 40, 12), materials as unknown as MeshBasicMaterial);
  room.position.z = 3;
  scene.add(room);
  const light = new Color(1, 0.985, 0.96).multiplyScalar(hall.strip);
  for (let y = -15; y <= 15; y += 6) scene.add(glowing(34, 0.55, 0.1, 0, y, 8.4, light));
  const day = new Color(0.86, 0.93, 1).multiplyScalar(hall.window);
  for (const side of [-1, 1]) scene.add(glowing(38, 0.1, 1.6, 0, side * 19.8, 6.4, day));
  scene.add(glowing(0.1, 30, 1.2, -19.8, 0, 6, day));
  return scene;
}

function glowing(dx: number, dy: number, dz: number, x: number, y: number, z: number, color: Color): Mesh {
  const mesh = new Mesh(new BoxGeometry(dx, dy, dz), new MeshBasicMaterial({ color }));
  mesh.position.set(x, y, z);
  return mesh;
}

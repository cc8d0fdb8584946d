/** The scene pack: what stands where, its paths, programs and looks. Fetched once, immutable. */
import type { Joint } from "../motion/chain";
import type { PathTable } from "../motion/path";
import type { ProgramTable } from "../motion/program";
import { tokenHeaders } from "./token";

export interface Param {
  value: number | string | boolean | (number | string)[] | null;
  unit?: string;
  doc?: string;
  source?: string;
  confidence?: string;
  /** USD attribute; `twin:<key>` if not given. */
  attribute?: string;
}

export interface Place {
  path: string;
  name: string;
  kind: string;
  /** Centre of the footprint on the floor [m]. */
  xyz: number[];
  /** Extent [m], or null. */
  size: number[] | null;
  params: Record<string, Param>;
  robots: number[];
  /** Process seconds by product. */
  process?: Record<string, number>;
}

export interface Robot {
  path: string;
  place: number;
  /** World matrix of the base, row-major. */
  base: number[];
  chain: Joint[];
  limits?: number[][];
  /** Joint angles before the first segment [rad]. */
  home?: number[];
  /** Tool tip in the frame of the last link [m]. */
  tool?: number[];
}

export type LampColor = "red" | "amber" | "green" | "blue";

export interface Instance {
  prototype: number;
  /** Row-major, in the frame of the robot's link, or of the world if robot is -1. */
  matrix: number[];
  robot: number;
  link: number;
  place: number;
  lamp: LampColor | null;
}

export interface Look {
  product: string;
  form: string;
  prototypes: { prototype: number; matrix: number[] }[];
}

export interface Pack {
  name: string;
  hash: string;
  states: string[];
  places: Place[];
  robots: Robot[];
  paths: PathTable;
  programs: ProgramTable;
  looks: Look[];
  prototypes: { name: string; node: string }[];
  instances: Instance[];
  camera?: { eye: number[]; target: number[] };
}

/** Address of a file beside the page, so that the viewer also works below a path prefix. */
export const besidePage = (path: string): URL => new URL(path, document.baseURI);

export const geometryUrl = (hash: string): string => besidePage(`pack/${hash}/prototypes.glb`).href;

export async function loadPack(hash: string): Promise<Pack> {
  const response = await fetch(besidePage(`pack/${hash}/scene.json`), { headers: tokenHeaders() });
  if (!response.ok) throw new Error(`scene pack ${hash}: the server answered ${response.status}`);
  return (await response.json()) as Pack;
}

/** Row of the place a prim path belongs to: itself or its nearest ancestor; -1 if none. */
export function placeOfPath(pack: Pack, path: string): number {
  const candidates = pack.places
    .map((place, row) => ({ row, path: place.path }))
    .filter((c) => path === c.path || path.startsWith(`${c.path}/`));
  return candidates.reduce((best, c) => (best < 0 || c.path.length > pack.places[best].path.length ? c.row : best), -1);
}

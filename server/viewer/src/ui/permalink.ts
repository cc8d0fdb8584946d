/** The address says what is seen: run, camera, selection and theme, written at most twice a second. */
import type { Pack } from "../live/pack";
import type { Thing } from "../selection";

export interface Seen {
  eye: number[];
  target: number[];
}

export const readHash = (): URLSearchParams => new URLSearchParams(location.hash.slice(1));

export function cameraOf(hash: URLSearchParams): Seen | null {
  const numbers = (hash.get("cam") ?? "").split(",").map(Number);
  if (numbers.length !== 6 || !numbers.every(Number.isFinite)) return null;
  return { eye: numbers.slice(0, 3), target: numbers.slice(3) };
}

/** The place or robot at a prim path; null if there is none. */
export function thingAt(pack: Pack, path: string | null): Thing | null {
  const place = pack.places.findIndex((p) => p.path === path);
  if (place >= 0) return { kind: "place", row: place };
  const robot = pack.robots.findIndex((r) => r.path === path);
  return robot >= 0 ? { kind: "robot", row: robot } : null;
}

export function pathOf(pack: Pack, thing: Thing | null): string | null {
  if (thing?.kind === "place") return pack.places[thing.row].path;
  return thing?.kind === "robot" ? pack.robots[thing.row].path : null;
}

let written = "";

export function writeHash(seen: Seen | null, path: string | null, theme: string, run: string): void {
  const parts = [
    seen && `cam=${[...seen.eye, ...seen.target].map((v) => v.toFixed(2)).join(",")}`,
    run && `run=${encodeURIComponent(run)}`,
    path && `sel=${path}`,
    `theme=${theme}`,
  ];
  const hash = `#${parts.filter(Boolean).join("&")}`;
  if (hash === written) return;
  written = hash;
  history.replaceState(null, "", hash);
}

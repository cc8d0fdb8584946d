/** Colours and light levels of the hall in both themes, and how to show an exact background. */
import { Color } from "three";
import type { Theme } from "../settings";

export interface Palette {
  background: string;
  floor: string;
  line: string;
  /** Brightness of the floor far from the line, relative to that below it. */
  pool: number;
  accent: string;
  sun: { color: string; intensity: number };
  sky: { above: string; below: string; intensity: number };
  /** Strength of the environment on everything, and on metal. */
  environment: number;
  metal: number;
  exposure: number;
}

export const PALETTES: Record<Theme, Palette> = {
  dark: {
    background: "#0d1117",
    floor: "#24282d",
    line: "#5b6672",
    pool: 0.32,
    accent: "#5cb8ff",
    sun: { color: "#dfeaff", intensity: 1.55 },
    sky: { above: "#8fa6c4", below: "#1a1d22", intensity: 0.25 },
    environment: 0.42,
    metal: 0.5,
    exposure: 0.95,
  },
  light: {
    background: "#e8ecf0",
    floor: "#8b9196",
    line: "#5d6771",
    pool: 0.9,
    accent: "#0a6fc2",
    sun: { color: "#fff1dc", intensity: 3.4 },
    sky: { above: "#ffffff", below: "#b8bdc2", intensity: 0.15 },
    environment: 0.38,
    metal: 0.6,
    exposure: 0.9,
  },
};

/** ACES filmic tone mapping as the renderer does it, on linear sRGB. */
function aces(c: Color, exposure: number): Color {
  const k = exposure / 0.6;
  const [r, g, b] = [c.r * k, c.g * k, c.b * k];
  const fit = (v: number) => (v * (v + 0.0245786) - 0.000090537) / (v * (0.983729 * v + 0.432951) + 0.238081);
  const x = fit(0.59719 * r + 0.35458 * g + 0.04823 * b);
  const y = fit(0.076 * r + 0.90834 * g + 0.01566 * b);
  const z = fit(0.0284 * r + 0.13383 * g + 0.83777 * b);
  return new Color(
    1.60475 * x - 0.53108 * y - 0.07367 * z,
    -0.10208 * x + 1.10813 * y - 0.00605 * z,
    -0.00327 * x - 0.07276 * y + 1.07602 * z,
  );
}

/** Scene colour that tone mapping turns into the wanted one. */
export function beforeToneMapping(wanted: Color, exposure: number): Color {
  const guess = wanted.clone();
  for (let i = 0; i < 60; i++) {
    const seen = aces(guess, exposure);
    for (const ch of ["r", "g", "b"] as const)
      guess[ch] = Math.max(1e-5, guess[ch] * Math.pow(wanted[ch] / Math.max(seen[ch], 1e-6), 0.7));
  }
  return guess;
}

/** What the operator chose: theme, labels, HUD, quality; from the address, then the browser. */
import { Signal } from "./live/signal";

export type Theme = "dark" | "light";
export type Quality = "low" | "medium" | "high";

export interface Options {
  theme: Theme;
  labels: boolean;
  hud: boolean;
  quality: Quality;
  /** True if the quality was asked for, so it is not changed by itself. */
  qualityFixed: boolean;
  render: boolean;
  clean: boolean;
}

export class Settings {
  readonly options: Options;
  readonly onChange = new Signal<Options>();

  constructor(query: URLSearchParams, hash: URLSearchParams) {
    const quality = query.get("quality") as Quality | null;
    this.options = {
      theme: asTheme(hash.get("theme") ?? query.get("theme")) ?? preferredTheme(),
      labels: query.get("labels") !== "off",
      hud: query.get("hud") === "on",
      quality: quality ?? "high",
      qualityFixed: quality !== null,
      render: query.get("render") !== "off",
      clean: query.get("clean") === "on",
    };
  }

  set(change: Partial<Options>): void {
    Object.assign(this.options, change);
    this.onChange.emit(this.options);
  }

  toggleTheme(): void {
    this.set({ theme: this.options.theme === "dark" ? "light" : "dark" });
  }
}

function asTheme(text: string | null): Theme | null {
  return text === "dark" || text === "light" ? text : null;
}

function preferredTheme(): Theme {
  return matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
}

export const prefersStillness = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;

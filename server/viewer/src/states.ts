/** How a station's state looks: Okabe-Ito colour, glyph and words; never colour alone. */
import type { LampColor } from "./live/pack";

export interface StateLook {
  /** As in the pack's `states`. */
  name: string;
  color: string;
  /** Colour of the glyph on top of `color`. */
  ink: string;
  /** SVG path in a 16 x 16 box. */
  glyph: string;
  lamp: LampColor | null;
  flashes?: boolean;
}

const PLAY = "M5 3.2v9.6L13 8z";
const HOLLOW_LEFT = "M11 3v10L3.2 8zM9.4 6.2 6.4 8l3 1.8z";
const BAR = "M5 3h6v10H5z";
const CROSS = "m4.4 3 3.6 3.6L11.6 3 13 4.4 9.4 8l3.6 3.6-1.4 1.4L8 9.4 4.4 13 3 11.6 6.6 8 3 4.4z";
const GEAR =
  "M7 2h2l.3 1.6 1.2.5 1.3-.9 1.4 1.4-.9 1.3.5 1.2L14 7v2l-1.6.3-.5 1.2.9 1.3-1.4 1.4-1.3-.9-1.2.5L9 14H7l-.3-1.6-1.2-.5-1.3.9-1.4-1.4.9-1.3-.5-1.2L2 9V7l1.6-.3.5-1.2-.9-1.3 1.4-1.4 1.3.9 1.2-.5zm1 4a2 2 0 1 0 0 4 2 2 0 0 0 0-4z";
const PERSON = "M8 2.4a2.6 2.6 0 1 1 0 5.2 2.6 2.6 0 0 1 0-5.2zM3 13.4c0-3 2.2-4.8 5-4.8s5 1.8 5 4.8z";
const DIAMOND = "m8 2 6 6-6 6-6-6zm0 3L5 8l3 3 3-3z";
const DASH = "M3 6.8h10v2.4H3z";

export const STATES: StateLook[] = [
  { name: "working", color: "#009e73", ink: "#ffffff", glyph: PLAY, lamp: "green" },
  { name: "starved", color: "#f0e442", ink: "#3a3500", glyph: HOLLOW_LEFT, lamp: "amber" },
  { name: "blocked", color: "#e69f00", ink: "#2b1d00", glyph: BAR, lamp: "amber" },
  { name: "down", color: "#d55e00", ink: "#ffffff", glyph: CROSS, lamp: "red", flashes: true },
  { name: "setup", color: "#0072b2", ink: "#ffffff", glyph: GEAR, lamp: "blue" },
  { name: "waiting operator", color: "#56b4e9", ink: "#06283d", glyph: PERSON, lamp: "blue" },
  { name: "waiting part", color: "#cc79a7", ink: "#3a0f26", glyph: DIAMOND, lamp: "amber" },
  { name: "off shift", color: "#8b9199", ink: "#ffffff", glyph: DASH, lamp: null },
];

const UNKNOWN: StateLook = { name: "no data", color: "#8b9199", ink: "#ffffff", glyph: DASH, lamp: null };

export const stateLook = (state: number | undefined): StateLook => STATES[state ?? -1] ?? UNKNOWN;

const MACHINES = new Set(["station", "parallel", "batch", "assembler", "disassembler", "shuttle", "paced_line", "vehicle"]);

/** Kinds of place that have a state worth a label and a lamp. */
export const hasState = (kind: string): boolean => MACHINES.has(kind);

const SVG = "http://www.w3.org/2000/svg";

/** A glyph element whose state can be changed with `drawState`. */
export function glyphElement(): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("glyph");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("fill-rule", "evenodd");
  svg.append(path);
  return svg;
}

/** Show a state on an element that holds a glyph: colours as CSS variables, shape, data-state. */
export function drawState(element: HTMLElement, glyph: SVGSVGElement, state: number | undefined): void {
  const look = stateLook(state);
  if (element.dataset.state === look.name) return;
  element.dataset.state = look.name;
  element.style.setProperty("--state", look.color);
  element.style.setProperty("--state-ink", look.ink);
  glyph.firstElementChild!.setAttribute("d", look.glyph);
}

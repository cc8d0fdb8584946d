/** Labels above the stations: glyph, colour and name; small when far, never on top of each other or of panels. */
import { Vector3, type PerspectiveCamera } from "three";
import type { Pack } from "../live/pack";
import type { PlaceState } from "../live/store";
import type { Selection } from "../selection";
import { drawState, glyphElement, hasState } from "../states";
import { Covers, room, type Area } from "./covers";

const ABOVE = 0.9;
const GAP = 6;
const SMALL = 24;
const HEIGHT = 26;
/** Labels fade over this many pixels towards a panel or the edge of the picture. */
const FADE = 20;

interface Label {
  element: HTMLButtonElement;
  glyph: SVGSVGElement;
  name: HTMLSpanElement;
  row: number;
  at: Vector3;
  width: number;
}

interface Spot {
  label: Label;
  x: number;
  y: number;
  depth: number;
}

export class Labels {
  private readonly labels: Label[];
  private readonly projected = new Vector3();
  private readonly covers = new Covers();
  visible = true;

  constructor(
    private readonly layer: HTMLElement,
    pack: Pack,
    private readonly selection: Selection,
  ) {
    const rows = pack.places.map((_, row) => row).filter((row) => hasState(pack.places[row].kind));
    this.labels = rows.map((row) => this.build(pack, row));
    selection.onChange.on((thing) => {
      for (const { element, row } of this.labels)
        element.classList.toggle("chosen", thing?.kind === "place" && thing.row === row);
    });
  }

  update(camera: PerspectiveCamera, width: number, height: number, places: PlaceState[]): void {
    this.layer.hidden = !this.visible;
    if (!this.visible) return;
    const spots = this.labels.map((label) => this.spot(label, camera, width, height));
    spots.sort((a, b) => a.depth - b.depth);
    const taken: { x: number; y: number; w: number }[] = [];
    const covers = this.covers.now();
    for (const spot of spots) {
      const { label } = spot;
      drawState(label.element, label.glyph, places[label.row]?.state);
      const inFront = spot.depth > 0 && spot.depth < 1;
      const chosen = label.element.classList.contains("chosen");
      const others = spots.filter((other) => other !== spot).map(({ x, y }) => ({ x, y, w: SMALL }));
      const full = inFront && (chosen || free([...taken, ...others], spot.x, spot.y, label.width));
      const w = full ? label.width : SMALL;
      const strength = inFront ? Math.min(room(areaOf(spot, w), covers, width, height) / FADE, 1) : 0;
      const shown = strength > 0;
      if (shown) taken.push({ x: spot.x, y: spot.y, w });
      label.element.classList.toggle("small", !full);
      label.element.style.visibility = shown ? "visible" : "hidden";
      label.element.style.opacity = strength.toFixed(2);
      const at = `${spot.x.toFixed(1)}px, ${spot.y.toFixed(1)}px`;
      label.element.style.transform = `translate(${at}) translate(-50%, -100%)`;
      label.element.style.zIndex = chosen ? "9999" : String(Math.round((1 - spot.depth) * 5000));
    }
  }

  private spot(label: Label, camera: PerspectiveCamera, width: number, height: number): Spot {
    const p = this.projected.copy(label.at).project(camera);
    if (!label.width) label.width = 34 + label.name.textContent!.length * 7.2;
    return { label, x: ((p.x + 1) / 2) * width, y: ((1 - p.y) / 2) * height, depth: p.z };
  }

  private build(pack: Pack, row: number): Label {
    const place = pack.places[row];
    const element = document.createElement("button");
    element.className = "label";
    element.tabIndex = -1;
    element.title = place.path;
    const glyph = glyphElement();
    const chip = document.createElement("span");
    chip.className = "chip";
    chip.append(glyph);
    const name = document.createElement("span");
    name.className = "name";
    name.textContent = place.name.replaceAll("_", " ");
    element.append(chip, name);
    element.onclick = () => this.selection.set({ kind: "place", row });
    this.layer.append(element);
    const top = place.xyz[2] + (place.size?.[2] ?? 2.5) + ABOVE;
    return { element, glyph, name, row, at: new Vector3(place.xyz[0], place.xyz[1], top), width: 0 };
  }
}

function areaOf({ x, y }: Spot, w: number): Area {
  return { left: x - w / 2, right: x + w / 2, top: y - HEIGHT, bottom: y };
}

/** True if a label of a width at a point touches none of those already there. */
function free(taken: { x: number; y: number; w: number }[], x: number, y: number, w: number): boolean {
  return taken.every((t) => Math.abs(t.x - x) > (t.w + w) / 2 + GAP || Math.abs(t.y - y) > 30);
}

/** The list of places: glyph, name and state of each; what the picture shows, for everyone. */
import type { Pack } from "../live/pack";
import type { Session } from "../live/session";
import type { Selection } from "../selection";
import { drawState, glyphElement, hasState, stateLook } from "../states";
import { h, humanName, setText } from "./dom";

interface Row {
  place: number;
  button: HTMLButtonElement;
  glyph: SVGSVGElement;
  word: HTMLSpanElement;
  level: HTMLSpanElement;
}

export class StationList {
  private rows: Row[] = [];

  constructor(
    private readonly root: HTMLUListElement,
    private readonly session: Session,
    private readonly selection: Selection,
  ) {
    session.onPack.on((pack) => this.build(pack));
    selection.onChange.on((thing) => {
      for (const { place, button } of this.rows)
        button.setAttribute("aria-pressed", String(thing?.kind === "place" && thing.row === place));
    });
  }

  update(): void {
    const { places, kpi } = this.session.store;
    for (const { place, button, glyph, word, level } of this.rows) {
      const state = places[place]?.state;
      const { kind } = this.session.pack!.places[place];
      drawState(button, glyph, state);
      setText(word, hasState(kind) ? stateLook(state).name : kind);
      setText(level, kpi ? String(kpi.level[place]) : "");
    }
  }

  private build(pack: Pack): void {
    this.rows = pack.places.map((_, row) => this.row(pack, row));
    this.root.replaceChildren(...this.rows.map(({ button }) => h("li", {}, button)));
  }

  private row(pack: Pack, place: number): Row {
    const glyph = glyphElement();
    const word = h("span", { className: "word" });
    const level = h("span", { className: "level", title: "parts in it now" });
    const name = h("span", { className: "name" }, humanName(pack.places[place].name));
    const chip = h("span", { className: "chip" }, glyph);
    const button = h("button", { title: pack.places[place].path, "aria-pressed": "false" }, chip, name, word, level);
    button.dataset.path = pack.places[place].path;
    button.dataset.works = String(hasState(pack.places[place].kind));
    button.onclick = () => this.selection.set({ kind: "place", row: place });
    return { place, button, glyph, word, level };
  }
}

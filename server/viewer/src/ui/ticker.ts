/** The latest events: failures, repairs, commands; a click goes to their place. */
import { placeOfPath } from "../live/pack";
import type { PlantEvent } from "../live/protocol";
import type { Session } from "../live/session";
import type { Selection } from "../selection";
import { clockText, h } from "./dom";

const SHOWN = 4;
const TONES: Record<string, string> = {
  down: "bad", fail: "bad", failure: "bad", up: "good", repair: "good", repaired: "good", command: "note",
};

export class Ticker {
  private seen = -1;

  constructor(
    private readonly root: HTMLElement,
    private readonly session: Session,
    private readonly selection: Selection,
  ) {}

  update(): void {
    const { events, eventCount } = this.session.store;
    if (eventCount === this.seen) return;
    this.seen = eventCount;
    this.root.replaceChildren(...events.slice(0, SHOWN).reverse().map((event) => this.row(event)));
  }

  private row(event: PlantEvent): HTMLElement {
    const row = h("button", { className: "event" }, h("time", {}, clockText(event.tick)), h("span", {}, event.text));
    row.dataset.tone = TONES[event.kind] ?? "plain";
    row.onclick = () => {
      const place = this.session.pack ? placeOfPath(this.session.pack, event.path) : -1;
      if (place >= 0) this.selection.set({ kind: "place", row: place });
    };
    return row;
  }
}

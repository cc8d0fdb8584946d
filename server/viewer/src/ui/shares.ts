/** State shares of a place as one stacked bar with its legend. */
import { STATE_COUNT } from "../live/protocol";
import { drawState, glyphElement, STATES } from "../states";
import { h, setText } from "./dom";

export class StateShares {
  readonly element: HTMLElement;
  private readonly bars: HTMLElement[];
  private readonly rows: HTMLElement[];
  private readonly values: HTMLElement[];

  constructor() {
    this.bars = STATES.map((look) => h("i", { title: look.name }));
    this.values = STATES.map(() => h("b"));
    this.rows = STATES.map((look, state) => {
      const glyph = glyphElement();
      const row = h("span", {}, h("span", { className: "chip" }, glyph), look.name, this.values[state]);
      drawState(row, glyph, state);
      this.bars[state].style.setProperty("--state", look.color);
      return row;
    });
    const bar = h("div", { className: "bar" }, ...this.bars);
    this.element = h("div", { className: "shares" }, bar, h("div", { className: "legend" }, ...this.rows));
  }

  /** Show the row of a place in a table of seconds per (place, state). */
  show(times: Float64Array, place: number): void {
    const seconds = times.subarray(place * STATE_COUNT, (place + 1) * STATE_COUNT);
    const total = seconds.reduce((a, b) => a + b, 0) || 1;
    seconds.forEach((value, state) => {
      const share = (100 * value) / total;
      this.bars[state].style.width = `${share.toFixed(2)}%`;
      this.rows[state].hidden = share < 0.05;
      setText(this.values[state], `${share.toFixed(1)} %`);
    });
  }
}

/** The run's past as a bar: drag to see another time, go live to be where it has come farthest. */
import type { Session } from "../live/session";
import { clockText, h, setText } from "./dom";

/** Seconds from the head within which a time means the head. */
const NEAR = 1;

export class Timeline {
  private readonly bar = h("input", { type: "range", min: "0", max: "1", step: "any", "aria-label": "Time of the run" });
  private readonly bubble = h("output", { className: "bubble", "aria-hidden": "true" });
  private readonly live = h("button", { className: "live", title: "Go live (End)" }, h("i"), h("span", {}, "Live"));
  private dragged = false;
  private waiting = 0;

  constructor(
    root: HTMLElement,
    private readonly session: Session,
  ) {
    this.bar.oninput = () => this.drag();
    this.bar.onchange = () => void this.seek(Number(this.bar.value));
    this.live.onclick = () => session.goLive();
    root.append(h("div", { className: "timeline" }, h("span", { className: "past" }, this.bar, this.bubble), this.live));
  }

  /** Seconds forward or back from what is shown. */
  skip(seconds: number): void {
    void this.seek(this.session.tick / 1e6 + seconds);
  }

  update(): void {
    const { session } = this;
    const head = Math.max(session.head / 1e6, NEAR);
    const shown = session.isLive ? head : Math.min(session.tick / 1e6, head);
    this.live.setAttribute("aria-pressed", String(session.isLive));
    const behind = `Go live · −${clockText(session.head - session.tick)}`;
    setText(this.live.lastElementChild!, session.isLive ? "Live" : behind);
    if (this.dragged || this.waiting > 0) return;
    this.bar.max = String(head);
    this.bar.value = String(shown);
    this.fill(shown / head);
  }

  private drag(): void {
    this.dragged = true;
    const share = Number(this.bar.value) / Number(this.bar.max);
    this.fill(share);
    setText(this.bubble, clockText(Number(this.bar.value) * 1e6));
    this.bubble.classList.add("shown");
  }

  private fill(share: number): void {
    this.bar.style.setProperty("--fill", `${share * 100}%`);
    this.bubble.style.setProperty("--at", String(share));
    this.bar.setAttribute("aria-valuetext", clockText(Number(this.bar.value) * 1e6));
  }

  private async seek(seconds: number): Promise<void> {
    const { session } = this;
    this.dragged = false;
    this.bubble.classList.remove("shown");
    this.waiting++;
    if (seconds > session.head / 1e6 - NEAR) await session.goLive();
    else await session.seek(Math.max(0, seconds));
    this.waiting--;
  }
}

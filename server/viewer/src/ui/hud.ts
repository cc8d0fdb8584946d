/** Numbers about the display itself: frame rate, bytes per second, round trip, what is held. */
import type { Session } from "../live/session";
import { bytesText, h, setText } from "./dom";

export interface FrameRate {
  fps: number;
}

export class Hud {
  private readonly cells = new Map<string, HTMLElement>();

  constructor(
    private readonly root: HTMLElement,
    private readonly session: Session,
    private readonly frames: () => FrameRate | null,
    private readonly quality: () => string,
  ) {
    for (const name of ["frames", "quality", "link", "data", "round trip", "held"]) {
      const value = h("b");
      this.cells.set(name, value);
      root.append(h("span", {}, name), value);
    }
  }

  update(): void {
    if (this.root.hidden) return;
    const { connection, clock, store } = this.session;
    const rates = connection.traffic.rates();
    const rtt = clock.rtt;
    this.put("frames", `${this.frames()?.fps.toFixed(0) ?? "–"} /s`);
    this.put("quality", this.quality());
    this.put("link", connection.link);
    this.put("data", `${bytesText(rates.bytes)}/s, ${rates.messages.toFixed(0)} msg/s`);
    this.put("round trip", rtt === null ? "–" : `${(rtt * 1000).toFixed(1)} ms`);
    this.put("held", `${store.segments.size} segments, epoch ${store.epoch}`);
  }

  private put(name: string, text: string): void {
    setText(this.cells.get(name)!, text);
  }
}

/** Time in hand: the past, play and pause, speed from 0.1 to 1000, reset, jumps forward, who drives. */
import type { Session } from "../live/session";
import { clockText, h, icon, setText } from "./dom";
import { Driver } from "./driver";
import { Timeline } from "./timeline";

const PRESETS = [1, 10, 60, 300];
const JUMPS: [string, number][] = [["+1 min", 60], ["+10 min", 600], ["+1 h", 3600]];
const SLOWEST = 0.1;
const FASTEST = 1000;

export class Transport {
  private readonly play = h("button", { className: "play", title: "Play or pause (Space)" });
  private readonly clock = h("time", { id: "clock" }, "00:00:00");
  private readonly slider = h("input", { type: "range", min: "-1", max: "3", step: "0.01", "aria-label": "Speed" });
  private readonly factor = h("output", { id: "speed", title: "Speed of simulated time" }, "1×");
  private readonly presets: HTMLButtonElement[];
  readonly timeline: Timeline;
  private readonly driver: Driver;
  private sending = 0;

  constructor(
    private readonly root: HTMLElement,
    private readonly session: Session,
  ) {
    this.presets = PRESETS.map((speed) => h("button", { onclick: () => session.setSpeed(speed) }, `${speed}×`));
    const jumps = JUMPS.map(([text, seconds]) =>
      h("button", { title: `Go ${text.slice(1)} ahead at once`, onclick: () => session.jump(seconds) }, text),
    );
    const reset = h("button", { title: "Back to the start", "aria-label": "Reset" }, icon("reset"));
    reset.onclick = () => session.reset();
    this.play.onclick = () => session.play(!session.playing);
    this.slider.oninput = () => this.slide();
    this.timeline = new Timeline(root, session);
    const controls = h("div", { className: "controls" });
    root.append(controls);
    controls.append(
      reset, this.play, this.clock,
      h("span", { className: "rule" }),
      this.factor, this.slider,
      h("span", { className: "rule" }),
      h("span", { className: "group", role: "group", "aria-label": "Speeds" }, ...this.presets),
      h("span", { className: "rule" }),
      h("span", { className: "group", role: "group", "aria-label": "Jump ahead" }, ...jumps),
      h("span", { className: "rule" }),
    );
    this.driver = new Driver(controls, session);
    session.onPace.on(() => this.show());
    session.onLink.on(() => this.wait());
    this.wait();
    this.show();
  }

  update(): void {
    setText(this.clock, clockText(this.session.tick));
    this.timeline.update();
    this.driver.update();
  }

  /** One step slower (-1) or faster (+1) on a 1, 2, 5 scale. */
  nudge(direction: number): void {
    const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
    const now = this.session.speed;
    const next = direction > 0 ? steps.find((s) => s > now * 1.01) : steps.reverse().find((s) => s < now * 0.99);
    if (next) void this.session.setSpeed(next);
  }

  /** Nothing can be asked before the server has said hello. */
  private wait(): void {
    const { link } = this.session.connection;
    this.root.inert = link !== "live" && link !== "stale";
  }

  private slide(): void {
    const raw = 10 ** Number(this.slider.value);
    const speed = Math.min(Math.max(Number(raw.toPrecision(2)), SLOWEST), FASTEST);
    setText(this.factor, speedText(speed));
    clearTimeout(this.sending);
    this.sending = window.setTimeout(() => this.session.setSpeed(speed), 80);
  }

  private show(): void {
    const { playing, speed } = this.session;
    this.play.replaceChildren(icon(playing ? "pause" : "play"));
    this.play.setAttribute("aria-label", playing ? "Pause" : "Play");
    if (document.activeElement !== this.slider || !this.slider.matches(":active"))
      this.slider.value = String(Math.log10(speed));
    this.slider.setAttribute("aria-valuetext", speedText(speed));
    this.slider.style.setProperty("--fill", `${((Math.log10(speed) + 1) / 4) * 100}%`);
    setText(this.factor, speedText(speed));
    this.presets.forEach((b, i) => b.setAttribute("aria-pressed", String(PRESETS[i] === speed)));
  }
}

function speedText(speed: number): string {
  return `${speed >= 10 ? speed.toFixed(0) : String(Number(speed.toPrecision(2)))}×`;
}

/** The runs of the server: which one is seen, and how they go; fork, make, stop and delete them. */
import type { RunInfo } from "../live/runs";
import type { Session } from "../live/session";
import { clockText, h, icon, setText } from "./dom";
import { Popup } from "./popup";

const REFRESH = 2000;
const WORDS: Record<RunInfo["state"], string> = {
  preparing: "preparing",
  ready: "runs",
  stopped: "stopped",
  failed: "failed",
  crashed: "crashed",
};

/** As people say it: the first letters of an id are enough. */
export const runName = (id: string): string => `Run ${id.slice(0, 4)}`;

export class RunList {
  private readonly name = h("span", {}, "Run");
  private readonly state = h("i");
  private readonly popup: Popup;
  private shown = "";

  constructor(
    root: HTMLElement,
    private readonly session: Session,
  ) {
    const button = h("button", { className: "run", title: "Runs: switch, fork, stop" }, this.state, this.name, icon("more"));
    root.append(button);
    this.popup = new Popup(button, "Runs", (card) => this.fill(card));
    button.addEventListener("click", () => {
      this.shown = "";
      void this.refresh();
    });
    setInterval(() => this.popup.isOpen && void this.refresh(), REFRESH);
    session.runs.onList.on(() => this.show());
    session.onLink.on((link) => {
      this.state.dataset.state = { live: "ready", ended: "stopped" }[link as string] ?? "preparing";
      if (link === "live" || link === "ended") void this.refresh();
    });
  }

  private async refresh(): Promise<void> {
    await this.session.runs.refresh().catch((error: Error) => this.session.onTrouble.emit(error.message));
  }

  private show(): void {
    const { runs, run } = this.session;
    const now = runs.find(run);
    const others = runs.list.length - 1;
    const kind = now?.parent ? "fork" : `seed ${now?.seed}`;
    const place = others > 0 && `1 of ${others + 1}`;
    setText(this.name, now ? [runName(now.id), kind, place].filter(Boolean).join(" · ") : "Runs");
    const told = JSON.stringify([run, runs.list.map((each) => [each.id, stateText(each), Math.floor(each.tick / 1e6), each.clients])]);
    if (told === this.shown) return;
    this.shown = told;
    this.popup.refill();
  }

  private fill(card: HTMLElement): void {
    const rows = this.session.runs.list.map((run) => this.row(run));
    card.classList.add("runs");
    card.replaceChildren(h("h2", {}, "Runs"), h("ul", {}, ...rows), this.forkForm(), this.newForm());
  }

  private row(run: RunInfo): HTMLElement {
    const isShown = run.id === this.session.run;
    const { runs } = this.session;
    const origin = run.parent && `fork of ${runName(run.parent)} at ${clockText(run.parent_tick)}`;
    const watching = run.clients > 0 && `${run.clients} watching`;
    const time = clockText(isShown ? this.session.tick : run.tick);
    const about = [stateText(run), time, watching, origin].filter(Boolean).join(" · ");
    const look = h(
      "button", { className: "look", "data-run": run.id, "aria-current": String(isShown), title: run.error || "Look at this run" },
      h("i", { "data-state": run.state }),
      h("b", {}, runName(run.id), !run.parent && h("small", {}, `seed ${run.seed}`)),
      h("span", {}, about),
    );
    look.onclick = () => this.look(run.id);
    const isUp = run.state === "ready" || run.state === "preparing";
    const change = isUp
      ? tool("stop", "Stop this run; it can be started again", () => this.do(runs.stop(run.id)))
      : tool("play", "Start this run where it was", () => this.do(runs.start(run.id)));
    return h("li", {}, look, change, this.deleter(run));
  }

  /** The first press asks, the second deletes. */
  private deleter(run: RunInfo): HTMLElement {
    const button = tool("bin", "Delete this run", () => {
      if (button.dataset.sure) return void this.do(this.session.runs.delete(run.id));
      button.dataset.sure = "1";
      button.replaceChildren("Delete?");
      setTimeout(() => button.isConnected && this.popup.refill(), 3000);
    });
    return button;
  }

  private forkForm(): HTMLElement {
    const seed = h("input", { type: "number", min: "0", step: "1", placeholder: "same", "aria-label": "Seed of the fork" });
    const form = h(
      "form", { className: "fork" },
      h("span", {}, "Fork from here"),
      h("label", {}, "seed", seed),
      h("button", { className: "do" }, icon("fork"), "Fork"),
    );
    form.onsubmit = (event) => {
      event.preventDefault();
      void this.make(this.session.runs.fork(this.session.run, seed.value === "" ? null : Number(seed.value)));
    };
    return form;
  }

  private newForm(): HTMLElement {
    const { scenes } = this.session.runs;
    const scene = h("select", { "aria-label": "Scene" }, ...scenes.map((name) => h("option", { value: name }, name.replaceAll("_", " "))));
    const seed = h("input", { type: "number", min: "0", step: "1", value: "1", "aria-label": "Seed of the new run" });
    const form = h("form", {}, scene, h("label", {}, "seed", seed), h("button", { className: "do" }, icon("plus"), "New"));
    form.onsubmit = (event) => {
      event.preventDefault();
      void this.make(this.session.runs.create(scene.value, Number(seed.value)));
    };
    return form;
  }

  private look(run: string): void {
    this.popup.close();
    if (run !== this.session.run) this.session.look(run);
  }

  private async make(work: Promise<RunInfo>): Promise<void> {
    try {
      this.look((await work).id);
      await this.refresh();
    } catch (error) {
      this.session.onTrouble.emit((error as Error).message);
    }
  }

  private async do(work: Promise<unknown>): Promise<void> {
    await work.catch((error: Error) => this.session.onTrouble.emit(error.message));
    this.shown = "";
    await this.refresh();
  }
}

function stateText(run: RunInfo): string {
  if (run.state !== "ready") return WORDS[run.state];
  if (!run.playing) return "paused";
  return run.live ? WORDS.ready : "shows its past";
}

function tool(name: Parameters<typeof icon>[0], title: string, onclick: () => void): HTMLButtonElement {
  return h("button", { className: "quiet", type: "button", title, "aria-label": title, onclick }, icon(name));
}

/** The panel at the right: what is selected, a place, a robot or a part. */
import type { Session } from "../live/session";
import type { Selection, Thing } from "../selection";
import { h, icon } from "./dom";
import { partView } from "./part-view";
import { placeView } from "./place-view";
import { robotView } from "./robot-view";

/** What a selected thing shows; `update` is called about ten times a second. */
export interface PanelView {
  title: string;
  kind: string;
  path: string | null;
  body: HTMLElement[];
  /** False when the thing is gone. */
  update(): boolean;
}

export interface PanelContext {
  session: Session;
  select(thing: Thing): void;
  focus(): void;
  follow(): void;
}

export class Panel {
  private view: PanelView | null = null;

  constructor(
    private readonly root: HTMLElement,
    private readonly selection: Selection,
    private readonly context: PanelContext,
  ) {
    selection.onChange.on((thing) => this.show(thing));
  }

  update(): void {
    if (this.view && !this.view.update()) this.selection.set(null);
  }

  private show(thing: Thing | null): void {
    this.view = thing && viewOf(thing, this.context);
    this.root.hidden = !this.view;
    document.body.classList.toggle("with-panel", !!this.view);
    if (!this.view) return this.root.replaceChildren();
    const { title, kind, path, body } = this.view;
    const close = h("button", { className: "quiet", title: "Close (Esc)", "aria-label": "Close" }, icon("close"));
    close.onclick = () => this.selection.set(null);
    const go = h("button", { className: "quiet", title: "Go there (F)", "aria-label": "Go there" }, icon("follow"));
    go.onclick = () => this.context.focus();
    const words = h("div", {}, h("small", {}, kind), h("h2", {}, title));
    this.root.replaceChildren(h("header", {}, words, go, close), ...body, path ? pathLine(path) : "");
    this.root.scrollTop = 0;
    this.view.update();
  }
}

function viewOf(thing: Thing, context: PanelContext): PanelView {
  if (thing.kind === "place") return placeView(thing.row, context);
  if (thing.kind === "robot") return robotView(thing.row, context);
  return partView(thing, context);
}

/** A prim path that a click copies. */
function pathLine(path: string): HTMLElement {
  const line = h("button", { className: "path", title: "Copy the prim path" }, h("code", {}, path), icon("copy"));
  line.onclick = async () => {
    await navigator.clipboard?.writeText(path);
    line.classList.add("copied");
    setTimeout(() => line.classList.remove("copied"), 900);
  };
  return line;
}

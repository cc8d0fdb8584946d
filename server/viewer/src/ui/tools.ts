/** The tools at the top right: views, labels, theme, display numbers, help. */
import type { Settings } from "../settings";
import { h, icon } from "./dom";

export interface Camera {
  view(view: "iso" | "top" | "side"): void;
  follow(): boolean;
}

export class Tools {
  private readonly labels: HTMLButtonElement;
  private readonly hud: HTMLButtonElement;

  constructor(
    root: HTMLElement,
    private readonly settings: Settings,
    camera: () => Camera | null,
    showHelp: () => void,
  ) {
    const { options } = settings;
    this.labels = tool("labels", "Labels (L)", () => settings.set({ labels: !options.labels }));
    this.hud = tool("pulse", "Connection and frame rate (H)", () => settings.set({ hud: !options.hud }));
    root.append(
      tool("iso", "Whole line (1)", () => camera()?.view("iso")),
      tool("top", "From above (2)", () => camera()?.view("top")),
      tool("side", "From the side (3)", () => camera()?.view("side")),
      tool("follow", "Follow a body (4)", () => camera()?.follow()),
      h("span", { className: "rule" }),
      this.labels,
      this.hud,
      tool("sun", "Dark or light (T)", () => settings.toggleTheme()),
      tool("help", "Keyboard (?)", showHelp),
    );
    settings.onChange.on(() => this.show());
    this.show();
  }

  private show(): void {
    this.labels.setAttribute("aria-pressed", String(this.settings.options.labels));
    this.hud.setAttribute("aria-pressed", String(this.settings.options.hud));
  }
}

function tool(name: Parameters<typeof icon>[0], title: string, onclick: () => void): HTMLButtonElement {
  return h("button", { title, "aria-label": title, onclick }, icon(name));
}

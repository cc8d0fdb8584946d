/** The keyboard: one table of keys, what they do and the words for help. */
import { h } from "./dom";

export interface Key {
  keys: string[];
  /** As shown in help. */
  shown: string;
  words: string;
  run(): void;
}

/** Listen for keys; never inside a field that takes text. */
export function listen(keys: Key[]): void {
  addEventListener("keydown", (event) => {
    const target = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (target.matches("input:not([type=range]), textarea, select")) return;
    const key = keys.find((k) => k.keys.includes(event.key));
    const inDialog = document.querySelector("dialog[open]") !== null;
    if (!key || (inDialog && event.key !== "?")) return;
    if (event.key === " " && target.matches("button")) target.blur();
    event.preventDefault();
    key.run();
  });
}

export function fillHelp(dialog: HTMLDialogElement, keys: Key[]): void {
  const rows = keys.map((key) => h("div", {}, h("dt", {}, h("kbd", {}, key.shown)), h("dd", {}, key.words)));
  const close = h("button", { onclick: () => dialog.close() }, "Close");
  dialog.replaceChildren(
    h("h2", {}, "Keyboard and mouse"),
    h("dl", {}, ...rows),
    h("p", {}, "Drag turns, right drag moves, wheel zooms. A click selects, a double click goes there."),
    close,
  );
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
}

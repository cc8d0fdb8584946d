/** The door: asks for a token where the server needs one, or where this one is over. */
import type { Session } from "../live/session";
import { enterToken } from "../live/token";
import { h } from "./dom";

export class Door {
  constructor(
    private readonly root: HTMLDialogElement,
    private readonly session: Session,
  ) {
    session.onLink.on((link) => {
      if (link === "refused" || link === "expired") this.show(link === "expired");
      else if (link === "live" || link === "preparing") root.close();
    });
    root.addEventListener("cancel", (event) => event.preventDefault()); // there is nothing behind it
  }

  private show(isOver: boolean): void {
    const input = h("input", { type: "password", autocomplete: "off", required: true, "aria-label": "Token", placeholder: "Token" });
    const words = isOver
      ? "The token of this page has expired, was removed, or is not known. Ask for a new one, or paste another."
      : "Only people with a token may look at this plant. Paste yours.";
    const form = h(
      "form", { method: "dialog" },
      h("h2", {}, isOver ? "Your token no longer opens this" : "A token, please"),
      h("p", {}, words),
      h("div", { className: "row" }, input, h("button", { className: "do" }, "Open")),
      h("p", { className: "hint" }, "On the server: ", h("code", {}, "twin token NAME --role viewer")),
    );
    form.onsubmit = (event) => {
      event.preventDefault();
      enterToken(input.value);
      this.session.connection.go();
    };
    this.root.replaceChildren(form);
    if (!this.root.open) this.root.showModal();
    input.focus();
  }
}

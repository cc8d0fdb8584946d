/** A card that a button opens beside itself; it is filled anew each time, and goes at a click elsewhere. */
import { h } from "./dom";

export class Popup {
  readonly card: HTMLElement;

  constructor(
    private readonly button: HTMLElement,
    label: string,
    private readonly fill: (card: HTMLElement) => void,
    private readonly side: "right" | "above" = "right",
  ) {
    this.card = h("div", { className: "card popup", popover: "auto", role: "dialog", "aria-label": label });
    document.body.append(this.card);
    button.setAttribute("aria-haspopup", "dialog");
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("pointerdown", () => (this.wasOpen = this.isOpen));
    button.addEventListener("click", () => this.toggle());
    this.card.addEventListener("toggle", () => button.setAttribute("aria-expanded", String(this.isOpen)));
  }

  get isOpen(): boolean {
    return this.card.matches(":popover-open");
  }

  refill(): void {
    if (this.isOpen && !this.card.querySelector("input:focus, select:focus")) this.fill(this.card);
  }

  close(): void {
    this.card.hidePopover();
  }

  /** The press that follows a click elsewhere has closed it already. */
  private wasOpen = false;

  private toggle(): void {
    if (this.isOpen || this.wasOpen) {
      this.wasOpen = false;
      return this.isOpen ? this.close() : undefined;
    }
    this.fill(this.card);
    this.card.showPopover();
    const box = this.button.getBoundingClientRect();
    const width = this.card.offsetWidth;
    const x = this.side === "right" ? box.left : box.right - width;
    const { style } = this.card;
    style.left = `${Math.min(Math.max(8, x), innerWidth - width - 8)}px`;
    if (this.side === "right") style.top = `${box.bottom + 8}px`;
    else style.bottom = `${innerHeight - (this.button.closest(".card") ?? this.button).getBoundingClientRect().top + 8}px`;
  }
}

/** Who drives: at most one client changes the time that all see; it takes, gives back and hands over. */
import { now } from "../live/connection";
import type { Session } from "../live/session";
import { h, icon, setText } from "./dom";
import { Popup } from "./popup";

const LEASE = 300; // s

/** "client-12-ab34cd" as people say it. */
const clientName = (name: string): string => name.replace(/^client-(\d+)-.*$/, "Viewer $1");

export class Driver {
  private readonly words = h("span");
  private readonly button = h("button", { className: "driver", title: "Who changes the time" }, icon("wheel"), this.words);
  private readonly popup: Popup;

  constructor(
    root: HTMLElement,
    private readonly session: Session,
  ) {
    root.append(this.button);
    this.popup = new Popup(this.button, "Who drives", (card) => void this.fill(card), "above");
    session.onDriver.on(() => this.popup.refill());
  }

  update(): void {
    const { client, left } = this;
    const mine = client === this.session.client;
    setText(this.words, left > 0 ? `${mine ? "You drive" : `${clientName(client)} drives`} ${timeText(left)}` : "");
    this.button.setAttribute("aria-pressed", String(left > 0 && mine));
    this.button.classList.toggle("taken", left > 0 && !mine);
  }

  private get client(): string {
    return this.session.driver.client;
  }

  private get left(): number {
    return this.client ? this.session.driver.until - now() : 0;
  }

  private async fill(card: HTMLElement): Promise<void> {
    card.classList.add("drive");
    const { session } = this;
    const mine = this.left > 0 && this.client === session.client;
    if (this.left > 0 && !mine) {
      const words = `${clientName(this.client)} changes the time of this run. You can watch, or fork the run into a time of your own.`;
      return card.replaceChildren(h("h2", {}, "Somebody else drives"), h("p", {}, words));
    }
    if (!mine) {
      const take = this.act("Drive for 5 minutes", () => session.drive(LEASE));
      const words = "Everybody who looks at this run sees the same time. While you drive, only you change it.";
      return card.replaceChildren(h("h2", {}, "Nobody drives"), h("p", {}, words), take);
    }
    const list = h("div", { className: "others" });
    const buttons = [this.act("5 minutes more", () => session.drive(LEASE)), this.act("Stop driving", () => session.stopDriving())];
    card.replaceChildren(h("h2", {}, "You drive"), list, h("div", { className: "row" }, ...buttons));
    const watched = await session.runs.watched(session.run).catch(() => null);
    const others = watched?.watching.filter((name) => name !== session.client) ?? [];
    const hand = others.map((name) => this.act(clientName(name), () => session.handOver(name)));
    list.replaceChildren(h("p", {}, others.length ? "Hand over to" : "Nobody else looks at this run."), ...hand);
  }

  private act(words: string, run: () => Promise<boolean>): HTMLElement {
    return h("button", { className: "do", onclick: () => void run().then(() => this.popup.close()) }, words);
  }
}

function timeText(seconds: number): string {
  return Number.isFinite(seconds) ? `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}` : "";
}

/** The veil over a picture that is not live: silent, lost or not yet there. */
import type { Session } from "../live/session";
import { h, setText } from "./dom";

const WORDS = {
  connecting: "Connecting to the server…",
  preparing: "Compiling the engine, once: about 15 seconds",
  stale: "No data from the server. The picture is not live.",
  lost: "Connection lost. Trying again…",
  ended: "This run has ended. The list of runs can start it again.",
  refused: "A token is needed.",
  expired: "The token is over.",
};

export class Veil {
  private readonly words: HTMLElement;

  constructor(
    private readonly root: HTMLElement,
    session: Session,
  ) {
    this.words = root.querySelector("p") ?? root.appendChild(h("p"));
    session.onLink.on(() => this.show(session));
    this.show(session);
  }

  private show(session: Session): void {
    const { link } = session.connection;
    this.root.hidden = link === "live";
    this.root.dataset.link = link;
    const why = link === "ended" && session.ending ? ` (${session.ending})` : "";
    if (link !== "live") setText(this.words, WORDS[link] + why);
  }
}

/** Words for the operator that go by themselves. */
export class Toast {
  private timer = 0;

  constructor(private readonly root: HTMLElement) {}

  say(text: string): void {
    this.root.textContent = text;
    this.root.classList.add("shown");
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.root.classList.remove("shown"), 6000);
  }
}

/** The board at the left: the line's name, its rate in large, its key numbers, plot and stations. */
import type { Session } from "../live/session";
import type { Selection } from "../selection";
import { h, setText, spanText } from "./dom";
import { ThroughputPlot } from "./plot";
import { RunList } from "./runs";
import { StationList } from "./stations";

export class Board {
  private readonly title = h("h1", {}, "Connecting…");
  private readonly link = h("span", { className: "link" });
  private readonly jph = h("strong", { id: "jph", className: "big" }, "–");
  private readonly numbers = {
    finished: h("dd", { id: "finished" }, "–"),
    wip: h("dd", { id: "wip" }, "–"),
    lead: h("dd", { id: "lead" }, "–"),
  };
  private readonly plot: ThroughputPlot;
  private readonly stations: StationList;

  constructor(
    root: HTMLElement,
    private readonly session: Session,
    selection: Selection,
  ) {
    const runs = h("div", { className: "which" });
    new RunList(runs, session);
    const plotBox = h("div", { className: "plot", role: "img", "aria-label": "Jobs per hour over time" });
    const list = h("ul", { className: "stations", "aria-label": "Stations" });
    root.append(
      h("header", {}, this.link, this.title),
      runs,
      h("div", { className: "rate" }, this.jph, h("span", {}, "jobs per hour")),
      h(
        "dl", { className: "numbers" },
        h("div", {}, h("dt", {}, "Finished"), this.numbers.finished),
        h("div", {}, h("dt", {}, "In process"), this.numbers.wip),
        h("div", {}, h("dt", {}, "Lead time"), this.numbers.lead),
      ),
      h("h2", {}, "Jobs per hour, last hour"),
      plotBox,
      list,
    );
    this.plot = new ThroughputPlot(plotBox);
    this.stations = new StationList(list, session, selection);
    session.onPack.on((pack) => {
      setText(this.title, pack.name);
      document.title = pack.name;
    });
    session.onLink.on((link) => {
      this.link.dataset.link = link;
      this.link.title = link;
      if (link === "preparing") setText(this.title, "Preparing…");
    });
  }

  /** Repaint the plot in the theme's colours. */
  retheme(): void {
    this.plot.retheme();
  }

  update(): void {
    const { kpi, history } = this.session.store;
    setText(this.jph, kpi ? kpi.jph.toFixed(1) : "–");
    setText(this.numbers.finished, kpi ? kpi.finished.toFixed(0) : "–");
    setText(this.numbers.wip, kpi ? kpi.wip.toFixed(0) : "–");
    setText(this.numbers.lead, kpi && kpi.finished > 0 ? spanText(kpi.leadMean) : "–");
    this.plot.update(history);
    this.stations.update();
  }
}

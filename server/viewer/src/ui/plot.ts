/** The small throughput plot: jobs per hour over simulated hours. */
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { HistoryPoint } from "../live/store";
import { lastShift, throughput } from "./rate";

const HEIGHT = 92;
/** Distances between times at the axis [h], and between rates. */
const HOURS = [1 / 12, 1 / 6, 1 / 4, 1 / 2, 1, 2];
const RATES = [5, 10, 15, 20, 25, 30, 40, 50, 75, 100, 200, 500, 1000];
/** Lines above that at zero. */
const LINES = 3;

export class ThroughputPlot {
  private plot: uPlot | null = null;
  private seen = -1;
  private last: HistoryPoint[] = [];

  constructor(private readonly root: HTMLElement) {
    new ResizeObserver(() => this.plot?.setSize({ width: root.clientWidth, height: HEIGHT })).observe(root);
  }

  update(history: HistoryPoint[]): void {
    const newest = history.length ? history[history.length - 1].tick + history.length : 0;
    if (newest === this.seen) return;
    this.seen = newest;
    this.last = history;
    this.draw();
  }

  retheme(): void {
    this.plot?.destroy();
    this.plot = null;
    this.draw();
  }

  private draw(): void {
    const { hours, jph } = lastShift(throughput(this.last));
    const data: uPlot.AlignedData = [hours, jph];
    if (this.plot) this.plot.setData(data);
    else if (this.root.clientWidth) this.plot = new uPlot(this.options(), data, this.root);
  }

  private options(): uPlot.Options {
    const style = getComputedStyle(document.documentElement);
    const ink = style.getPropertyValue("--faint").trim();
    const line = style.getPropertyValue("--accent").trim();
    const grid = { stroke: style.getPropertyValue("--hairline").trim(), width: 1 };
    const font = `10px ${style.getPropertyValue("--font").trim() || "sans-serif"}`;
    const points = { show: false };
    const axis = { stroke: ink, font, ticks: { show: false }, grid };
    return {
      width: this.root.clientWidth,
      height: HEIGHT,
      padding: [8, 14, 0, 0],
      cursor: { y: false, points: { size: 6 } },
      legend: { show: false },
      scales: { x: { time: false }, y: { range: (_u, _min, max) => [0, LINES * stepFor(max || 0)] } },
      axes: [
        {
          ...axis, size: 20, gap: 2, space: 46, incrs: HOURS, grid: { show: false },
          values: (_u, ticks) => ticks.map(hourText),
        },
        { ...axis, size: 28, gap: 4, splits: (_u, _i, _min, max) => lines(max) },
      ],
      series: [{}, { stroke: line, width: 1.75, fill: `color-mix(in srgb, ${line} 14%, transparent)`, points }],
    };
  }
}

/** Hours as h:mm of a day. */
function hourText(hours: number): string {
  const minutes = Math.round(hours * 60);
  return `${Math.floor(minutes / 60) % 24}:${String(minutes % 60).padStart(2, "0")}`;
}

/** Round distance between lines such that the highest is just above a rate. */
function stepFor(rate: number): number {
  return RATES.find((step) => step * LINES > rate * 1.04) ?? rate / LINES;
}

/** Equal steps from 0 to the top. */
function lines(top: number): number[] {
  return Array.from({ length: LINES + 1 }, (_, i) => (i * top) / LINES);
}

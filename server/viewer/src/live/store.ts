/** Everything known about the run at the display time; later frames wait in queues. */
import type { Frame, Kpi, PlantEvent, StateChange } from "./protocol";
import { SegmentStore } from "./segments";

export interface PlaceState {
  state: number;
  since: number;
}

export interface HistoryPoint {
  tick: number;
  finished: number;
  wip: number;
}

const EVENTS_KEPT = 200;
const HISTORY_KEPT = 4000;

export class Store {
  epoch = 0;
  readonly segments = new SegmentStore();
  /** State of each place by its row; holes until the first STATE frame. */
  places: PlaceState[] = [];
  /** The newest numbers; those of the past stay until newer ones come. */
  kpi: Kpi | null = null;
  history: HistoryPoint[] = [];
  /** Events shown so far, newest first. */
  events: PlantEvent[] = [];
  /** Rises whenever `events` changes. */
  eventCount = 0;
  dropped = 0;

  private stateQueue: StateChange[] = [];
  private kpiQueue: Kpi[] = [];
  private eventQueue: PlantEvent[] = [];

  /** Begin a connection at an epoch, with the history [tick, finished, wip] of the run. */
  begin(epoch: number, history: [number, number, number][]): void {
    this.reset(epoch);
    this.events = [];
    this.eventCount++;
    this.history = history.map(([tick, finished, wip]) => ({ tick, finished, wip }));
  }

  /** Take in a frame; false if it belongs to an older epoch. */
  take(frame: Frame): boolean {
    const { epoch, tick } = frame.header;
    if (epoch < this.epoch) {
      this.dropped++;
      return false;
    }
    if (epoch > this.epoch) this.turn(epoch, tick);
    if (frame.kind === "segments") {
      if (frame.key) this.segments.replace(frame.segments);
      else this.segments.add(frame.segments);
    } else if (frame.kind === "states") this.takeStates(frame.full, frame.changes);
    else if (frame.kind === "kpi") this.kpiQueue.push(frame.kpi);
    else if (frame.kind === "events") this.eventQueue.push(...frame.events);
    return true;
  }

  /** Let queued frames become true up to a tick. */
  advance(tick: number): void {
    for (const change of due(this.stateQueue, tick))
      this.places[change.place] = { state: change.state, since: change.tick };
    for (const kpi of due(this.kpiQueue, tick)) this.show(kpi);
    const events = due(this.eventQueue, tick);
    if (events.length) {
      this.events = [...events.reverse(), ...this.events].slice(0, EVENTS_KEPT);
      this.eventCount++;
    }
  }

  private show(kpi: Kpi): void {
    this.kpi = kpi.level.length ? kpi : withTables(kpi, this.kpi);
    const last = this.history[this.history.length - 1];
    if (last && kpi.tick <= last.tick) return;
    this.history.push({ tick: kpi.tick, finished: kpi.finished, wip: kpi.wip });
    if (this.history.length > HISTORY_KEPT) this.history = thinned(this.history);
  }

  private takeStates(full: boolean, changes: StateChange[]): void {
    if (full) {
      this.stateQueue = [];
      this.places = [];
      for (const { place, state, tick } of changes) this.places[place] = { state, since: tick };
    } else {
      this.stateQueue.push(...changes);
      this.stateQueue.sort((a, b) => a.tick - b.tick);
    }
  }

  /** A higher epoch: time was set anew. What is later than its tick never happened. */
  private turn(epoch: number, tick: number): void {
    this.reset(epoch);
    this.history = this.history.filter((point) => point.tick <= tick);
    this.events = this.events.filter((event) => event.tick <= tick);
    this.eventCount++;
  }

  private reset(epoch: number): void {
    this.epoch = epoch;
    this.segments.clear();
    this.places = [];
    this.stateQueue = [];
    this.kpiQueue = [];
    this.eventQueue = [];
  }
}

/** Figures with the totals only: those of the places stay as they were. */
function withTables(kpi: Kpi, last: Kpi | null): Kpi {
  if (!last) return kpi;
  const { times, placeFinished, level } = last;
  return { ...kpi, times, placeFinished, level };
}

/** Take those at or before a tick out of a queue ordered by tick. */
function due<T extends { tick: number }>(queue: T[], tick: number): T[] {
  let n = 0;
  while (n < queue.length && queue[n].tick <= tick) n++;
  return n ? queue.splice(0, n) : [];
}

/** Every second point, the newest kept. */
function thinned(points: HistoryPoint[]): HistoryPoint[] {
  return points.filter((_, i) => (points.length - 1 - i) % 2 === 0);
}

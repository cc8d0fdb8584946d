/** Simulation time as an affine map of the server's clock; the offset to it comes from pings. */
import type { TimeMap } from "./protocol";

const SAMPLES = 8;
const SLEW = 0.02;
const JUMP = 0.25;

interface Sample {
  rtt: number;
  offset: number;
}

export class Clock {
  private map: TimeMap = { tick: 0, wall: 0, rate: 0 };
  private samples: Sample[] = [];
  private target: number | null = null;
  private offset = 0;
  private seen = 0;
  private held: number | null = null;

  /** Simulated seconds per second; 0 when paused. */
  get rate(): number {
    return this.map.rate;
  }

  /** Best round trip of the last pings [s], or null before the first. */
  get rtt(): number | null {
    return this.samples.length ? Math.min(...this.samples.map((s) => s.rtt)) : null;
  }

  /** Obey a TIME frame that arrived at a local time [s]. */
  setMap(map: TimeMap, now: number): void {
    this.map = map;
    if (this.target === null) this.jump(map.wall - now, now);
  }

  /** Use a pong: sent and received in local time [s], the server's clock [s] in between. */
  addPong(sent: number, received: number, wall: number): void {
    const first = this.samples.length === 0;
    this.samples.push({ rtt: received - sent, offset: wall - (sent + received) / 2 });
    if (this.samples.length > SAMPLES) this.samples.shift();
    const best = this.samples.reduce((a, b) => (b.rtt < a.rtt ? b : a));
    if (first || Math.abs(best.offset - this.offset) > JUMP) this.jump(best.offset, received);
    this.target = best.offset;
  }

  /** Tick [microseconds] to show at a local time [s]. */
  tick(now: number): number {
    if (this.held !== null) return this.held;
    this.slew(now);
    return this.map.tick + this.map.rate * (now + this.offset - this.map.wall) * 1e6;
  }

  /** Stop showing new time: the connection is silent. */
  hold(now: number): void {
    this.held ??= this.tick(now);
  }

  release(): void {
    this.held = null;
  }

  /** Forget the server's clock: another connection, perhaps another server. */
  forget(): void {
    this.samples = [];
    this.target = null;
  }

  private jump(offset: number, now: number): void {
    this.target = this.offset = offset;
    this.seen = now;
  }

  private slew(now: number): void {
    const most = SLEW * Math.max(0, now - this.seen);
    this.seen = now;
    const error = (this.target ?? this.offset) - this.offset;
    this.offset += Math.min(Math.max(error, -most), most);
  }
}

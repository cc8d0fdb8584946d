/** The segments that a viewer holds: per subject the current one and those still to come. */
import type { Segment } from "../motion/segment";

/** Segments that ended their reign longer ago than this are dropped [ticks]. */
const KEPT = 1_000_000;

export class SegmentStore {
  private bySubject: (Segment[] | undefined)[] = [];
  /** Number of segments taken in since the page opened. */
  received = 0;

  get size(): number {
    return this.bySubject.reduce((n, list) => n + (list?.length ?? 0), 0);
  }

  /** One more than the largest subject seen. */
  get subjects(): number {
    return this.bySubject.length;
  }

  clear(): void {
    this.bySubject = [];
  }

  replace(segments: Segment[]): void {
    this.clear();
    this.add(segments);
  }

  add(segments: Segment[]): void {
    for (const segment of segments) this.insert(segment);
    this.received += segments.length;
  }

  /** The segment of a subject that is valid at a tick: its latest with a start at or before it. */
  at(subject: number, tick: number): Segment | null {
    const list = this.bySubject[subject];
    if (!list) return null;
    while (list.length > 1 && list[1].tick <= tick - KEPT) list.shift();
    for (let i = list.length - 1; i >= 0; i--) if (list[i].tick <= tick) return list[i];
    return null;
  }

  private insert(segment: Segment): void {
    const list = (this.bySubject[segment.subject] ??= []);
    let i = list.length;
    while (i > 0 && list[i - 1].tick > segment.tick) i--;
    const same = i > 0 && list[i - 1].tick === segment.tick;
    if (same) list[i - 1] = segment;
    else list.splice(i, 0, segment);
  }
}

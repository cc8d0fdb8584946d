/** What is selected: a place, a robot or a part; one at a time, or nothing. */
import { Signal } from "./live/signal";

export interface PartThing {
  kind: "part";
  slot: number;
  /** Serial number, as slots are used again. */
  part: number;
}

export type Thing = { kind: "place"; row: number } | { kind: "robot"; row: number } | PartThing;

export class Selection {
  current: Thing | null = null;
  readonly onChange = new Signal<Thing | null>();

  set(thing: Thing | null): void {
    if (sameThing(thing, this.current)) return;
    this.current = thing;
    this.onChange.emit(thing);
  }
}

export function sameThing(a: Thing | null, b: Thing | null): boolean {
  if (!a || !b || a.kind !== b.kind) return a === b;
  if (a.kind === "part") return b.kind === "part" && a.slot === b.slot && a.part === b.part;
  return b.kind !== "part" && a.row === b.row;
}

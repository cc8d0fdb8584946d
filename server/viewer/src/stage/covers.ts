/** Where panels cover the picture, and how much room a label has beside them. */

/** The panels; looked up anew this often [ms], as that costs a layout of the page. */
const PANELS = ".card:not([hidden]), #ticker";
const REFRESH = 250;

export interface Area {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export class Covers {
  private areas: Area[] = [];
  private due = 0;

  /** The areas covered now. */
  now(): Area[] {
    const time = performance.now();
    if (time < this.due) return this.areas;
    this.due = time + REFRESH;
    const boxes = [...document.querySelectorAll(PANELS)].map((panel) => panel.getBoundingClientRect());
    return (this.areas = boxes.filter(({ width, height }) => width && height));
  }
}

/** Pixels between an area and the nearest of others, or the edge of a picture; not above 0 if they touch. */
export function room(area: Area, others: Area[], width: number, height: number): number {
  const apart = ({ left, top, right, bottom }: Area) =>
    Math.max(left - area.right, area.left - right, top - area.bottom, area.top - bottom);
  const inside = Math.min(area.left, area.top, width - area.right, height - area.bottom);
  return Math.min(inside, ...others.map(apart));
}

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

/** Pixels that the panels cover at each edge of a picture; a low panel leaves it free. */
export function insets({ clientWidth: width, clientHeight: height }: HTMLElement): Area {
  const box = (id: string) => {
    const area = document.getElementById(id)?.getBoundingClientRect();
    return area?.width ? area : null;
  };
  const [board, panel, tools, transport] = ["board", "panel", "tools", "transport"].map(box);
  const tall = panel && panel.height > height * 0.4;
  const beside = tall && panel.left > width / 2;
  const below = Math.min(transport?.top ?? height, tall && !beside ? panel.top : height);
  return {
    left: board && board.right < width * 0.45 ? board.right : 0,
    right: beside ? width - panel.left : 0,
    top: tools?.bottom ?? 0,
    bottom: height - below,
  };
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

/** The panel of a robot: what it does and its joint positions within their limits. */
import { h, humanName, setText } from "./dom";
import type { PanelContext, PanelView } from "./panel";
import { lastName } from "./place-view";

const DEGREES = 180 / Math.PI;

export function robotView(row: number, context: PanelContext): PanelView {
  const { session } = context;
  const robot = session.pack!.robots[row];
  const place = session.pack!.places[robot.place];
  const doing = h("dd");
  const station = h("button", {}, place ? humanName(place.name) : "–");
  station.onclick = () => context.select({ kind: "place", row: robot.place });
  const needles = robot.chain.map(() => h("i"));
  const values = robot.chain.map(() => h("b"));
  const joints = robot.chain.map((_, j) =>
    h(
      "div", { className: "joint" },
      h("span", {}, `J${j + 1}`),
      h("div", { className: "range" }, needles[j]),
      values[j],
    ),
  );
  const body = [
    h(
      "dl", { className: "numbers" },
      h("div", {}, h("dt", {}, "Station"), h("dd", {}, station)),
      h("div", {}, h("dt", {}, "Now"), doing),
    ),
    h("h3", {}, "Joints"),
    h("div", { className: "joints" }, ...joints),
  ];
  const update = () => {
    const angles = session.poser!.joints(row, session.tick);
    setText(doing, doingText(row, context));
    needles.forEach((needle, j) => {
      const [low, high] = robot.limits?.[j] ?? [-Math.PI, Math.PI];
      needle.style.left = `${Math.min(Math.max((100 * (angles[j] - low)) / (high - low), 0), 100).toFixed(1)}%`;
      setText(values[j], robot.chain[j].slides ? `${(angles[j] * 1000).toFixed(0)} mm` : `${(angles[j] * DEGREES).toFixed(1)}°`);
    });
    return true;
  };
  const name = humanName(lastName(robot.path));
  const title = place ? `${humanName(place.name)} · ${name}` : name;
  return { title, kind: "Robot", path: robot.path, body, update };
}

function doingText(row: number, { session }: PanelContext): string {
  if (session.poser!.isWelding(row, session.tick)) return "At a spot";
  return session.poser!.isRunning(row, session.tick) ? "Moving" : "Waiting";
}

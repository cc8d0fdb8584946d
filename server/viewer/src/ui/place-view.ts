/** The panel of a place: state and since when, shares, numbers, orders, parameters, robots. */
import type { Place } from "../live/pack";
import type { PlaceAction } from "../live/session";
import { drawState, glyphElement, hasState, stateLook } from "../states";
import { clockText, h, humanName, setText, spanText } from "./dom";
import type { PanelContext, PanelView } from "./panel";
import { parameterList } from "./parameters";
import { StateShares } from "./shares";

const ORDERS: [PlaceAction, string, string][] = [
  ["stop", "Stop", "Stop this place after what it is doing"],
  ["start", "Start", "Let it work again"],
  ["fail", "Inject failure", "Make it fail now"],
];

export function placeView(row: number, context: PanelContext): PanelView {
  const { session } = context;
  const place = session.pack!.places[row];
  const glyph = glyphElement();
  const word = h("strong");
  const since = h("span");
  const state = h("div", { className: "state" }, h("span", { className: "chip" }, glyph), word, since);
  const shares = new StateShares();
  const finished = h("dd");
  const level = h("dd");
  const numbers = h(
    "dl", { className: "numbers" },
    h("div", {}, h("dt", {}, "Finished"), finished),
    h("div", {}, h("dt", {}, "In it now"), level),
    place.robots.length > 0 && h("div", {}, h("dt", {}, "Robots"), h("dd", {}, String(place.robots.length))),
  );
  const body = [
    ...(hasState(place.kind) ? [state, shares.element] : []),
    numbers,
    orders(place, context),
    parameterList(place, context),
    ...processTable(place),
    ...robotChips(place, context),
  ];
  const update = () => {
    const now = session.store.places[row];
    drawState(state, glyph, now?.state);
    setText(word, humanName(stateLook(now?.state).name));
    setText(since, now ? `since ${clockText(now.since)}, ${spanText((session.tick - now.since) / 1e6)}` : "");
    const { kpi } = session.store;
    if (!kpi) return true;
    shares.show(kpi.times, row);
    setText(finished, String(kpi.placeFinished[row]));
    setText(level, String(kpi.level[row]));
    return true;
  };
  return { title: humanName(place.name), kind: humanName(place.kind), path: place.path, body, update };
}

function orders(place: Place, { session }: PanelContext): HTMLElement {
  const buttons = ORDERS.map(([action, text, title]) => {
    const button = h("button", { title }, text);
    button.dataset.action = action;
    button.onclick = () => session.act(place.path, action);
    return button;
  });
  return h("div", { className: "orders", role: "group", "aria-label": "Orders" }, ...buttons);
}

/** Process seconds by product, when they differ from one to another. */
function processTable(place: Place): HTMLElement[] {
  const rows = Object.entries(place.process ?? {});
  if (!rows.length) return [];
  const list = rows.map(([product, seconds]) =>
    h("div", {}, h("dt", {}, humanName(product)), h("dd", {}, `${Number(seconds.toFixed(1))} s`)),
  );
  return [h("h3", {}, "Process time by product"), h("dl", { className: "numbers" }, ...list)];
}

function robotChips(place: Place, context: PanelContext): HTMLElement[] {
  if (!place.robots.length) return [];
  const chips = place.robots.map((row) => {
    const { path } = context.session.pack!.robots[row];
    const onclick = () => context.select({ kind: "robot", row });
    return h("button", { title: path, onclick }, humanName(lastName(path)));
  });
  return [h("h3", {}, "Robots"), h("div", { className: "chips" }, ...chips)];
}

export const lastName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

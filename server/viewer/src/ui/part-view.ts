/** The panel of a part: what it is, where it is, and a way to go along with it. */
import type { PartThing } from "../selection";
import { h, humanName, setText } from "./dom";
import type { PanelContext, PanelView } from "./panel";

export function partView(thing: PartThing, context: PanelContext): PanelView {
  const { session } = context;
  const product = h("dd");
  const form = h("dd");
  const where = h("dd");
  const follow = h("button", { onclick: () => context.follow() }, "Follow it");
  const body = [
    h(
      "dl", { className: "numbers" },
      h("div", {}, h("dt", {}, "Product"), product),
      h("div", {}, h("dt", {}, "Form"), form),
      h("div", {}, h("dt", {}, "At"), where),
    ),
    h("div", { className: "orders" }, follow),
  ];
  const update = () => {
    const segment = session.poser!.part(thing.slot, session.tick);
    if (segment?.part !== thing.part) return false;
    const look = session.pack!.looks[segment.look];
    setText(product, look ? humanName(look.product) : "–");
    setText(form, look ? humanName(look.form) : "–");
    const m = session.poser!.poseOf(session.poser!.robotCount + thing.slot, session.tick)!;
    setText(where, `${m[3].toFixed(1)}, ${m[7].toFixed(1)} m`);
    return true;
  };
  return { title: `Body ${thing.part}`, kind: "Part", path: null, body, update };
}

/** The parameters of a place with units and documentation; numbers can be set. */
import type { Param, Place } from "../live/pack";
import { h, humanName } from "./dom";
import type { PanelContext } from "./panel";

export function parameterList(place: Place, context: PanelContext): HTMLElement {
  const rows = Object.entries(place.params).map(([name, param]) => parameterRow(place, name, param, context));
  return h("section", { className: "params", "aria-label": "Parameters" }, h("h3", {}, "Parameters"), ...rows);
}

function parameterRow(place: Place, name: string, param: Param, context: PanelContext): HTMLElement {
  const isNumber = typeof param.value === "number";
  const value = isNumber ? numberField(place, name, param, context) : h("b", {}, valueText(param));
  const source = [param.source, param.confidence].filter(Boolean).join(", ");
  return h(
    "div", { className: "param", title: source && `Source: ${source}` },
    h("label", {}, humanName(name), h("span", { className: "value" }, value, param.unit ? h("i", {}, param.unit) : "")),
    param.doc ? h("p", {}, param.doc) : "",
  );
}

function numberField(place: Place, name: string, param: Param, { session }: PanelContext): HTMLInputElement {
  const field = h("input", { type: "text", inputMode: "decimal", value: numberText(param.value as number) });
  field.size = Math.max(3, field.value.length);
  const back = () => (field.value = numberText(param.value as number));
  field.onkeydown = (event) => {
    if (event.key === "Escape") back();
    if (event.key === "Enter" || event.key === "Escape") field.blur();
  };
  field.onchange = async () => {
    const wanted = Number(field.value);
    const accepted =
      Number.isFinite(wanted) && (await session.setParameter(place.path, param.attribute ?? `twin:${name}`, wanted));
    if (accepted) param.value = wanted;
    back();
  };
  return field;
}

const numberText = (value: number): string => String(Number(value.toPrecision(6)));

function valueText(param: Param): string {
  if (Array.isArray(param.value)) return param.value.join(", ");
  return param.value === null ? "–" : String(param.value);
}

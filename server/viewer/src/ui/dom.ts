/** Building DOM in one expression, and words for times, numbers and names. */

type Child = Node | string | null | false | undefined;
type Props<E> = { [K in keyof E]?: unknown } & { [name: string]: unknown };

/** New element; properties that the element has are set, others become attributes. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props<HTMLElementTagNameMap[K]> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name in element) (element as unknown as Record<string, unknown>)[name] = value;
    else element.setAttribute(name, String(value));
  }
  element.append(...children.filter((c): c is Node | string => c !== null && c !== false && c !== undefined));
  return element;
}

export const byId = (id: string): HTMLElement => document.getElementById(id)!;

/** Change text only if it differs: the display is asked ten times a second. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

const ICONS: Record<string, string> = {
  play: "M8 5.2v13.6L19 12z",
  pause: "M7 5h3.6v14H7zM13.4 5H17v14h-3.6z",
  reset: "M12 5a7 7 0 1 1-6.7 5l1.9.6A5 5 0 1 0 12 7v3.2L7 6.1 12 2z",
  iso: "M12 3 20 7.5v9L12 21l-8-4.5v-9zm0 2.3L6.9 8.2 12 11l5.1-2.8zM6 9.9v5.5l5 2.8v-5.5zm7 8.3 5-2.8V9.9l-5 2.8z",
  top: "M4 6h16v12H4zm2 2v8h12V8zm2 2h8v4H8z",
  side: "M3 16h18v2H3zM5 13.4 6.8 9.6a2 2 0 0 1 1.8-1.1h6.2l4.4 3.2V15H5z",
  follow: "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16zm0 2a6 6 0 1 0 0 12 6 6 0 0 0 0-12zm0 3.6a2.4 2.4 0 1 1 0 4.8 2.4 2.4 0 0 1 0-4.8z",
  labels: "M4 6h10l6 6-6 6H4zm2 2v8h7.2l4-4-4-4z",
  sun: "M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM11 2h2v3.4h-2zM11 18.6h2V22h-2zM2 11h3.4v2H2zM18.6 11H22v2h-3.4zM4.2 5.6l1.4-1.4L8 6.6 6.6 8zM16 17.4l1.4-1.4 2.4 2.4-1.4 1.4zM4.2 18.4 6.6 16 8 17.4l-2.4 2.4zM16 6.6l2.4-2.4 1.4 1.4L17.4 8z",
  help: "M11 16.4h2v2.2h-2zM12 4.6c2.6 0 4.4 1.6 4.4 3.9 0 1.7-.9 2.7-2 3.6-1 .8-1.4 1.2-1.4 2.5h-2c0-2.3.9-3.1 2.1-4.1.9-.7 1.3-1.2 1.3-2 0-1.1-.9-1.9-2.4-1.9s-2.4.9-2.5 2.3h-2c.1-2.6 1.9-4.3 4.5-4.3z",
  pulse: "M3 11h4.2l2.3-6 4.6 13 2.5-7H21v2h-3l-4 10.4L9.4 10.2 8.6 13H3z",
  close: "m6.4 5 5.6 5.6L17.6 5 19 6.4 13.4 12l5.6 5.6-1.4 1.4-5.6-5.6L6.4 19 5 17.6l5.6-5.6L5 6.4z",
  more: "m7 9.2 5 5 5-5 1.4 1.4L12 17l-6.4-6.4z",
  stop: "M6 6h12v12H6z",
  bin: "M9 4h6l1 2h4v2H4V6h4zM6 9.5h12L17 20H7zm2.2 2 .6 6.5h6.4l.6-6.5z",
  plus: "M11 5h2v6h6v2h-6v6h-2v-6H5v-2h6z",
  fork: "M7 3a2.6 2.6 0 0 1 1 5v3.2c1-.7 2.3-1 4-1.2 2.6-.3 3.4-.8 3.6-2A2.6 2.6 0 1 1 17.7 8c-.3 2.7-2.3 3.7-5.4 4-3 .3-4.1.9-4.3 2.8V16a2.6 2.6 0 1 1-2 0V8a2.6 2.6 0 0 1 1-5z",
  wheel: "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zm0 2a7 7 0 0 0-6.7 5h13.4A7 7 0 0 0 12 5zm-7 7.3a7 7 0 0 0 5.6 6.5c0-3.6-2-6-5.6-6.5zm14 0c-3.6.5-5.6 2.9-5.6 6.5a7 7 0 0 0 5.6-6.5z",
  copy: "M8 4h11v12h-2V6H8zM5 8h10v12H5zm2 2v8h6v-8z",
};

export function icon(name: keyof typeof ICONS): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name]);
  path.setAttribute("fill-rule", "evenodd");
  svg.append(path);
  return svg;
}

/** hh:mm:ss of ticks, with days in front when there are any. */
export function clockText(ticks: number): string {
  const s = Math.floor(ticks / 1e6);
  const two = (n: number) => String(n).padStart(2, "0");
  const text = `${two(Math.floor(s / 3600) % 24)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
  return s >= 86400 ? `${Math.floor(s / 86400)}d ${text}` : text;
}

/** A duration [s] in its two largest units. */
export function spanText(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return "–";
  if (seconds < 60) return `${seconds.toFixed(0)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${String(Math.floor(seconds % 60)).padStart(2, "0")} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes.toFixed(0)} B`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** "processTime" -> "Process time", "Respot_3" -> "Respot 3". */
export function humanName(name: string): string {
  const spaced = (_: string, a: string, b: string) => `${a} ${b.toLowerCase()}`;
  const words = name.replaceAll("_", " ").replace(/([a-z])([A-Z])/g, spaced);
  const sentence = words.charAt(0).toUpperCase() + words.slice(1);
  return sentence.replace(/\b(mtbf|mttr|mttf|jph|oee|wip)\b/gi, (short) => short.toUpperCase());
}

"use strict";
const TITLES = {
  hours: "Output by hour", lead: "Lead times", wip: "Work in process",
  levels: "Parts in buffers and on conveyors",
  plan: "Where it was closest, from above",
};
const figures = new Map(
  JSON.parse(document.getElementById("figures").textContent).map((each) => [each.name, each]),
);
const root = document.documentElement;
const ink = (name) => getComputedStyle(root).getPropertyValue(name).trim();

/** A layout in the page's type and the theme's colours; axes are merged one level deep. */
function layoutOf(figure) {
  const axis = {
    gridcolor: ink("--grid"), linecolor: ink("--grid"), tickcolor: ink("--grid"), zeroline: false,
    automargin: true, tickfont: { size: 12, color: ink("--soft") },
    title: { font: { size: 12, color: ink("--faint") }, standoff: 8 }, fixedrange: false,
  };
  const merged = (own = {}) => {
    const title = own.title ? { ...axis.title, text: own.title } : undefined;
    return { ...axis, ...own, title };
  };
  const { xaxis, yaxis, annotations = [], ...own } = figure.layout;
  return {
    font: { family: ink("--font"), size: 12.5, color: ink("--ink") },
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
    margin: { l: 8, r: 26, t: figure.data.length > 1 ? 34 : 12, b: 8 }, hovermode: "closest", bargap: 0.3, dragmode: "zoom",
    legend: {
      orientation: "h", x: 0, xanchor: "left", y: 1, yanchor: "bottom", traceorder: "normal",
      font: { size: 12, color: ink("--soft") }, itemsizing: "constant",
    },
    hoverlabel: {
      bgcolor: ink("--card"), bordercolor: ink("--others"), align: "left",
      font: { family: ink("--font"), size: 12.5, color: ink("--ink") },
    },
    annotations: annotations.map((each) => ({ ...each, font: { size: 11.5, color: ink("--soft") } })),
    ...own, xaxis: merged(xaxis), yaxis: merged(yaxis),
  };
}

/** Traces in the theme's colours. */
function dataOf(figure) {
  return figure.data.map((trace) => {
    if (trace.type !== "sankey") return trace;
    const link = { ...trace.link, color: ink("--link") };
    return { ...trace, link, textfont: { size: 12, color: ink("--ink") } };
  });
}

function draw(place) {
  const figure = figures.get(place.dataset.figure);
  if (!figure) return place.remove();
  const canvas = place.lastElementChild;
  const config = {
    responsive: true, displaylogo: false, displayModeBar: false, doubleClick: "reset",
  };
  Plotly.react(canvas, dataOf(figure), layoutOf(figure), config);
}

const places = [...document.querySelectorAll(".plot")];
for (const place of places) {
  const title = TITLES[place.dataset.figure];
  if (title) place.append(Object.assign(document.createElement("h4"), { textContent: title }));
  place.append(document.createElement("div"));
}
function paint(theme) {
  root.dataset.theme = theme;
  places.forEach(draw);
}
const dark = matchMedia("(prefers-color-scheme: dark)");
paint(dark.matches ? "dark" : "light");
dark.addEventListener("change", (event) => paint(event.matches ? "dark" : "light"));
document.getElementById("theme").addEventListener("click", () => {
  paint(root.dataset.theme === "dark" ? "light" : "dark");
});

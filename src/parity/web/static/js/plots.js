// Draw the figures: their colours and fonts come from the style sheet, so that they follow the theme.
let loading = null;

function library() {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = "/static/plotly.min.js";
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => reject(new Error("the drawing library did not load"));
    document.head.append(script);
  });
  return loading;
}

// "var(--name)" anywhere in a figure becomes the style sheet's value of it; two hex digits after it make it sheer.
const VARIABLE = /^var\((--[\w-]+)\)([0-9a-f]{2})?$/;

function coloured(value, style) {
  const [, name, sheer = ""] = (typeof value === "string" && VARIABLE.exec(value)) || [];
  if (name) return style.getPropertyValue(name).trim() + sheer;
  if (Array.isArray(value)) return value.map((one) => coloured(one, style));
  if (value && typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, coloured(one, style)]));
  return value;
}

function themed(layout, style) {
  const [ink, soft, line, ground] = ["--ink", "--soft", "--line", "--card"].map((name) => style.getPropertyValue(name).trim());
  const axis = { gridcolor: line, linecolor: line, zerolinecolor: line, tickcolor: line, automargin: true, tickfont: { color: soft }, title: { font: { color: soft } } };
  const made = {
    font: { family: style.getPropertyValue("--sans").trim(), size: 12, color: ink },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    hoverlabel: { bgcolor: ground, bordercolor: line, font: { color: ink }, align: "left" },
    margin: { l: 8, r: 12, t: 24, b: 40 },
    legend: { orientation: "h", y: 1.02, yanchor: "bottom", x: 0, font: { color: ink } },
    colorway: [1, 2, 3, 4, 5, 6, 7].map((n) => style.getPropertyValue(`--c${n}`).trim()),
    dragmode: false,
    ...layout,
  };
  for (const name of Object.keys(layout).concat("xaxis", "yaxis"))
    if (/^[xy]axis\d*$/.test(name)) made[name] = { ...axis, ...made[name], title: { ...axis.title, ...(made[name]?.title ?? {}) } };
  return made;
}

// No topology is fetched from anywhere: maps bring their own shapes.
const config = { displayModeBar: false, responsive: true, topojsonURL: "/static/" };

async function draw(card) {
  const plot = card.querySelector("div.plot");
  const source = card.querySelector('script[type="application/json"]');
  if (!plot || !source) return;
  const Plotly = await library();
  if (!plot.isConnected) return;
  const style = getComputedStyle(document.documentElement);
  const body = coloured(JSON.parse(source.textContent), style);
  await Plotly.react(plot, body.data, themed(body.layout, style), config);
  plot.dataset.drawn = "1";
}

const seen = new IntersectionObserver((entries) => {
  for (const entry of entries)
    if (entry.isIntersecting) {
      seen.unobserve(entry.target);
      draw(entry.target).catch((problem) => console.warn(problem.message));
    }
}, { rootMargin: "300px" });

// Figures are drawn when they come near the screen.
export function figures(root = document) {
  for (const plot of root.querySelectorAll("div.plot")) {
    plot.style.minHeight = `${plot.dataset.height}px`;
    seen.observe(plot.closest(".card"));
  }
}

export function redraw() {
  for (const plot of document.querySelectorAll("div.plot[data-drawn]")) draw(plot.closest(".card"));
}

// A figure that is there already goes on in its new card: no flash, no second set-up.
export function adopt(before, after) {
  for (const plot of after.querySelectorAll("div.plot")) {
    const card = plot.closest(".card");
    const old = before.id === card.id ? before.querySelector("div.plot[data-drawn]") : before.querySelector(`#${card.id} div.plot[data-drawn]`);
    if (old) plot.replaceWith(old);
  }
}

export { draw, library };

// Draws every <figure data-spec> near the screen. Where this script is blocked, the table below it stands open.
// `themes` comes before these lines: the settings of Vega-Lite, light and dark. Nothing is evaluated as code:
// Vega's interpreter reads expressions, so that a strict content policy holds.
const views = new WeakMap();
const shapes = new Map();
const system = matchMedia("(prefers-color-scheme: dark)");
const NARROW = 480;

const dark = () => (document.documentElement.dataset.theme || (system.matches ? "dark" : "light")) === "dark";

// A box of words at the pointer.
function pointer(handler, event, item, value) {
  let box = document.getElementById("pointed");
  if (!value) return box?.remove();
  if (!box) {
    box = document.createElement("dl");
    box.id = "pointed";
    box.className = "pointed";
    box.setAttribute("aria-hidden", "true");
    document.body.append(box);
  }
  box.replaceChildren(...Object.entries(value).flatMap(([head, text]) => {
    const [term, words] = [document.createElement("dt"), document.createElement("dd")];
    term.textContent = head;
    words.textContent = text;
    return text === "" ? [] : [term, words];
  }));
  const room = document.documentElement.clientWidth - box.offsetWidth - 8;
  box.style.left = `${Math.max(8, Math.min(event.clientX + 14, room))}px`;
  box.style.top = `${event.clientY + 14 + box.offsetHeight > innerHeight ? event.clientY - box.offsetHeight - 10 : event.clientY + 14}px`;
}

function fetched(address) {
  if (!shapes.has(address)) shapes.set(address, fetch(address).then((answer) => answer.json()));
  return shapes.get(address);
}

async function specOf(figure) {
  const spec = JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
  if (spec.layer.some((layer) => layer.data?.name === "world"))
    spec.datasets.world = (await fetched(figure.dataset.shapes)).features.filter((shape) => shape.id !== "ATA");
  return spec;
}

function settings(width) {
  const config = structuredClone(themes[dark() ? "dark" : "light"]);
  if (width < NARROW) {
    Object.assign(config.axis, { labelFontSize: 11, titleLimit: 0.9 * width });
    config.axisBand.labelLimit = 0.42 * width;
    Object.assign(config.legend, { columns: 2, labelLimit: 0.4 * width });
  }
  return config;
}

// The width of a figure: that of its place, or what the page could give it while it is folded away.
const widthOf = (place) => place.clientWidth || Math.min(640, (document.querySelector("main")?.clientWidth ?? 640) - 32);

async function draw(figure) {
  const place = figure.querySelector(".drawing");
  const spec = await specOf(figure);
  const width = widthOf(place);
  if (!place.isConnected || printing) return;
  if (spec.usermeta?.aspect) {
    spec.height = Math.round(spec.usermeta.aspect * width);
    place.style.minHeight = `${spec.height}px`;
  }
  const sized = { ...spec, description: place.dataset.alt ??= place.getAttribute("aria-label"), width, autosize: { type: "fit-x", contains: "padding" } };
  views.get(figure)?.finalize();
  const made = await vegaEmbed(place, sized, { ast: true, actions: false, renderer: "svg", defaultStyle: false, config: settings(width), tooltip: pointer });
  made.view.addEventListener("click", (_, item) => lead(figure, item?.datum));
  views.set(figure, made);
  // The figure has its words: what Vega names no further is no picture of its own.
  for (const one of place.querySelectorAll("[role=graphics-symbol]:not([aria-label])")) one.removeAttribute("role");
  const numbers = figure.querySelector("details.numbers");
  if (numbers && !("drawn" in figure.dataset)) numbers.open = false;
  Object.assign(figure.dataset, { drawn: String(width), palette: dark() ? "dark" : "light" });
}

// A mark leads to what it is about, as its name in the table does.
function lead(figure, datum) {
  const links = new Map([...figure.querySelectorAll("tbody a")].map((one) => [one.textContent, one.href]));
  const name = Object.values(datum ?? {}).find((value) => links.has(value));
  if (name) window.open(links.get(name), document.querySelector("base")?.target ?? "_self");
}

const near = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) if (isIntersecting) { near.unobserve(target); draw(target).catch((problem) => console.warn(problem.message)); }
}, { rootMargin: "300px" });

// Those further off are drawn when there is nothing else to do: a page may be printed at any time.
const pause = () => new Promise((done) => (window.requestIdleCallback ?? setTimeout)(done));
let going = false;
async function rest() {
  if (going) return;
  going = true;
  for (let figure; (figure = document.querySelector("figure[data-seen]:not([data-drawn]):not([data-failed])"));) {
    await pause();
    if ("drawn" in figure.dataset) continue;
    near.unobserve(figure);
    await draw(figure).catch((problem) => console.warn(problem.message));
    if (!("drawn" in figure.dataset)) figure.dataset.failed = "";
  }
  going = false;
}

// On paper every figure is as wide as the page; what is folded away is open; what is not drawn shows its numbers.
const PAPER = 680;
let printing = false;
let opened = [];
function before() {
  printing = true;
  opened = [...document.querySelectorAll("details.group:not([open]), details[data-fold]:not([open]), figure[data-spec]:not([data-drawn]) details.numbers:not([open])")];
  for (const one of opened) one.open = true;
  for (const figure of document.querySelectorAll("figure[data-drawn]")) {
    const made = views.get(figure);
    if (made) sizedTo(made, Math.min(PAPER, figure.closest(".columns") ? PAPER / 2 : PAPER));
  }
}
function sizedTo({ view, spec }, width) {
  view.width(width);
  if (spec.usermeta?.aspect) view.height(Math.round(spec.usermeta.aspect * width));
  view.run();
}
function after() {
  printing = false;
  for (const one of opened) one.open = false;
  for (const figure of document.querySelectorAll("figure[data-drawn]")) if (views.has(figure)) sizedTo(views.get(figure), Number(figure.dataset.drawn));
}
addEventListener("beforeprint", before);
addEventListener("afterprint", after);

const resized = new ResizeObserver((entries) => {
  for (const { target, contentRect } of entries) {
    const figure = target.closest("figure");
    const width = Math.round(contentRect.width);
    if (!printing && width && figure?.dataset.drawn && figure.dataset.drawn !== String(width)) draw(figure);
  }
});

function figures(root = document) {
  for (const figure of root.querySelectorAll("figure[data-spec]:not([data-seen])")) {
    const place = figure.querySelector(".drawing");
    figure.dataset.seen = "";
    place.style.minHeight = `${place.dataset.height}px`;
    near.observe(figure);
    resized.observe(place);
  }
  rest();
}

function redraw() {
  for (const figure of document.querySelectorAll("figure[data-drawn]")) draw(figure);
}

system.addEventListener("change", redraw);
new MutationObserver(redraw).observe(document.documentElement, { attributeFilter: ["data-theme"] });
window.parityFigures = { figures, redraw, draw };
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => figures());
else figures();

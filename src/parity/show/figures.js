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

async function draw(figure) {
  const place = figure.querySelector(".drawing");
  const spec = await specOf(figure);
  const width = place.clientWidth;
  if (!place.isConnected || !width) return;
  if (spec.usermeta?.aspect) {
    spec.height = Math.round(spec.usermeta.aspect * width);
    place.style.minHeight = `${spec.height}px`;
  }
  const sized = { ...spec, description: place.dataset.alt ??= place.getAttribute("aria-label"), width, autosize: { type: "fit-x", contains: "padding" } };
  views.get(figure)?.finalize();
  const made = await vegaEmbed(place, sized, { ast: true, actions: false, renderer: "svg", defaultStyle: false, config: settings(width), tooltip: pointer });
  views.set(figure, made);
  const numbers = figure.querySelector("details");
  if (numbers && !("drawn" in figure.dataset)) numbers.open = false;
  figure.dataset.drawn = String(width);
}

const near = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) if (isIntersecting) { near.unobserve(target); draw(target).catch((problem) => console.warn(problem.message)); }
}, { rootMargin: "300px" });

const resized = new ResizeObserver((entries) => {
  for (const { target, contentRect } of entries) {
    const figure = target.closest("figure");
    if (figure?.dataset.drawn && figure.dataset.drawn !== String(Math.round(contentRect.width))) draw(figure);
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
}

function redraw() {
  for (const figure of document.querySelectorAll("figure[data-drawn]")) draw(figure);
}

// A figure as a file: as it is on the screen, with its title and its citation.
async function image(figure, format) {
  await draw(figure);
  const { spec, embedOptions } = views.get(figure);
  const width = figure.querySelector(".drawing").clientWidth;
  const lines = [""];
  for (const word of figure.dataset.citation.split(" ")) {
    if (lines.at(-1).length + word.length > width / 5.4) lines.push("");
    lines[lines.length - 1] += `${word} `;
  }
  const { datasets, autosize, ...drawn } = spec;
  const foot = { text: lines, anchor: "start", orient: "bottom", fontSize: 10, fontWeight: "normal", offset: 14 };
  const whole = { title: { text: figure.querySelector("h3").textContent, anchor: "start" }, datasets, vconcat: [{ ...drawn, width: width - 130, title: foot }] };
  const ground = getComputedStyle(figure).backgroundColor;
  const made = await vegaEmbed(document.createElement("div"), whole, { ...embedOptions, config: { ...settings(width), background: ground } });
  const address = await made.view.toImageURL(format, format === "png" ? 2 : 1);
  made.finalize();
  return address;
}

// The numbers of a table: an interval is three columns, as in the files that the command line writes.
function csv(table, citation) {
  const cell = (text) => {
    const safe = /^[=+\-@\t\r]/.test(text) && !/^[+-]?[\d.,]+(e[+-]?\d+)?$/i.test(text) ? `'${text}` : text;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const rows = [...table.rows].map((row) => [...row.cells].flatMap((each) => JSON.parse(each.dataset.values ?? "[]")).map(cell).join(","));
  return `${[cell(`# ${citation}`), ...rows].join("\r\n")}\r\n`;
}

async function save(figure, format) {
  const link = document.createElement("a");
  link.download = `parity-${figure.dataset.name}.${format}`;
  link.href = format === "csv"
    ? URL.createObjectURL(new Blob([csv(figure.querySelector("table"), figure.dataset.citation)], { type: "text/csv;charset=utf-8" }))
    : await image(figure, format);
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-save]");
  if (button) save(button.closest("[data-name]"), button.dataset.save).catch((problem) => console.warn(problem.message));
});
system.addEventListener("change", redraw);
new MutationObserver(redraw).observe(document.documentElement, { attributeFilter: ["data-theme"] });
window.parityFigures = { figures, redraw, draw, image, csv };
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => figures());
else figures();

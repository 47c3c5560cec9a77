// PNG and SVG of a figure, CSV of a table, each with its citation.
import { draw, library } from "./plots.js";

const SCALE = 2;

function save(name, text, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

// Text that a spreadsheet would run as a formula starts with an apostrophe; numbers are left alone.
function cell(text) {
  const safe = /^[=+\-@\t\r]/.test(text) && !/^[+-]?[\d.,]+(e[+-]?\d+)?$/i.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function csv(table, citation) {
  const lines = [...table.querySelectorAll("tr")].map((row) =>
    [...row.cells].filter((one) => one.getAttribute("aria-hidden") !== "true" && !one.classList.contains("bars"))
      .map((one) => cell((one.dataset.value ?? one.textContent).replace(/\s+/g, " ").trim())).join(","));
  return `${[`"# ${citation.replaceAll('"', '""')}"`, ...lines].join("\r\n")}\r\n`;
}

async function image(card, format) {
  const plot = card.querySelector("div.plot");
  await draw(card);
  const Plotly = await library();
  const style = getComputedStyle(document.documentElement);
  const { width, height } = plot.getBoundingClientRect();
  const words = wrapped(card.dataset.citation, Math.max(40, Math.floor(width / 6)));
  const foot = 16 + 14 * words.length;
  const title = card.querySelector("h3").textContent;
  const margin = plot.layout.margin ?? {};
  const note = { xref: "paper", yref: "paper", x: 0, y: 0, yshift: -((margin.b ?? 40) + foot) + 8, xanchor: "left", yanchor: "bottom", align: "left", showarrow: false, text: words.join("<br>"), font: { size: 10, color: style.getPropertyValue("--soft").trim() } };
  const layout = { ...plot.layout, title: { text: title, x: 0.01, xanchor: "left", font: { size: 16 } }, height: height + foot + 40, width, autosize: false,
    margin: { ...margin, t: (margin.t ?? 24) + 40, b: (margin.b ?? 40) + foot }, paper_bgcolor: style.getPropertyValue("--card").trim(), annotations: [...(plot.layout.annotations ?? []), note] };
  await Plotly.downloadImage({ data: plot.data, layout, config: { topojsonURL: "/static/" } }, { format, width, height: layout.height, scale: format === "png" ? SCALE : 1, filename: `parity-${card.dataset.name}` });
}

function wrapped(text, most) {
  const lines = [""];
  for (const word of text.replaceAll("<", "").split(" ")) {
    if (lines.at(-1).length + word.length > most) lines.push("");
    lines[lines.length - 1] += `${word} `;
  }
  return lines;
}

export function downloads() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-download]");
    if (!button) return;
    const card = button.closest(".card");
    if (button.dataset.download === "csv") save(`parity-${card.dataset.name}.csv`, csv(card.querySelector("[data-table]"), card.dataset.citation), "text/csv;charset=utf-8");
    else await image(card, button.dataset.download);
  });
}

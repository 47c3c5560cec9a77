// CSV of a table, with its citation.
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

export function downloads() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-download]");
    if (!button) return;
    const card = button.closest(".card");
    save(`parity-${card.dataset.name}.csv`, csv(card.querySelector("[data-table]"), card.dataset.citation), "text/csv;charset=utf-8");
  });
}

// Sliders over days: a range input counts days since 1970-01-01, an address holds 2024-06-01.
const DAY_MS = 86_400_000;

const iso = (number) => new Date(number * DAY_MS).toISOString().slice(0, 10);

// What an address holds of a control.
export const written = (input, value) => ("days" in input.dataset ? iso(Number(value)) : value);

// What a control shows of an address.
export function shownAs(input, text) {
  if (text === null) return input.dataset.default ?? "";
  return "days" in input.dataset ? String(Math.round(Date.parse(text) / DAY_MS)) : text;
}

// A screen reader hears the day, not its number.
export function dayNames() {
  document.addEventListener("input", ({ target }) => {
    if (target.dataset && "days" in target.dataset) target.setAttribute("aria-valuetext", iso(Number(target.value)));
  });
}

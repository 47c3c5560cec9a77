// A change of a control fetches the page of the new address and swaps what differs; nothing is computed here.
import { shownAs, written } from "./days.js";
import { charts } from "./charts.js";

const SETTLE_MS = 250;
const RETRIES = 2;

let running = false;
let wanted = null;
let settle = 0;

// The address that the controls stand for.
export function addressOf(form) {
  const query = new URLSearchParams();
  for (const one of form.elements) {
    if (!one.name || one.disabled || ((one.type === "checkbox" || one.type === "radio") && !one.checked)) continue;
    const values = one.multiple && one.options ? [...one.selectedOptions].map((option) => option.value) : [one.value];
    for (const value of values) if (value !== "" && value !== one.dataset.default) query.append(one.name, written(one, value));
  }
  return `${form.getAttribute("action")}?${query}`;
}

// A worker may go away in the middle of an answer; another takes over.
async function fetched(url, options) {
  for (let turn = 0; ; turn += 1) {
    try {
      const answer = await fetch(url, options);
      if (answer.status < 502 || turn >= RETRIES) return answer;
    } catch (problem) {
      if (turn >= RETRIES) throw problem;
    }
    await new Promise((done) => setTimeout(done, 200 * (turn + 1)));
  }
}

function complain(text) {
  const place = document.getElementById("oops");
  place.textContent = text;
  place.hidden = !text;
}

// Put the elements of an answer in the place of those with the same id.
export function apply(html) {
  const answer = new DOMParser().parseFromString(html, "text/html");
  const focus = document.activeElement?.id;
  for (const after of answer.querySelectorAll("[data-live][id]")) {
    // What stands inside another such element comes with it.
    if (document.getElementById(after.parentElement.closest("[data-live][id]")?.id)) continue;
    const before = document.getElementById(after.id);
    if (!before) continue;
    keepOpen(before, after);
    if (after.dataset.part && before.childElementCount && !before.dataset.part) { waitIn(before, after); continue; }
    const scrolls = [...before.querySelectorAll(".scroll[id]")].map((one) => [one.id, one.scrollTop, one.scrollLeft]);
    before.replaceWith(after);
    for (const [id, top, left] of scrolls) document.getElementById(id)?.scrollTo(left, top);
  }
  charts();
  if (focus && document.activeElement?.id !== focus) document.getElementById(focus)?.focus({ preventScroll: true });
}

// A part that is on the page stays, dimmed, until its successor has come.
function waitIn(before, after) {
  // What depends on its own address alone is up to date while that stays the same.
  if ("alone" in after.dataset && before.dataset.shown === after.dataset.part) return;
  before.dataset.part = after.dataset.part;
  before.setAttribute("aria-busy", "true");
}

function keepOpen(before, after) {
  const open = [...before.querySelectorAll("details")].map((one) => one.open);
  [...after.querySelectorAll("details")].forEach((one, place) => { if (open[place]) one.open = true; });
}

// Show an address. While one answer is on its way only the latest wish is remembered.
export async function show(url, options = {}) {
  wanted = { url, ...options };
  if (running) return;
  running = true;
  document.documentElement.classList.add("busy");
  while (wanted) {
    const { url: next, push } = wanted;
    wanted = null;
    try {
      const answer = await fetched(next, { headers: { "Parity-Live": "1" } });
      const html = await answer.text();
      if (!answer.ok) { complain(`This did not work (${answer.status}). ${answer.status === 503 ? "The server is busy: try again." : ""}`); continue; }
      if (wanted) continue;
      complain("");
      apply(html);
      const query = answer.headers.get("Parity-Address");
      const address = next.split("?")[0] + (query ? `?${query}` : "");
      history[push ? "pushState" : "replaceState"]({}, "", address);
      document.dispatchEvent(new CustomEvent("parity:shown", { detail: address }));
    } catch {
      complain("The server cannot be reached. Is it still running?");
    }
  }
  running = false;
  document.documentElement.classList.remove("busy");
  clearTimeout(settle);
  settle = setTimeout(parts, SETTLE_MS);
}

// Fetch the slower pieces of what is shown now.
export async function parts() {
  for (const place of document.querySelectorAll("[data-part]")) {
    const url = place.dataset.part;
    try {
      const answer = await fetched(url);
      if (running || document.getElementById(place.id)?.dataset.part !== url) return;
      if (!answer.ok) { complain(`A part of this page did not come (${answer.status}).`); continue; }
      delete place.dataset.part;
      const alone = "alone" in place.dataset;
      apply(await answer.text());
      const now = document.getElementById(place.id);
      if (now && alone) Object.assign(now.dataset, { alone: "", shown: url });
      const count = document.getElementById("count")?.textContent ?? "Up to date";
      document.getElementById("status").textContent = count;
    } catch {
      complain("A part of this page did not come: the server cannot be reached.");
    }
  }
}

function follow(event) {
  const link = event.target.closest("a[data-live-link]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const url = new URL(link.href);
  for (const input of document.querySelectorAll("[data-keep]")) {
    input.value = shownAs(input, url.searchParams.get(input.name));
  }
  show(url.pathname + url.search);
}

// A name that is still being typed is a wish only once it is left, or confirmed with Enter; one from its list is at once.
const unfinished = ({ list, value }) => Boolean(list && value) && ![...list.options].some((option) => option.value === value);

export function live() {
  const form = document.querySelector("[data-live-form]");
  const change = (event) => {
    if (event.target.form === form && event.target.name && !event.target.hasAttribute("data-still") && unfinished(event.target) === (event.type === "change")) show(addressOf(form));
  };
  if (form) {
    form.addEventListener("submit", (event) => { if (form.method === "get") { event.preventDefault(); show(addressOf(form)); } });
    document.addEventListener("input", change);
    document.addEventListener("change", change);
  }
  document.addEventListener("click", follow);
}

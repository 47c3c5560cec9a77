// A change of a control fetches the page of the new address and swaps what differs; nothing is computed here.
import { shownAs, written } from "./days.js";
import { charts } from "./charts.js";
import { folds } from "./folds.js";

const SETTLE_MS = 250;
const RETRIES = 2;

let running = false;
let wanted = null;
let settle = 0;
let waiting = new AbortController();
let changing = null;

const form = () => document.querySelector("[data-live-form]");

// The address that the controls stand for.
export function addressOf(controls) {
  const query = new URLSearchParams();
  for (const one of controls.elements) {
    if (!one.name || one.disabled || ((one.type === "checkbox" || one.type === "radio") && !one.checked)) continue;
    const values = one.multiple && one.options ? [...one.selectedOptions].map((option) => option.value) : [one.value];
    for (const value of values) if (value !== "" && value !== one.dataset.default) query.append(one.name, written(one, value));
  }
  return `${controls.getAttribute("action")}?${query}`;
}

// A worker may go away in the middle of an answer; another takes over.
async function fetched(url, options) {
  for (let turn = 0; ; turn += 1) {
    try {
      const answer = await fetch(url, options);
      if (answer.status < 502 || turn >= RETRIES) return answer;
    } catch (problem) {
      if (turn >= RETRIES || problem.name === "AbortError") throw problem;
    }
    await new Promise((done) => setTimeout(done, 200 * (turn + 1)));
  }
}

function complain(text) {
  const place = document.getElementById("oops");
  place.textContent = text;
  place.hidden = !text;
}

// A name that nobody knows: the page stays as it is, and says what could be meant.
function unknown(html) {
  const told = new DOMParser().parseFromString(html, "text/html").querySelector(".choose .notice");
  if (told) document.getElementById("notes").replaceChildren(told);
  return told;
}

// Put the elements of an answer in the place of those with the same id.
export function apply(html, whole = false) {
  const answer = new DOMParser().parseFromString(html, "text/html");
  const focus = document.activeElement?.id;
  if (whole) {
    document.getElementById("main").replaceWith(answer.getElementById("main"));
    folds();
  }
  else for (const after of answer.querySelectorAll("[data-live][id]")) {
    // What stands inside another such element comes with it.
    if (document.getElementById(after.parentElement.closest("[data-live][id]")?.id)) continue;
    const before = document.getElementById(after.id);
    if (!before) continue;
    keepOpen(before, after);
    if (after.dataset.part && before.childElementCount && !before.dataset.part) { waitIn(before, after); continue; }
    const scrolls = [...before.querySelectorAll(".scroll[id]")].map((one) => [one.id, one.scrollTop, one.scrollLeft]);
    before.replaceWith(after);
    folds(after);
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
  [...after.querySelectorAll("details")].forEach((one, place) => { if (place in open) { one.open = open[place]; one.dataset.folded = ""; } });
}

// Show an address. While one answer is on its way only the latest wish is remembered, and no part is waited for.
// `push`: a step that Back undoes. `whole`: the controls too.
export async function show(url, { push = false, whole = false } = {}) {
  wanted = { url, push: push || Boolean(wanted?.push), whole };
  waiting.abort();
  if (running) return;
  running = true;
  document.documentElement.classList.add("busy");
  while (wanted) {
    const now = wanted;
    wanted = null;
    try {
      const answer = await fetched(now.url, { headers: { "Parity-Live": "1" } });
      const html = await answer.text();
      if (answer.status === 404 && unknown(html)) continue;
      if (!answer.ok && answer.status !== 404) { complain(`This did not work (${answer.status}). ${answer.status === 503 ? "The server is busy: try again." : ""}`); continue; }
      if (wanted) { wanted.push ||= now.push; continue; }
      complain("");
      apply(html, now.whole);
      const query = answer.headers.get("Parity-Address");
      const address = now.url.split("?")[0] + (query ? `?${query}` : "");
      const same = address === location.pathname + location.search;
      history[now.push && !same ? "pushState" : "replaceState"]({}, "", address);
      const title = answer.headers.get("Parity-Title");
      if (title) document.title = decodeURIComponent(title);
    } catch {
      complain("The server cannot be reached. Is it still running?");
    }
  }
  running = false;
  document.documentElement.classList.remove("busy");
  clearTimeout(settle);
  settle = setTimeout(parts, SETTLE_MS);
}

// Fetch the slower pieces of what is shown now; what they are overtaken by ends them, here and on the server.
export async function parts() {
  waiting = new AbortController();
  const { signal } = waiting;
  await Promise.all([...document.querySelectorAll("[data-part]")].map((place) => part(place, signal)));
}

async function part(place, signal) {
  const url = place.dataset.part;
  try {
    const answer = await fetched(url, { signal });
    if (running || document.getElementById(place.id)?.dataset.part !== url) return;
    if (!answer.ok) { complain(`A part of this page did not come (${answer.status}).`); return; }
    const html = await answer.text();
    const here = document.getElementById(place.id);
    delete here.dataset.part;
    apply(html);
    const now = document.getElementById(place.id);
    if (now && "alone" in place.dataset) Object.assign(now.dataset, { alone: "", shown: url });
    document.getElementById("status").textContent = document.getElementById("count")?.textContent ?? "Up to date";
  } catch (problem) {
    if (problem.name !== "AbortError") complain("A part of this page did not come: the server cannot be reached.");
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
  show(url.pathname + url.search, { push: true });
}

// A name that is still being typed is a wish only once it is left, or confirmed with Enter; one from its list is at once.
const unfinished = ({ list, value }) => Boolean(list && value) && ![...list.options].some((option) => option.value === value);

// Of a slider that is dragged or a word that is typed the first change is a step; the others move it on.
function change(event) {
  const { target, type } = event;
  if (!form() || target.form !== form() || !target.name) return;
  const ends = type === "change";
  if (unfinished(target) === ends) {
    show(addressOf(form()), { push: changing !== target });
    changing = target;
  }
  if (ends) changing = null;
}

export function live() {
  document.addEventListener("submit", (event) => {
    if (event.target !== form() || form().method !== "get") return;
    event.preventDefault();
    show(addressOf(form()), { push: true });
  });
  document.addEventListener("input", change);
  document.addEventListener("change", change);
  document.addEventListener("click", follow);
  addEventListener("popstate", () => { if (form()) show(location.pathname + location.search, { whole: true }); });
}

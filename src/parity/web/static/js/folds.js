// On a narrow screen all but the first figure or table is folded away until asked for; on a wide one all stands open.
const narrow = matchMedia("(max-width: 640px)");
const oneColumn = matchMedia("(max-width: 999px)");

export function folds(root = document) {
  for (const one of root.querySelectorAll("details[data-fold]:not([data-folded])")) {
    one.open = !(one.matches(".choices") ? oneColumn : narrow).matches || (one.dataset.fold === "piece" && first(one));
    one.dataset.folded = "";
  }
}

// A part that is still on its way may bring the first one.
function first(one) {
  const all = [...document.querySelectorAll("main [data-fold=piece], main [data-part]")];
  return all.find((other) => other === one || !other.contains(one)) === one;
}

// The tab of this page is in view, also where the tabs are wider than the screen.
export function tab() {
  const now = document.querySelector(".top [aria-current]");
  const strip = now?.closest("nav");
  if (strip) strip.scrollLeft = now.offsetLeft - (strip.clientWidth - now.offsetWidth) / 2;
}

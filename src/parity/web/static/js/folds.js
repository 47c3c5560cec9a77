// On a narrow screen detail is folded away until it is asked for; on a wide one it stands open.
const narrow = matchMedia("(max-width: 640px)");

export function folds(root = document) {
  for (const one of root.querySelectorAll("details[data-fold]:not([data-folded])")) {
    one.dataset.folded = "";
    one.open = !narrow.matches;
  }
}

// The tab of this page is in view, also where the tabs are wider than the screen.
export function tab() {
  const now = document.querySelector(".top [aria-current]");
  const strip = now?.closest("nav");
  if (strip) strip.scrollLeft = now.offsetLeft - (strip.clientWidth - now.offsetWidth) / 2;
}

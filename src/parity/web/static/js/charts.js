// Figures in the grammar of Vega-Lite: the script that draws them comes with the first one.
let loading = null;

export function charts() {
  if (!document.querySelector("figure[data-spec]:not([data-seen])")) return;
  if (window.parityFigures) return window.parityFigures.figures();
  if (loading) return;
  loading = document.createElement("script");
  loading.src = "/static/figures.js";
  loading.onerror = () => { loading = null; console.warn("the drawing library did not load"); };
  document.head.append(loading);
}

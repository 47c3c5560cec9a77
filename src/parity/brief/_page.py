"""Style and template of the HTML page."""

from __future__ import annotations

# Blue on grey, told apart by lightness alone: safe for colour-blind readers and on paper.
STYLE = """
:root { color-scheme: light dark; --ink: #1a1a1a; --soft: #565656; --line: #d5d8dc; --mark: #0b4a8f;
  --range: #8fb4dc; --ground: #eef2f6; --page: #ffffff; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e8e8; --soft: #a9b0b8; --line: #3a4048;
  --mark: #cfe3fa; --range: #4f7cad; --ground: #20262d; --page: #14181c; } }
* { box-sizing: border-box; }
body { font: 15px/1.45 system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
  color: var(--ink); background: var(--page); max-width: 64rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0; }
h2 { font-size: 1.2rem; margin: 2.2rem 0 .5rem; border-bottom: 2px solid var(--mark); padding-bottom: .2rem; }
p { margin: .35rem 0; max-width: 52rem; overflow-wrap: anywhere; }
.subtitle, .command, footer, caption, .key-line { color: var(--soft); }
.headline { font-size: 1.15rem; font-weight: 600; margin: .8rem 0; }
.facts { background: var(--ground); border-left: 4px solid var(--mark); padding: .6rem 1rem; }
.facts dl { display: grid; grid-template-columns: 8.5rem minmax(0, 1fr); gap: .55rem 1rem; margin: 0; }
.facts dt { font-weight: 600; }
.facts dd { margin: 0; overflow-wrap: anywhere; }
code { font: .8rem/1.4 ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", monospace; overflow-wrap: anywhere;
  color: var(--soft); }
.facts code { display: block; }
.command { font-size: .82rem; } .command code { margin-right: 1.2rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; margin: .6rem 0 .9rem; font-size: .88rem; }
.full { width: 100%; }
caption { text-align: left; padding-bottom: .2rem; }
th { text-align: left; color: var(--soft); font-weight: 600; vertical-align: bottom; }
th, td { padding: .24rem .6rem .24rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td { overflow-wrap: break-word; min-width: 3.2rem; max-width: 26rem; }
.n { text-align: right; min-width: 0; font-variant-numeric: tabular-nums; }
td.n { white-space: nowrap; } .full .n { width: 1%; }
th.c { white-space: nowrap; } .n + .n { padding-left: .7rem; } .plotted td { vertical-align: middle; }
td.c { white-space: nowrap; min-width: 0; }
.w { min-width: 12rem; }
.p { width: 34%; min-width: 9rem; padding-left: .6rem; padding-right: .4rem; white-space: nowrap; }
svg.plot { display: block; width: 100%; overflow: visible; }
.axis { stroke: var(--line); stroke-width: 1; } .range { fill: var(--range); }
.mark { fill: var(--mark); stroke: var(--page); stroke-width: 1; }
.s1 { fill: var(--page); stroke: var(--mark); stroke-width: 1.6; }
.s3 { fill: var(--page); stroke: var(--mark); stroke-width: 1.6; }
.key-line { font-size: .85rem; } .key { vertical-align: -.1rem; overflow: visible; margin-right: .25rem; }
.key-line span { margin-right: 1.2rem; white-space: nowrap; }
a { color: inherit; text-decoration-color: var(--soft); text-underline-offset: .15em; }
footer { margin-top: 2.5rem; font-size: .82rem; border-top: 1px solid var(--line); padding-top: .5rem; }
@media (max-width: 600px) {
  body { padding: 1rem; font-size: 16px; }
  .facts dl { display: block; } .facts dt { margin-top: .6rem; }
  .spare { display: none; }
  th.c, td.n { white-space: normal; }
  .plotted, .plotted thead, .plotted tbody { display: block; }
  .plotted tr { display: flex; flex-wrap: wrap; align-items: center; border-bottom: 1px solid var(--line); }
  .plotted th, .plotted td { border: 0; }
  .plotted tr > :first-child { flex: 1 1 5rem; }
  .plotted { font-size: .82rem; } .plotted .n { flex: 0 0 20%; width: auto; padding: .2rem 0 .2rem .3rem; }
  .plotted .p { flex: 1 0 100%; padding: 0 .4rem .35rem; }
}
@media print {
  @page { size: A4; margin: 1.5cm 1.6cm; }
  :root { color-scheme: light; --ink: #000; --soft: #484848; --line: #c4c8cc; --mark: #0b4a8f;
    --range: #8fb4dc; --ground: #f1f4f7; --page: #fff; }
  body { font-size: 9.2pt; line-height: 1.35; max-width: none; padding: 0; }
  h1 { font-size: 17pt; } h2 { font-size: 12pt; margin-top: 1.3rem; }
  h2, caption, thead { break-after: avoid; } tr, .facts dl > * { break-inside: avoid; }
  p { max-width: none; orphans: 3; widows: 3; } code { font-size: 7.5pt; }
  table { font-size: 8.4pt; } .scroll { overflow: visible; }
  .facts dl { grid-template-columns: 2.6cm minmax(0, 1fr); gap: .28rem .6rem; font-size: 8.8pt; }
  .facts code { display: inline; margin-left: .3rem; } a { text-decoration: none; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ document.title }}: AI brief</title>
<style>{{ style|safe }}</style>
</head>
<body>
<header><h1>{{ document.title }}</h1><p class="subtitle">{{ document.subtitle }}</p>
<p class="headline">{{ document.headline }}</p></header>
<section class="facts" aria-label="At a glance"><dl>
{% for fact in document.facts %}
<dt>{{ fact.topic }}</dt><dd>{{ fact.text }} <code>{{ fact.command }}</code></dd>
{% endfor %}
</dl></section>
<main>
{% for part in document.parts %}
<section>
<h2>{{ part.title }}</h2>
{% for note in part.notes %}
<p>{{ note }}</p>
{% endfor %}
{% for grid in part.grids if grid.rows %}
{% if grid.plot and grid.plot.series %}
<p class="key-line">{% for name in grid.plot.series %}\
<span>{{ shape(loop.index0) }}{{ name }}</span>{% endfor %}</p>
{% endif %}
<div class="scroll"><table{% if grid.plot %} class="full plotted"\
{% elif grid.columns|length - grid.numbers|length > 2 %} class="full"{% endif %}>
{% if grid.caption %}<caption>{{ grid.caption }}</caption>{% endif %}
<thead><tr>
{% for column in grid.columns %}
<th scope="col" class="{{ 'n' if loop.index0 in grid.numbers }}{{ ' c' if column|length < 15 }}\
{{ ' spare' if loop.index0 in grid.spare }}">\
{{ column }}</th>
{% endfor %}
{% if grid.plot %}<th scope="col" class="p">{{ grid.plot.title }}</th>{% endif %}
</tr></thead><tbody>
{% for row in grid.rows %}
{% set number = loop.index0 %}
<tr>
{% for cell in row %}
{% set host = link(cell) %}
<td class="{{ 'n' if loop.index0 in grid.numbers else 'c' if (host or cell)|length < 12 \
else 'w' if (host or cell)|length > 40 }}\
{{ ' spare' if loop.index0 in grid.spare }}">\
{% if host %}<a href="{{ cell }}" rel="noreferrer">{{ host }}</a>{% else %}{{ cell }}{% endif %}</td>
{% endfor %}
{% if grid.plot %}<td class="p">{{ marks(grid.plot, number) }}</td>{% endif %}
</tr>
{% endfor %}
</tbody></table></div>
{% endfor %}
<p class="command">Reproduce: {% for command in part.commands %}<code>{{ command }}</code>{% endfor %}</p>
</section>
{% endfor %}
</main>
<footer>Data: {{ document.data }}. Each number comes with its interval where one is known, and with the \
command that reproduces it. Made with Parity.</footer>
</body>
</html>
"""

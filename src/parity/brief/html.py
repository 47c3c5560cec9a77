"""A brief as one HTML file: no network, no scripts, prints well."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from parity.brief.document import Document

if TYPE_CHECKING:
    from jinja2 import Template

# Blue on grey, told apart by lightness alone: safe for colour-blind readers and on paper.
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ document.title }}: AI brief</title>
<style>
:root { --ink: #1a1a1a; --soft: #595959; --line: #d0d0d0; --bar: #0b5394; --ground: #e8edf2; }
* { box-sizing: border-box; }
body { font: 15px/1.45 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; color: var(--ink);
  max-width: 62rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.8rem; margin: 0; }
h2 { font-size: 1.15rem; margin: 2rem 0 .4rem; border-bottom: 2px solid var(--bar); padding-bottom: .2rem; }
p { margin: .3rem 0; }
.subtitle, .command, footer { color: var(--soft); }
.command { font-size: .82rem; }
.headline { background: var(--ground); padding: .8rem 1rem; margin: 1rem 0;
  border-left: 4px solid var(--bar); }
.headline p:first-child { font-size: 1.1rem; font-weight: 600; }
code { font-family: ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: .6rem 0; font-size: .88rem; }
caption { text-align: left; }
th { text-align: left; color: var(--soft); font-weight: 600; }
th, td { padding: .22rem .5rem; border-bottom: 1px solid var(--line); vertical-align: top;
  overflow-wrap: break-word; }
.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.bars td { border: 0; padding: .12rem .5rem; }
.bars td:first-child { width: 32%; }
.bars .track { width: 34%; min-width: 8rem; }
.track svg { display: block; width: 100%; height: .85rem; }
.d0 { font-weight: 600; } .bars .d1 { padding-left: 1rem; }
.bars .d2 { padding-left: 2.2rem; color: var(--soft); }
footer { margin-top: 2rem; font-size: .82rem; }
@media print {
  @page { margin: 1.5cm; }
  body { font-size: 9.5pt; max-width: none; padding: 0; }
  h2 { break-after: avoid; } tr { break-inside: avoid; } .scroll { overflow: visible; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
</style>
</head>
<body>
<header><h1>{{ document.title }}</h1><p class="subtitle">{{ document.subtitle }}</p></header>
<div class="headline">{% for line in document.headline %}<p>{{ line }}</p>{% endfor %}</div>
<main>
{%- for part in document.parts %}
<section>
<h2>{{ part.title }}</h2>
{%- for note in part.notes %}
<p>{{ note }}</p>
{%- endfor %}
{%- if part.bars %}
<table class="bars"><tbody>
{%- for bar in part.bars %}
<tr><td class="d{{ bar.depth }}">{{ bar.label }}</td>
<td class="track"><svg viewBox="0 0 100 10" preserveAspectRatio="none" role="img" \
aria-label="{{ bar.label }}: {{ '%.1f'|format(bar.score) }} of 100">\
<rect width="100" height="10" fill="#e8edf2"/>\
<rect width="{{ '%.2f'|format(bar.score) }}" height="10" fill="#0b5394"/></svg></td>
<td>{{ bar.note }}</td></tr>
{%- endfor %}
</tbody></table>
{%- endif %}
{%- for grid in part.grids %}
<div class="scroll"><table><thead><tr>
{%- for column in grid.columns %}
<th scope="col"{% if loop.index0 in grid.numbers %} class="n"{% endif %}>{{ column }}</th>
{%- endfor %}</tr></thead><tbody>
{%- for row in grid.rows %}
<tr>
{%- for cell in row %}
<td{% if loop.index0 in grid.numbers %} class="n"{% endif %}>{{ cell }}</td>
{%- endfor %}
</tr>
{%- endfor %}
</tbody></table></div>
{%- endfor %}
<p class="command">Reproduce: <code>{{ part.command }}</code></p>
</section>
{%- endfor %}
</main>
<footer>Data: {{ document.data }}. Made with Parity.</footer>
</body>
</html>
"""


def html(document: Document) -> str:
    """Return a document as one self-contained HTML page.

    Parameters
    ----------
    document
        What to print.

    Returns
    -------
    str
        The page; everything in it that comes from data is escaped.
    """
    return _template().render(document=document)


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    return Environment(autoescape=True, undefined=StrictUndefined).from_string(_PAGE)

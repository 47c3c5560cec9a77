"""Imports and exports of chips, and roads that goods are said to take past a control."""

from __future__ import annotations

import re
from collections.abc import Iterator

from parity.claims._grammar import matches, rule
from parity.claims.model import TradeClaim
from parity.claims.rules._change import change
from parity.claims.rules._context import Context, widest

_IMPORT = "import*|purchases|buying"
_EXPORT = "export*|shipment*|sales|deliveries|re-exports|shipping|sold|shipped"
_GOODS = ("<DG> {0}", "{0} .. of .. <DG>", "{0} .. <DG>")
_FROM = rule("from [the] <C:partner>")
_TO = rule("to [the] <C:partner>")
# "Chips reach Russia through Kazakhstan", "re-exported to Russia via Armenia".
_THROUGH = (
    "<DG> ... reach*|enter*|flow*|arriv*|get|gets|come|comes|smuggled|rerouted|re-routed|diverted|shipped|"
    "re-exported|reexported|sent|imported [into|in|to] [the] <C:to> ... through|via|by_way_of [the] <C:hub>",
    "<C:to> ... obtain*|get|gets|import*|buy*|receiv*|acquir* ... <DG> ... through|via|by_way_of|from_via "
    "[the] <C:hub>",
)


# "700 servers were shipped from Malaysia to India".
_SHIPPED = (
    "<Q:n> .. <DG> ... shipped|sent|exported|delivered|moved|flown|sold ... from [the] <C:from> ... to "
    "[the] <C:to>",
    "<Q:n> .. <DG> ... went|go|travelled|moved|flowed ... from [the] <C:from> ... to [the] <C:to>",
)


def trade_claims(context: Context) -> Iterator[TradeClaim]:
    """Yield the claims of a sentence on trade in chips."""
    if context.future():
        return
    yield from _through(context)
    for found in matches(context.reading, _SHIPPED):
        sides = context.countries(found.group("from")), context.countries(found.group("to"))
        if len(sides[0]) == len(sides[1]) == 1:
            yield TradeClaim(
                **context.common(found.start(), found.end()), flow="export", reporter=sides[0][0],
                partner=sides[1][0], direction="up", amount=context.quantity(found.group("n")).low,
            )  # fmt: skip
            return
    changed = change(context)
    if changed is None:
        return
    for flow, words in (("import", _IMPORT), ("export", _EXPORT)):
        goods = next((m for text in _GOODS if (m := rule(text.format(words)).search(context.stream))), None)
        if goods is None:
            continue
        reporter, partner, keys = _sides(context, goods, flow)
        if reporter is None and partner is None:
            continue
        start, end = widest(goods, context, *keys)
        common = context.common(min(start, changed.start), max(end, changed.end), changed.until)
        yield TradeClaim(
            **common | {"hedge": changed.hedge},
            flow=flow,
            reporter=reporter,
            partner=partner,
            low=changed.low,
            high=changed.high,
            direction=changed.direction,
            since=changed.since,
        )
        return


def _through(context: Context) -> Iterator[TradeClaim]:
    """Yield "chips reach Russia through Kazakhstan"."""
    for found in matches(context.reading, _THROUGH):
        to, hubs = context.countries(found.group("to")), context.countries(found.group("hub"))
        if len(to) == 1 and hubs and to[0] not in hubs:
            yield TradeClaim(
                **context.common(found.start(), found.end()),
                flow="export",
                partner=to[0],
                direction="up",
                through=hubs,
            )
            return


def _sides(context: Context, found: re.Match[str], flow: str) -> tuple[str | None, str | None, list[str]]:
    """Return reporter and partner with the tokens that name them."""
    partner_match = (_FROM if flow == "import" else _TO).search(context.stream)
    partner_key = partner_match.group("partner") if partner_match else None
    source = _FROM.search(context.stream) if flow == "export" else _TO.search(context.stream)
    reporter_key = context.before(found.end())
    if reporter_key in (None, partner_key):
        reporter_key = source.group("partner") if source else None
    if reporter_key is None and flow == "import":
        into = rule("by|into [the] <C:partner>").search(context.stream)
        reporter_key = into.group("partner") if into else None
    reporter = context.countries(reporter_key)
    partner = context.countries(partner_key)
    if not reporter and not partner and context.subject:
        reporter = (context.subject,)
    return (
        reporter[0] if reporter else None,
        partner[0] if partner else None,
        [key for key in (reporter_key, partner_key) if key],
    )

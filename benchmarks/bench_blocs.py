"""Cost of pooling a bloc, splitting its score, and testing every pair of countries for breaks."""

from __future__ import annotations

from benchmarks import Measurement, best_of
from parity.ask.standing import standing
from parity.blocs import Panel, _breaks, contributions, gravity, intervals, joining, network, pool, scan
from parity.catalogue import load_table, members
from parity.robustness.rebuilds import rebuilds

DRAWS = 200
# Members of BRICS, and one more.
ELEVEN = ("SAU",)


def _affinities_and_tests(table: object) -> None:
    """Everything from the table: margins of every quarter, all pairs, all dates, the simulated null."""
    _breaks._null.cache_clear()
    scan(Panel.of(table))  # type: ignore[arg-type]


def run() -> list[Measurement]:
    index = standing().index
    codes = [*members("BRICS"), *ELEVEN]
    whole = pool(index, codes)
    large = pool(index, "OECD")
    outside = [str(unit) for unit in index.units if unit not in whole.members]
    made = list(rebuilds(index, DRAWS))
    ties = load_table("ties")
    panel = Panel.of(ties)
    capitals, languages = load_table("capitals"), load_table("languages")
    pairs = scan(panel).height
    return [
        Measurement("pool 11 members", best_of(lambda: pool(index, codes))),
        Measurement(
            "exact Shapley values, 11 members, all pillars and indicators",
            best_of(lambda: contributions(whole)),
            limit=1.0,
            note=f"{2**11:,} coalitions, {index.tree.n_nodes} nodes",
        ),
        Measurement("sampled Shapley values, 38 members", best_of(lambda: contributions(large), 2)),
        Measurement(
            f"intervals of 11 members and their Shapley values, {DRAWS} rebuilds",
            best_of(lambda: intervals([whole], made), 2),
            note="rebuilds made before",
        ),
        Measurement(f"{DRAWS} rebuilds of the index", best_of(lambda: list(rebuilds(index, DRAWS)), 2)),
        Measurement(
            f"what every country outside would add, {DRAWS} rebuilds",
            best_of(lambda: joining(whole, outside, made), 2),
            note=f"{len(outside)} countries, rebuilds made before",
        ),
        Measurement(
            "affinities and break tests of all pairs",
            best_of(lambda: _affinities_and_tests(ties), 3),
            limit=10.0,
            note=f"{pairs:,} pairs, {len(panel.periods)} quarters, null distribution simulated anew",
        ),
        Measurement(
            "gravity model with a parameter per country",
            best_of(lambda: gravity(panel, capitals, languages), 3),
            note=f"{len(panel.codes)} countries",
        ),
        Measurement(
            "a bloc's network against 4,000 random groups", best_of(lambda: network(panel, members("EU")), 3)
        ),
    ]

"""Audits without selectivity, selective ones, and judges whose errors are known."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from parity.audit.correction import judge_quality, ppi_rate, rogan_gladen, same_population
from parity.audit.developers import fit_mixed_model, permute_developers
from parity.audit.intervals import (
    agreeing,
    clustered_n,
    independent_interval,
    paired_interval,
    rate_interval,
    wilson,
)
from parity.audit.judges import agreement, cohen_kappa
from parity.stats import benjamini_hochberg, holm, relabelling
from tools.calibration.rows import Array, Row, missed, rng_of

MODELS, TASKS = 37, 50


def selectivity() -> Iterator[Row]:
    """Simulate families of 37 models without selectivity, and one selective model."""
    runs = 120
    for others in (3, 7):
        for rate in (0.01, 0.02, 0.05, 0.2):
            for varying in (False, True):
                rng = rng_of("selectivity", others, rate, varying)
                chances, plain, flips, false = [], [], 0, 0
                for _ in range(runs):
                    ease = _ease(rate, varying, rng)
                    y = (rng.random((MODELS, TASKS, others + 1)) < ease[:, np.newaxis]).astype(float)
                    tests = [relabelling(one) for one in y]
                    p, reach = [one.p for one in tests], [one.attainable for one in tests]
                    false += bool((holm(p, reach) < 0.05).any())
                    chances.append(_any_passes(reach))
                    plain.append(1 - np.prod([1 - _reached(one, 0.05 / MODELS) for one in reach]))
                    flips += bool((holm([_flipped(one) for one in y]) < 0.05).any())
                yield Row(
                    "selectivity, any false verdict among 37 models",
                    f"{rate:.0%} withheld, {others} others, tasks {'unequal' if varying else 'alike'}",
                    0.05, float(np.mean(chances)), runs,
                    f"counted in {false / runs:.1%}; plain Holm {np.mean(plain):.1%}; "
                    f"sign flips {flips / runs:.1%}",
                )  # fmt: skip
    for rate, more in ((0.02, 0.1), (0.05, 0.2), (0.2, 0.4)):
        rng = rng_of("power", rate, more)
        y = (rng.random((600, TASKS, 4)) < np.r_[more, np.full(3, rate)]).astype(float)
        found = np.mean([relabelling(one).p < 0.05 for one in y])
        old = np.mean([_flipped(one) < 0.05 for one in y])
        low, high = np.array([_interval(one) for one in y]).T
        yield Row(
            "selectivity, 95 % interval", f"{more:.0%} against {rate:.0%}, 3 others", 0.05,
            missed(more - rate, low, high), 600, f"power {found:.0%}; of sign flips {old:.0%}",
        )  # fmt: skip


def _reached(attainable: Array, p: float) -> float:
    return float(max(attainable[attainable <= p * (1 + 1e-9)], default=0.0))


def _any_passes(attainable: list[Array]) -> float:
    """Return the chance, given the events of each model, that any of them passes the first step."""
    steps = np.unique(np.concatenate(attainable))
    steps = steps[steps < 0.05]
    sums = [sum(_reached(one, step) for one in attainable) for step in steps]
    passed = steps[np.array(sums) <= 0.05] if len(steps) else steps
    if not len(passed):
        return 0.0
    return float(1 - np.prod([1 - _reached(one, passed.max()) for one in attainable]))


def _ease(rate: float, varying: bool, rng: np.random.Generator) -> Array:
    return rng.beta(2 * rate, 2 * (1 - rate), TASKS) if varying else np.full(TASKS, rate)


def _flipped(y: Array) -> float:
    """Return p of the test used before: signs of the difference to the mean of the others."""
    return relabelling(np.column_stack([y[:, 0], y[:, 1:].mean(axis=1)])).p


def _interval(y: Array) -> tuple[float, float]:
    other = y[:, 1:].mean(axis=1)
    ends = paired_interval(y[:, 0], other, 0.95, (1.0, 1.0))
    return agreeing(float((y[:, 0] - other).mean()), ends, relabelling(y).p)


def rates() -> Iterator[Row]:
    """Simulate rates of withholding, of independent and of clustered answers."""
    for rate, n in ((0.02, 50), (0.2, 50), (0.2, 600)):
        count = rng_of("rates", rate, n).binomial(n, rate, 4000)
        low, high = rate_interval(count, np.full(4000, n))
        yield Row("rate, 95 % interval", f"{rate:.0%} of {n}", 0.05, missed(rate, low, high), 4000)
    for prompts in (10, 40):
        rng, ends = rng_of("clustered", prompts), []
        for _ in range(600):
            of = np.repeat(np.arange(prompts), 6)
            values = (rng.random(len(of)) < rng.beta(1.0, 2.0, prompts)[of]).astype(float)
            worth = clustered_n(values, of)
            ends.append(wilson(values.mean() * worth, worth))
        low, high = np.array(ends).T
        truth = f"33% of {prompts} prompts, six answers each"
        yield Row("share over clustered answers, 95 % interval", truth, 0.05, missed(1 / 3, low, high), 600)


def contrasts() -> Iterator[Row]:
    """Simulate languages: an effect beyond controls, and screens of many models."""
    for more, n in ((0.1, 50), (0.0, 50), (0.1, 12)):
        rng, ends = rng_of("beyond", more, n), []
        for _ in range(600):
            shift = (more, 0.0)
            sides = []
            for extra in shift:
                base = rng.beta(1, 4, n)
                x, y = (
                    (rng.random(n) < np.minimum(base + add, 1)).astype(float) for add in (extra + 0.05, 0.0)
                )
                value = float((x - y).mean())
                sides.append((value, *paired_interval(x, y)))
            ends.append(independent_interval(*sides))
        low, high = np.array(ends).T
        truth = f"{more:.0%} beyond controls, {n} prompts of each kind"
        # Shares are cut at one for the rarest of prompts only: the truth is what was added.
        yield Row("language beyond controls, 95 % interval", truth, 0.05, missed(more, low, high), 600)
    for selective, truth in ((0, "no model selective"), (10, "ten of 37 selective")):
        rng, false = rng_of("bh", selective), []
        for _ in range(60):
            chance = np.full((MODELS, 1, 4), 0.1)
            chance[:selective, :, 0] = 0.4
            y = (rng.random((MODELS, TASKS, 4)) < chance).astype(float)
            found = benjamini_hochberg([relabelling(one).p for one in y]) < 0.05
            false.append(found[selective:].sum() / max(found.sum(), 1))
        yield Row("share of false finds (Benjamini-Hochberg)", truth, 0.05, float(np.mean(false)), 60)


def developers() -> Iterator[Row]:
    """Simulate developers of two countries that do not differ."""
    number = np.repeat(np.arange(12), [7, 4, 3, 2, 6, 5, 3, 2, 1, 1, 1, 1])
    own = np.arange(12) < 4
    for truth in ("alike", "heavy tails", "one country scatters more"):
        rng, p, ends = rng_of("developers", truth), [], []
        for k in range(400):
            between = rng.standard_t(2, 12) if truth == "heavy tails" else rng.normal(size=12)
            if truth == "one country scatters more":
                between *= np.where(own, 2.0, 1.0)
            error = rng.uniform(0.3, 1.0, len(number))
            values = (
                between[number] + 0.5 * rng.normal(size=len(number)) + error * rng.normal(size=len(number))
            )
            means = np.bincount(number, values) / np.bincount(number)
            p.append(permute_developers(means, own).p)
            if k < 200:
                sides = (own[number], ~own[number])
                one, other = (fit_mixed_model(values[x], error[x] ** 2, number[x]) for x in sides)
                effect = one.apart(other)
                ends.append((effect.low or 0.0, effect.high or 0.0))
        yield Row(
            "developers of a country, permutation p", truth, 0.05, float(np.mean(np.array(p) <= 0.05)), 400
        )
        low, high = np.array(ends).T
        yield Row("mixed model of a country, 95 % interval", truth, 0.05, missed(0.0, low, high), 200)


def judges() -> Iterator[Row]:
    """Simulate two judges of known agreement; answers to one prompt are alike."""
    for prompts, each in ((200, 5), (50, 5), (15, 20)):
        rng, kappas, shares = rng_of("judges", prompts), [], []
        strata = np.array([[0.5, 0.1, 0.4], [0.1, 0.3, 0.6], [0.9, 0.05, 0.05]])
        for k in range(301):
            # The first data set is so large that its kappa is the truth.
            n = 20_000 if not k else prompts
            kind = rng.choice(3, n)[np.repeat(np.arange(n), each)]
            cluster = np.repeat(np.arange(n), each)
            label = (rng.random((n * each, 1)) > strata[kind].cumsum(axis=1)).sum(axis=1)
            said = [np.where(rng.random(n * each) < 0.85, label, rng.integers(0, 3, n * each)) for _ in "ab"]
            if not k:
                counts = np.bincount(3 * said[0] + said[1], minlength=9).reshape(3, 3)
                true = float(cohen_kappa(counts.astype(float))), float(np.trace(counts) / counts.sum())
                continue
            found = agreement(("a", "b"), said[0], said[1], cluster, draws=400, seed=k)
            kappas.append((found.kappa.low or 0.0, found.kappa.high or 1.0))
            shares.append((found.share.low or 0.0, found.share.high or 1.0))
        for what, ends, value in (
            ("kappa and alpha", kappas, true[0]),
            ("share of same labels", shares, true[1]),
        ):
            low, high = np.array(ends).T
            truth = f"{prompts} prompts, {each} answers each"
            yield Row(f"{what}, 95 % interval", truth, 0.05, missed(value, low, high), 300)


def corrections() -> Iterator[Row]:
    """Simulate judges that err, people's labels of a sample, and both corrections."""
    for truth, prompts, models, spread in (
        ("2,000 independent answers, 250 labelled", 2000, 1, np.inf),
        ("40 prompts of 12 models, 200 labelled", 40, 12, 4.0),
        ("20 prompts of 30 models, 200 labelled", 20, 30, 2.0),
    ):
        rng, ends = rng_of("corrections", truth), []
        prompt, people = np.repeat(np.arange(prompts), models), 250 if models == 1 else 200
        for _ in range(400):
            chance, right, wrong = (
                (np.full(prompts, mean) if spread == np.inf else rng.beta(k * mean, k * (1 - mean), prompts))[
                    prompt
                ]
                for mean, k in ((0.3, spread), (0.85, 2 * spread), (0.1, 2 * spread))
            )
            event = (rng.random(len(prompt)) < chance).astype(float)
            said = (rng.random(len(prompt)) < np.where(event == 1, right, wrong)).astype(float)
            order = rng.permutation(len(prompt))
            a, b = order[:people], order[people:]
            quality = judge_quality(event[a], said[a], prompt[a])
            found = (
                ppi_rate(event[a], said[a], said[b], clusters=(prompt[a], prompt[b])),
                rogan_gladen(float(said.mean()), clustered_n(said, prompt), quality),
            )
            ends.append([(one.low or 0.0, one.high or 0.0) for one in found])
        for n, what in enumerate(("prediction-powered rate", "rate corrected by Rogan and Gladen")):
            low, high = np.array(ends)[:, n].T
            yield Row(f"{what}, 95 % interval", truth, 0.05, missed(0.3, low, high), 400)
    population = np.array([400, 300, 150, 80, 40, 20, 8, 2])
    for n in (30, 200):
        rng = rng_of("same population", n)
        drawn = rng.multivariate_hypergeometric(population, n, 300, method="marginals").astype(float)
        p = [same_population(one, population.astype(float), seed=k, draws=400) for k, one in enumerate(drawn)]
        rejected = float(np.mean(np.array(p) <= 0.05))
        yield Row("p of a random sample", f"{n} of 1,000 answers in eight strata", 0.05, rejected, 300)

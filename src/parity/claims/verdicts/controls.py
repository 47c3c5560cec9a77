"""Export controls: against the dated rulings of the chips measure."""

from __future__ import annotations

import datetime as dt

import polars as pl

from parity.ask.chips import Rule, device, rulebook
from parity.ask.chips_access import reach_of
from parity.catalogue import none_on_record, vintage
from parity.chips import Ruling
from parity.claims.model import ControlsClaim
from parity.claims.verdict import Finding, Held, Judgement, States, Verdict, cannot, joined, settle
from parity.claims.verdicts import _sources as sources
from parity.errors import ParityError
from parity.estimate import Estimate

# What "advanced AI chips" are judged by where a text names no product.
REPRESENTATIVE = "H100"
DENIAL = ("policy_of_denial", "presumption_of_denial")
# A fall of chip flows by so much is a halt.
HALT = 0.5
# Days by which a text may lag behind a change of the rules.
RECENT = dt.timedelta(days=21)


def judge_controls(claim: ControlsClaim) -> Judgement:
    """Return the verdict on a claim about export controls or access to chips."""
    judge = {"halted": _halted, "hard_to_replace": _hard}.get(claim.status, _ruled)
    parts = [judge(claim, iso3) for iso3 in claim.to]
    words = "; ".join(f"{sources.name(iso3)}: {part.why}" for iso3, part in zip(claim.to, parts, strict=True))
    return joined(parts, words)


def _device(claim: ControlsClaim) -> str:
    return claim.device or REPRESENTATIVE


def _command(claim: ControlsClaim, iso3: str, on: dt.date) -> str:
    return f"parity chips rule '{_device(claim)}' --to {iso3} --on {on}"


def _evidence(ruling: Ruling, note: str = "") -> Finding:
    policy = f", review: {ruling.review_policy.replace('_', ' ')}" if ruling.review_policy else ""
    licence = {True: "licence required", False: "no licence required", None: "open"}[ruling.license_required]
    letter = ", by letter" if ruling.letter and ruling.status != "controlled" else ""
    cited = "; ".join(ruling.citations[:3]) or "no rule applies"
    return Finding(
        f"US export rules for {ruling.device} to {sources.name(ruling.to)} on {ruling.on}{note}",
        f"{licence}{letter}{policy}",
        f"{cited}; {ruling.vintage}",
    )


def _ruled(claim: ControlsClaim, iso3: str) -> Judgement:
    """Hold a status against the ruling of the day, and of the weeks before it: texts lag behind rules."""
    command = _command(claim, iso3, claim.as_of)
    if claim.device and not _on_record(claim.device):
        why = none_on_record(f"accelerator '{claim.device}'", "accelerators")
        return cannot(why, command, "a device that is on record")
    ruling = _ruling(_device(claim), iso3, claim.as_of)
    note = "" if claim.device else f"; chips in general are judged by {REPRESENTATIVE}"
    evidence = [_evidence(ruling, note)]
    change = "a change of the rules, a licence granted, or a figure of the device that is unknown"
    verdict, why = _status(claim.status, ruling)
    if verdict in (Verdict.CANNOT, Verdict.DEPENDS):
        return Judgement(verdict, why, tuple(evidence), command, change)
    wanted = "free" if claim.status == "allowed" else "licence"
    found = "licence" if ruling.license_required else "free"
    before = _ruling(_device(claim), iso3, claim.as_of - RECENT)
    earlier = () if before.license_required is None else (
        States(frozenset(("licence" if before.license_required else "free",))),)  # fmt: skip
    held = Held(
        # Chips in general are judged by one of them: others may be free, or not.
        f"{claim.device} to {sources.name(iso3)}" if claim.device else "",
        "whether a licence is required", "ruling", "United States export rules",
        ruling.vintage, States(frozenset((wanted,))), States(frozenset((found,))), earlier,
    )  # fmt: skip
    judged = settle(claim, held, why, tuple(evidence), command, change)
    if judged.verdict is Verdict.CONTRADICTED and claim.status == "allowed":
        # A sale "allowed" may be one under licence, and which were granted is not public.
        return Judgement(Verdict.DEPENDS, f"{why}; whether one was granted is not on record", tuple(evidence),
                         command, change)  # fmt: skip
    if claim.since and judged.verdict is Verdict.SUPPORTED:
        verdict, why = _since(claim, iso3, judged.verdict, why, evidence)
        return Judgement(verdict, why, tuple(evidence), command, change)
    return judged


def _on_record(name: str) -> bool:
    """Return whether an accelerator is on record by a name."""
    try:
        device(name)
    except ParityError:
        return False
    return True


def _ruling(name: str, iso3: str, on: dt.date) -> Ruling:
    return Rule(device=name, to=iso3, on=on).answer().result


def _status(claimed: str, ruling: Ruling) -> tuple[Verdict, str]:
    """Return what a ruling says of a status, before the denial of the text and its date count."""
    if ruling.license_required is None:
        return Verdict.CANNOT, "the ruling is open: " + "; ".join(ruling.unknown or ("facts are missing",))
    if ruling.license_required and ruling.enforced is False:
        return Verdict.DEPENDS, "a licence is required by the text of the rules, which is not enforced"
    if not ruling.license_required:
        return Verdict.SUPPORTED, "no licence is required on that day"
    if claimed == "allowed":
        soft = ruling.exception is not None or (ruling.review_policy or "").startswith(
            "presumption_of_approval"
        )
        if soft:
            return Verdict.DEPENDS, "a licence or an exception is needed"
        return Verdict.SUPPORTED, "a licence is required on that day"
    if claimed == "licence":
        return Verdict.SUPPORTED, "a licence is required on that day"
    if ruling.review_policy in DENIAL:
        return Verdict.SUPPORTED, "a licence is required, and applications are met with denial"
    return Verdict.DEPENDS, "a licence is required; that it is denied is not in the rule text"


def _since(
    claim: ControlsClaim, iso3: str, verdict: Verdict, why: str, evidence: list[Finding]
) -> tuple[Verdict, str]:
    """Check the day that a control is said to date from: not there before, there at the end of the year."""
    if claim.since is None:
        return verdict, why
    before = _ruling(_device(claim), iso3, claim.since - dt.timedelta(days=1))
    # "Since 2022", "since autumn 2023": in force by the end of that time, or soon after it.
    end = max(claim.since_end or claim.since, claim.since + dt.timedelta(days=45))
    later = min(end, claim.as_of)
    after = _ruling(_device(claim), iso3, later)
    evidence.append(_evidence(before, " (the day before the date stated)"))
    wanted = claim.status != "allowed"
    if wanted and before.license_basis == ("letter",) and "rule_text" in after.license_basis:
        return verdict, f"{why}; in the rules from that time on, by letter before"
    if before.license_required is wanted:
        return Verdict.PARTLY, f"{why}; but so it was already before {claim.since}"
    if after.license_required is not wanted:
        return Verdict.PARTLY, f"{why}; but not yet on {later}"
    return verdict, f"{why}; it was not so before {claim.since}"


def _halted(claim: ControlsClaim, iso3: str) -> Judgement:
    """Hold a halt of deliveries against the rules, and against what Taiwan's customs saw."""
    ruled = _ruled(claim.model_copy(update={"status": "banned", "since": None}), iso3)
    flows = sources.series("ic_imports_from_taiwan").filter(
        pl.col("iso3") == iso3, pl.col("year") <= sources.last_year(claim.as_of, stated=claim.stated_date)
    )
    known = dict(flows.select("year", "value").rows())
    evidence = list(ruled.evidence)
    fell = None
    last = max(known, default=0)
    base = last - 3
    # From nothing there is no fall.
    if known.get(base):
        factor = known[last] / known[base]
        fell = factor < HALT
        evidence.append(
            Finding(
                f"integrated circuits from Taiwan to {sources.name(iso3)}",
                f"{base}: {known[base]:,.0f} US dollars, {last}: {known[last]:,.0f}, a factor of "
                f"{factor:.2f}",
                f"taiwan-customs-8542, {vintage()}",
                Estimate(factor, unit="times"),
            )
        )
    verdict, why = _halt_verdict(ruled.verdict, fell)
    return Judgement(
        verdict,
        f"{why} ({ruled.why})",
        tuple(evidence),
        ruled.reproduce,
        "deliveries on record, or a change of the rules",
    )


def _halt_verdict(rules: Verdict, fell: bool | None) -> tuple[Verdict, str]:
    """Return what rules and recorded deliveries say together; what firms deliver is never seen whole."""
    if rules is Verdict.SUPPORTED and fell:
        return Verdict.SUPPORTED, "the rules forbid deliveries, and recorded ones have collapsed"
    if rules is Verdict.SUPPORTED:
        missing = (
            "recorded ones have not collapsed" if fell is False else "what firms deliver is not in the data"
        )
        return Verdict.DEPENDS, f"the rules forbid deliveries; {missing}"
    if fell:
        return Verdict.DEPENDS, "recorded deliveries have collapsed; the rules alone do not say so"
    if rules is Verdict.DEPENDS:
        return Verdict.DEPENDS, "deliveries need a licence; whether any is granted is not in the data"
    return Verdict.CANNOT, "no rule forbids deliveries; what firms deliver is not in the data"


def _hard(claim: ControlsClaim, iso3: str) -> Judgement:
    """Hold "hard to replace" against the best accelerator that the country makes itself."""
    day = min(claim.as_of, rulebook().checked_to)
    # The reach is told at ends of months: the last one that was over, or the day itself.
    found = reach_of(iso3, start=day.replace(day=1) - dt.timedelta(days=1), until=day)
    row = found.months.row(-1, named=True)
    best, world, day = row["best_domestic"], row["world"], row["month"]
    command = f"parity chips reach {iso3} --from {day} --until {day}"
    free = row["best_free"]
    own = best or none_on_record("accelerator of its own", "accelerators")
    finding = (
        f"best domestic accelerator: {own}; best in the world: {world}; free to import: {free or 'none'}"
    )
    lag = found.lags[-1]
    evidence = Finding(f"accelerators of {sources.name(iso3)}, {day:%B %Y}", finding, found.vintage, lag)
    if best is None and free is None:
        verdict, why = Verdict.SUPPORTED, "none of its own is on record, and none is free to import"
    elif best is None:
        verdict, why = Verdict.DEPENDS, "none of its own is on record, but some are free to import"
    else:
        verdict = Verdict.DEPENDS
        why = f"its own {best} reaches {row['level_domestic'] / row['world_level']:.0%} of {world}"
    return Judgement(verdict, f"{why}; {finding}", (evidence,), command, "a domestic accelerator on record")

"""What rulings rest on, and what they do not look at: said with every one."""

from __future__ import annotations

from dataclasses import dataclass

DISCLAIMER = "An analysis of published rules, not legal advice."


@dataclass(frozen=True, slots=True)
class Scope:
    """What a ruling rests on, and what it does not look at.

    Attributes
    ----------
    held
        Rules that are held.
    not_held
        What is not held: any of it may forbid what the rules held here allow.
    meaning
        What "no licence required" means.
    """

    held: tuple[str, ...]
    not_held: tuple[str, ...]
    meaning: str


SCOPE = Scope(
    held=(
        "US controls on advanced chips, computers and memory (3A090, 4A090) with their letters, as dated",
        "US embargoes, and the US rules on Russia, Belarus and occupied regions of Ukraine",
        "as facts, rules of the EU, the UK and Japan on Russia and Belarus",
    ),
    not_held=(
        "lists of parties: Entity List, Military End-User List, SDN list, and firms that listed parties own",
        "end use and end user (15 CFR part 744)",
        "onward transfer, re-export by the buyer, access from afar",
        "controls on technology and software, and the destination's own rules",
    ),
    meaning="'not controlled' means that the rules held here require no licence; it is no clearance",
)

"""Deriving: what the crosswalk leads to from the links of a project, as claims of a method of their own.

A mapping says that an objective and an SDG match, not that a project serves both. So what follows by it is
the weakest of proposals, made only for who asks for it. It is told from words that are there: a claim of the
lexicon, or one on a link that reviewers accepted, whose quotes it carries. It never follows from a claim that
was derived itself, and never stands on a link for which somebody has other reasons.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import orjson

from ontology.declaration import ExchangeRecord
from ontology.linking import lexicon
from ontology.terms import SEMAPV
from schema.keys import link_key
from schema.links import MADE_BY, assert_once
from schema.model.link import DERIVED, LinkStatus
from schema.transaction import Outcome, Transaction

#: The version of the rules of this module; the hash of the mappings that were used follows it in claims.
VERSION = "1"

#: What a mapping leaves of the confidence of the claim that it leads on from, by its status.
FACTORS = {LinkStatus.ACCEPTED: 0.5, LinkStatus.PROPOSED: 0.3}

#: What is left of that on the way from an SDG to an objective: few who serve an SDG do so by migration.
BACK = 0.5

# Where two things are mentioned together and nobody says that they match.
_UNSPECIFIED = str(SEMAPV.UnspecifiedMatching)

#: How sure a claim is that says nothing of it: only those on accepted links are taken.
_ACCEPTED = 1.0


@dataclass(frozen=True, slots=True)
class Step:
    """One way over the crosswalk: to what it leads, by which mapping of which status, and how surely."""

    target: str
    mapping: str
    status: LinkStatus
    factor: float


#: The ways from each objective, goal and target.
Crosswalk = Mapping[str, list[Step]]


def crosswalk(mappings: Iterable[ExchangeRecord]) -> Crosswalk:
    """The ways over mappings, from either end.

    Those that reviewers rejected are none, and those are none yet of which nobody says that the two match.
    """
    ways: dict[str, list[Step]] = defaultdict(list)
    for each in filter(_leads, mappings):
        status, subject = LinkStatus(each["status"]), f"objective/{each['subject']}"
        ways[subject].append(Step(each["target"], each["key"], status, FACTORS[status]))
        ways[each["target"]].append(Step(subject, each["key"], status, FACTORS[status] * BACK))
    return ways


def _leads(mapping: ExchangeRecord) -> bool:
    if mapping["status"] == LinkStatus.PROPOSED.value:
        return any(each["justification"] != _UNSPECIFIED for each in mapping["claims"])
    return bool(mapping["status"] == LinkStatus.ACCEPTED.value)


def derive(transaction: Transaction, project: str, ways: Crosswalk) -> list[tuple[str, Outcome]]:
    """Claim what follows from the links of a project; gives the key of each link, and what became of it."""
    links = {each["target"]: each for each in transaction.links_of(project)}
    own = {target for target, each in links.items() if not each.get("derived")}
    return [
        (link_key(project, target), assert_once(transaction, project, target, made))
        for origin in sorted(own)
        if (base := _base(links[origin])) is not None
        for target, steps in _by_target(ways.get(origin, ()))
        if target not in own
        for made in [_claim(base, steps)]
    ]


def _by_target(steps: Iterable[Step]) -> Iterator[tuple[str, list[Step]]]:
    found: dict[str, list[Step]] = defaultdict(list)
    for each in steps:
        found[each.target].append(each)
    yield from sorted(found.items())


def _base(link: ExchangeRecord) -> ExchangeRecord | None:
    """The claim that others follow from: the surest with quotes, of those that the link rests on."""
    if link["status"] == LinkStatus.REJECTED.value:
        return None
    claims = [each for each in link.get("claims", []) if each["method"] != DERIVED and each.get("evidence")]
    of_lexicon = [each for each in claims if each["method"] == lexicon.METHOD]
    newest = [each for each in of_lexicon if each["methodVersion"] == of_lexicon[-1]["methodVersion"]]
    taken = newest or (claims if link["status"] == LinkStatus.ACCEPTED.value else [])
    return max(taken, key=_confidence, default=None)


def _confidence(claim: ExchangeRecord) -> float:
    return float(claim.get("confidence", _ACCEPTED))


def _claim(base: ExchangeRecord, steps: list[Step]) -> ExchangeRecord:
    factor = max(each.factor for each in steps)
    used = orjson.dumps(sorted((each.mapping, each.status.value) for each in steps))
    return {
        "method": DERIVED,
        "methodVersion": f"{VERSION}+{hashlib.sha256(used).hexdigest()[:12]}",
        "madeBy": MADE_BY,
        "ruleIds": sorted(each.mapping for each in steps),
        "confidence": round(factor * _confidence(base), 2),
        "calibrated": False,
        "evidence": base["evidence"],
    }

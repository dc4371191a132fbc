"""Proposing: the objectives, goals and targets that a project's stored texts are about, as claims on links.

What is read are the titles and descriptions of the pages and rows that a project cites, at the places that
its provenance names. A claim is made once for one version of the lexicon: running it again changes nothing,
and a new version adds claims beside the old ones.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ontology.declaration import ExchangeRecord
from ontology.linking.lexicon import METHOD, lexicon
from ontology.linking.proposal import Proposal
from ontology.linking.topics import topics
from schema.keys import link_key
from schema.links import MADE_BY, assert_once
from schema.model.source import SourceKind
from schema.quotes import evidence_of
from schema.reliability import measured
from schema.transaction import Outcome, Transaction

#: The fields of a project whose words say what it is about.
TEXTS = ("title", "description")

Part = tuple[int, int]


def propose(
    transaction: Transaction, project: str, rates: Mapping[str, float] | None = None
) -> list[tuple[str, Outcome]]:
    """Claim what the texts of a project propose; gives the key of each link, and what became of it.

    `rates` are those of `schema.reliability.acceptance`, by which confidence is measured once there are some.
    """
    record = transaction.record("project", project)
    if record is None:
        return []
    return [
        (link_key(project, each.target), assert_once(transaction, project, each.target, made))
        for source, language, parts in _texts(transaction, record)
        for each in topics(source["text"], language, parts)
        for made in [claim(each, source["key"], language, rates)]
    ]


def claim(
    proposal: Proposal, source: str, language: str, rates: Mapping[str, float] | None = None
) -> dict[str, Any]:
    """The claim that a proposal from a source's text is."""
    confidence = proposal.confidence if rates is None else measured(proposal.rules, rates)
    return {
        "method": METHOD,
        "methodVersion": lexicon().version,
        "madeBy": MADE_BY,
        "ruleIds": list(proposal.rules),
        "confidence": confidence,
        "calibrated": rates is not None,
        "evidence": [evidence_of(each, source, language) for each in proposal.quotes],
    }


def _texts(
    transaction: Transaction, record: ExchangeRecord
) -> Iterator[tuple[ExchangeRecord, str, list[Part]]]:
    """The sources of a project with the parts of each language that tell of it, pages first.

    A table that repeats the words of a page, as our own exports do, says nothing more than it; and a summary
    counts only as long as there is nothing else.
    """
    sources = [transaction.record("source", key) for key in record.get("sources", [])]
    there = [each for each in sources if each is not None]
    said = [each for each in there if each["kind"] != SourceKind.SUMMARY.value] or there
    read: set[str] = set()
    for source in sorted(said, key=lambda each: (each["kind"] != SourceKind.PAGE.value, each["key"])):
        by_language: dict[str, list[Part]] = {}
        for part, language in _parts(record, source["key"]):
            words = source["text"][slice(*part)]
            if words not in read or source["kind"] == SourceKind.PAGE.value:
                by_language.setdefault(language, []).append(part)
            read.add(words)
        for language, parts in by_language.items():
            yield source, language, parts


def _parts(record: ExchangeRecord, source: str) -> list[tuple[Part, str]]:
    """Where the texts of a project stand in a source, in the order of the source."""
    entries = [*record.get("provenance", []), *record.get("conflicts", [])]
    return sorted(
        {
            ((each["start"], each["end"]), each["language"])
            for each in entries
            if each["source"] == source and each["field"] in TEXTS and "start" in each and "language" in each
        }
    )

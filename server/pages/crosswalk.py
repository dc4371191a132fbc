"""Crosswalk: the page of the mappings between objectives and SDGs, by what reviewers decided."""

from typing import Any

from ontology.declaration import ExchangeRecord
from ontology.iri import Iris
from ontology.terms import SEMAPV, SKOS
from schema.model.link import LinkStatus
from schema.snapshot import Snapshot
from schema.stats import natural
from schema.text import LANGUAGES, chosen
from server.exporter.sssom import ACCEPTED, CANDIDATES
from server.pages.rendering import rendered

_HEADINGS = {
    LinkStatus.ACCEPTED: "Accepted",
    LinkStatus.PROPOSED: "Candidates",
    LinkStatus.REJECTED: "Rejected",
}


def _named(snapshot: Snapshot, segment: str) -> dict[str, str]:
    found = {each["key"]: chosen(each["title"], ["en", *LANGUAGES]) for each in snapshot.records(segment)}
    return {key: name[1] for key, name in found.items() if name}


def _line(
    record: ExchangeRecord, iris: Iris, objectives: dict[str, str], sdgs: dict[str, str]
) -> dict[str, Any]:
    target = record["target"].partition("/")[2]
    return {
        "address": iris.document("mapping", record["key"]),
        "objective": record["subject"],
        "objective_address": iris.document("objective", record["subject"]),
        "objective_label": objectives.get(record["subject"], ""),
        "predicate": record["predicate"].removeprefix(str(SKOS)),
        "sdg": target,
        "sdg_address": iris.document("sdg", target),
        "sdg_label": sdgs.get(target, ""),
        "claims": [
            {
                "how": each["justification"].removeprefix(str(SEMAPV)),
                "words": each.get("matchString", ""),
                "reason": each.get("reason", ""),
                "source": each.get("source", ""),
                "by": each["madeBy"],
            }
            for each in record.get("claims", ())
        ],
        "reviews": [f"{each['reviewer']}: {each['decision']}" for each in record.get("reviews", ())],
    }


def _place(record: ExchangeRecord) -> list[list[tuple[bool, int, str]]]:
    return [natural(record["subject"]), natural(record["target"])]


def crosswalk(snapshot: Snapshot, iris: Iris) -> bytes:
    """All mappings, the accepted ones first."""
    objectives, sdgs = _named(snapshot, "objective"), _named(snapshot, "sdg")
    records = sorted(snapshot.records("mapping"), key=_place)
    groups = [
        (
            heading,
            status.value,
            [_line(each, iris, objectives, sdgs) for each in records if each["status"] == status.value],
        )
        for status, heading in _HEADINGS.items()
    ]
    return rendered(
        "crosswalk.html",
        base=iris.base,
        groups=groups,
        version=snapshot.version(),
        accepted=f"{iris.base}/{ACCEPTED}.sssom.tsv?version={snapshot.version()}",
        candidates=f"{iris.base}/{CANDIDATES}.sssom.tsv?version={snapshot.version()}",
    )

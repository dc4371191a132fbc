"""Things for the tests of documents and dumps: a project with links, a candidate, an alias, a deleted one."""

from sqlalchemy import Engine

from ontology.reading import records
from ontology.vocabularies import NAMES, vocabulary
from schema.links import assert_link, merge
from schema.store import writing
from server.documents import declarations
from tests.records import HOSTILE

MECHANISM = "SLV-coordination-mechanism-2023"
CLAIM = {
    "method": "rules",
    "methodVersion": "1",
    "madeBy": "compactgraph",
    "confidence": 0.7,
    "evidence": [{"quote": HOSTILE, "start": 0, "end": 9, "language": "fr", "textSha256": "b" * 64}],
}


def fill(engine: Engine) -> None:
    """Loads the vocabularies and writes the things, at times of their own, to an upgraded database."""
    with writing(engine, "2026-11-23T00:00:00Z") as transaction:
        for name in NAMES[1:]:
            for record in records(vocabulary(name), declarations()):
                transaction.put(record)
    with writing(engine, "2026-11-24T10:00:00Z") as transaction:
        for key, prima_id in (("PN.0008", "SV10P0560"), ("OLD.1", "AA10P0001"), ("GONE.1", "AA10P0002")):
            results = [{"code": "1.1", "kind": "output", "text": {"fr": "Un produit"}}]
            transaction.put(
                {
                    "class": "project",
                    "key": key,
                    "primaId": prima_id,
                    "title": {"fr": HOSTILE},
                    "memberStates": ["SLV"],
                    "budgetUsd": "300000.00",
                    "results": results,
                }
            )
        instrument = {"class": "instrument", "key": MECHANISM, "kind": "coordination-mechanism"}
        transaction.put(instrument | {"state": "SLV", "year": 2023})
        assert_link(transaction, "PN.0008", f"instrument/{MECHANISM}", CLAIM)
        assert_link(transaction, "PN.0008", "objective/23", CLAIM)
    with writing(engine, "2026-11-25T10:00:00Z") as transaction:
        merge(transaction, "OLD.1", "PN.0008")
        transaction.delete("project", "GONE.1")

"""Things for the tests of documents and dumps: a project with links, a candidate, an alias, a deleted one."""

from itertools import chain

from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.testclient import TestClient

from ontology.declaration import ExchangeRecord
from ontology.errors import CompactgraphError
from ontology.graph import chunks
from ontology.iri import Iris
from ontology.reading import records
from ontology.vocabularies import NAMES, vocabulary
from schema.keys import text_key
from schema.links import assert_link, merge
from schema.store import reading, writing
from server import codebook, meaning, resources
from server.documents import declarations, document
from server.pages.failure import on_error, on_http
from tests.graphs import Statement
from tests.records import HOSTILE

BASE = "https://data.example.org"
IRIS = Iris(BASE)

MECHANISM = "SLV-coordination-mechanism-2023"
CLAIM = {
    "method": "rules",
    "methodVersion": "1",
    "madeBy": "compactgraph",
    "confidence": 0.7,
    "evidence": [{"quote": HOSTILE, "start": 0, "end": 9, "language": "fr", "textSha256": "b" * 64}],
}


def source() -> ExchangeRecord:
    """A source with a hostile text."""
    key = text_key(HOSTILE)
    return {"class": "source", "key": key, "kind": "page", "sha256": key, "text": HOSTILE, "rights": HOSTILE}


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
        transaction.put(source())
        transaction.put(
            {
                "class": "coding",
                "key": "PN.0008~gcm~1~ann",
                "project": "PN.0008",
                "codingScheme": "gcm",
                "codebookVersion": "1",
                "reviewer": "ann",
            }
        )
        assert_link(transaction, "PN.0008", f"instrument/{MECHANISM}", CLAIM)
        assert_link(transaction, "PN.0008", "objective/23", CLAIM)
    with writing(engine, "2026-11-25T10:00:00Z") as transaction:
        merge(transaction, "OLD.1", "PN.0008")
        transaction.delete("project", "GONE.1")


def client_of(engine: Engine, base: str = BASE) -> TestClient:
    """A client of the documents alone, under another address than the configured base."""
    app = Starlette(
        routes=[*codebook.routes, *resources.routes, *meaning.routes],
        exception_handlers={CompactgraphError: on_error, HTTPException: on_http},
    )
    app.state.engine, app.state.iris = engine, Iris(base)
    return TestClient(app, base_url="http://elsewhere.test", follow_redirects=False)


def expected(engine: Engine, segment: str, key: str) -> set[Statement]:
    """What the document about a thing has to say, by the one walk over its records."""
    with reading(engine) as snapshot:
        found = document(snapshot, segment, key)
    everything = chunks((*found.described, *found.listed), IRIS)
    return set(chain.from_iterable(statements for _, statements in everything))

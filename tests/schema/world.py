"""A small world for the store's tests: two states, a few codes and targets, and records made on demand."""

from typing import Any

from sqlalchemy import Engine

from ontology.declaration import ExchangeRecord
from schema.keys import link_key, text_key
from schema.store import reading, writing

FORMAT = "compactgraph/1"
THEN = "2026-11-01T00:00:00Z"
LATER = "2026-11-02T00:00:00Z"


def record(segment: str, key: str, **fields: Any) -> ExchangeRecord:
    return {"format": FORMAT, "class": segment, "key": key} | fields


def project(key: str = "PN.0008", **fields: Any) -> ExchangeRecord:
    return record("project", key, title={"fr": f"Projet {key}"}) | fields


def source(words: str = "The words of a page.") -> ExchangeRecord:
    key = text_key(words)
    return record("source", key, kind="page", sha256=key, text=words, language="en")


def instrument(year: int = 2023) -> ExchangeRecord:
    key = f"SLV-implementation-plan-{year}"
    return record("instrument", key, kind="implementation-plan", state="SLV", year=year)


def claim(method: str = "lexicon", **fields: Any) -> dict[str, Any]:
    return {"method": method, "methodVersion": "1", "madeBy": "a test", "madeAt": THEN} | fields


def link(project: str = "PN.0008", target: str = "objective/23", **fields: Any) -> ExchangeRecord:
    key = link_key(project, target)
    return record("link", key, project=project, target=target, version=1, claims=[claim()]) | fields


def coding(project: str = "PN.0008", reviewer: str = "ann", **fields: Any) -> ExchangeRecord:
    key = f"{project}~gcm~1~{reviewer}"
    named = {"codingScheme": "gcm", "codebookVersion": "1", "reviewer": reviewer}
    return record("coding", key, project=project, **named) | fields


def review(reviewer: str, decision: str = "accept", at: str = THEN, **fields: Any) -> dict[str, Any]:
    return {"reviewer": reviewer, "decision": decision, "at": at} | fields


def codebook(number: int = 23, *codes: str) -> ExchangeRecord:
    """An entry of the codebook, with a rule for each code."""
    rules = [
        {"kind": code.partition("-")[0], "code": code, "text": {"en": f"The rule {code} of {number}."}}
        for code in codes or ("include-1", "exclude-1")
    ]
    said = {name: {"en": f"The {name} of {number}."} for name in ("title", "scope", "example")}
    return record(
        "codebook",
        f"objective-{number}",
        subject=f"objective/{number}",
        basis=f"paragraph {number + 16}",
        rules=rules,
        **said,
    )


def ground() -> list[ExchangeRecord]:
    """What projects refer to."""
    codes = {"status": ("active", "completed"), "region": ("lac", "africa"), "type": ("PN",)}
    return [
        *(record("scheme", scheme, title={"en": scheme}) for scheme in codes),
        *(
            record("code", f"{scheme}/{code}", scheme=scheme, code=code)
            for scheme, entries in codes.items()
            for code in entries
        ),
        *(
            record("objective", f"{n}", number=n, title={"en": f"Aim {n}"}, shortTitle={"en": f"{n}"})
            for n in (1, 2, 7, 23)
        ),
        record("scheme", "codebook", title={"en": "Codebook"}, version="1"),
        codebook(),
        record("sdg", "10", code="10", title={"en": "Less inequality"}),
        record("sdg", "10.7", code="10.7", goal="10", title={"en": "Safe migration"}),
        *(
            record("state", iso3, iso3=iso3, iso2=iso2, m49=m49, name={"en": iso3})
            for iso3, iso2, m49 in (("SLV", "SV", "222"), ("TON", "TO", "776"))
        ),
        record("network", "global", level="global", certain=True),
        record("network", "SLV", level="country", certain=False, parent="global", states=["SLV"]),
    ]


def put(engine: Engine, *records: ExchangeRecord, at: str = THEN) -> list[str]:
    """Puts records in one transaction and gives their outcomes."""
    with writing(engine, at) as transaction:
        return [transaction.put(each).value for each in records]


def lines(engine: Engine, as_of: int | None = None) -> list[str]:
    with reading(engine) as snapshot:
        return list(snapshot.lines(as_of))


def version(engine: Engine) -> int:
    with reading(engine) as snapshot:
        return snapshot.version()


def stored(engine: Engine, segment: str, key: str) -> ExchangeRecord | None:
    with reading(engine) as snapshot:
        return snapshot.record(segment, key)


def full(key: str = "PN.0008") -> ExchangeRecord:
    """A project with a value in every field that is its own."""
    where = source()["key"]
    return project(
        key,
        projectId=key,
        primaId=f"SV10P{key[-4:]}",
        description={"fr": "Ce que fait le projet.", "en": "What it does."},
        startYear=2024,
        endYear=2026,
        year=2024,
        status="status/active",
        region="region/lac",
        type="type/PN",
        budgetUsd="300000.00",
        memberStates=["TON", "SLV"],
        results=[
            {"code": "1", "kind": "outcome", "text": {"fr": "Un effet"}},
            {"code": "1.1", "kind": "output", "text": {"fr": "Un produit"}, "parent": f"{key}~1"},
        ],
        sources=[where],
        provenance=[{"field": "year", "value": "2024", "source": where, "start": 0, "end": 4}],
        conflicts=[{"field": "year", "kept": "2024", "other": "2023", "source": where, "rule": "newest"}],
    )

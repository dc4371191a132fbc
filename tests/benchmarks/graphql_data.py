"""Data for the benchmark of GraphQL: projects over the real vocabularies, linked to many of their things."""

import random
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select

from ontology.declaration import ExchangeRecord
from schema.exchange import line
from schema.keys import link_key
from schema.model import NOUNS
from server.database import open_database
from server.load import first_start
from tests.benchmarks.bulk import imported
from tests.schema.world import THEN, claim, project, record, review, source

_WORDS = "The project helps governments to plan for safe, orderly and regular migration"
_IN_A_SOURCE = 10

#: The keys of the vocabularies, by noun.
Keys = dict[str, list[str]]


def _source(number: int) -> ExchangeRecord:
    return source(f"{_WORDS}, as page {number} says – l’avenir à l’œuvre.\n" * 5)


def _results(key: str, number: int) -> list[dict[str, object]]:
    outputs = [
        {"code": f"1.{n}", "kind": "output", "text": {"en": f"Output 1.{n}"}, "parent": f"{key}~1"}
        for n in range(1, 2 + number % 3)
    ]
    return [{"code": "1", "kind": "outcome", "text": {"en": "Outcome 1", "fr": "Effet 1"}}, *outputs]


def _project(chance: random.Random, number: int, where: str, keys: Keys) -> ExchangeRecord:
    key, year = f"GN.{number:07}", 2000 + number % 25
    words = chance.choice(("Support", "Training", "Returns", "Borders", "Health", "Diaspora"))
    return project(
        key,
        projectId=key,
        title={"en": f"{words} {number}", "fr": f"Projet {number}"},
        description={"en": f"{_WORDS} ({number}). " * 6},
        startYear=year,
        endYear=year + 2,
        # One in twenty has no year and no amount.
        **({} if number % 20 == 0 else {"year": year, "budgetUsd": f"{chance.randrange(10**6)}.00"}),
        status="status/active" if number % 5 else "status/completed",
        coverage=chance.choice(("coverage/national", "coverage/regional")),
        region=chance.choice(keys["region"]),
        type=chance.choice(keys["type"]),
        memberStates=chance.sample(keys["MemberState"], chance.randint(1, 4)),
        results=_results(key, number),
        sources=[where],
        provenance=[{"field": "year", "value": str(year), "source": where, "start": 0, "end": 4}],
    )


def _links(chance: random.Random, number: int, keys: Keys) -> Iterator[ExchangeRecord]:
    """Three to six links; two of three are accepted."""
    targets = [
        *(f"objective/{each}" for each in chance.sample(keys["Objective"], chance.randint(1, 2))),
        *(f"sdg/{each}" for each in chance.sample(keys["SdgTarget"], chance.randint(1, 2))),
        f"sdg/{chance.choice(keys['SdgGoal'])}",
    ]
    if chance.random() < 0.3:
        targets.append(f"network/{chance.choice(keys['Network'])}")
    for place, target in enumerate(targets):
        reviews = [review("ann")] if (number + place) % 3 else []
        named = {"project": f"GN.{number:07}", "target": target, "version": 1}
        yield record("link", link_key(f"GN.{number:07}", target), claims=[claim()], reviews=reviews, **named)


def _records(projects: int, keys: Keys) -> Iterator[ExchangeRecord]:
    chance = random.Random(20261126)
    for number in range(0, projects, _IN_A_SOURCE):
        yield _source(number)
    where = ""
    for number in range(projects):
        if number % _IN_A_SOURCE == 0:
            where = _source(number)["key"]
        yield _project(chance, number, where, keys)
    for number in range(projects):
        yield from _links(chance, number, keys)


def _keys(url: str) -> Keys:
    engine = open_database(url)
    with engine.connect() as connection:
        names = ("MemberState", "Objective", "SdgGoal", "SdgTarget", "Network", "CodeEntry")
        found = {name: sorted(connection.scalars(select(NOUNS[name].table.c.key))) for name in names}
    engine.dispose()
    found |= {
        scheme: [each for each in found["CodeEntry"] if each.startswith(f"{scheme}/")]
        for scheme in ("region", "type")
    }
    return found


def fill(url: str, projects: int, folder: Path) -> None:
    """Make a database with the vocabularies and so many projects, each time the same."""
    engine = open_database(url)
    first_start(engine, sample=False)
    file = folder / "projects.jsonl"
    with file.open("wb") as out:
        out.writelines(line({"updatedAt": THEN} | each) + b"\n" for each in _records(projects, _keys(url)))
    report = imported(engine, file)
    assert not report.refused, report.refused[:3]
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    else:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    engine.dispose()
    file.unlink()

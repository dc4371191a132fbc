"""As of: every export of an earlier data version is the same bytes as the export that was made then."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ontology.errors import BadArgument
from ontology.iri import Iris
from schema.history import earlier
from schema.links import Verdict, merge, review_link
from schema.model.link import Decision
from schema.snapshot import Snapshot
from schema.store import reading, writing
from server.exporter.formats import EXPORTS, Wanted
from server.exporter.tables import Style, write_folder
from tests.schema.world import ground, instrument, link, project, put, source

IRIS = Iris("https://data.example.org")
PLAN = f"instrument/{instrument()['key']}"


def _claim(engine: Engine) -> None:
    links = [
        link("A.1"),
        link("A.1", PLAN),
        link("A.1-2"),
        link("B.2", "sdg/10.7"),
        link("B.2", "network/SLV"),
    ]
    put(engine, *links)


def _decide(engine: Engine) -> None:
    with writing(engine, "2026-11-02T00:00:00Z") as transaction:
        review_link(transaction, link("A.1", PLAN)["key"], Verdict(Decision.ACCEPT, "ann"))
        review_link(transaction, link("B.2", "sdg/10.7")["key"], Verdict(Decision.REJECT, "ann"))


def _merge(engine: Engine) -> None:
    with writing(engine, "2026-11-04T00:00:00Z") as transaction:
        merge(transaction, "A.1-2", "A.1")


def _delete(engine: Engine) -> None:
    with writing(engine, "2026-11-05T00:00:00Z") as transaction:
        transaction.delete("project", "B.2")


#: Each makes one version: things come, are proposed, decided on, changed, merged and deleted.
STEPS: tuple[Callable[[Engine], object], ...] = (
    lambda engine: put(engine, *ground(), source(), instrument()),
    lambda engine: put(engine, project("A.1"), project("A.1-2"), project("B.2", sources=[source()["key"]])),
    _claim,
    _decide,
    lambda engine: put(engine, project("A.1", budgetUsd="5.00"), at="2026-11-03T00:00:00Z"),
    _merge,
    _delete,
)


def written(snapshot: Snapshot, folder: Path) -> dict[str, bytes]:
    """Everything that can be exported, by the name of the format or of the table."""
    found: dict[str, bytes] = {}
    for name, export in EXPORTS.items():
        out = io.BytesIO()
        export.write(snapshot, out, Wanted(IRIS))
        found[name] = out.getvalue()
    for name in write_folder(snapshot, folder, Style("fr")):
        found[f"{name}.csv"] = (folder / f"{name}.csv").read_bytes()
    return found


def live(engine: Engine) -> None:
    """Makes all versions."""
    for step in STEPS:
        step(engine)


def exported(engine: Engine, folder: Path, version: int | None = None) -> dict[str, bytes]:
    with reading(engine) as now:
        return written(now if version is None else earlier(now, version), folder)


def test_every_version_is_exported_as_it_was_when_it_was_the_latest(engine: Engine, tmp_path: Path) -> None:
    then = [exported(engine, tmp_path)]
    for step in STEPS:
        step(engine)
        then.append(exported(engine, tmp_path))
    for version, expected in enumerate(then):
        assert exported(engine, tmp_path, version) == expected
    for name in EXPORTS:
        assert len({each[name] for each in then}) > len(STEPS) - 2, name


def test_an_earlier_version_knows_what_lived_then_and_nothing_else(engine: Engine) -> None:
    live(engine)
    with reading(engine) as now:
        before, after = earlier(now, 2), earlier(now, len(STEPS))
        assert (before.version(), after.version()) == (2, len(STEPS))
        assert (before.record("project", "B.2") or {})["key"] == "B.2"
        assert after.record("project", "B.2") is None
        assert before.record("link", link("A.1")["key"]) is None
        assert before.record("project", "no key at all") is None
        assert list(earlier(now, 0).records()) == []


@pytest.mark.parametrize("version", [-1, 2, 10**9])
def test_a_version_that_was_not_there_is_refused_with_those_that_were(engine: Engine, version: int) -> None:
    put(engine, *ground())
    with reading(engine) as now, pytest.raises(BadArgument, match=f"as of {version}") as error:
        earlier(now, version)
    assert error.value.suggestion == "Use a version from 0 to 1."

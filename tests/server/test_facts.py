"""Facts: a collection changes when its dumps do, and is said to have changed at no other time."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ontology.iri import Iris
from schema.links import Verdict, assert_link, review_link
from schema.model.link import Decision
from schema.store import reading, writing
from server import facts
from server.facts import Facts
from server.publication import manifest
from server.publishing import publish
from tests.databases import Databases
from tests.server.things import CLAIM, fill
from tests.serving import BASE

FILLED = "2026-11-25T10:00:00Z"
LATER = "2026-11-25T12:00:00Z"


@pytest.fixture
def filled(databases: Databases) -> Iterator[Engine]:
    """What is published does not depend on the kind of database; whose statements differ is tested below."""
    with databases.fresh("sqlite") as engine:
        fill(engine)
        yield engine


def found(engine: Engine, folder: Path) -> Facts:
    """The facts after what is there now is published."""
    publish(engine, folder, Iris(BASE))
    current = manifest(folder)
    assert current is not None
    kept = facts.kept(folder / current.folder)
    assert kept is not None
    return kept


def changed(before: Facts, after: Facts) -> set[str]:
    return {name for name in after if after[name] != before[name]}


def test_a_second_publication_of_the_same_changes_nothing(filled: Engine, tmp_path: Path) -> None:
    first = found(filled, tmp_path)
    assert found(filled, tmp_path) == first


def test_another_version_that_leaves_a_collection_as_it_is_does_not_touch_it(
    filled: Engine, tmp_path: Path
) -> None:
    first = found(filled, tmp_path)
    with writing(filled, LATER) as transaction:
        transaction.put({"class": "project", "key": "NEW.1", "title": {"en": "New"}, "startYear": 1999})
    second = found(filled, tmp_path)
    assert changed(first, second) == {"projects", "all"}
    projects = second["projects"]
    assert (projects.version, projects.modified, projects.first) == (first["all"].version + 1, LATER, 1999)
    assert projects.issued == first["projects"].issued


def test_what_was_deleted_changes_the_collection_that_held_it(filled: Engine, tmp_path: Path) -> None:
    first = found(filled, tmp_path)
    with writing(filled, LATER) as transaction:
        transaction.delete("network", "SLV")
    second = found(filled, tmp_path)
    assert changed(first, second) == {"networks", "all"}
    assert second["networks"].modified == LATER


def test_a_new_proposal_changes_the_proposals_and_nothing_that_was_harvested(
    filled: Engine, tmp_path: Path
) -> None:
    first = found(filled, tmp_path)
    with writing(filled, LATER) as transaction:
        assert_link(transaction, "PN.0008", "sdg/10.7", CLAIM | {"methodVersion": "2"})
    assert changed(first, found(filled, tmp_path)) == {"proposals", "all"}


def test_what_came_and_went_in_between_changes_the_dataset_of_everything_alone(
    filled: Engine, tmp_path: Path
) -> None:
    first = found(filled, tmp_path)
    with writing(filled, LATER) as transaction:
        transaction.put({"class": "project", "key": "NEW.1", "title": {"en": "New"}})
        transaction.delete("project", "NEW.1")
    second = found(filled, tmp_path)
    assert changed(first, second) == {"all"}
    assert (second["all"].version, second["all"].modified) == (first["all"].version + 1, LATER)


def test_an_accepted_link_changes_the_links_the_proposals_and_the_project(
    filled: Engine, tmp_path: Path
) -> None:
    first = found(filled, tmp_path)
    with writing(filled, LATER) as transaction:
        review_link(transaction, "PN.0008~objective-23", Verdict(Decision.ACCEPT, "ann"))
    assert changed(first, found(filled, tmp_path)) == {"links", "proposals", "projects", "all"}


def test_facts_that_nobody_kept_are_worked_out_from_the_files(filled: Engine, tmp_path: Path) -> None:
    kept = found(filled, tmp_path)
    current = manifest(tmp_path)
    assert current is not None
    with reading(filled) as snapshot:
        tally_of = partial(facts.tally_of_files, current.publication, partial(current.place, tmp_path))
        assert facts.worked_out(snapshot, current.publication, tally_of, None) == kept


def test_a_time_that_is_yet_to_come_is_not_handed_on(filled: Engine, tmp_path: Path) -> None:
    with writing(filled, "2199-01-01T00:00:00Z") as transaction:
        transaction.put({"class": "project", "key": "NEW.1", "title": {"en": "New"}})
    assert found(filled, tmp_path)["projects"].modified < "2199"


def test_facts_before_a_publication_are_those_of_the_data(filled: Engine, tmp_path: Path) -> None:
    with reading(filled) as snapshot:
        live = facts.live(snapshot)
    first = found(filled, tmp_path)
    for name, each in live.items():
        assert each.triples is None
        assert (each.first, each.last, each.places, each.languages) == (
            first[name].first,
            first[name].last,
            first[name].places,
            first[name].languages,
        )
        assert (each.issued, each.modified) == (first[name].issued, first[name].modified)


def test_both_databases_have_the_same_facts(databases: Databases, engine: Engine, tmp_path: Path) -> None:
    fill(engine)
    with databases.fresh("sqlite") as other:
        fill(other)
        assert found(engine, tmp_path / "one") == found(other, tmp_path / "other")

"""The real pages, where they are: all that is known of 001, and the whole folder."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from ontology.declaration import ExchangeRecord
from schema.store import reading
from server.importer.report import Outcome
from server.importer.run import import_paths
from server.settings import settings
from tests.server.importer.inputs import Stores, facts, no_write, records

FOLDER = settings().test_pages
pytestmark = pytest.mark.skipif(
    not (FOLDER / "001.txt").exists(), reason=f"the real pages are not in {FOLDER} (COMPACTGRAPH_TEST_PAGES)"
)

FIELDS = (
    "projectId", "primaId", "title", "startYear", "endYear", "year", "status", "coverage", "region", "type",
    "budgetUsd", "memberStates",
)  # fmt: skip


@pytest.fixture
def first(store: Engine) -> Engine:
    """A store with the first page."""
    report = import_paths(store, [FOLDER / "001.txt"])
    assert [(each.outcome, each.identifier) for each in report.entries] == [
        (Outcome.TAKEN, "project/PN.0008")
    ]
    return store


def project(engine: Engine) -> ExchangeRecord:
    return records(engine, "project")["PN.0008"]


def text(engine: Engine) -> str:
    (source,) = records(engine, "source").values()
    return str(source["text"])


def test_001_gives_exactly_these_values(first: Engine) -> None:
    found = project(first)
    assert {name: found.get(name) for name in FIELDS} == {
        "projectId": "PN.0008",
        "primaId": "SV10P0560",
        "title": {
            "fr": "Renforcement du Mécanisme national de coordination de la mobilité humaine aux fins de la "
            "bonne gouvernance des migrations en El Salvador"
        },
        "startYear": 2024,
        "endYear": 2026,
        "year": 2024,
        "status": "status/active",
        "coverage": "coverage/national",
        "region": "region/lac",
        "type": "type/PN",
        "budgetUsd": "300000.00",
        "memberStates": ["SLV"],
    }
    assert "conflicts" not in found
    with reading(first) as snapshot:
        pn, lac = snapshot.record("code", "type/PN"), snapshot.record("code", "region/lac")
    assert pn is not None
    assert lac is not None
    assert "name" not in pn
    assert lac["name"]["en"] == "Latin America and the Caribbean"


def test_001_has_its_description_without_the_menu(first: Engine) -> None:
    (language,) = project(first)["description"]
    description = project(first)["description"][language]
    assert language == "fr"
    assert description.startswith("En 2018, l’Assemblée générale")
    assert description.endswith("sur les migrations (produit 1.2).")
    assert text(first).startswith("Renforcement du Mécanisme")
    assert text(first).endswith("(produit 1.2).")
    assert "Qui sommes nous" not in text(first)


def test_001_has_one_outcome_and_two_outputs(first: Engine) -> None:
    described = project(first)["results"]
    assert [(each["kind"], each["code"], each.get("parent")) for each in described] == [
        ("outcome", "1", None),
        ("output", "1.1", "PN.0008~1"),
        ("output", "1.2", "PN.0008~1"),
    ]
    texts = [each["text"]["fr"] for each in described]
    assert [(each.split()[0], each.split()[-1]) for each in texts] == [
        ("Pour", "internationales"),
        ("Plus", "internationales"),
        ("et", "migrations"),
    ]


PRINTED = {
    "projectId": "PN.0008",
    "primaId": "SV10P0560",
    "startYear": "2024",
    "endYear": "2026",
    "year": "2024",
    "status": "Actif",
    "coverage": "National",
    "region": "Amérique latine et Caraïbes",
    "type": "PN",
    "budgetUsd": "300000.00",
    "memberStates": "El Salvador",
}


def test_001_knows_the_source_and_place_of_every_value(first: Engine) -> None:
    whole, entries = text(first), project(first)["provenance"]
    (source,) = records(first, "source")
    for each in entries:
        assert each["source"] == source
        assert whole[each["start"] : each["end"]] == each["value"]
    plain = {each["field"]: each["value"] for each in entries if "language" not in each}
    assert plain == PRINTED
    assert [each["field"] for each in entries if "language" in each] == [
        "title",
        "description",
        *["results"] * 3,
    ]
    places = {each["field"]: each["start"] for each in entries}
    assert places["type"] == places["projectId"]


#: How the quote of each link begins and ends, and how long it is: enough to know it, and no text of the page.
LINKS = {
    "PN.0008~instrument-SLV-coordination-mechanism-2023": ("En 2023", "mobilité humaine", 81),
    "PN.0008~instrument-SLV-implementation-plan-2023": ("Cette même année", "mis au point", 115),
    "PN.0008~network-SLV": ("Réseau des Nations Unies", "en El Salvador", 58),
    "PN.0008~network-global": ("Réseau des Nations Unies", "sur les migrations", 43),
}


def test_001_proposes_exactly_these_links_with_quotes_at_their_places(first: Engine) -> None:
    links, whole = records(first, "link"), text(first)
    assert links.keys() == LINKS.keys()
    for key, link in links.items():
        assert link["status"] == "proposed"
        (claim,) = claims(link)
        (evidence,) = claim["evidence"]
        start, end = evidence["start"], evidence["end"]
        assert whole[start:end] == evidence["quote"]
        begins, ends, length = LINKS[key]
        assert evidence["quote"].startswith(begins)
        assert evidence["quote"].endswith(ends)
        assert len(evidence["quote"]) == length
        assert whole[start - 32 : start] == evidence["prefix"]
        assert whole[end : end + 32] == evidence["suffix"]
    assert not any("objective" in key or "sdg" in key for key in links)


def claims(link: ExchangeRecord) -> list[ExchangeRecord]:
    return list(link["claims"])


def test_001_makes_two_candidates_and_no_signatory(first: Engine) -> None:
    made = records(first, "instrument")
    assert {
        key: (each["kind"], each["state"], each["year"], "accepted" in each) for key, each in made.items()
    } == {
        "SLV-coordination-mechanism-2023": ("coordination-mechanism", "SLV", 2023, False),
        "SLV-implementation-plan-2023": ("implementation-plan", "SLV", 2023, False),
    }
    with reading(first) as snapshot:
        state = snapshot.record("state", "SLV")
    assert state is not None
    assert not any("signator" in name.lower() for name in (*state, *project(first)))


def test_001_again_changes_nothing(first: Engine) -> None:
    with no_write(first):
        report = import_paths(first, [FOLDER / "001.txt"])
    assert [each.outcome for each in report.entries] == [Outcome.UNCHANGED]


def test_001_over_the_sample_is_as_over_an_empty_store(first: Engine, stores: Stores) -> None:
    sample = stores(True)
    import_paths(sample, [FOLDER / "001.txt"])
    assert facts(sample)["PN.0008"] == facts(first)["PN.0008"]


# The whole folder


def test_the_folder_has_21_projects_and_two_pages_are_refused(store: Engine) -> None:
    report = import_paths(store, [FOLDER])
    files = [each for each in report.entries if each.outcome is not Outcome.NOTE]
    assert len(files) == 25
    assert report.counts() | {"note": 0} == {
        "taken": 22, "changed": 0, "unchanged": 0, "merged": 1, "deleted": 0, "refused": 2, "note": 0,
    }  # fmt: skip
    assert [Path(each.file).name for each in report.refused] == ["012.txt", "034.txt"]
    (merged,) = (each for each in files if each.outcome is Outcome.MERGED)
    assert (Path(merged.file).name, merged.identifier) == ("017.txt", "project/CE.0333")
    assert len(records(store, "project")) == 21
    assert report.exit_status == 1
    with no_write(store):
        import_paths(store, [FOLDER])


def test_the_folder_says_what_the_sample_says_of_every_project(stores: Stores) -> None:
    sample = stores(True)
    before = records(sample, "project")
    import_paths(sample, [FOLDER])
    after = records(sample, "project")
    assert {key: {name: each.get(name) for name in FIELDS} for key, each in after.items()} == {
        key: {name: each.get(name) for name in FIELDS} for key, each in before.items()
    }
    kinds = {key: each["kind"] for key, each in records(sample, "source").items()}
    assert {kinds[key] for each in after.values() for key in each["sources"]} == {"page"}


def test_the_folder_comes_to_the_same_in_any_order(stores: Stores) -> None:
    together, backwards = stores(False), stores(False)
    import_paths(together, [FOLDER])
    for path in (*sorted(FOLDER.glob("*.txt"), reverse=True), FOLDER / "017.txt"):
        import_paths(backwards, [path])
    assert facts(together) == facts(backwards)


def test_the_one_contradiction_of_the_folder_is_kept(store: Engine) -> None:
    import_paths(store, [FOLDER])
    found = {
        key: [each["field"] for each in one.get("conflicts", [])]
        for key, one in records(store, "project").items()
    }
    assert {key: fields for key, fields in found.items() if fields} == {"CE.0333": ["description"]}

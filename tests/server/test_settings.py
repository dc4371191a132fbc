"""Settings, and what they refuse."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from ontology.errors import WrongEnvironment
from server.database import open_database
from server.settings import Settings, check_public, is_loopback, placeholders, settings
from tests.serving import serving


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPACTGRAPH_BASE_IRI", "https://graph.example.org/")
    monkeypatch.setenv("COMPACTGRAPH_SAMPLE", "0")
    settings = Settings()
    assert settings.base_iri == "https://graph.example.org"
    assert settings.sample is False


@pytest.mark.parametrize(
    "base", ["graph.example.org", "https://x.org/?a", "https://x.org/#a", "ftp://x.org", "https://a b"]
)
def test_a_base_that_no_iri_can_begin_with_is_refused(base: str) -> None:
    with pytest.raises(ValidationError):
        Settings(base_iri=base)


@pytest.mark.parametrize(
    ("host", "holds"), [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False)]
)
def test_loopback_is_recognised(host: str, holds: bool) -> None:
    assert is_loopback(host) is holds


def test_serving_others_under_a_loopback_base_is_refused() -> None:
    with pytest.raises(WrongEnvironment) as error:
        check_public("0.0.0.0", "http://127.0.0.1:8000")
    assert "COMPACTGRAPH_BASE_IRI" in error.value.suggestion
    check_public("0.0.0.0", "https://graph.example.org")
    check_public("127.0.0.1", "http://127.0.0.1:8000")


@pytest.mark.parametrize("url", ["mysql://x/y", "no url at all", "oracle://"])
def test_a_database_of_another_kind_is_refused(url: str) -> None:
    with pytest.raises(WrongEnvironment):
        open_database(url)


@pytest.mark.parametrize(
    ("url", "folder"),
    [
        ("sqlite:////data/graph.db", "/data/graph.db.publication"),
        (
            "postgresql+psycopg://ann:secret@db.example.org:5432/graph",
            "db.example.org-5432-graph.publication",
        ),
        ("no address at all", "publication"),
    ],
)
def test_every_database_has_a_folder_of_dumps_of_its_own(url: str, folder: str) -> None:
    chosen = str(Settings(database_url=url).publication_folder)
    assert chosen.endswith(folder)
    assert "secret" not in chosen


def test_the_folder_of_dumps_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("COMPACTGRAPH_PUBLICATION_FOLDER", str(tmp_path))
    assert Settings().publication_folder == tmp_path


@pytest.mark.parametrize(
    "value", ["CC_BY_4_0", "http://publications.europa.eu/resource/authority/licence/CC_BY_4_0"]
)
def test_a_licence_is_a_code_or_an_iri_of_the_list_of_the_eu(value: str) -> None:
    assert (
        Settings(licence=value).licence
        == "http://publications.europa.eu/resource/authority/licence/CC_BY_4_0"
    )


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("LICENCE", "https://creativecommons.org/licenses/by/4.0/"),
        ("LICENCE", "cc by"),
        ("CONTACT_EMAIL", "nobody"),
        ("CONTACT_EMAIL", "a b@example.org"),
        ("PUBLISHER", ""),
        ("PUBLISHER", "<https://example.org/>"),
        ("PUBLISHER", "A fund <not an IRI>"),
        ("CATALOGUE_PAGE_SIZE", "0"),
    ],
)
def test_what_a_catalogue_cannot_say_is_refused_by_name(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"COMPACTGRAPH_{variable}", value)
    with pytest.raises(WrongEnvironment, match=f"COMPACTGRAPH_{variable}"):
        settings.__wrapped__()


def test_placeholders_are_named_until_they_are_set() -> None:
    assert placeholders(Settings()) == [
        "COMPACTGRAPH_PUBLISHER",
        "COMPACTGRAPH_CONTACT_EMAIL",
        "COMPACTGRAPH_LICENCE",
    ]
    chosen = Settings(publisher="A fund", contact_email="data@fund.org", licence="CC0")
    assert placeholders(chosen) == []


def test_ready_warns_of_placeholders_and_of_nothing_else(tmp_path: Path) -> None:
    with serving(f"sqlite:///{tmp_path}/one.db", sample=False) as service:
        warnings = service.client.get("/ready").json()["warnings"]
        assert [each.partition(" ")[0] for each in warnings] == placeholders(Settings())
    chosen = {"publisher": "A fund", "contact_email": "data@fund.org", "licence": "CC0"}
    with serving(f"sqlite:///{tmp_path}/two.db", sample=False, **chosen) as service:
        assert service.client.get("/ready").json()["warnings"] == []

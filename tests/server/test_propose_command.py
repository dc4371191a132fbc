"""The commands propose and evaluate, run as their users run them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from ontology.linking.lexicon import lexicon
from schema.snapshot import Snapshot
from schema.store import reading
from server.cli import app
from server.settings import settings
from tests.databases import Databases
from tests.linking.development import DEVELOPMENT

TEXT = "Clerks of Nowhere are trained to identify victims of trafficking in persons."


@pytest.fixture
def engine(databases: Databases) -> Iterator[Engine]:
    """A database with the sample; that claims are stored alike on both kinds, the stories of reviews show."""
    with databases.fresh("sqlite", sample=True) as engine:
        yield engine


@pytest.fixture
def commands(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[CliRunner]:
    """The commands over it."""
    monkeypatch.setenv("COMPACTGRAPH_DATABASE_URL", engine.url.render_as_string(hide_password=False))
    settings.cache_clear()
    yield CliRunner()
    settings.cache_clear()


def record(snapshot: Snapshot) -> dict[str, Any]:
    """The link that the tests look at."""
    return next(each for each in snapshot.records("link") if each["key"] == "PN.0008~objective-23")


def test_a_text_is_answered_with_one_json_object(commands: CliRunner, tmp_path: Path) -> None:
    file = tmp_path / "text.txt"
    file.write_text(TEXT, encoding="utf-8")
    for words, given in ((["--text", str(file)], None), (["--text", "-"], TEXT)):
        found = json.loads(commands.invoke(app, ["propose", *words, "--json"], input=given).stdout)
        assert (found["gcm"], found["sdg"]) == ([10], [16])
        assert found["gcm_scores"].keys() == {"10"}
        assert found["sdg_codebook_rules"] == {"16": ["sdg-16~include-1"]}
        assert "objective-10~include-1" in found["gcm_codebook_rules"]["10"]
        for each in found["evidence"]:
            assert TEXT[each["start"] : each["end"]] == each["quote"]


def test_a_text_is_told_with_the_rules_of_the_codebook(commands: CliRunner) -> None:
    told = commands.invoke(app, ["propose", "--text", "-"], input=TEXT).stdout.splitlines()
    place = next(place for place, line in enumerate(told) if line.startswith("sdg/16.2 "))
    assert told[place + 1] == "    by sdg-16.2~include-1, sdg-16.2~include-2"
    named = commands.invoke(app, ["propose", "--text", "-"], input="It serves SDG 5.").stdout
    assert "explicit" in named
    assert "    by" not in named


def test_a_text_without_a_topic_is_answered_with_nothing(commands: CliRunner) -> None:
    done = commands.invoke(app, ["propose", "--text", "-"], input="The office is closed on Monday.")
    assert (done.exit_code, done.stdout) == (0, "")
    assert "Nothing is proposed" in done.stderr


def test_proposing_for_stored_projects_again_changes_nothing(commands: CliRunner, engine: Engine) -> None:
    first = json.loads(commands.invoke(app, ["propose", "--json"]).stdout)
    assert first["changed"]
    with reading(engine) as snapshot:
        before = snapshot.version()
    again = json.loads(commands.invoke(app, ["propose", "--json"]).stdout)
    assert (again["links"], again["changed"]) == (first["links"], [])
    with reading(engine) as snapshot:
        assert snapshot.version() == before
    one = json.loads(commands.invoke(app, ["propose", "--project", "SV10P0560", "--json"]).stdout)
    assert "PN.0008~objective-23" in one["links"]
    assert one["methodVersion"] == lexicon().version


def test_a_new_version_of_the_lexicon_adds_claims_and_changes_nothing_else(
    commands: CliRunner, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands.invoke(app, ["propose", "--project", "PN.0008"])
    with reading(engine) as snapshot:
        before = record(snapshot)
    newer = lexicon()
    monkeypatch.setattr("schema.proposing.lexicon", lambda: type(newer)("9+new", newer.threshold, {}))
    commands.invoke(app, ["propose", "--project", "PN.0008"])
    with reading(engine) as snapshot:
        after = record(snapshot)
    assert after["claims"][: len(before["claims"])] == before["claims"]
    assert [each["methodVersion"] for each in after["claims"][len(before["claims"]) :]] == ["9+new"]
    assert after.get("reviews") == before.get("reviews")


def test_what_follows_over_the_crosswalk_is_proposed_only_when_it_is_asked_for(
    commands: CliRunner, engine: Engine
) -> None:
    plain = json.loads(commands.invoke(app, ["propose", "--json"]).stdout)
    assert "derived" not in plain
    found = json.loads(commands.invoke(app, ["propose", "--derived", "--json"]).stdout)
    assert (found["links"], found["changed"]) == (plain["links"], [])
    told = found["derived"]
    assert told["method"] == "crosswalk"
    assert told["changed"] == told["links"] != []
    assert not set(told["links"]) & set(found["links"])
    with reading(engine) as snapshot:
        links = {each["key"]: each for each in snapshot.records("link")}
        snapshot.check()
    for key in told["links"]:
        assert (links[key]["status"], links[key]["derived"]) == ("proposed", True)
        for claim in links[key]["claims"]:
            assert claim["method"] == "crosswalk"
            assert claim["confidence"] < 0.3
            assert claim["evidence"]
    again = commands.invoke(app, ["propose", "--derived"]).stderr
    assert f"{len(told['links'])} links follow from these over the crosswalk; 0 claims are new." in again
    refused = commands.invoke(app, ["propose", "--text", "-", "--derived"], input=TEXT)
    assert refused.exit_code == 2


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["propose", "--text", "nowhere.txt"], "UNREADABLE_FILE"),
        (["propose", "--project", "XX.0000"], "NOT_FOUND"),
        (["evaluate", "nowhere.jsonl"], "UNREADABLE_FILE"),
    ],
)
def test_what_is_not_there_is_told_with_its_code(commands: CliRunner, words: list[str], code: str) -> None:
    done = commands.invoke(app, words)
    assert done.exit_code == 2
    assert done.stderr.startswith(code)


def test_labelled_texts_are_evaluated(commands: CliRunner, tmp_path: Path) -> None:
    file = tmp_path / "gold.jsonl"
    file.write_text("\n".join(DEVELOPMENT.read_text(encoding="utf-8").splitlines()[:20]), encoding="utf-8")
    told = commands.invoke(app, ["evaluate", str(file)]).stdout
    assert "micro-F1" in told
    found = json.loads(commands.invoke(app, ["evaluate", str(file), "--json"]).stdout)
    assert found["quotes"]["spans"] == found["quotes"]["valid"]
    assert f"recall {found['gcm']['recall']:.3f}" in told


def test_a_rationale_may_be_words_without_places(commands: CliRunner, tmp_path: Path) -> None:
    item: dict[str, Any] = {"text": TEXT, "lang": "en", "gcm": [10], "sdg": []}
    told = []
    for rationale in (["victims of trafficking"], ["of Nowhere"], ["words of another text"]):
        file = tmp_path / "gold.jsonl"
        file.write_text(json.dumps(item | {"rationale": rationale}), encoding="utf-8")
        quotes = json.loads(commands.invoke(app, ["evaluate", str(file), "--json"]).stdout)["quotes"]
        told.append((quotes["compared"], quotes["overlapping"]))
    assert told == [(1, 1), (1, 1), (0, 0)]


def test_a_line_that_is_no_labelled_text_is_named(commands: CliRunner, tmp_path: Path) -> None:
    file = tmp_path / "gold.jsonl"
    wrong = (
        '"gcm": ["x"], "sdg": []',
        '"gcm": [], "sdg": [], "rationale": [1]',
        '"gcm": [], "sdg": [], "rationale": [{}]',
    )
    for line in ("{}", "nonsense", *(f'{{"text": "a", "lang": "en", {each}}}' for each in wrong), ""):
        file.write_text(line, encoding="utf-8")
        done = commands.invoke(app, ["evaluate", str(file)])
        assert (done.exit_code, done.stderr.split(":")[0]) == (2, "BAD_ARGUMENT")

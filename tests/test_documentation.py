"""README and CONTRIBUTING say what the code does."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from server.settings import Settings
from tests import documentation
from tests.documentation import (
    CATALOGUE,
    CONTRIBUTING,
    FILTERS,
    GRAPHQL,
    HTTP,
    IMPORTING,
    LINKED_DATA,
    OPERATIONS,
    README,
    REVIEW,
    ROOT,
    examples,
)
from tests.persons import Reviewed
from tests.serving import Service

REMAKE = "remake it with: python -m tests.documentation"


def test_the_readme_prints_the_answers_that_its_commands_get(sample: Service) -> None:
    text = README.read_text(encoding="utf-8")
    assert [language for _, language, _ in examples(text)] == ["json", "turtle", "json"]
    assert documentation.readme(sample.client) == text, REMAKE


def test_the_description_of_the_endpoint_prints_the_answers_that_its_commands_get(sample: Service) -> None:
    text = HTTP.read_text(encoding="utf-8")
    assert len(examples(text)) == text.count("```sh") == 8
    assert documentation.http(sample.client) == text, REMAKE


def test_the_description_of_the_endpoint_names_every_limit() -> None:
    limits = {name for name in Settings.model_fields if name.startswith("max_")}
    limits -= {"max_file_mb", "max_page_mb", "max_line_mb", "max_text_length"}
    text = HTTP.read_text(encoding="utf-8")
    for name in (*limits, "deadline_seconds", "threads"):
        assert f"`COMPACTGRAPH_{name.upper()}`" in text


def test_the_description_of_filters_prints_the_answers_that_its_commands_get(sample: Service) -> None:
    text = FILTERS.read_text(encoding="utf-8")
    assert len(examples(text)) == 4
    assert '"errors"' not in text
    assert documentation.filters(sample.client) == text, REMAKE


def test_the_description_of_the_catalogue_prints_the_answers_that_its_commands_get(sample: Service) -> None:
    text = CATALOGUE.read_text(encoding="utf-8")
    assert len(examples(text)) == 3
    assert documentation.catalogue(sample.client) == text, REMAKE


def test_the_guide_to_linked_data_prints_the_answers_that_its_commands_get(sample: Service) -> None:
    text = LINKED_DATA.read_text(encoding="utf-8")
    assert len(examples(text)) == text.count("```sh\n") == 6
    assert documentation.linked_data(sample.client) == text, REMAKE


def test_the_guide_to_reviewing_prints_the_answers_that_its_commands_get(reviewed: Reviewed) -> None:
    text = REVIEW.read_text(encoding="utf-8")
    assert len(examples(text)) == text.count("```sh\ncurl") == 8
    assert documentation.review(reviewed) == text, REMAKE


def test_the_description_of_imports_names_every_field_of_a_report() -> None:
    assert documentation.importing() == IMPORTING.read_text(encoding="utf-8"), REMAKE


def test_the_guide_to_the_api_shows_every_example_and_client_as_tests_run_them(sample: Service) -> None:
    assert documentation.graphql(sample.client) == GRAPHQL.read_text(encoding="utf-8"), REMAKE


def test_the_guide_for_those_who_run_it_names_every_metric(sample: Service) -> None:
    assert documentation.operations(sample.client) == OPERATIONS.read_text(encoding="utf-8"), REMAKE


@pytest.mark.parametrize("guide", [README, CONTRIBUTING, *sorted((ROOT / "docs").glob("*.md"))], ids=str)
def test_a_guide_links_only_to_what_there_is(guide: Path) -> None:
    paths = re.findall(r"\]\((?!https?:)([^)#\s]+)", guide.read_text(encoding="utf-8"))
    assert [each for each in paths if not (guide.parent / each).exists()] == []


def test_the_map_names_every_file_and_what_it_owns() -> None:
    assert documentation.contributing() == CONTRIBUTING.read_text(encoding="utf-8"), REMAKE


def test_the_readme_names_every_command() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "server", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    commands = re.findall(r"^│ (\w+) ", printed.stdout, flags=re.MULTILINE)
    assert {"serve", "import", "export", "db", "schema"} <= set(commands)
    text = README.read_text(encoding="utf-8")
    assert [each for each in commands if f"compactgraph {each}" not in text] == []


def test_the_two_commands_of_the_readme_are_those_that_ci_and_users_run() -> None:
    text = README.read_text(encoding="utf-8")
    assert "```sh\nscripts/serve\n```" in text
    assert "```sh\nscripts/test\n```" in text
    assert (ROOT / ".ci" / "run").read_text(encoding="utf-8").rstrip().endswith("scripts/test")

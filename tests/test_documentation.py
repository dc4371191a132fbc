"""README and CONTRIBUTING say what the code does."""

import re
import subprocess
import sys

from tests import documentation
from tests.documentation import CONTRIBUTING, FILTERS, IMPORTING, README, ROOT, examples
from tests.serving import Service

REMAKE = "remake it with: python -m tests.documentation"


def test_the_readme_prints_the_answers_that_its_commands_get(sample: Service) -> None:
    text = README.read_text(encoding="utf-8")
    assert [language for _, language, _ in examples(text)] == ["json", "turtle", "json"]
    assert documentation.readme(sample.client) == text, REMAKE


def test_the_description_of_filters_prints_the_answers_that_its_commands_get(sample: Service) -> None:
    text = FILTERS.read_text(encoding="utf-8")
    assert len(examples(text)) == 4
    assert '"errors"' not in text
    assert documentation.filters(sample.client) == text, REMAKE


def test_the_description_of_imports_names_every_field_of_a_report() -> None:
    assert documentation.importing() == IMPORTING.read_text(encoding="utf-8"), REMAKE


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

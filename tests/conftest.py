"""What all tests share."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import fresh_database, postgres
from tests.serving import Service, serving

# Fresh databases (`databases`, `kind`, `engine`), Chromium (`browser`), reviewers (`reviewed`), a running
# service (`live`).
pytest_plugins = ["tests.databases", "tests.browser", "tests.persons", "tests.processes"]

DATABASES = ("sqlite", "postgresql")


# Of these coverage tells nothing more: they work on other processes, on much data, or on what is generated.
UNTRACED = {"stories", "linking", "fuzz", "benchmarks", "harvest"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Stories take longest, so they come first: what is short fills the gaps at the end.

    What is marked as traced is run with coverage. On PostgreSQL the same lines run a second time, for which
    tracing takes almost as long again as the tests.
    """
    items.sort(key=lambda each: "stories" not in each.path.parts)
    for each in items:
        if "postgresql" not in each.name and not UNTRACED.intersection(each.path.parts):
            each.add_marker("traced")


@pytest.fixture(scope="session", autouse=True)
def _own_data_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What has no place of its own, such as the dumps of a PostgreSQL database, goes with the tests."""
    os.environ["XDG_DATA_HOME"] = str(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """One server serves all tests of a run; each takes a fresh database on it."""
    with postgres() as url:
        yield url


@pytest.fixture(scope="session", params=DATABASES)
def sample(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service with vocabularies and sample projects, on each database; tests only read from it."""
    if request.param == "sqlite":
        with serving(f"sqlite:///{tmp_path_factory.mktemp('sample')}/sample.db") as service:
            yield service
    else:
        server = request.getfixturevalue("postgres_url")
        with fresh_database(server) as url, serving(url) as service:
            yield service


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """A service of the test's own, without sample projects, that it may write to."""
    with serving(f"sqlite:///{tmp_path}/own.db", sample=False) as service:
        yield service

"""What the importer's tests share: the vocabulary, and stores that hold it or the sample too."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ontology.reading import records
from ontology.vocabularies import vocabulary as graph
from schema.record import NOUNS, declaration
from server.database import open_database
from server.importer.vocabulary import Vocabulary
from server.importer.vocabulary import vocabulary as made_of
from server.load import first_start
from tests.server.importer.inputs import Stores


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    """The vocabulary as the files hold it."""
    state, code = declaration(NOUNS["MemberState"]), declaration(NOUNS["CodeEntry"])
    return made_of(records(graph("states"), [state]), records(graph("codes"), [code]))


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Path]:
    """Two databases to copy: without and with the sample projects."""
    folder = tmp_path_factory.mktemp("templates")
    made: dict[bool, Path] = {}
    for sample in (False, True):
        made[sample] = folder / f"{sample}.db"
        engine = open_database(f"sqlite:///{made[sample]}")
        first_start(engine, sample=sample)
        engine.dispose()
    return made


@pytest.fixture
def stores(templates: dict[bool, Path], tmp_path: Path) -> Iterator[Stores]:
    """Makes stores of the test's own, with the sample projects or without."""
    made: list[Engine] = []

    def make(sample: bool) -> Engine:
        path = tmp_path / f"store-{len(made)}.db"
        shutil.copy(templates[sample], path)
        made.append(open_database(f"sqlite:///{path}"))
        return made[-1]

    yield make
    for engine in made:
        engine.dispose()


@pytest.fixture
def store(stores: Stores) -> Engine:
    """A store of the test's own that holds the vocabularies."""
    return stores(False)

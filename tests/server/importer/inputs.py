"""What the importer's tests put in and look at: invented pages, and what a store holds after."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

from ontology.declaration import ExchangeRecord
from schema.store import reading
from server.importer.report import Outcome, Report

PAGES = Path(__file__).parents[2] / "pages"

#: Makes a store of the test's own, with the sample projects or without.
Stores = Callable[[bool], Engine]

DASHES = """https://example.org/project/x

A Title
-
Start Date
2020
-
Prima ID
ZM10P9999
-
Projects ID
IB.9999
-
Benefiting Member States
Zambia
Words of a description.
"""


def changed(old: str, new: str) -> str:
    assert old in DASHES
    return DASHES.replace(old, new)


def without(*labels: str) -> str:
    content = DASHES
    for label in labels:
        head, _, rest = content.partition(f"-\n{label}\n")
        content = head + rest.partition("\n")[2]
    return content


def records(engine: Engine, segment: str) -> dict[str, ExchangeRecord]:
    with reading(engine) as snapshot:
        return {each["key"]: each for each in snapshot.records(segment)}


def facts(engine: Engine) -> dict[str, ExchangeRecord]:
    """The projects and their sources of kind page, without the times of writing."""
    kept = [*records(engine, "project").values(), *records(engine, "source").values()]
    return {
        each["key"]: {name: value for name, value in each.items() if name != "updatedAt"}
        for each in kept
        if each.get("kind") != "summary"
    }


def told(report: Report) -> list[tuple[str, str, str | None]]:
    return [
        (Path(each.file).name, each.outcome.value, each.identifier)
        for each in report.entries
        if each.outcome is not Outcome.NOTE
    ]


def written(folder: Path, **contents: str) -> list[Path]:
    paths = [folder / f"{name}.txt" for name in contents]
    for path, content in zip(paths, contents.values(), strict=True):
        path.write_text(content, encoding="utf-8")
    return paths


@contextmanager
def no_write(engine: Engine) -> Iterator[None]:
    """Claims that nothing is written inside."""
    before = version(engine)
    yield
    assert version(engine) == before


def version(engine: Engine) -> int:
    """The data version of a store."""
    with reading(engine) as snapshot:
        return snapshot.version()

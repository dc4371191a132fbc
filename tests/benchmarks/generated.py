"""Generated projects: as many lines of JSON as wanted, with shared sources and links with evidence."""

from collections.abc import Iterator

from ontology.declaration import ExchangeRecord
from schema.exchange import line
from schema.keys import link_key
from tests.schema.world import THEN, ground, project, record, source

# What a page says, once in each source; the evidence of links is a quote of it.
_WORDS = "The project helps the governments of El Salvador and Tonga to plan for safe migration."
_QUOTE = "safe migration"
_TARGETS = ("objective/23", "sdg/10.7")
_IN_A_SOURCE = 10

#: Lines that stand for one project: itself, its links and its share of a source.
LINES_OF_A_PROJECT = 1 + len(_TARGETS) + 1 / _IN_A_SOURCE


def _source(number: int) -> ExchangeRecord:
    return source(f"{_WORDS} It is written down on page {number} – l’avenir à l’œuvre.\n" * 5)


def _project(number: int, where: str) -> ExchangeRecord:
    year = 2000 + number % 25
    return project(
        f"GN.{number:07}",
        title={"en": f"Generated project {number}", "fr": f"Projet généré {number}"},
        description={"en": f"{_WORDS} " * 8},
        projectId=f"GN.{number:07}",
        startYear=year,
        endYear=year + 2,
        year=year,
        status="status/active" if number % 3 else "status/completed",
        region="region/lac" if number % 2 else "region/africa",
        type="type/PN",
        budgetUsd=f"{1000 + number}.00",
        memberStates=["SLV", "TON"],
        sources=[where],
        provenance=[{"field": "year", "value": str(year), "source": where, "start": 0, "end": 4}],
    )


def _link(number: int, target: str, page: ExchangeRecord) -> ExchangeRecord:
    start = page["text"].index(_QUOTE)
    evidence = {
        "quote": _QUOTE,
        "start": start,
        "end": start + len(_QUOTE),
        "prefix": page["text"][start - 12 : start],
        "suffix": page["text"][start + len(_QUOTE) :][:12],
        "language": "en",
        "textSha256": page["key"],
        "source": page["key"],
    }
    claim = {
        "method": "lexicon",
        "methodVersion": "1",
        "madeBy": "compactgraph",
        "madeAt": THEN,
        "ruleIds": ["safe-migration"],
        "confidence": 0.5,
        "evidence": [evidence],
    }
    key = link_key(f"GN.{number:07}", target)
    return record("link", key, project=f"GN.{number:07}", target=target, version=1, claims=[claim])


def records(projects: int) -> Iterator[ExchangeRecord]:
    """What projects refer to, then their sources, projects and links, in the order of exports."""
    yield from ground()
    for number in range(0, projects, _IN_A_SOURCE):
        yield _source(number)
    pages = (_source(number - number % _IN_A_SOURCE) for number in range(projects))
    for number, page in enumerate(pages):
        yield _project(number, page["key"])
    for number in range(projects):
        page = _source(number - number % _IN_A_SOURCE)
        for target in _TARGETS:
            yield _link(number, target, page)


def lines(projects: int) -> Iterator[bytes]:
    """The same as lines of a file."""
    return (line({"updatedAt": THEN} | each) + b"\n" for each in records(projects))

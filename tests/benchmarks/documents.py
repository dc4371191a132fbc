"""Documents: one document after the other, written by us and by rdflib, by CPU time in one run.

`python -m tests.benchmarks.documents [SECONDS]` prints a row for each format. Both sides begin at the records
of the document and end at its bytes; rdflib builds the graph from the same walk and serialises it.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from tempfile import TemporaryDirectory
from time import process_time

from rdflib import Graph

from ontology.formats import FORMATS, Format
from ontology.graph import chunks
from ontology.iri import Iris
from schema.store import reading
from server.database import open_database
from server.documents import Document, document
from server.load import first_start
from tests.graphs import SYNTAX

IRIS = Iris("https://data.example.org")
#: The formats of one graph; those of datasets say the same.
COMPARED = ("ttl", "jsonld", "rdf", "nt")
THINGS = (("project", "PN.0008"), ("link", "FM.0283~objective-16"), ("state", "SLV"), ("objective", "23"))


@dataclass(frozen=True, slots=True)
class Row:
    """One format: documents a second of CPU time, ours and those of rdflib."""

    format: str
    ours: float
    rdflib: float

    @property
    def ratio(self) -> float:
        """How many times as many."""
        return self.ours / self.rdflib


def by_rdflib(found: Document, suffix: str) -> bytes:
    """Build the graph with rdflib and let it serialise."""
    graph = Graph()
    for statement in chain.from_iterable(statements for _, statements in chunks(found.described, IRIS)):
        graph.add(statement)
    return graph.serialize(format=SYNTAX[suffix], encoding="utf-8")


def per_second(write: Callable[[], object], seconds: float) -> float:
    """How often something is done in a second of CPU time."""
    done, began = 0, process_time()
    while (spent := process_time() - began) < seconds:
        write()
        done += 1
    return done / spent


def documents() -> list[Document]:
    """Documents of several classes of the sample, as large as they are."""
    with TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{folder}/sample.db")
        first_start(engine, sample=True)
        with reading(engine) as snapshot:
            found = [document(snapshot, segment, key) for segment, key in THINGS]
        engine.dispose()
    return found


def measured(found: list[Document], seconds: float) -> list[Row]:
    """A row for each format, both sides over the same documents in turns."""

    def ours(format: Format) -> None:
        for each in found:
            each.body(format, IRIS)

    def theirs(suffix: str) -> None:
        for each in found:
            by_rdflib(each, suffix)

    rows = []
    for suffix in COMPARED:
        one = per_second(lambda suffix=suffix: ours(FORMATS[suffix]), seconds)
        other = per_second(lambda suffix=suffix: theirs(suffix), seconds)
        rows.append(Row(FORMATS[suffix].name, one * len(found), other * len(found)))
    return rows


def main(seconds: float = 2.0) -> None:
    """Print the table."""
    out = sys.stdout.write
    out("| format | documents a second | rdflib | ratio |\n| --- | --- | --- | --- |\n")
    for row in measured(documents(), seconds):
        out(f"| {row.format} | {row.ours:,.0f} | {row.rdflib:,.0f} | {row.ratio:.1f} |\n")


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))

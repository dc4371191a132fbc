"""Formats: what everything in the store can be exported as, and what somebody can want of each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from ontology.iri import Iris
from schema.snapshot import Snapshot
from schema.sql import AnySelect
from server.exporter import jsonl, rdf, tables


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants of an export: the base of its IRIs, and what only some formats know."""

    iris: Iris
    projects: AnySelect | None = None
    style: tables.Style | None = None


@dataclass(frozen=True, slots=True)
class Export:
    """A format that is written: its name, what it holds, how, and what can be wanted of it."""

    name: str
    description: str
    write: Callable[[Snapshot, BinaryIO, Wanted], None]
    #: Whether only some projects can be written.
    filtered: bool = False


def _write_jsonl(snapshot: Snapshot, out: BinaryIO, wanted: Wanted) -> None:
    jsonl.write(snapshot, out, wanted.projects)


def _write_csv(snapshot: Snapshot, out: BinaryIO, wanted: Wanted) -> None:
    tables.write_flat(snapshot, out, wanted.style or tables.Style(), wanted.projects)


def _rdf(name: str, description: str) -> Export:
    def write(snapshot: Snapshot, out: BinaryIO, wanted: Wanted) -> None:
        rdf.write(snapshot, out, name, wanted.iris)

    return Export(name, description, write)


EXPORTS = {
    each.name: each
    for each in (
        Export(
            "jsonl",
            "exchange records, one JSON object a line: whole and lossless",
            _write_jsonl,
            filtered=True,
        ),
        Export(
            "csv", "tables: one row for each project, or a folder of relations", _write_csv, filtered=True
        ),
        _rdf("nt", "RDF as N-Triples"),
        _rdf("nq", "RDF as N-Quads, with links and their reasons in graphs of their own"),
        _rdf("ttl", "RDF as Turtle"),
        _rdf("trig", "RDF as TriG, with the same graphs"),
        _rdf("jsonld", "RDF as JSON-LD 1.1, the records with a context"),
    )
}

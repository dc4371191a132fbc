"""Exporter: everything in the store, written at one data version; one format a module."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from ontology.iri import Iris
from schema.snapshot import Snapshot
from server.exporter import jsonl, rdf


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants of an export: the base of its IRIs, and an earlier data version."""

    iris: Iris
    as_of: int | None = None


@dataclass(frozen=True, slots=True)
class Export:
    """A format that is written: its name, what it holds, how, and whether earlier versions can be written."""

    name: str
    description: str
    write: Callable[[Snapshot, BinaryIO, Wanted], None]
    earlier: bool = False


def _write_jsonl(snapshot: Snapshot, out: BinaryIO, wanted: Wanted) -> None:
    jsonl.write(snapshot, out, wanted.as_of)


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
            earlier=True,
        ),
        _rdf("nt", "RDF as N-Triples"),
        _rdf("nq", "RDF as N-Quads, with links and their reasons in graphs of their own"),
        _rdf("ttl", "RDF as Turtle"),
        _rdf("trig", "RDF as TriG, with the same graphs"),
        _rdf("jsonld", "RDF as JSON-LD 1.1, the records with a context"),
    )
}

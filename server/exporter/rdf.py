"""RDF dumps: everything that lives, collection by collection, streamed in memory that does not grow."""

from collections.abc import Iterator
from typing import BinaryIO

from ontology.collections import COLLECTIONS
from ontology.declaration import ExchangeRecord
from ontology.errors import BadArgument
from ontology.formats import FORMATS
from ontology.iri import Iris
from schema.memory import uncollected
from schema.snapshot import Snapshot
from server.documents import declarations, described
from server.exporter.selection import Collected

#: The formats of whole dumps.
DUMPS = ("nt", "nq", "ttl", "trig", "jsonld")


def _records(snapshot: Snapshot) -> Iterator[ExchangeRecord]:
    for collection in COLLECTIONS.values():
        yield from Collected(snapshot, collection).records()


def _pieces(snapshot: Snapshot, format: str, iris: Iris) -> Iterator[str]:
    return FORMATS[format].writer(declarations(), iris).pieces(described(_records(snapshot)))


def write(snapshot: Snapshot, out: BinaryIO, format: str, iris: Iris) -> None:
    """Write everything that lives; the same data are the same bytes. Raises BadArgument."""
    if format not in DUMPS:
        raise BadArgument(f"format: {format!r} is not known", f"Use one of {', '.join(DUMPS)}.")
    with uncollected():
        out.writelines(piece.encode() for piece in _pieces(snapshot, format, iris))

"""RDF dumps: everything that lives, collection by collection, streamed in memory that does not grow."""

from collections.abc import Iterator
from typing import BinaryIO

from ontology.collections import COLLECTIONS
from ontology.errors import BadArgument
from ontology.formats import FORMATS
from ontology.graph import Described
from ontology.iri import Iris
from schema.memory import uncollected
from schema.snapshot import Snapshot
from server.documents import declarations
from server.exporter.selection import Collected

#: The formats of whole dumps.
DUMPS = ("nt", "nq", "ttl", "trig", "jsonld")


def _described(snapshot: Snapshot) -> Iterator[Described]:
    for collection in COLLECTIONS.values():
        yield from Collected(snapshot, collection).described()


def _pieces(snapshot: Snapshot, format: str, iris: Iris) -> Iterator[str]:
    return FORMATS[format].writer(declarations(), iris).pieces(_described(snapshot))


def write(snapshot: Snapshot, out: BinaryIO, format: str, iris: Iris) -> None:
    """Write everything that lives; the same data are the same bytes. Raises BadArgument."""
    if format not in DUMPS:
        raise BadArgument(f"format: {format!r} is not known", f"Use one of {', '.join(DUMPS)}.")
    with uncollected():
        out.writelines(piece.encode() for piece in _pieces(snapshot, format, iris))

"""Documents: which records a document about a thing is made of, and what says that it has changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version

from ontology.declaration import Declaration, ExchangeRecord
from ontology.errors import Gone, NotFound
from ontology.formats import Format
from ontology.graph import Described
from ontology.iri import Iris
from schema.exchange import SEGMENTS, line, noun_of, nouns_of
from schema.record import declaration
from schema.snapshot import Snapshot


@cache
def release() -> str:
    """The version of this program: another one may write the same records in another way."""
    try:
        return version("compactgraph")
    except PackageNotFoundError:
        return "checkout"


def declarations() -> list[Declaration]:
    """The declarations of all classes that have documents, in the order of exports."""
    return [declaration(noun) for segment in SEGMENTS for noun in nouns_of(segment)]


def described(records: Iterable[ExchangeRecord]) -> Iterable[Described]:
    """The records, each with its declaration."""
    return ((declaration(noun_of(each["class"], each["key"])), each) for each in records)


@dataclass(frozen=True, slots=True)
class Document:
    """What a document about a thing says; the thing's own record comes first."""

    segment: str
    key: str
    records: tuple[ExchangeRecord, ...]

    def modified(self) -> str:
        """When what it says last changed."""
        return max(str(each["updatedAt"]) for each in self.records)

    def body(self, format: Format, iris: Iris) -> bytes:
        """The document in one format."""
        return format.document(described(self.records), iris).encode()

    def tag(self, format: Format, iris: Iris) -> str:
        """A strong entity tag, without writing the body: a release writes the same records as the same bytes.

        It follows from the records and not from their version numbers, so that it also holds after a restore
        and is the same on every installation.
        """
        digest = sha256(f"{release()} {iris.base} {format.suffix}".encode())
        for each in self.records:
            digest.update(b"\n" + line(each))
        return f'"{digest.hexdigest()[:32]}"'


def living_key(snapshot: Snapshot, segment: str, key: str) -> str:
    """The key that a thing lives under, which differs from `key` for an alias. Raises NotFound, Gone."""
    standing = snapshot.standing(segment, key)
    if standing is None:
        raise NotFound(f"there is no {segment}/{key}", "Check the class and the key.")
    if standing.deleted:
        raise Gone(f"{segment}/{standing.key} was deleted", "Remove what refers to it.")
    return standing.key


def _beside(snapshot: Snapshot, project: str) -> Iterable[ExchangeRecord]:
    """The links of a project, and the instruments among their targets that are still candidates."""
    links = list(snapshot.links_of(project))
    yield from links
    for segment, _, key in sorted({each["target"].partition("/") for each in links}):
        if segment == "instrument":
            record = snapshot.record(segment, key)
            if record is not None and not record.get("accepted"):
                yield record


def document(snapshot: Snapshot, segment: str, key: str) -> Document:
    """The document about a thing; a project's also says why its links are proposed. Raises NotFound."""
    record = snapshot.record(segment, key)
    if record is None:
        raise NotFound(f"there is no {segment}/{key}", "Check the class and the key.")
    beside = _beside(snapshot, key) if segment == "project" else ()
    return Document(segment, key, (record, *beside))

"""Documents: which records a document about a thing is made of, and where the thing stands."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ontology.declaration import Declaration, ExchangeRecord
from ontology.errors import NotFound
from ontology.formats import Format
from ontology.graph import Described
from ontology.iri import Iris
from ontology.terms import RDFS, SKOS
from schema.exchange import SEGMENTS, is_gone, noun_at, noun_of, nouns_of
from schema.model import Scheme
from schema.record import declaration
from schema.snapshot import Snapshot, Standing
from schema.sound import all_sound

# What a scheme says of each of its concepts; the rest stands in the concept's own document.
_LISTED = frozenset({RDFS.label, SKOS.prefLabel, SKOS.notation, SKOS.inScheme})


def declarations() -> list[Declaration]:
    """The declarations of all classes that have documents, in the order of exports."""
    return [declaration(noun) for segment in SEGMENTS for noun in nouns_of(segment)]


def described(records: Iterable[ExchangeRecord]) -> Iterable[Described]:
    """The records, each with its declaration; damaged ones are left out and logged."""
    return ((declaration(noun_at(each["class"], each["key"])), each) for each in all_sound(records))


@dataclass(frozen=True, slots=True)
class Document:
    """What a document about a thing says; the thing's own record comes first.

    `listed` are the concepts of a scheme, each with no more than its label and its place.
    """

    segment: str
    key: str
    described: tuple[Described, ...]
    listed: tuple[Described, ...] = ()

    @property
    def records(self) -> tuple[ExchangeRecord, ...]:
        """The records that it says all of, the thing's own first."""
        return tuple(record for _, record in self.described)

    def modified(self) -> str:
        """When what it says last changed."""
        return max(str(record["updatedAt"]) for _, record in (*self.described, *self.listed))

    def body(self, format: Format, iris: Iris) -> bytes:
        """The document in one format."""
        return format.document((*self.described, *self.listed), iris).encode()


def standing(snapshot: Snapshot, segment: str, key: str) -> Standing:
    """Where a thing stands: under which key, and whether it was deleted. Raises NotFound."""
    found = snapshot.standing(segment, key)
    if found is None:
        raise NotFound(f"there is no {segment}/{key}", "Check the class and the key.")
    return found


def _beside(snapshot: Snapshot, project: str) -> Iterator[ExchangeRecord]:
    """The links of a project, and the instruments among their targets that are still candidates."""
    links = list(all_sound(snapshot.links_of(project)))
    yield from links
    for segment, _, key in sorted({each["target"].partition("/") for each in links}):
        if segment == "instrument":
            record = snapshot.record(segment, key)
            if record is not None and not record.get("accepted"):
                yield record


def _brief(declared: Declaration, record: ExchangeRecord) -> ExchangeRecord:
    """What a scheme says of a concept of its own."""
    kept = {each.name for each in declared.fields if each.property.iri in _LISTED}
    kept |= {"class", "key", "updatedAt", declared.broader}
    return {name: value for name, value in record.items() if name in kept}


def _concepts(snapshot: Snapshot, scheme: str) -> Iterator[Described]:
    """The concepts of a scheme, in the order of their keys."""
    for declared in declarations():
        if declared.scheme == scheme or declared.by_scheme is not None:
            for record in all_sound(snapshot.records(declared.segment)):
                is_of_class = declaration(noun_at(declared.segment, record["key"])) is declared
                if is_of_class and declared.scheme_of(record) == scheme:
                    yield declared, _brief(declared, record)


def document(snapshot: Snapshot, segment: str, key: str) -> Document:
    """The document about a thing; a project's also says why its links are proposed.

    Raises NotFound, and DamagedRecord when what is stored of the thing cannot be shown.
    """
    record = snapshot.last(segment, key)
    if record is None or is_gone(record):
        raise NotFound(f"there is no {segment}/{key}", "Check the class and the key.")
    beside = _beside(snapshot, key) if segment == "project" else ()
    found = ((declaration(noun_of(segment, key)), record), *described(beside))
    listed = tuple(_concepts(snapshot, key)) if segment == Scheme.segment else ()
    return Document(segment, key, found, listed)

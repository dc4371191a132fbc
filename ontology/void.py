"""VoID: how many statements, things, classes and properties a dump holds, counted off its own lines."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from rdflib import Literal, URIRef

from ontology.graph import Triple
from ontology.iri import Iris
from ontology.terms import DCTERMS, FOAF, PREFIXES, RDF, VOID, XSD

_TYPE = f"<{RDF.type}>"
_AT_ONCE = 1000


@dataclass(slots=True)
class Counts:
    """What N-Triples hold: statements, things that have a class, things by class, statements by property."""

    triples: int = 0
    entities: int = 0
    classes: Counter[str] = field(default_factory=Counter)
    properties: Counter[str] = field(default_factory=Counter)

    #: The thing that was last found to have a class.
    _described: str = field(default="", repr=False, compare=False)

    def take(self, lines: Sequence[str]) -> None:
        """Take in the next lines of sorted N-Triples, in which the lines of a thing stand together."""
        self.triples += len(lines)
        self.properties.update([each.split(" ", 2)[1][1:-1] for each in lines])
        for line in [each for each in lines if _TYPE in each]:
            subject, predicate, rest = line.split(" ", 2)
            # A literal may hold anything.
            if predicate == _TYPE:
                self.classes[rest.rpartition(" ")[0][1:-1]] += 1
                self.entities += subject != self._described
                self._described = subject

    def add(self, other: "Counts") -> None:
        """Take in the counts of a dump that has no thing in common with this one."""
        self.triples += other.triples
        self.entities += other.entities
        self.classes.update(other.classes)
        self.properties.update(other.properties)


def counted(lines: Iterable[str]) -> Counts:
    """The counts of sorted N-Triples without repeats, in which the lines of a thing stand together."""
    found, left = Counts(), iter(lines)
    while some := list(islice(left, _AT_ONCE)):
        found.take(some)
    return found


def _number(value: int) -> Literal:
    return Literal(str(value), datatype=XSD.integer, normalize=False)


def _counts(subject: URIRef, counts: Counts) -> Iterator[Triple]:
    yield subject, VOID.triples, _number(counts.triples)
    yield subject, VOID.entities, _number(counts.entities)
    yield subject, VOID.classes, _number(len(counts.classes))
    yield subject, VOID.properties, _number(len(counts.properties))


def _partitions(subject: URIRef, counts: Counts, here: str, name: str) -> Iterator[Triple]:
    for place, (kind, number) in enumerate(sorted(counts.classes.items()), start=1):
        part = URIRef(f"{here}#{name}-class-{place}")
        yield subject, VOID.classPartition, part
        yield part, VOID["class"], URIRef(kind)
        yield part, VOID.entities, _number(number)
    for place, (stated, number) in enumerate(sorted(counts.properties.items()), start=1):
        part = URIRef(f"{here}#{name}-property-{place}")
        yield subject, VOID.propertyPartition, part
        yield part, VOID.property, URIRef(stated)
        yield part, VOID.triples, _number(number)


def subset(
    name: str,
    title: Mapping[str, str],
    dumps: Iterable[str],
    counts: Counts | None,
    iris: Iris,
) -> Iterator[Triple]:
    """One dataset with its dumps (paths) and, once it is published, its exact counts and partitions."""
    subject = URIRef(f"{iris.base}/dataset/{name}")
    yield subject, RDF.type, VOID.Dataset
    yield from ((subject, DCTERMS.title, Literal(words, lang=each)) for each, words in title.items())
    yield from ((subject, VOID.dataDump, URIRef(f"{iris.base}{path}")) for path in dumps)
    if counts is not None:
        yield from _counts(subject, counts)
        yield from _partitions(subject, counts, f"{iris.base}/.well-known/void", name)


def head(whole: str, parts: Iterable[str], formats: Iterable[str], iris: Iris) -> Iterator[Triple]:
    """What stands before the datasets: the document itself, and what holds for all of them.

    `formats` are IRIs of the syntaxes that documents and dumps are in (W3C, Unique URIs for File Formats).
    """
    here, subject = URIRef(f"{iris.base}/.well-known/void"), URIRef(f"{iris.base}/dataset/{whole}")
    yield here, RDF.type, VOID.DatasetDescription
    yield here, FOAF.primaryTopic, subject
    yield subject, VOID.uriSpace, Literal(f"{iris.base}/id/")
    yield subject, FOAF.homepage, URIRef(f"{iris.base}/")
    yield from ((subject, VOID.feature, URIRef(each)) for each in formats)
    yield from (
        (subject, VOID.vocabulary, iris.term(URIRef(each)))
        for prefix, each in sorted(PREFIXES.items())
        if prefix not in ("rdf", "xsd")
    )
    yield from ((subject, VOID.subset, URIRef(f"{iris.base}/dataset/{each}")) for each in parts)

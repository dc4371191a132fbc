"""Walk: the walk of `ontology.graph` worked out once for each class, from a record straight to text.

`graph.triples` is the meaning; this is the same in the words of one syntax, without a node for each term. The
writers of N-Triples, N-Quads, Turtle and TriG share it, and tests hold both walks to the same bytes.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from rdflib import URIRef

from ontology.declaration import Declaration, Declared, ExchangeRecord, part_key
from ontology.graph import DATE_BY_LENGTH, RELATIONS, lexical, places
from ontology.iri import Iris, encoded, legal
from ontology.terms import DCTERMS, XSD, IriProperty, Property, Reference, TextProperty

#: A property and what stands for its values, each in the words of the syntax.
Stated = tuple[str, list[str]]

#: A subject, as its bare IRI, and all that a record says of it.
Block = tuple[str, list[Stated]]

#: What writes one living record, by what its fields mean.
Piece = Callable[[Declaration, ExchangeRecord], str]

Objects = Callable[[Any], list[str]]


class Syntax(Protocol):
    """How one syntax writes terms; `kind` is how it writes the property rdf:type."""

    kind: str

    def iri(self, iri: str) -> str:
        """A property."""
        ...

    def value(self, iri: str) -> str:
        """An IRI of which nothing is known, as a value."""
        ...

    def node(self, iri: str) -> str:
        """The IRI of a thing or a part as a value."""
        ...

    def quoted(self, words: str) -> str:
        """A plain literal, with its escapes."""
        ...

    def tagged(self, words: str, language: str) -> str:
        """A literal in a language."""
        ...

    def typed(self, datatype: URIRef) -> Callable[[str], str]:
        """How literals of a datatype are written, given in their lexical form."""
        ...


class _Field(NamedTuple):
    name: str
    predicate: str
    objects: Objects
    part: "_Class | None"


@dataclass(frozen=True, slots=True)
class _Class:
    """What is known of a class before any record is seen."""

    declaration: Declaration
    namespace: str
    types: Stated
    fields: tuple[_Field, ...]
    is_concept: bool
    #: How the IRI of a part is written as a value.
    node: Callable[[str], str]
    #: Whether two fields have one property, so that what they say has to be put together.
    is_shared: bool


@dataclass(frozen=True, slots=True)
class Walk:
    """The walk in one syntax, under one base."""

    iris: Iris
    syntax: Syntax
    _classes: dict[str, _Class]
    _modified: str
    _moment: Callable[[str], str]

    @classmethod
    def of(cls, iris: Iris, syntax: Syntax) -> "Walk":
        """The walk of all classes, each worked out when the first of its records comes."""
        return cls(iris, syntax, {}, syntax.iri(DCTERMS.modified), syntax.typed(XSD.dateTime))

    def blocks(self, declaration: Declaration, record: ExchangeRecord) -> list[Block]:
        """What a living record says, subject by subject, in the order of the declaration."""
        found = self._classes.get(declaration.name)
        if found is None or found.declaration is not declaration:
            found = self._classes[declaration.name] = _class(declaration, self.iris, self.syntax)
        key = record["key"]
        blocks: list[Block] = []
        subject = found.namespace + encoded(key)
        stated = _state(blocks, found, subject, key, record)
        if found.is_concept:
            self._place(blocks, stated, subject, places(declaration, record, self.iris))
        if (moment := record.get("updatedAt")) is not None:
            stated.append((self._modified, [self._moment(moment)]))
        if found.is_shared or found.is_concept:
            stated[:] = _together(stated)
        return blocks

    def _place(
        self, blocks: list[Block], stated: list[Stated], subject: str, found: dict[str, URIRef]
    ) -> None:
        """State where a concept stands in its scheme, in both directions."""
        node = self.syntax.node
        for name, other in found.items():
            forth, back = RELATIONS[name]
            stated.append((self.syntax.iri(forth), [node(other)]))
            if back is not None:
                blocks.append((other, [(self.syntax.iri(back), [node(subject)])]))


def _state(
    blocks: list[Block], known: _Class, subject: str, owner: str, record: ExchangeRecord
) -> list[Stated]:
    stated: list[Stated] = [known.types]
    blocks.append((subject, stated))
    get = record.get
    for name, predicate, objects, part in known.fields:
        if (value := get(name)) is None:
            continue
        if part is None:
            stated.append((predicate, objects(value)))
            continue
        nodes: list[str] = []
        stated.append((predicate, nodes))
        for position, each in enumerate(value, 1):
            key, node = _part_node(subject, owner, part, position, each)
            nodes.append(known.node(node))
            of_part = _state(blocks, part, node, key, each)
            if part.is_shared:
                of_part[:] = _together(of_part)
    return stated


def _part_node(
    subject: str, owner: str, part: _Class, position: int, record: ExchangeRecord
) -> tuple[str, str]:
    key = part_key(owner, part.declaration, position, record)
    if part.declaration.segment:
        return key, part.namespace + encoded(key)
    return key, f"{subject.partition('#')[0]}#{key.partition('#')[2]}"


def _together(stated: Iterable[Stated]) -> Iterator[Stated]:
    found: dict[str, dict[str, None]] = {}
    for predicate, objects in stated:
        found.setdefault(predicate, {}).update(dict.fromkeys(objects))
    return ((predicate, list(objects)) for predicate, objects in found.items())


def _class(declaration: Declaration, iris: Iris, syntax: Syntax) -> _Class:
    types = (syntax.kind, [syntax.value(iris.term(each)) for each in declaration.types])
    fields = tuple(
        _Field(
            each.name,
            syntax.iri(iris.term(each.property.iri)),
            _objects(each, iris, syntax),
            None if each.part is None else _class(each.part, iris, syntax),
        )
        for each in declaration.fields
        if each.property.iri is not None
    )
    is_concept = declaration.scheme is not None or declaration.by_scheme is not None
    predicates = {syntax.iri(DCTERMS.modified), *(each.predicate for each in fields)}
    namespace = iris.namespace(declaration.segment)
    return _Class(
        declaration, namespace, types, fields, is_concept, syntax.node, len(predicates) <= len(fields)
    )


def _objects(declared: Declared, iris: Iris, syntax: Syntax) -> Objects:
    """How the values of a field are written, as a list of words of the syntax."""
    stated = declared.property
    if isinstance(stated, TextProperty):
        return _texts(syntax) if declared.many else _text(syntax)
    one = _one(stated, iris, syntax)
    if declared.many:
        # A value that is said twice is written once.
        return lambda values: [*map(one, values)] if len(values) == 1 else [*dict.fromkeys(map(one, values))]
    return lambda value: [one(value)]


def _text(syntax: Syntax) -> Objects:
    tagged = syntax.tagged
    return lambda value: [tagged(words, language) for language, words in value.items()]


def _texts(syntax: Syntax) -> Objects:
    tagged = syntax.tagged
    return lambda value: [
        tagged(each, language) for language, words in value.items() for each in dict.fromkeys(words)
    ]


def _one(stated: Property, iris: Iris, syntax: Syntax) -> Callable[[Any], str]:
    if isinstance(stated, Reference):
        return _reference(stated, iris, syntax)
    if isinstance(stated, IriProperty):
        return lambda value: syntax.value(legal(value))
    return _literal(stated.datatype, syntax)


def _reference(stated: Reference, iris: Iris, syntax: Syntax) -> Callable[[Any], str]:
    node = syntax.node
    if not stated.to:
        return lambda value: node(iris.node(value))
    namespace = iris.namespace(stated.to)
    return lambda key: node(namespace + encoded(key))


def _literal(datatype: URIRef | None, syntax: Syntax) -> Callable[[Any], str]:
    if datatype is None or datatype == XSD.string:
        return syntax.quoted
    if datatype == XSD.date:
        by_length = {length: syntax.typed(each) for length, each in DATE_BY_LENGTH.items()}
        return lambda value: by_length[len(value)](value)
    written = syntax.typed(datatype)
    return lambda value: written(value if type(value) is str else lexical(value))

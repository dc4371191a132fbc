"""Walk: the walk of `ontology.graph` over many records at once, field by field, straight to text.

`graph.triples` is the meaning; this is the same in the words of one syntax, without a node for each term.
What a class says is worked out once, and the values of a field are written for all records together, which is
much faster. All syntaxes but JSON-LD share it; tests hold both walks to the same bytes.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from rdflib import URIRef

from ontology.declaration import Declaration, Declared, ExchangeRecord
from ontology.graph import DATE_BY_LENGTH, Described, Triple, is_about_something, lexical, part_nodes, triples
from ontology.iri import Iris, are_plain, encoded, legal
from ontology.terms import DCTERMS, XSD, IriProperty, Reference, TextProperty

#: What writes living records of one class, each as a text of its own.
Pieces = Callable[[Declaration, Sequence[ExchangeRecord]], list[str]]

#: The values of one field, one for each record; None where a record has none.
Values = Sequence[Any]

#: What a field says, in the words of the syntax, one text for each subject; empty where it says nothing.
Column = Callable[[Sequence[str], Values], list[str]]

#: A subject, and all that is said of it.
Block = tuple[str, str]

_AT_ONCE = 50


def together(described: Iterable[Described]) -> Iterator[tuple[Declaration, list[ExchangeRecord]]]:
    """The living records in their order, those of one class together, some at a time."""
    some: list[ExchangeRecord] = []
    last: Declaration | None = None
    for declaration, record in described:
        if not is_about_something(record):
            continue
        if declaration is not last or len(some) == _AT_ONCE:
            if last is not None:
                yield last, some
            some, last = [], declaration
        some.append(record)
    if last is not None:
        yield last, some


class Syntax(Protocol):
    """How one syntax writes terms and statements."""

    #: The property rdf:type.
    kind: str
    #: Whether what is said of a subject is sorted by property, or stands as declared.
    is_sorted: bool

    def iri(self, iri: str) -> str:
        """A property."""
        ...

    def subject(self, iri: str) -> str:
        """The IRI of a thing or a part as what is spoken of."""
        ...

    def value(self, iri: str) -> str:
        """An IRI of which nothing is known, as a value."""
        ...

    def node(self, iri: str) -> str:
        """The IRI of a thing or a part as a value; what is plain in a path stands in it as it is."""
        ...

    def escaped(self, words: list[str]) -> list[str]:
        """The words of literals with their escapes, without what stands around them."""
        ...

    def quoted(self, words: str) -> str:
        """A plain literal, with its escapes."""
        ...

    def tagged(self, escaped: str, language: str) -> str:
        """A literal in a language, given with its escapes."""
        ...

    def typed(self, datatype: URIRef) -> Callable[[str], str]:
        """How literals of a datatype are written, given in their lexical form."""
        ...

    def one(self, predicate: str, before: str = "", after: str = "") -> Column:
        """What single values say, given as words; the same stands before and behind each of them."""
        ...

    def fixed(self, predicate: str, objects: list[str]) -> Column:
        """What is said of every subject alike."""
        ...

    def many(self, predicate: str, subject: str, objects: list[str]) -> str:
        """What several values say of one subject, of which there may be one."""
        ...

    def block(self, subject: str, said: Iterable[str]) -> str:
        """All that is said of one subject."""
        ...

    def record(self, blocks: list[Block]) -> str:
        """All that a record says, given subject by subject in the order of the walk."""
        ...

    def generic(self, statements: list[Triple]) -> str:
        """The same of statements that were made by `graph.triples`."""
        ...


class _Field(NamedTuple):
    """One field, or what is said of every thing of a class (then `name` is empty)."""

    predicate: str
    name: str
    column: Column
    part: "_Class | None" = None


class _Class(NamedTuple):
    """What is known of a class before any record is seen."""

    declaration: Declaration
    namespace: str
    fields: tuple[_Field, ...]
    #: Whether the generic walk has to put statements together: two fields of it, or of its parts, have one
    #: property, or its things are concepts, whose place in their scheme depends on what each of them says.
    is_generic: bool


class _Owned(NamedTuple):
    """Things, or parts of things, of one class: their IRIs, their keys and their records."""

    iris: list[str]
    keys: list[str]
    records: list[ExchangeRecord]


class Walk:
    """The walk in one syntax, under one base."""

    def __init__(self, iris: Iris, syntax: Syntax) -> None:
        self._iris, self._syntax = iris, syntax
        self._classes: dict[str, _Class] = {}
        self._last: tuple[Sequence[ExchangeRecord], list[str]] = ((), [])

    def texts(self, declaration: Declaration, records: Sequence[ExchangeRecord]) -> list[str]:
        """What living records of a class say. Two formats of the same text ask for it one after the other."""
        last = self._last
        if last[0] is not records:
            last = self._last = (records, self._texts(declaration, records))
        return last[1]

    def _texts(self, declaration: Declaration, records: Sequence[ExchangeRecord]) -> list[str]:
        known = self._classes.get(declaration.name)
        if known is None or known.declaration is not declaration:
            known = self._classes[declaration.name] = _class(declaration, self._iris, self._syntax, False)
        if known.is_generic:
            return [self._syntax.generic([*triples(declaration, each, self._iris)]) for each in records]
        keys = [each["key"] for each in records]
        things = _Owned([known.namespace + encoded(each) for each in keys], keys, [*records])
        return list(map(self._syntax.record, self._blocks(known, things)))

    def _blocks(self, known: _Class, things: _Owned) -> list[list[Block]]:
        """What each of the things says, and its parts behind it."""
        subjects = [*map(self._syntax.subject, things.iris)]
        columns: list[list[str]] = []
        behind: list[list[Block]] = [[] for _ in subjects]
        for _, name, column, part in known.fields:
            values: Values = [each.get(name) for each in things.records] if name else subjects
            if part is not None:
                values = self._parts(part, things, values, behind)
            columns.append(column(subjects, values))
        block = self._syntax.block
        said = zip(subjects, zip(*columns, strict=True), behind, strict=True)
        return [[(subject, block(subject, of_it)), *parts] for subject, of_it, parts in said]

    def _parts(
        self, part: _Class, things: _Owned, values: Values, behind: list[list[Block]]
    ) -> list[list[str] | None]:
        """The nodes of the parts of each thing; what the parts say is put behind the things."""
        nodes: list[list[str] | None] = []
        owners: list[int] = []
        owned = _Owned([], [], [])
        for place, (of, of_thing) in enumerate(
            zip(zip(things.iris, things.keys, strict=True), values, strict=True)
        ):
            if not of_thing:
                nodes.append(None)
                continue
            named = part_nodes(part.declaration, part.namespace, of, of_thing)
            for node, own in named:
                owned.iris.append(node)
                owned.keys.append(own)
                owners.append(place)
            owned.records.extend(of_thing)
            nodes.append([self._syntax.node(node) for node, _ in named])
        if owners:
            for place, blocks in zip(owners, self._blocks(part, owned), strict=True):
                behind[place].extend(blocks)
        return nodes


def _class(declaration: Declaration, iris: Iris, syntax: Syntax, is_part: bool) -> _Class:
    types = [syntax.value(iris.term(each)) for each in declaration.types]
    fields = [_Field(syntax.kind, "", syntax.fixed(syntax.kind, types))]
    fields += [_field(each, iris, syntax) for each in declaration.fields if each.property.iri is not None]
    is_generic = False
    if not is_part:
        modified = syntax.iri(DCTERMS.modified)
        fields.append(_Field(modified, "updatedAt", _literals(syntax, modified, XSD.dateTime)))
        is_generic = declaration.scheme is not None or declaration.by_scheme is not None
    if syntax.is_sorted:
        fields.sort(key=lambda field: field.predicate)
    is_generic = is_generic or len({each.predicate for each in fields}) < len(fields)
    is_generic = is_generic or any(each.part.is_generic for each in fields if each.part)
    return _Class(declaration, iris.namespace(declaration.segment), tuple(fields), is_generic)


def _field(declared: Declared, iris: Iris, syntax: Syntax) -> _Field:
    stated = declared.property
    predicate = syntax.iri(iris.term(stated.iri or URIRef("")))
    if declared.part is not None:
        part = _class(declared.part, iris, syntax, True)
        return _Field(predicate, declared.name, _many(syntax, predicate, lambda nodes: nodes), part)
    if isinstance(stated, TextProperty):
        found = _texts_of(syntax, declared.many)
        return _Field(predicate, declared.name, _many(syntax, predicate, found))
    if isinstance(stated, Reference) and stated.to and not declared.many:
        return _Field(predicate, declared.name, _references(syntax, predicate, iris.namespace(stated.to)))
    if isinstance(stated, Reference | IriProperty) or declared.many:
        word = _word(declared, iris, syntax)
        column = _several(syntax, predicate, word) if declared.many else _single(syntax, predicate, word)
        return _Field(predicate, declared.name, column)
    return _Field(predicate, declared.name, _literals(syntax, predicate, stated.datatype))


def _many(syntax: Syntax, predicate: str, objects: Callable[[Values], Sequence[list[str] | None]]) -> Column:
    """The column of a field with several values, by what gives the objects of each subject."""
    many = syntax.many

    def column(subjects: Sequence[str], values: Values) -> list[str]:
        if not any(values):
            return [""] * len(subjects)
        found = zip(subjects, objects(values), strict=True)
        return [many(predicate, subject, each) if each else "" for subject, each in found]

    return column


def _several(syntax: Syntax, predicate: str, word: Callable[[Any], str]) -> Column:
    # A value that is said twice is written once.
    return _many(
        syntax,
        predicate,
        lambda values: [[*dict.fromkeys(map(word, each))] if each else None for each in values],
    )


def _single(syntax: Syntax, predicate: str, word: Callable[[Any], str]) -> Column:
    one = syntax.one(predicate)
    return lambda subjects, values: one(subjects, [None if each is None else word(each) for each in values])


def _references(syntax: Syntax, predicate: str, namespace: str) -> Column:
    before, _, after = syntax.node(f"{namespace}~").rpartition("~")
    one = syntax.one(predicate, before, after)

    def column(subjects: Sequence[str], values: Values) -> list[str]:
        keys = values
        if not are_plain(each for each in values if each):
            keys = [each and encoded(each) for each in values]
        return one(subjects, keys)

    return column


def _texts_of(syntax: Syntax, is_many: bool) -> Callable[[Values], list[list[str] | None]]:
    """The objects of texts in several languages, with one or several wordings in each."""
    tagged = syntax.tagged

    def objects(values: Values) -> list[list[str] | None]:
        said = [_worded(each, is_many) if each else None for each in values]
        words = iter(syntax.escaped([words for each in said if each for words, _ in each]))
        return [[tagged(next(words), language) for _, language in each] if each else None for each in said]

    return objects


def _worded(text: dict[str, Any], is_many: bool) -> list[tuple[str, str]]:
    if not is_many:
        return [(words, language) for language, words in text.items()]
    return [(words, language) for language in text for words in dict.fromkeys(text[language])]


def _literals(syntax: Syntax, predicate: str, datatype: URIRef | None) -> Column:
    """The column of single literals, whose words are escaped all at once."""
    if datatype in (XSD.date, XSD.boolean, XSD.integer):
        return _single(syntax, predicate, _kept(_literal(datatype, syntax)))
    before, _, after = _literal(datatype, syntax)("~").rpartition("~")
    one = syntax.one(predicate, before, after)

    def column(subjects: Sequence[str], values: Values) -> list[str]:
        if values.count(None) == len(values):
            return [""] * len(values)
        words = [each if type(each) is str else "" if each is None else lexical(each) for each in values]
        escaped = syntax.escaped(words)
        if None in values:
            there = zip(escaped, values, strict=True)
            return one(subjects, [None if value is None else each for each, value in there])
        return one(subjects, escaped)

    return column


def _word(declared: Declared, iris: Iris, syntax: Syntax) -> Callable[[Any], str]:
    stated = declared.property
    if isinstance(stated, Reference):
        if not stated.to:
            return _kept(lambda value: syntax.node(iris.node(value)))
        namespace = iris.namespace(stated.to)
        return _kept(lambda key: syntax.node(namespace + encoded(key)))
    if isinstance(stated, IriProperty):
        return lambda value: syntax.value(legal(value))
    return _literal(stated.datatype, syntax)


def _kept(word: Callable[[Any], str]) -> Callable[[Any], str]:
    """Remembers some of what it wrote: states, codes and sources come again and again."""
    return lru_cache(maxsize=256, typed=True)(word)


def _literal(datatype: URIRef | None, syntax: Syntax) -> Callable[[Any], str]:
    if datatype is None or datatype == XSD.string:
        return syntax.quoted
    if datatype == XSD.date:
        by_length = {length: syntax.typed(each) for length, each in DATE_BY_LENGTH.items()}
        return lambda value: by_length[len(value)](value)
    written = syntax.typed(datatype)
    return lambda value: written(value if type(value) is str else lexical(value))

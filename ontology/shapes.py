"""Shapes: what every published document keeps to, as SHACL, read from the declaration.

The shapes look at one document at a time: where a field leads to another thing they check the form of its
IRI, since what that thing is stands in its own document. Every shape has an IRI, lists too, so that all
formats can carry them and two copies are the same graph.
"""

from collections.abc import Iterable, Iterator, Sequence

from rdflib import Literal, URIRef

from ontology.context import with_parts
from ontology.declaration import Declaration, Declared
from ontology.graph import Triple
from ontology.iri import Iris
from ontology.labels import term_label
from ontology.terms import DCTERMS, OWL, RDF, RDFS, SDG, SH, SKOS, XSD, IriProperty, Reference, TextProperty

_DATES = (XSD.gYear, XSD.gYearMonth, XSD.date)
_ANY_IRI = r"^https?://[^\s<>\"{}|\\^`]+$"


# What stands for something else in a regular expression. Of the many dialects only what all share is used, so
# nothing else is escaped, and groups are plain (XPath 2.0 functions, section 7.6.1).
_SPECIAL = str.maketrans({each: f"\\{each}" for each in r"\.^$*+?{}[]()|"})


def _literally(text: str) -> str:
    return text.translate(_SPECIAL)


def _list(name: URIRef, members: Sequence[URIRef | Literal]) -> Iterator[Triple]:
    """An RDF list whose nodes have IRIs."""
    for place, each in enumerate(members, start=1):
        node = URIRef(name if place == 1 else f"{name}-{place}")
        yield node, RDF.first, each
        yield node, RDF.rest, URIRef(f"{name}-{place + 1}") if place < len(members) else RDF.nil


class _Shapes:
    """The shapes of one installation, and what they are made from."""

    def __init__(self, declarations: Iterable[Declaration], iris: Iris, languages: Sequence[str]) -> None:
        self.iris = iris
        self.classes = {each.name: each for each in with_parts(declarations)}
        self.languages = [Literal(each) for each in languages]
        self.url = f"{iris.base}/shapes"

    def name(self, *parts: str) -> URIRef:
        """The IRI of a shape."""
        return URIRef(f"{self.url}#{'.'.join(parts)}")

    def pattern(self, declaration: Declaration) -> str:
        """What the IRIs of things of a class look like."""
        if not declaration.segment:
            return _ANY_IRI
        root = str(SDG) if declaration.segment == "sdg" else f"{self.iris.base}/id/{declaration.segment}/"
        # A part with a segment of its own has the key of its owner before its own.
        key = rf"[^~#]+~{declaration.key_pattern}" if declaration.is_part else declaration.key_pattern
        return f"^{_literally(root)}({key.replace('(?:', '(')})$"

    def _anything(self) -> str:
        """What the IRI of anything with an identity looks like."""
        return f"^({_literally(self.iris.base)}/id/|{_literally(str(SDG))})[^\\s]+$"

    def _of_reference(self, shape: URIRef, declared: Declared, stated: Reference) -> Iterator[Triple]:
        if declared.part is not None:
            yield shape, SH["class"], self.iris.term(declared.part.types[0])
            return
        yield shape, SH.nodeKind, SH.IRI
        if declared.allowed:
            known = self.classes[stated.noun]
            allowed = [self.iris.thing(known.segment, each) for each in declared.allowed]
            yield from self._in(shape, allowed)
        else:
            to = self.classes.get(stated.noun)
            yield shape, SH.pattern, Literal(self._anything() if to is None else self.pattern(to))

    def _in(self, shape: URIRef, allowed: Sequence[URIRef | Literal]) -> Iterator[Triple]:
        members = URIRef(f"{shape}.in")
        yield shape, SH["in"], members
        yield from _list(members, allowed)

    def _of_value(self, shape: URIRef, declared: Declared) -> Iterator[Triple]:
        stated = declared.property
        if isinstance(stated, Reference):
            yield from self._of_reference(shape, declared, stated)
        elif isinstance(stated, IriProperty):
            yield shape, SH.nodeKind, SH.IRI
            yield shape, SH.pattern, Literal(_ANY_IRI)
        elif isinstance(stated, TextProperty):
            yield shape, SH.datatype, RDF.langString
            yield shape, SH.languageIn, self.name("languages")
            if not declared.many:
                yield shape, SH.uniqueLang, Literal("true", datatype=XSD.boolean)
        elif stated.datatype == XSD.date:
            yield shape, SH["or"], self.name("dates")
        else:
            yield shape, SH.datatype, stated.datatype or XSD.string
            if declared.allowed:
                yield from self._in(shape, [Literal(each) for each in declared.allowed])

    def of_field(self, declaration: Declaration, declared: Declared, place: int) -> Iterator[Triple]:
        """The shape of one field."""
        path = declared.property.iri
        if path is None:
            return
        owner, shape = self.name(declaration.name), self.name(declaration.name, declared.name)
        yield owner, SH.property, shape
        yield shape, RDF.type, SH.PropertyShape
        yield shape, SH.path, self.iris.term(path)
        yield shape, SH.name, Literal(term_label(path, declared.name), lang="en")
        yield shape, SH.description, Literal(declared.description, lang="en")
        yield shape, SH.order, Literal(place)
        yield from self._of_value(shape, declared)
        # A service may leave imported texts out of its documents, and those are as valid.
        if declared.required and not declared.property.imported:
            yield shape, SH.minCount, Literal(1)
        # A text has one literal for each language.
        if not declared.many and not isinstance(declared.property, TextProperty):
            yield shape, SH.maxCount, Literal(1)

    def _of_thing(self, declaration: Declaration) -> Iterator[Triple]:
        """What no field says: the classes beside the first, the scheme, and the time of the last change."""
        owner = self.name(declaration.name)
        for each in declaration.types[1:]:
            shape = self.name(declaration.name, "type", each.rpartition("#")[2].rpartition("/")[2])
            yield owner, SH.property, shape
            yield shape, SH.path, RDF.type
            yield shape, SH.hasValue, self.iris.term(each)
        if declaration.scheme:
            shape = self.name(declaration.name, "inScheme")
            yield owner, SH.property, shape
            yield shape, SH.path, SKOS.inScheme
            yield shape, SH.hasValue, self.iris.thing("scheme", declaration.scheme)
        if not declaration.is_part:
            yield owner, SH.property, self.name("modified")

    def of_class(self, declaration: Declaration) -> Iterator[Triple]:
        """The shape of one class."""
        shape = self.name(declaration.name)
        kind = self.iris.term(declaration.types[0])
        yield shape, RDF.type, SH.NodeShape
        yield shape, SH.targetClass, kind
        yield shape, RDFS.label, Literal(term_label(declaration.types[0], declaration.name), lang="en")
        yield shape, RDFS.isDefinedBy, URIRef(self.url)
        yield shape, SH.nodeKind, SH.IRI
        yield shape, SH.pattern, Literal(self.pattern(declaration))
        yield from self._of_thing(declaration)
        for place, declared in enumerate(declaration.fields, start=1):
            yield from self.of_field(declaration, declared, place)

    def shared(self) -> Iterator[Triple]:
        """What several shapes lean on."""
        yield URIRef(self.url), RDF.type, OWL.Ontology
        yield URIRef(self.url), DCTERMS.title, Literal("Shapes of the documents of compactgraph", lang="en")
        yield from _list(self.name("languages"), self.languages)
        yield from _list(self.name("dates"), [self.name("date", each.rpartition("#")[2]) for each in _DATES])
        for each in _DATES:
            yield self.name("date", each.rpartition("#")[2]), SH.datatype, each
        modified = self.name("modified")
        yield modified, SH.path, DCTERMS.modified
        yield modified, SH.datatype, XSD.dateTime
        yield modified, SH.minCount, Literal(1)
        yield modified, SH.maxCount, Literal(1)


def shapes(declarations: Iterable[Declaration], iris: Iris, languages: Sequence[str]) -> list[Triple]:
    """The SHACL shapes of all classes of things and of their parts, always in one order."""
    made = _Shapes(declarations, iris, languages)
    statements = [*made.shared()]
    for each in made.classes.values():
        statements += made.of_class(each)
    return statements

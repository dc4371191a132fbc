"""Statements: a page about a graph that has no records, such as the ontology, one subject after the other."""

from dataclasses import dataclass
from urllib.parse import unquote

from rdflib import Literal, URIRef

from ontology.graph import Triple
from ontology.iri import Iris
from ontology.labels import spaced
from ontology.prefixes import Prefixes
from ontology.terms import DCTERMS, RDFS, SH, XSD
from ontology.turtle import by_subject
from schema.text import LANGUAGES
from server.pages.node import Fact
from server.pages.rendering import rendered
from server.pages.values import Value
from server.representation import OFFERS

_CALLED = (RDFS.label, DCTERMS.title, SH.name)
_QUERY = "/graphql?query="


@dataclass(frozen=True, slots=True)
class Subject:
    """One subject: its IRI, its place in the page, what it is called, and what is said of it."""

    resource: str
    anchor: str
    name: str
    short: str
    facts: tuple[Fact, ...]

    @property
    def is_main(self) -> bool:
        """Whether it has a name of its own, and is no detail of another."""
        return bool(self.anchor) and "." not in self.anchor


def _local(iri: str) -> str:
    return iri.rstrip("/").rpartition("#")[2].rpartition("/")[2]


def _value(node: URIRef | Literal, prefixes: Prefixes) -> Value:
    if isinstance(node, Literal):
        return Value(str(node), node.language or "", datatype=str(node.datatype or XSD.string))
    # A query is read more easily than the address that asks it.
    _, is_query, query = str(node).partition(_QUERY)
    words = unquote(query) if is_query else prefixes.short(node) or str(node)
    return Value(words, resource=str(node), href=str(node))


def _place(value: Value) -> int:
    return LANGUAGES.index(value.language) if value.language in LANGUAGES else -1


def _fact(predicate: URIRef, nodes: list[URIRef | Literal], prefixes: Prefixes) -> Fact:
    found = sorted((_value(each, prefixes) for each in nodes), key=_place)
    return Fact(spaced(_local(predicate)), str(predicate), tuple(found))


def _name(properties: dict[URIRef, dict[URIRef | Literal, None]], iri: str) -> str:
    for said in _CALLED:
        words = [each for each in properties.get(said, ()) if isinstance(each, Literal)]
        english = [each for each in words if each.language in (None, "en")]
        if words:
            return str((english or words)[0])
    return _local(iri)


def page(title: str, about: str, url: str, statements: list[Triple], iris: Iris) -> bytes:
    """The page of statements: the same as in every other format."""
    prefixes = Prefixes(iris)
    subjects = [
        Subject(
            str(subject),
            str(subject).partition("#")[2],
            _name(properties, subject),
            prefixes.short(subject) or _local(subject),
            tuple(_fact(predicate, [*nodes], prefixes) for predicate, nodes in properties.items()),
        )
        for subject, properties in by_subject(statements).items()
    ]
    return rendered(
        "statements.html",
        base=iris.base,
        title=title,
        about=about,
        url=url,
        subjects=subjects,
        offers=OFFERS.values(),
    )

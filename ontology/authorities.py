"""Authorities: the IRIs that others keep for languages, formats and places, and what shapes ask of them."""

from collections.abc import Iterable, Iterator

from rdflib import Literal, URIRef

from ontology.graph import Triple
from ontology.vocabularies import vocabulary

EU = "http://publications.europa.eu/resource/authority/"
LICENCES = f"{EU}licence/"
COUNTRIES = f"{EU}country/"
CORPORATE_BODIES = f"{EU}corporate-body/"

EARTH = URIRef("https://sws.geonames.org/6295630/")
IANA = "https://www.iana.org/assignments/media-types/"
PROFILE = URIRef("https://semiceu.github.io/DCAT-AP/releases/3.0.1/")
PUBLIC = URIRef(f"{EU}access-right/PUBLIC")
IRREGULAR = URIRef(f"{EU}frequency/IRREG")
STABLE = URIRef(f"{EU}planned-availability/STABLE")
SHA256 = URIRef("https://spdx.org/rdf/terms#checksumAlgorithm_sha256")

#: The formats of distributions: the code of the EU's file types, and the name that people read.
FILE_TYPES = {
    "csv": ("CSV", "CSV"),
    "json": ("JSON", "JSON"),
    "jsonl": ("JSON", "JSON Lines"),
    "jsonld": ("JSON_LD", "JSON-LD"),
    "nq": ("RDF_N_QUADS", "N-Quads"),
    "nt": ("RDF_N_TRIPLES", "N-Triples"),
    "rdf": ("RDF_XML", "RDF/XML"),
    "trig": ("RDF_TRIG", "TriG"),
    "ttl": ("RDF_TURTLE", "Turtle"),
}

_LANGUAGES = {"en": "ENG", "fr": "FRA", "es": "SPA", "ar": "ARA", "zh": "ZHO", "ru": "RUS"}

# The media types that IANA lists. What is packed in another one is at least plain text.
REGISTERED = frozenset(
    {
        "application/json",
        "application/ld+json",
        "application/n-quads",
        "application/n-triples",
        "application/rdf+xml",
        "application/trig",
        "text/csv",
        "text/turtle",
    }
)


def language_of(tag: str) -> URIRef | None:
    """The IRI of a language by its tag, or None for one that our texts are never in."""
    return URIRef(f"{EU}language/{_LANGUAGES[tag]}") if tag in _LANGUAGES else None


def stable_order(statement: Triple) -> tuple[str, int, str, str]:
    """What statements about one subject are sorted by: property, then the usual order of languages."""
    _, predicate, node = statement
    language = node.language if isinstance(node, Literal) else None
    rank = list(_LANGUAGES).index(language) if language in _LANGUAGES else -1
    return predicate, rank, str(language), str(node)


def known_elsewhere(statements: Iterable[Triple]) -> Iterator[Triple]:
    """What the shapes ask of the IRIs that others keep, and of the lists that those are in."""
    authorities = vocabulary("authorities")
    waiting, seen = {node for _, _, node in statements}, set[URIRef | Literal]()
    while waiting:
        seen |= waiting
        found: list[Triple] = sorted(
            (
                (subject, predicate, node)
                for subject in waiting
                if isinstance(subject, URIRef)
                for predicate, node in authorities.predicate_objects(subject)
                if isinstance(predicate, URIRef) and isinstance(node, (URIRef, Literal))
            ),
            key=lambda each: (str(each[0]), *stable_order(each)),
        )
        yield from found
        waiting = {node for _, _, node in found} - seen

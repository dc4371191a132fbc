"""The vocabulary files beside this module: which there are, and what they parse to."""

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from rdflib import Graph, Literal, URIRef

from ontology.graph import Triple
from ontology.iri import Iris
from ontology.terms import INTERNAL

#: The vocabularies in the order in which they are loaded and listed.
NAMES = (
    "classes", "schemes", "codes", "objectives", "principles", "sdg", "states", "networks",
    "codebook", "codebook_objectives", "codebook_sdg", "mappings",
)  # fmt: skip


def file(name: str) -> Traversable:
    """The Turtle file of a vocabulary, as it is published under `/vocabulary/{name}.ttl`."""
    return files("ontology") / "vocabulary" / f"{name}.ttl"


@cache
def vocabulary(name: str) -> Graph:
    """A vocabulary as a graph of internal IRIs; its relative IRIs follow the address it is published at."""
    return Graph(bind_namespaces="none").parse(
        data=file(name).read_text(encoding="utf-8"),
        format="turtle",
        publicID=f"{INTERNAL}/vocabulary/{name}.ttl",
    )


def ontology(iris: Iris) -> list[Triple]:
    """The statements about our own classes and properties under the configured base, always in one order."""
    return sorted(
        (
            (iris.term(subject), iris.term(predicate), iris.term(node) if isinstance(node, URIRef) else node)
            for subject, predicate, node in vocabulary("classes")
            if isinstance(subject, URIRef)
            and isinstance(predicate, URIRef)
            and isinstance(node, (URIRef, Literal))
        ),
        key=lambda triple: (str(triple[0]), str(triple[1]), triple[2].n3()),
    )

"""Prefixes: the short names of the terms in our documents, under one configured base."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from rdflib import URIRef

from ontology.iri import Iris
from ontology.terms import PREFIXES

#: The namespaces of a document by prefix; those of our own vocabulary stand under its internal name.
Names = Mapping[str, str]

# What is a local name in Turtle, in XML and in JSON-LD alike, without any escape.
_LOCAL = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class Prefixes:
    """The namespaces of our documents, each with its prefix; those about things, unless others are named."""

    iris: Iris
    names: Names = field(default_factory=lambda: PREFIXES, compare=False, repr=False)
    namespaces: dict[str, str] = field(init=False, compare=False)
    _prefixes: dict[str, str] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        namespaces = {prefix: str(self.iris.term(URIRef(name))) for prefix, name in self.names.items()}
        object.__setattr__(self, "namespaces", namespaces)
        object.__setattr__(self, "_prefixes", {name: prefix for prefix, name in namespaces.items()})

    def short(self, iri: str) -> str | None:
        """The IRI as `prefix:local`, or None where no prefix fits."""
        cut = max(iri.rfind("#"), iri.rfind("/")) + 1
        prefix = self._prefixes.get(iri[:cut])
        return f"{prefix}:{iri[cut:]}" if prefix and _LOCAL.fullmatch(iri, cut) else None

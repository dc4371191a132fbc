"""Terms: the namespaces in use, and how a declared field says its IRI, datatype and target."""

from dataclasses import dataclass

from rdflib import URIRef
from rdflib.namespace import DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SH, SKOS, XSD, Namespace

__all__ = [
    "AS",
    "CATALOGUE_PREFIXES",
    "CG",
    "DCAT",
    "DCATAP",
    "DCTERMS",
    "FEED_PREFIXES",
    "FOAF",
    "HYDRA",
    "INTERNAL",
    "LDES",
    "OA",
    "ORG",
    "OWL",
    "PREFIXES",
    "PROV",
    "RDF",
    "RDFS",
    "SDG",
    "SDGO",
    "SDO",
    "SEMAPV",
    "SH",
    "SKOS",
    "SPDX",
    "SSSOM",
    "TREE",
    "VCARD",
    "VOID",
    "XSD",
    "IriProperty",
    "Property",
    "Reference",
    "TextProperty",
]

# Our own IRIs depend on the configured base. Inside the program they stand under this reserved name
# (RFC 6761: `.invalid` never resolves); `ontology.iri` puts the configured base in its place.
INTERNAL = "http://compactgraph.invalid"

CG = Namespace(f"{INTERNAL}/ns#")
OA = Namespace("http://www.w3.org/ns/oa#")
SDO = Namespace("https://schema.org/")
SDG = Namespace("http://metadata.un.org/sdg/")
SSSOM = Namespace("https://w3id.org/sssom/")
SEMAPV = Namespace("https://w3id.org/semapv/vocab/")
SDGO = Namespace("http://metadata.un.org/sdg/ontology#")

# The feed's own.
AS = Namespace("https://www.w3.org/ns/activitystreams#")
LDES = Namespace("https://w3id.org/ldes#")
TREE = Namespace("https://w3id.org/tree#")

# The catalogue's own. DCAT stands as it is, since rdflib knows only the terms of its second version.
DCAT = Namespace("http://www.w3.org/ns/dcat#")
DCATAP = Namespace("http://data.europa.eu/r5r/")
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
VOID = Namespace("http://rdfs.org/ns/void#")

PREFIXES: dict[str, str] = {
    "cg": str(CG),
    "dcterms": str(DCTERMS),
    "foaf": str(FOAF),
    "oa": str(OA),
    "org": str(ORG),
    "owl": str(OWL),
    "prov": str(PROV),
    "rdf": str(RDF),
    "rdfs": str(RDFS),
    "schema": str(SDO),
    "sdgo": str(SDGO),
    "sh": str(SH),
    "semapv": str(SEMAPV),
    "skos": str(SKOS),
    "sssom": str(SSSOM),
    "xsd": str(XSD),
}

#: The namespaces of the catalogue, most of which documents about things have no use for.
CATALOGUE_PREFIXES: dict[str, str] = {
    "cg": str(CG),
    "dcat": str(DCAT),
    "dcatap": str(DCATAP),
    "dcterms": str(DCTERMS),
    "foaf": str(FOAF),
    "hydra": str(HYDRA),
    "rdf": str(RDF),
    "rdfs": str(RDFS),
    "skos": str(SKOS),
    "spdx": str(SPDX),
    "vcard": str(VCARD),
    "void": str(VOID),
    "xsd": str(XSD),
}

#: The namespaces of the feed: those of things, and what is said of changes.
FEED_PREFIXES: dict[str, str] = PREFIXES | {
    "as": str(AS),
    "dcat": str(DCAT),
    "ldes": str(LDES),
    "tree": str(TREE),
}


@dataclass(frozen=True, slots=True)
class Property:
    """A field with literal values. Without an IRI it is exchanged in records but published nowhere else.

    A derived field follows from other records by a rule: it is written in every output and ignored on input.
    An imported field holds running text of somebody else, which public output can be told to leave out.
    """

    iri: URIRef | None
    datatype: URIRef | None = None
    derived: bool = False
    imported: bool = False


@dataclass(frozen=True, slots=True)
class TextProperty(Property):
    """A field whose value is one text in several languages: one language-tagged literal per language."""


@dataclass(frozen=True, slots=True)
class IriProperty(Property):
    """A field whose values are absolute IRIs of things elsewhere."""


@dataclass(frozen=True, slots=True)
class Reference(Property):
    """A field whose values are keys of things here.

    `noun` names the class of the things; the schema fills in its path segment as `to`. Without a noun the
    values are whole identifiers, `class/key`.
    """

    noun: str = ""
    to: str = ""

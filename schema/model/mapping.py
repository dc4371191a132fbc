"""Mappings: how an objective of the Global Compact and an SDG are said to match, by whom, and why."""

from typing import Annotated, ClassVar

from rdflib import URIRef
from sqlmodel import Field

from ontology.declaration import GraphName
from ontology.terms import CG, DCTERMS, OWL, PROV, SDO, SSSOM, XSD, IriProperty, Property, Reference
from schema.model.link import Decided, LinkStatus
from schema.record import Part, Parts, Record, published


@published
class MappingClaim(Part, table=True):
    """One person's or source's statement that a mapping holds, and how they came to it."""

    rdf_types: ClassVar[tuple[URIRef, ...]] = (CG.MappingClaim, PROV.Entity)

    justification: Annotated[str, IriProperty(SSSOM.mapping_justification)] = Field(
        description="How it was found: a term of the Semantic Mapping Vocabulary."
    )
    match_string: Annotated[str | None, Property(SSSOM.match_string)] = Field(
        default=None, description="The words that both have in common, where it was found by words."
    )
    reason: Annotated[str | None, Property(CG.reason)] = Field(default=None, description="Why.")
    source: Annotated[str | None, Property(DCTERMS.source)] = Field(
        default=None, description="Where it was read, or what it was worked out from."
    )
    made_by: Annotated[str, Property(DCTERMS.creator)] = Field(description="Who says so.")
    made_at: Annotated[str, Property(PROV.generatedAtTime, XSD.dateTime)] = Field(
        description="When it was taken down."
    )


@published
class MappingReview(Decided, table=True):
    """One person's decision on a mapping; undone ones stay in the record."""

    rdf_types: ClassVar[tuple[URIRef, ...]] = (CG.MappingReview, PROV.Entity)


@published
class Mapping(Record, table=True):
    """That an objective matches an SDG, as a claim: a candidate until reviewers have accepted it."""

    # An axiom of OWL that is annotated, and so states nothing of the two by itself, is what SSSOM makes of a
    # mapping in RDF. Only what is accepted is stated of the objective too, as a plain triple.
    segment: ClassVar[str] = "mapping"
    rdf_types: ClassVar[tuple[URIRef, ...]] = (CG.Mapping, OWL.Axiom)
    graph: ClassVar[GraphName] = "claims"
    key_pattern: ClassVar[str] = (
        r"(?:[1-9]|1[0-9]|2[0-3])~sdg-(?:[1-9]|1[0-7])(?:\.(?:[1-9]|1[0-9]|[a-d]))?"
        r"~(?:exact|close|broad|narrow|related)Match"
    )

    subject: Annotated[str, Reference(OWL.annotatedSource, noun="Objective")] = Field(
        index=True, description="The objective."
    )
    predicate: Annotated[str, IriProperty(OWL.annotatedProperty)] = Field(
        description="How they match: one of the five mapping properties of SKOS, by its IRI."
    )
    target: Annotated[str, Reference(OWL.annotatedTarget)] = Field(
        index=True, description="The goal or target."
    )
    official: Annotated[bool, Property(CG.official, XSD.boolean)] = Field(
        description="Whether the United Nations publish the mapping themselves."
    )
    status: Annotated[LinkStatus, Property(CG.mappingStatus, derived=True)] = Field(
        index=True, description="What the reviews come to: proposed for a candidate, accepted or rejected."
    )
    version: Annotated[int, Property(SDO.version, XSD.integer)] = Field(
        description="How often the mapping has changed; send it along with a decision."
    )

    claims: ClassVar = Parts("MappingClaim", CG.mappingClaim, "Who says so, and how they came to it.")
    reviews: ClassVar = Parts("MappingReview", CG.mappingReview, "What reviewers decided, the latest last.")

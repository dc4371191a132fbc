"""Links: what a project is said to serve, who says so and why, and what reviewers decided."""

from enum import StrEnum
from typing import Annotated, Any, ClassVar

from rdflib import URIRef
from sqlalchemy import Index
from sqlmodel import Field

from ontology.declaration import GraphName
from ontology.terms import CG, DCTERMS, OA, PROV, SDO, XSD, Property, Reference
from schema.columns import JsonColumn
from schema.record import KEY, Grounds, Part, Parts, Record, published

#: The method of claims that follow over the crosswalk from another link of the project.
DERIVED = "crosswalk"


class LinkStatus(StrEnum):
    """What the reviews of a link come to; see `schema.review.status` for the rule."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Decision(StrEnum):
    """What a reviewer says of a link."""

    ACCEPT = "accept"
    REJECT = "reject"


class CodingScheme(StrEnum):
    """What a whole project is coded by."""

    GCM = "gcm"
    SDG = "sdg"


@published
class Evidence(Part, table=True):
    """The words of a source that support a claim, with enough around them to find them again.

    Follows the text quote and text position selectors of the Web Annotation Data Model (sections 4.2.4
    and 4.2.5).
    """

    rdf_types: ClassVar[tuple[URIRef, ...]] = (CG.Evidence, OA.TextQuoteSelector, OA.TextPositionSelector)

    quote: Annotated[str, Property(OA.exact)] = Field(description="The words, as they stand in the source.")
    prefix: Annotated[str, Property(OA.prefix)] = Field(default="", description="What stands before them.")
    suffix: Annotated[str, Property(OA.suffix)] = Field(default="", description="What stands behind them.")
    start: Annotated[int, Property(OA.start, XSD.nonNegativeInteger)] = Field(
        description="Where they begin (code points of the NFC text, from 0)."
    )
    end: Annotated[int, Property(OA.end, XSD.nonNegativeInteger)] = Field(
        description="Where they end: the first code point behind them."
    )
    language: Annotated[str, Property(DCTERMS.language)] = Field(description="Their language (BCP-47).")
    text_sha256: Annotated[str, Property(CG.sha256)] = Field(
        description="SHA-256 of the whole text that the offsets count in."
    )
    source: Annotated[str | None, Reference(DCTERMS.source, noun="Source")] = Field(
        default=None, index=True, description="The source that holds the text."
    )


@published
class Claim(Part, table=True):
    """One method's or person's statement that a link holds, with its evidence."""

    rdf_types: ClassVar[tuple[URIRef, ...]] = (CG.Claim, PROV.Entity)

    method: Annotated[str, Property(CG.method)] = Field(description="How the claim was made.")
    method_version: Annotated[str, Property(CG.methodVersion)] = Field(
        description="The version of the method, so that its results can be told apart."
    )
    rule_ids: Annotated[list[str], Property(CG.ruleId)] = Field(
        default_factory=list, sa_type=JsonColumn, description="The rules that fired."
    )
    confidence: Annotated[float | None, Property(CG.confidence, XSD.decimal)] = Field(
        default=None, description="How sure the method is, 0 to 1; empty where it does not say."
    )
    calibrated: Annotated[bool, Property(CG.calibrated, XSD.boolean)] = Field(
        default=False, description="Whether the confidence was measured against reviews."
    )
    reason: Annotated[str | None, Property(CG.reason)] = Field(
        default=None, description="Why, in the words of a person who made the claim."
    )
    made_by: Annotated[str, Property(DCTERMS.creator)] = Field(description="Who or what made the claim.")
    made_at: Annotated[str, Property(PROV.generatedAtTime, XSD.dateTime)] = Field(
        description="When it was made."
    )

    evidence: ClassVar = Parts("Evidence", CG.evidence, "The words that support it.")
    codebook_rules: ClassVar = Grounds(
        "The rules of the codebook that its rules rest on, as the lexicon of this service has it."
    )


class Decided(Part):
    """One person's decision, with the codebook rule it rests on; undone ones stay in the record."""

    decision: Annotated[Decision, Property(CG.decision)] = Field(description="Accept or reject.")
    reason: Annotated[str | None, Property(CG.reason)] = Field(default=None, description="Why.")
    codebook_rule: Annotated[str | None, Reference(CG.codebookRule, noun="CodebookRule")] = Field(
        default=None,
        index=True,
        description="The rule of the codebook that the decision rests on, such as objective-23~include-1.",
    )
    reviewer: Annotated[str, Property(CG.reviewer)] = Field(description="Who decided.")
    blind: Annotated[bool, Property(CG.blind, XSD.boolean)] = Field(
        default=False, description="Whether the reviewer saw no claim of others."
    )
    at: Annotated[str, Property(PROV.generatedAtTime, XSD.dateTime)] = Field(description="When.")
    undone_at: Annotated[str | None, Property(PROV.invalidatedAtTime, XSD.dateTime)] = Field(
        default=None, description="When the reviewer took it back; it counts no more from then on."
    )


@published
class Review(Decided, table=True):
    """One person's decision on a link, with the codebook rule it rests on; undone ones stay in the record."""

    rdf_types: ClassVar[tuple[URIRef, ...]] = (CG.Review, PROV.Entity)


@published
class Link(Record, table=True):
    """That a project serves a target, once: methods and texts add claims, persons add reviews."""

    segment: ClassVar[str] = "link"
    rdf_types: ClassVar[tuple[URIRef, ...]] = (CG.Link, PROV.Entity)
    graph: ClassVar[GraphName] = "claims"
    key_pattern: ClassVar[str] = rf"{KEY}~(?:objective|sdg|network|instrument)-{KEY}"
    # From a project to its targets and back, without looking at the links themselves.
    __table_args__: ClassVar[Any] = (
        Index(None, "project", "status", "target", "derived"),
        Index(None, "target", "status", "project", "derived"),
    )

    project: Annotated[str, Reference(CG.project, noun="Project")] = Field(description="The project.")
    target: Annotated[str, Reference(CG.target)] = Field(
        index=True, description="What it is said to serve: an objective, SDG, network or instrument."
    )
    status: Annotated[LinkStatus, Property(CG.linkStatus, derived=True)] = Field(
        index=True, description="What the reviews come to: accepted or rejected when all who decided agree."
    )
    derived: Annotated[bool, Property(CG.derived, XSD.boolean, derived=True)] = Field(
        default=False,
        description="Whether it only follows from another link over the crosswalk, and nobody has decided on "
        "it: nothing is listed or counted by it.",
    )
    version: Annotated[int, Property(SDO.version, XSD.integer)] = Field(
        description="How often the link has changed; send it along with a decision."
    )

    claims: ClassVar = Parts("Claim", CG.claim, "Who says so, how, and on what evidence.")
    reviews: ClassVar = Parts("Review", CG.review, "What reviewers decided, the latest last.")


@published
class Coding(Record, table=True):
    """That a reviewer went through a whole project by a codebook: what is not accepted is then a no."""

    segment: ClassVar[str] = "coding"
    rdf_types: ClassVar[tuple[URIRef, ...]] = (CG.Coding, PROV.Activity)
    graph: ClassVar[GraphName] = "claims"
    key_pattern: ClassVar[str] = rf"{KEY}~(?:gcm|sdg)~{KEY}~{KEY}"

    project: Annotated[str, Reference(CG.project, noun="Project")] = Field(
        index=True, description="The project."
    )
    coding_scheme: Annotated[CodingScheme, Property(CG.codingScheme)] = Field(
        description="What it was coded by: gcm for the objectives, sdg for goals and targets."
    )
    codebook_version: Annotated[str, Property(CG.codebookVersion)] = Field(
        description="The version of the codebook."
    )
    reviewer: Annotated[str, Property(CG.reviewer)] = Field(description="Who coded.")
    blind: Annotated[bool, Property(CG.blind, XSD.boolean)] = Field(
        default=False, description="Whether the reviewer saw no claim of others."
    )
    started_at: Annotated[str | None, Property(PROV.startedAtTime, XSD.dateTime)] = Field(
        default=None, description="When the coding began."
    )
    completed_at: Annotated[str | None, Property(PROV.endedAtTime, XSD.dateTime)] = Field(
        default=None, description="When it was complete; empty while it goes on."
    )

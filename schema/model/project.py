"""Projects: what the IOM Development Fund finances, with results, and where each value was read."""

from enum import StrEnum
from typing import Annotated, ClassVar

from rdflib import URIRef
from sqlalchemy import BigInteger
from sqlmodel import Field

from ontology.terms import CG, DCTERMS, OA, SDO, SKOS, XSD, Property, Reference, TextProperty
from schema.columns import JsonColumn
from schema.record import KEY, Inverse, Linked, Part, Parts, Record, Relation, SortKey, published
from schema.text import Text


class ProjectStatus(StrEnum):
    """Whether a project is still running, as its page says."""

    ACTIVE = "status/active"
    COMPLETED = "status/completed"


class Coverage(StrEnum):
    """How far a project reaches, as its page says."""

    NATIONAL = "coverage/national"
    REGIONAL = "coverage/regional"
    GLOBAL = "coverage/global"


class ResultKind(StrEnum):
    """The level of a result: an outcome, or an output that leads to it."""

    OUTCOME = "outcome"
    OUTPUT = "output"


@published
class ResultItem(Part, table=True):
    """An outcome or an output that a project's text numbers, such as outcome 1 or output 1.1."""

    segment: ClassVar[str] = "result"
    rdf_types: ClassVar[tuple[URIRef, ...]] = (CG.ResultItem,)

    kind: Annotated[ResultKind, Property(CG.kind)] = Field(description="Outcome or output.")
    code: Annotated[str, Property(SKOS.notation)] = Field(description="Its number in the text, such as 1.1.")
    text: Annotated[Text, TextProperty(DCTERMS.description, imported=True)] = Field(
        sa_type=JsonColumn, description="What is to be reached."
    )
    parent: Annotated[str | None, Reference(DCTERMS.isPartOf, noun="ResultItem")] = Field(
        default=None, index=True, description="The outcome that this output belongs to."
    )

    children: ClassVar = Inverse("ResultItem", "parent", "The outputs of this outcome.")


@published
class FieldProvenance(Part, table=True):
    """Where one value of a project was read: the words as printed, the source, and the place in its text."""

    rdf_types: ClassVar[tuple[URIRef, ...]] = (CG.FieldProvenance,)

    field: Annotated[str, Property(CG.field)] = Field(description="The field, as it is called in records.")
    language: Annotated[str | None, Property(DCTERMS.language)] = Field(
        default=None, description="The language of the value, for texts."
    )
    value: Annotated[str, Property(CG.value)] = Field(description="The value as the source prints it.")
    source: Annotated[str, Reference(DCTERMS.source, noun="Source")] = Field(
        index=True, description="The source that prints it."
    )
    start: Annotated[int | None, Property(OA.start, XSD.nonNegativeInteger)] = Field(
        default=None, description="Where it begins in the source's text (code points, from 0)."
    )
    end: Annotated[int | None, Property(OA.end, XSD.nonNegativeInteger)] = Field(
        default=None, description="Where it ends: the first code point behind it."
    )


@published
class Conflict(Part, table=True):
    """Two sources that contradict each other on a field: what was kept, what was not, and by which rule."""

    rdf_types: ClassVar[tuple[URIRef, ...]] = (CG.Conflict,)

    field: Annotated[str, Property(CG.field)] = Field(description="The field, as it is called in records.")
    kept: Annotated[str, Property(CG.kept)] = Field(description="The value that won.")
    other: Annotated[str, Property(CG.other)] = Field(description="The value that lost.")
    source: Annotated[str, Reference(DCTERMS.source, noun="Source")] = Field(
        index=True, description="The source of the value that lost."
    )
    rule: Annotated[str, Property(CG.rule)] = Field(description="Why the winner won.")


@published
class Project(Record, table=True):
    """A project financed by the IOM Development Fund."""

    segment: ClassVar[str] = "project"
    rdf_types: ClassVar[tuple[URIRef, ...]] = (CG.Project, SDO.Project)
    key_pattern: ClassVar[str] = KEY
    orders: ClassVar[tuple[str, ...]] = ("title_order", "start_year", "year", "budget_usd", "updated_at")

    project_id: Annotated[str | None, Property(DCTERMS.identifier)] = Field(
        default=None, index=True, description="The fund's Project ID, for example PN.0008."
    )
    prima_id: Annotated[str | None, Property(CG.primaId)] = Field(
        default=None, index=True, description="The Prima ID; its letters are the managing office."
    )
    title: Annotated[Text, TextProperty(DCTERMS.title)] = Field(
        sa_type=JsonColumn, description="The title, in the languages of its pages."
    )
    description: Annotated[Text | None, TextProperty(DCTERMS.description, imported=True)] = Field(
        default=None, sa_type=JsonColumn, description="What the project does."
    )
    start_year: Annotated[int | None, Property(SDO.startDate, XSD.gYear)] = Field(
        default=None, index=True, description="The year in which it starts."
    )
    end_year: Annotated[int | None, Property(SDO.endDate, XSD.gYear)] = Field(
        default=None, index=True, description="The year in which it ends."
    )
    year: Annotated[int | None, Property(CG.allocationYear, XSD.gYear)] = Field(
        default=None, index=True, description="The year in which the fund allocated the money."
    )
    status: Annotated[ProjectStatus | None, Reference(CG.status, noun="CodeEntry")] = Field(
        default=None, index=True, description="Whether it is still running."
    )
    coverage: Annotated[Coverage | None, Reference(CG.coverage, noun="CodeEntry")] = Field(
        default=None, index=True, description="How far it reaches."
    )
    region: Annotated[str | None, Reference(CG.region, noun="CodeEntry")] = Field(
        default=None, index=True, description="The region in the fund's own division of the world."
    )
    type: Annotated[str | None, Reference(CG.projectType, noun="CodeEntry")] = Field(
        default=None, index=True, description="The type of project: the letters of its Project ID."
    )
    budget_usd: Annotated[int | None, Property(CG.budgetUsd, XSD.decimal)] = Field(
        default=None, sa_type=BigInteger, index=True, description="The budget in US dollars."
    )

    title_order: Annotated[str, SortKey("title")] = Field(
        default="",
        index=True,
        sa_column_kwargs={"server_default": ""},
        description="The title in the first configured language, folded: what titles sort by.",
    )

    member_states: ClassVar = Relation("MemberState", CG.beneficiary, "The states that benefit.")
    other_states: ClassVar = Relation(
        "MemberState",
        CG.otherBeneficiary,
        "Other states that benefit, as the page lists them apart from the eligible ones.",
    )
    results: ClassVar = Parts("ResultItem", CG.result, "Its outcomes and outputs, in order.")
    objectives: ClassVar = Linked("Objective", CG.objective, "The Compact objectives that it serves.")
    sdg_goals: ClassVar = Linked("SdgGoal", CG.sdgGoal, "The SDGs that it serves.")
    sdg_targets: ClassVar = Linked("SdgTarget", CG.sdgTarget, "The SDG targets that it serves.")
    networks: ClassVar = Linked("Network", CG.network, "The UN networks that it works with.")
    instruments: ClassVar = Linked("NationalInstrument", CG.instrument, "The national instruments it serves.")
    links: ClassVar = Inverse("Link", "project", "Its links to objectives, SDGs, networks and instruments.")
    codings: ClassVar = Inverse(
        "Coding", "project", "Who went through the whole project by a codebook, or is about to."
    )
    sources: ClassVar = Relation("Source", DCTERMS.source, "The texts that its facts were read from.")
    provenance: ClassVar = Parts("FieldProvenance", CG.provenance, "Where each value was read.")
    conflicts: ClassVar = Parts("Conflict", CG.conflict, "Where sources contradict each other.")

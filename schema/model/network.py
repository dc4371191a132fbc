"""Networks: the UN Network on Migration at its three levels, and what states set up themselves."""

from enum import StrEnum
from typing import Annotated, ClassVar

from rdflib import URIRef
from sqlmodel import Field

from ontology.terms import (
    CG,
    DCTERMS,
    FOAF,
    ORG,
    SDO,
    SKOS,
    XSD,
    IriProperty,
    Property,
    Reference,
    TextProperty,
)
from schema.columns import JsonColumn
from schema.model.vocabulary import VocabularyRecord
from schema.record import Inverse, Record, Relation, published
from schema.text import Text


class NetworkLevel(StrEnum):
    """The level at which a UN network on migration works."""

    GLOBAL = "global"
    REGIONAL = "regional"
    COUNTRY = "country"


class InstrumentKind(StrEnum):
    """What a state has set up to put the Global Compact into practice."""

    COORDINATION_MECHANISM = "coordination-mechanism"
    IMPLEMENTATION_PLAN = "implementation-plan"


@published
class Network(VocabularyRecord, table=True):
    """A UN network on migration: the global one, a regional one, or one in a country."""

    segment: ClassVar[str] = "network"
    is_reference: ClassVar[bool] = True
    rdf_types: ClassVar[tuple[URIRef, ...]] = (CG.Network, ORG.Organization)
    key_pattern: ClassVar[str] = r"global|regional-[a-z-]{2,30}|[A-Z]{3}"

    level: Annotated[NetworkLevel, Property(CG.level)] = Field(description="Global, regional or country.")
    name: Annotated[Text | None, TextProperty(SKOS.prefLabel)] = Field(
        default=None, sa_type=JsonColumn, description="Its name, where a source prints one."
    )
    parent: Annotated[str | None, Reference(ORG.subOrganizationOf, noun="Network")] = Field(
        default=None, index=True, description="The network that this one is part of."
    )
    established: Annotated[int | None, Property(SDO.foundingDate, XSD.gYear)] = Field(
        default=None, description="The year in which it was established."
    )
    agencies: Annotated[list[str], Property(CG.agency)] = Field(
        default_factory=list,
        sa_type=JsonColumn,
        description="The UN entities that lead it, as sources name them.",
    )
    homepages: Annotated[list[str], IriProperty(FOAF.homepage)] = Field(
        default_factory=list, sa_type=JsonColumn, description="Its pages on the web."
    )
    certain: Annotated[bool, Property(CG.certain, XSD.boolean)] = Field(
        description="Whether a source of high confidence states that it exists."
    )

    states: ClassVar = Relation("MemberState", CG.state, "The states in which it works.")
    projects: ClassVar = Inverse("Project", "networks", "The projects linked to this network.")


@published
class NationalInstrument(Record, table=True):
    """A national mechanism or implementation plan; a candidate until a link to it is accepted."""

    segment: ClassVar[str] = "instrument"
    rdf_types: ClassVar[tuple[URIRef, ...]] = (CG.NationalInstrument,)
    key_pattern: ClassVar[str] = r"[A-Z]{3}-(?:coordination-mechanism|implementation-plan)-[0-9]{4}"

    kind: Annotated[InstrumentKind, Property(CG.kind)] = Field(description="Mechanism or plan.")
    state: Annotated[str, Reference(CG.state, noun="MemberState")] = Field(
        index=True, description="The state that set it up."
    )
    name: Annotated[Text | None, TextProperty(SDO.name)] = Field(
        default=None, sa_type=JsonColumn, description="Its name as a text gives it."
    )
    year: Annotated[int | None, Property(DCTERMS.created, XSD.gYear)] = Field(
        default=None, description="The year in which it was set up."
    )
    accepted: Annotated[bool, Property(CG.accepted, XSD.boolean, derived=True)] = Field(
        default=False, description="Whether a reviewer accepted a link to it; until then it is a candidate."
    )

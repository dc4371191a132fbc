"""States: ISO and UN M49 codes, names in six languages, and membership of IOM as dated data."""

from typing import Annotated, ClassVar

from rdflib import URIRef
from sqlmodel import Field

from ontology.terms import CG, DCTERMS, ORG, SDO, SKOS, XSD, IriProperty, Property, TextProperty
from schema.columns import JsonColumn
from schema.model.vocabulary import VocabularyRecord
from schema.record import Inverse, Part, Parts, published
from schema.text import Text, Texts


@published
class Membership(Part, table=True):
    """One stretch of a state's standing in IOM: its role, since and until when, and who says so."""

    is_reference: ClassVar[bool] = True
    rdf_types: ClassVar[tuple[URIRef, ...]] = (CG.Membership, ORG.Membership)

    role: Annotated[str, Property(CG.role)] = Field(description="member, observer, or none.")
    since: Annotated[str | None, Property(SDO.startDate, XSD.date)] = Field(
        default=None, description="From when (ISO 8601; the year only where the source says no more)."
    )
    until: Annotated[str | None, Property(SDO.endDate, XSD.date)] = Field(
        default=None, description="Until when; empty while it lasts."
    )
    source: Annotated[str, Property(DCTERMS.source)] = Field(description="Where the fact comes from.")
    certain: Annotated[bool, Property(CG.certain, XSD.boolean)] = Field(
        description="Whether a source of high confidence states it."
    )


@published
class MemberState(VocabularyRecord, table=True):
    """A state that projects may benefit: members of IOM, observers, and states that are neither."""

    segment: ClassVar[str] = "state"
    is_reference: ClassVar[bool] = True
    rdf_types: ClassVar[tuple[URIRef, ...]] = (CG.State, SDO.Country)
    key_pattern: ClassVar[str] = r"[A-Z]{3}"

    iso2: Annotated[str, Property(CG.iso2)] = Field(index=True, description="ISO 3166-1 alpha-2 code.")
    iso3: Annotated[str, Property(CG.iso3)] = Field(description="ISO 3166-1 alpha-3 code.")
    m49: Annotated[str, Property(CG.m49)] = Field(description="UN M49 code: three digits, zero-padded.")
    name: Annotated[Text, TextProperty(SDO.name)] = Field(
        sa_type=JsonColumn, description="The short name that the United Nations use."
    )
    spellings: Annotated[Texts, TextProperty(SKOS.altLabel)] = Field(
        default_factory=dict, sa_type=JsonColumn, description="Other spellings met on pages."
    )
    exact_matches: Annotated[list[str], IriProperty(SKOS.exactMatch)] = Field(
        default_factory=list,
        sa_type=JsonColumn,
        description="The same state at Wikidata, the EU authority tables and UN M49.",
    )
    compact_champion: Annotated[bool, Property(CG.compactChampion, XSD.boolean)] = Field(
        default=False, description="Whether a source names it a champion country of the Global Compact."
    )

    memberships: ClassVar = Parts("Membership", ORG.hasMembership, "Its standing in IOM over time.")
    networks: ClassVar = Inverse("Network", "states", "The UN networks on migration in this state.")
    instruments: ClassVar = Inverse(
        "NationalInstrument", "state", "Its coordination mechanisms and implementation plans."
    )
    projects: ClassVar = Inverse("Project", "member_states", "The projects that benefit this state.")

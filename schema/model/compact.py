"""The Global Compact for Migration: its 23 objectives and 10 guiding principles (A/RES/73/195)."""

from typing import Annotated, ClassVar

from rdflib import URIRef
from sqlmodel import Field

from ontology.terms import CG, SKOS, XSD, Property, TextProperty
from schema.columns import JsonColumn
from schema.model.vocabulary import VocabularyRecord
from schema.record import Inverse, Matched, published
from schema.text import Text


@published
class Objective(VocabularyRecord, table=True):
    """One of the 23 objectives of the Global Compact; its IRI is unofficial, the Compact has none."""

    segment: ClassVar[str] = "objective"
    is_reference: ClassVar[bool] = True
    rdf_types: ClassVar[tuple[URIRef, ...]] = (CG.Objective, SKOS.Concept)
    in_scheme: ClassVar[str | None] = "objective"
    key_pattern: ClassVar[str] = r"[1-9]|1[0-9]|2[0-3]"

    number: Annotated[int, Property(SKOS.notation, XSD.integer)] = Field(description="Its number, 1 to 23.")
    title: Annotated[Text, TextProperty(SKOS.prefLabel)] = Field(
        sa_type=JsonColumn, description="The title in the resolution."
    )
    short_title: Annotated[Text, TextProperty(SKOS.altLabel)] = Field(
        sa_type=JsonColumn, description="The short label that the UN Network's hub uses."
    )

    exact_match: ClassVar = Matched(SKOS.exactMatch, "The SDGs that reviewers accepted as the same.")
    close_match: ClassVar = Matched(SKOS.closeMatch, "The SDGs that they accepted as nearly the same.")
    broad_match: ClassVar = Matched(SKOS.broadMatch, "The SDGs that they accepted as wider.")
    narrow_match: ClassVar = Matched(SKOS.narrowMatch, "The SDGs that they accepted as narrower.")
    related_match: ClassVar = Matched(SKOS.relatedMatch, "The SDGs that they accepted as related.")

    mappings: ClassVar = Inverse("Mapping", "subject", "What it is said to match, and by whom.")
    projects: ClassVar = Inverse("Project", "objectives", "The projects linked to this objective.")
    codebook: ClassVar = Inverse("CodebookEntry", "subject", "When a project counts under this objective.")


@published
class GuidingPrinciple(VocabularyRecord, table=True):
    """One of the 10 guiding principles of the Global Compact, in the order in which it prints them."""

    segment: ClassVar[str] = "principle"
    is_reference: ClassVar[bool] = True
    rdf_types: ClassVar[tuple[URIRef, ...]] = (CG.GuidingPrinciple, SKOS.Concept)
    in_scheme: ClassVar[str | None] = "principle"
    key_pattern: ClassVar[str] = r"[1-9]|10"

    number: Annotated[int, Property(SKOS.notation, XSD.integer)] = Field(description="Its place, 1 to 10.")
    title: Annotated[Text, TextProperty(SKOS.prefLabel)] = Field(
        sa_type=JsonColumn, description="The name of the principle."
    )

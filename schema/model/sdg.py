"""The Sustainable Development Goals and their targets, under the United Nations' own IRIs (A/RES/70/1)."""

from typing import Annotated, ClassVar

from rdflib import URIRef
from sqlmodel import Field

from ontology.terms import CG, RDFS, SDGO, SKOS, Property, Reference, TextProperty
from schema.columns import JsonColumn
from schema.record import Inverse, Record, published
from schema.text import Text


@published
class SdgGoal(Record, table=True):
    """One of the 17 Sustainable Development Goals; its label is compactgraph's own short wording."""

    segment: ClassVar[str] = "sdg"
    is_reference: ClassVar[bool] = True
    rdf_types: ClassVar[tuple[URIRef, ...]] = (CG.SdgGoal, SDGO.Goal, SKOS.Concept)
    in_scheme: ClassVar[str | None] = "sdg"
    key_pattern: ClassVar[str] = r"[1-9]|1[0-7]"

    code: Annotated[str, Property(SKOS.notation)] = Field(description="The UN's code, for example 10.")
    title: Annotated[Text, TextProperty(RDFS.label)] = Field(
        sa_type=JsonColumn, description="A short label of our own; the official title stands at the IRI."
    )

    targets: ClassVar = Inverse("SdgTarget", "goal", "The targets of this goal.")
    mappings: ClassVar = Inverse("Mapping", "target", "What is said to match it, and by whom.")
    projects: ClassVar = Inverse("Project", "sdg_goals", "The projects linked to this goal.")
    codebook: ClassVar = Inverse("CodebookEntry", "subject", "When a project counts under this goal.")


@published
class SdgTarget(Record, table=True):
    """One of the 169 targets of the Sustainable Development Goals; its label is our own short wording."""

    segment: ClassVar[str] = "sdg"
    is_reference: ClassVar[bool] = True
    rdf_types: ClassVar[tuple[URIRef, ...]] = (CG.SdgTarget, SDGO.Target, SKOS.Concept)
    in_scheme: ClassVar[str | None] = "sdg"
    broader: ClassVar[str] = "goal"
    key_pattern: ClassVar[str] = r"(?:[1-9]|1[0-7])\.(?:[1-9]|1[0-9]|[a-d])"

    code: Annotated[str, Property(SKOS.notation)] = Field(description="The UN's code, for example 10.7.")
    title: Annotated[Text, TextProperty(RDFS.label)] = Field(
        sa_type=JsonColumn, description="A short label of our own; the official text stands at the IRI."
    )
    goal: Annotated[str, Reference(SDGO.isTargetOf, noun="SdgGoal")] = Field(
        index=True, description="The goal that this is a target of."
    )

    mappings: ClassVar = Inverse("Mapping", "target", "What is said to match it, and by whom.")
    projects: ClassVar = Inverse("Project", "sdg_targets", "The projects linked to this target.")
    codebook: ClassVar = Inverse("CodebookEntry", "subject", "When a project counts under this target.")

"""Codebook: the rules by which a project counts under an objective, goal or target, or does not."""

from enum import StrEnum
from typing import Annotated, ClassVar

from rdflib import URIRef
from sqlmodel import Field

from ontology.terms import CG, DCTERMS, SKOS, Property, Reference, TextProperty
from schema.columns import JsonColumn
from schema.record import Part, Parts, Record, published
from schema.text import Text


class RuleKind(StrEnum):
    """What a rule of the codebook is for."""

    INCLUDE = "include"
    EXCLUDE = "exclude"
    CONFUSION = "confusion"


@published
class CodebookRule(Part, table=True):
    """One rule of the codebook: it says of what a text tells that it counts, or that it does not."""

    segment: ClassVar[str] = "rule"
    is_reference: ClassVar[bool] = True
    rdf_types: ClassVar[tuple[URIRef, ...]] = (CG.CodebookRule,)
    key_pattern: ClassVar[str] = r"(?:include|exclude|confusion)-[1-9]"

    kind: Annotated[RuleKind, Property(CG.ruleKind)] = Field(
        description="Whether it includes, excludes, or tells two codes apart."
    )
    code: Annotated[str, Property(SKOS.notation)] = Field(
        description="Its kind and its place among those of its kind, such as include-1."
    )
    text: Annotated[Text, TextProperty(SKOS.definition)] = Field(
        sa_type=JsonColumn, description="What it says."
    )
    confused_with: Annotated[str | None, Reference(CG.confusedWith)] = Field(
        default=None, index=True, description="The code that it tells apart from this one."
    )


@published
class CodebookEntry(Record, table=True):
    """How this codebook reads one objective, goal or target: scope, rules, and a worked example."""

    segment: ClassVar[str] = "codebook"
    is_reference: ClassVar[bool] = True
    rdf_types: ClassVar[tuple[URIRef, ...]] = (CG.CodebookEntry, SKOS.Concept)
    in_scheme: ClassVar[str | None] = "codebook"
    key_pattern: ClassVar[str] = (
        r"objective-(?:[1-9]|1[0-9]|2[0-3])|sdg-(?:[1-9]|1[0-7])(?:\.(?:[1-9]|1[0-9]|[a-d]))?"
    )

    title: Annotated[Text, TextProperty(SKOS.prefLabel)] = Field(
        sa_type=JsonColumn, description="What the entry is called."
    )
    subject: Annotated[str, Reference(DCTERMS.subject)] = Field(
        index=True, description="The objective, goal or target that projects are coded by."
    )
    scope: Annotated[Text, TextProperty(SKOS.scopeNote)] = Field(
        sa_type=JsonColumn, description="What it is about, as this codebook reads it."
    )
    example: Annotated[Text, TextProperty(SKOS.example)] = Field(
        sa_type=JsonColumn, description="An invented project, the decision on it, and the rule that decides."
    )
    basis: Annotated[str, Property(DCTERMS.source)] = Field(
        description="The paragraph or target that the entry rests on."
    )

    rules: ClassVar = Parts(
        "CodebookRule", CG.entryRule, "Its rules: what counts, what does not, and how to tell others apart."
    )

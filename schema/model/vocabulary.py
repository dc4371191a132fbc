"""Vocabulary: what the things of the vocabularies have in common, namely where their facts come from."""

from typing import Annotated

from sqlmodel import Field

from ontology.terms import CG, DCTERMS, Property
from schema.columns import JsonColumn
from schema.record import Record


class VocabularyRecord(Record):
    """A thing whose facts were collected by hand, each with its source and what stays uncertain."""

    unverified: Annotated[list[str], Property(CG.unverified)] = Field(
        default_factory=list, sa_type=JsonColumn, description="Fields whose value no source confirms."
    )
    statements: Annotated[list[str], Property(DCTERMS.source)] = Field(
        default_factory=list, sa_type=JsonColumn, description="Where the facts come from."
    )

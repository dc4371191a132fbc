"""Codes: the code lists that project pages use, and the schemes that they and the concepts belong to."""

from typing import Annotated, ClassVar

from rdflib import URIRef
from sqlmodel import Field

from ontology.terms import CG, DCTERMS, OWL, SKOS, Property, Reference, TextProperty
from schema.columns import JsonColumn
from schema.model.vocabulary import VocabularyRecord
from schema.record import KEY, Record, published
from schema.text import Text, Texts


@published
class Scheme(Record, table=True):
    """A list of concepts or codes, with what is to be known about its standing."""

    segment: ClassVar[str] = "scheme"
    in_graphql: ClassVar[bool] = False
    rdf_types: ClassVar[tuple[URIRef, ...]] = (CG.Scheme, SKOS.ConceptScheme)

    title: Annotated[Text, TextProperty(DCTERMS.title)] = Field(
        sa_type=JsonColumn, description="The name of the scheme."
    )
    note: Annotated[Text | None, TextProperty(SKOS.scopeNote)] = Field(
        default=None, sa_type=JsonColumn, description="What the scheme is, and who made it."
    )
    version: Annotated[str | None, Property(OWL.versionInfo)] = Field(
        default=None, description="Its version, where what is decided by it has to name one."
    )
    statements: Annotated[list[str], Property(DCTERMS.source)] = Field(
        default_factory=list, sa_type=JsonColumn, description="Where the facts come from."
    )


@published
class CodeEntry(VocabularyRecord, table=True):
    """An entry of a code list: a status, a coverage, a region or a type of project."""

    segment: ClassVar[str] = "code"
    is_reference: ClassVar[bool] = True
    rdf_types: ClassVar[tuple[URIRef, ...]] = (CG.Code, SKOS.Concept)
    key_pattern: ClassVar[str] = rf"[a-z]+/{KEY}"

    scheme: Annotated[str, Reference(SKOS.inScheme, noun="Scheme")] = Field(
        index=True, description="The code list: status, coverage, region or type."
    )
    code: Annotated[str, Property(SKOS.notation)] = Field(description="The code within its list.")
    name: Annotated[Text | None, TextProperty(SKOS.prefLabel)] = Field(
        default=None, sa_type=JsonColumn, description="The name as pages print it; some codes have none."
    )
    spellings: Annotated[Texts, TextProperty(SKOS.altLabel)] = Field(
        default_factory=dict, sa_type=JsonColumn, description="Other spellings met on pages."
    )
    iati_codes: Annotated[list[str], Property(CG.iatiCode)] = Field(
        default_factory=list,
        sa_type=JsonColumn,
        description="The IATI code list and code of the same meaning, for example ActivityStatus/2.",
    )

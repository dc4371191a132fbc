"""Sources: the texts that facts were read from."""

from enum import StrEnum
from typing import Annotated, ClassVar

from rdflib import URIRef
from sqlmodel import Field

from ontology.terms import CG, DCTERMS, PROV, SDO, XSD, IriProperty, Property
from schema.record import Record, published


class SourceKind(StrEnum):
    """What a source is; where two disagree, the kind named first gives way."""

    SUMMARY = "summary"
    TABLE = "table"
    PAGE = "page"


@published
class Source(Record, table=True):
    """A text that facts were read from: where it stood, when it was fetched, and its hash."""

    segment: ClassVar[str] = "source"
    rdf_types: ClassVar[tuple[URIRef, ...]] = (CG.Source, PROV.Entity)
    key_pattern: ClassVar[str] = r"[0-9a-f]{64}"

    kind: Annotated[SourceKind, Property(CG.kind)] = Field(
        description="A page, a row of a table, or a summary in our own words, which any of both replaces."
    )
    url: Annotated[str | None, IriProperty(SDO.url)] = Field(
        default=None, index=True, description="The address of the page."
    )
    language: Annotated[str | None, Property(DCTERMS.language)] = Field(
        default=None, description="The language of the text (BCP-47)."
    )
    retrieved_at: Annotated[str | None, Property(CG.retrievedAt, XSD.dateTime)] = Field(
        default=None,
        description="When the page was fetched, or the row of a table first taken in, where that is known.",
    )
    sha256: Annotated[str, Property(CG.sha256)] = Field(
        description="SHA-256 of the stored text (UTF-8, NFC), in hexadecimal."
    )
    text: Annotated[str, Property(None, imported=True)] = Field(
        description="The stored text, which offsets count in (Unicode code points)."
    )
    rights: Annotated[str | None, Property(DCTERMS.rights)] = Field(
        default=None, description="What is known about the rights in the text."
    )

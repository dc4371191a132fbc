"""The version of the codebook, as the store holds it."""

from sqlalchemy import Connection, select

from schema.model import CodebookEntry
from schema.record import NOUNS


def codebook_version(connection: Connection) -> str | None:
    """The version of the codebook that codings name; None where no codebook is loaded."""
    scheme = NOUNS["Scheme"].table.c
    found = connection.scalar(select(scheme.version).where(scheme.key == CodebookEntry.in_scheme))
    return None if found is None else str(found)

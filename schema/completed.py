"""Completed: which projects reviewers coded from end to end, and by which version of the codebook."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, and_, select

from schema.codebook import codebook_version
from schema.record import NOUNS
from schema.stats import StatKey, natural

#: The scheme that the links behind a key are coded by.
SCHEMES = {StatKey.OBJECTIVE: "gcm", StatKey.SDG_GOAL: "sdg", StatKey.SDG_TARGET: "sdg"}


def schemes_of(keys: Iterable[StatKey]) -> tuple[str, ...]:
    """The schemes that projects are coded by where they are counted by these keys, sorted."""
    return tuple(sorted({SCHEMES[each] for each in keys if each in SCHEMES}))


def counted_version(connection: Connection) -> str | None:
    """The version of the codebook; where none is loaded, the newest that completed codings name, or None."""
    loaded = codebook_version(connection)
    if loaded is not None:
        return loaded
    coding = NOUNS["Coding"].table.c
    statement = select(coding.codebook_version).where(coding.completed_at.is_not(None)).distinct()
    return max(connection.scalars(statement), key=natural, default=None)


def is_reviewed(schemes: Iterable[str], version: str | None) -> ColumnElement[bool]:
    """That somebody completed a coding of a project in each of these schemes, by this codebook."""
    project, coding = NOUNS["Project"].table.c, NOUNS["Coding"].table.c
    return and_(
        *(
            project.key.in_(
                select(coding.project).where(
                    coding.coding_scheme == each,
                    coding.codebook_version == version,
                    coding.completed_at.is_not(None),
                )
            )
            for each in schemes
        )
    )

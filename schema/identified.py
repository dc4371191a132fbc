"""Identified: what the ids in a filter stand for, as subqueries of the keys of things that live.

Ids are read as lookups read them: an id, its last part, a former key, an IRI, or for projects a Project or
Prima ID. What stands for nothing leaves nothing.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, union

from ontology.errors import BadArgument, InvalidRecord
from ontology.iri import Iris
from schema.exchange import is_key
from schema.log import resource
from schema.record import NOUNS, Noun
from schema.text import clean

#: A statement of keys.
Keys = Select[str]


def cleaned(words: str, field: str) -> str:
    """The words of an argument in composed form. Raises BadArgument for characters that no text holds."""
    try:
        return clean(words, field)
    except InvalidRecord as error:
        raise BadArgument(error.message, error.suggestion, field=field) from None


def named(value: str, iris: Iris) -> str:
    """The id that an IRI or the address of a document stands for; anything else as it is."""
    identifier = iris.identifier(value) if "://" in value else None
    return identifier if identifier is not None and "/" in identifier else value


def last_parts(segment: str, values: Iterable[str], *prefixes: str) -> list[str]:
    """The keys that ids of a class come to; what no thing can have as its key is left out."""
    found = []
    for value in values:
        key = value.removeprefix(f"{segment}/")
        found += [each for each in (key, *(prefix + key for prefix in prefixes)) if is_key(segment, each)]
    return found


def _standing(noun: Noun, keys: list[str]) -> tuple[Select[str, str], ColumnElement[str]]:
    """The asked keys, or those that they lead to now, beside the key of the living thing."""
    own = noun.table.c.key
    leads_to = func.coalesce(resource.c.alias_of, resource.c.key)
    where = (resource.c["class"] == noun.segment) & resource.c.key.in_(keys)
    return select(own, resource.c.key).join(resource, own == leads_to).where(where), own


def living(noun: Noun, keys: list[str]) -> Keys:
    """The keys of the things that live under these keys, or that these keys lead to now."""
    statement, own = _standing(noun, keys)
    return statement.with_only_columns(own)


def projects(keys: list[str]) -> ColumnElement[bool]:
    """That a project is one of those that lookups find under these keys.

    A key or former key comes first, then a Project ID, then a Prima ID; where several projects share one of
    the latter, the first of them is meant.
    """
    noun = NOUNS["Project"]
    table = noun.table.c
    standing, _ = _standing(noun, keys)
    taken: list[Select[Any]] = [standing.with_only_columns(resource.c.key)]
    found: list[Select[Any]] = [living(noun, keys)]
    for column in (table.project_id, table.prima_id):
        is_meant = column.in_(keys) & ~column.in_(union(*taken))
        found.append(select(func.min(table.key)).where(is_meant).group_by(column))
        taken.append(select(column).where(column.in_(keys)))
    return table.key.in_(union(*found))

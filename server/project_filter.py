"""Filter: the projects that a JSON text asks for, in the form of the API and checked as its arguments are."""

from typing import Any

import orjson
from graphql import GraphQLError, GraphQLInputType
from graphql.utilities import coerce_input_value, validate_input_value
from sqlalchemy import select

from ontology.errors import BadArgument
from schema.filters import filtered, project_conditions
from schema.model import NOUNS, Project
from schema.sql import AnySelect
from server.graphql import api_schema

Filter = dict[str, Any]


def projects(filter_: Filter | None) -> AnySelect | None:
    """The keys of the projects of a filter, as a statement; None where all are meant."""
    return None if filter_ is None else filtered(select(NOUNS[Project.__name__].table.c.key), filter_)


def project_filter(text: str) -> Filter:
    """The filter that a JSON text is, checked as an argument of the API is. Raises BadArgument."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise _wrong(f"no JSON: {error}") from None
    if not isinstance(value, dict):
        raise _wrong("no JSON object")
    type_: Any = api_schema()._schema.get_type("ProjectFilter")
    found = _coerced(value, type_)
    # What is wrong in it is told before the first line of an export is written.
    project_conditions(found)
    return found


def _coerced(value: object, type_: GraphQLInputType) -> Filter:
    def refuse(error: GraphQLError, path: list[str | int]) -> None:
        raise _wrong(f"{'.'.join(map(str, path))}: {error.message}" if path else error.message)

    validate_input_value(value, type_, refuse)
    found: Filter = coerce_input_value(value, type_)
    return found


def _wrong(reason: str) -> BadArgument:
    return BadArgument(
        f"filter: {reason}",
        'Write it as the ProjectFilter of the API, such as {"states": ["SLV"], "status": ["ACTIVE"]}.',
        field="filter",
    )

"""Question: the GraphQL query that asks for one thing, written from the declaration."""

from collections.abc import Iterator

from schema.api import ApiField, Shape, api_fields
from schema.record import NOUNS, Inverse, Noun, Parts

_INDENT = "  "
_FIRST = "(first: 10)"


def _called(noun: str) -> str:
    """What a thing is asked for where only its name is wanted."""
    texts = (each.name for each in api_fields(noun).values() if each.shape is Shape.TEXT)
    named = next((each for each in texts if each in ("name", "title")), None)
    return f"id {named} {{ value }}" if named else "id"


def _is_owned(field: ApiField) -> bool:
    """Whether a list holds what only exists with the thing: its parts, and the links that begin at it."""
    beside = field.attribute.beside if field.attribute else None
    return isinstance(beside, Parts) or (isinstance(beside, Inverse) and NOUNS[beside.noun].name == "Link")


def _lines(field: ApiField, owner: str, depth: int) -> Iterator[str]:
    indent = _INDENT * depth
    match field.shape:
        case Shape.TEXT:
            # The same field in every language follows.
            return
        case Shape.TEXTS:
            yield f"{indent}{field.name} {{ value language }}"
        case Shape.TARGET:
            yield f"{indent}{field.name} {{ ... on Node {{ id }} }}"
        case Shape.THING:
            yield f"{indent}{field.name} {{ {_called(field.noun)} }}"
        case Shape.CONNECTION:
            yield f"{indent}{field.name}{_FIRST} {{ totalCount nodes {{ {_called(field.noun)} }} }}"
        case Shape.LIST if _is_owned(field):
            yield f"{indent}{field.name} {{"
            yield from _fields(field.noun, depth + 1, owner)
            yield f"{indent}}}"
        case Shape.LIST:
            yield f"{indent}{field.name} {{ {_called(field.noun)} }}"
        case _:
            yield f"{indent}{field.name}"


def _fields(noun: str, depth: int, owner: str = "") -> Iterator[str]:
    for each in api_fields(noun).values():
        # The way back to where the query comes from says nothing new.
        if not (owner and each.noun == owner and each.shape is Shape.THING):
            yield from _lines(each, noun, depth)


def question(noun: Noun, identifier: str) -> str | None:
    """The query for everything that the API tells of a thing; None where the API does not show its class."""
    if not noun.model.in_graphql:
        return None
    fields = "\n".join(_fields(noun.name, 3))
    return f'{{\n  node(id: "{identifier}") {{\n    ... on {noun.name} {{\n{fields}\n    }}\n  }}\n}}\n'

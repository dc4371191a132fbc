"""The printed schema: a reviewed snapshot that breaks nothing that was promised."""

from pathlib import Path

import pytest
from graphql import GraphQLNamedType, build_schema, find_breaking_changes, is_introspection_type

from server.graphql import api_schema

SNAPSHOT = Path(__file__).parents[2] / "schema" / "schema.graphql"
CONTRACT = Path(__file__).parents[3] / "shared" / "design" / "contract.graphql"


def described_parts(type_: GraphQLNamedType) -> list[tuple[str, str | None]]:
    """The names and descriptions of a type, its fields and their arguments."""
    found = [(type_.name, type_.description)]
    for name, field in getattr(type_, "fields", {}).items():
        found.append((f"{type_.name}.{name}", field.description))
        found += [
            (f"{type_.name}.{name}({each})", arg.description)
            for each, arg in getattr(field, "args", {}).items()
        ]
    return found


def test_the_printed_schema_is_the_reviewed_one() -> None:
    printed = api_schema().as_str() + "\n"
    assert printed == SNAPSHOT.read_text(encoding="utf-8"), (
        "review the difference, then write it: compactgraph schema > schema/schema.graphql"
    )


@pytest.mark.skipif(not CONTRACT.exists(), reason="the contract stands beside the checkout, and is not there")
def test_the_printed_schema_breaks_nothing_of_the_contract() -> None:
    contract = build_schema(CONTRACT.read_text(encoding="utf-8"))
    assert find_breaking_changes(contract, api_schema()._schema) == []


def test_every_type_field_and_argument_has_a_description() -> None:
    schema = api_schema()._schema
    builtin = {"String", "Int", "Float", "Boolean", "ID"}
    types = [
        each
        for each in schema.type_map.values()
        if not is_introspection_type(each) and each.name not in builtin
    ]
    assert [name for each in types for name, text in described_parts(each) if not text] == []

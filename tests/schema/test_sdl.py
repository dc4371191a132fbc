"""The printed schema: a reviewed snapshot that breaks nothing that was promised."""

from pathlib import Path

import pytest
from graphql import GraphQLNamedType, build_schema, find_breaking_changes, is_introspection_type

from server.graphql import api_schema
from tests.schema.released import undeclared

SNAPSHOT = Path(__file__).parents[2] / "schema" / "schema.graphql"
RELEASED = SNAPSHOT.with_name("released.graphql")
CHANGELOG = SNAPSHOT.parents[1] / "CHANGELOG.md"
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
    for name, value in getattr(type_, "values", {}).items():
        found.append((f"{type_.name}.{name}", value.description))
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


def test_every_type_field_argument_and_value_has_a_description() -> None:
    schema = api_schema()._schema
    builtin = {"String", "Int", "Float", "Boolean", "ID"}
    types = [
        each
        for each in schema.type_map.values()
        if not is_introspection_type(each) and each.name not in builtin
    ]
    assert [name for each in types for name, text in described_parts(each) if not text] == []


def test_the_printed_schema_breaks_nothing_of_the_last_release_that_the_changelog_does_not_declare() -> None:
    released, changelog = RELEASED.read_text(encoding="utf-8"), CHANGELOG.read_text(encoding="utf-8")
    assert undeclared(released, api_schema()._schema, changelog) == []


BEFORE = "type Query { projects: Int! budget: String } enum Kind { A B } type Unused { kind(as: Kind): Kind }"
AFTER = "type Query { projects: Int budget: String added: Int } enum Kind { A B } type Unused { kind: Kind }"
FOUND = ["Field Query.projects changed type from Int! to Int.", "Argument Unused.kind(as:) was removed."]
TOLD = """# Changelog

## 0.2.0 (not released yet)

Breaking: Field `Query.projects` changed type from `Int!` to
`Int`. {}

## 0.1.0

Breaking: Argument `Unused.kind(as:)` was removed.
"""


def test_a_break_that_the_changelog_does_not_declare_is_found() -> None:
    assert sorted(undeclared(BEFORE, build_schema(AFTER), "# Changelog\n\n## 0.2.0\n")) == sorted(FOUND)


def test_a_break_that_an_earlier_release_declared_is_still_one() -> None:
    assert undeclared(BEFORE, build_schema(AFTER), TOLD.format("")) == FOUND[1:]


def test_a_declared_break_may_be_made() -> None:
    told = TOLD.format("Breaking: Argument `Unused.kind(as:)` was removed.")
    assert undeclared(BEFORE, build_schema(AFTER), told) == []


def test_what_is_only_added_breaks_nothing() -> None:
    assert undeclared(BEFORE, build_schema(BEFORE + " type More { a: Int }"), "") == []


def test_before_the_first_release_nothing_can_break() -> None:
    assert undeclared("# Nothing has been released yet.\n", build_schema(AFTER), "") == []

"""The declaration: every column says what it means, or is one of those that every table has."""

import pytest
from sqlalchemy import BigInteger
from sqlmodel import SQLModel

from ontology.terms import Reference
from schema.exchange import SEGMENTS, nouns_of
from schema.feed import fragment, member
from schema.log import change, head, resource
from schema.model import NOUNS
from schema.record import Inverse, Noun, Part, Record, declaration
from schema.search import project_languages, project_words
from schema.token import token

BASE = {"key", "updated_at", "owner", "position"}
ALL = sorted(NOUNS)


@pytest.mark.parametrize("name", ALL)
def test_every_column_is_published_or_private_on_purpose(name: str) -> None:
    noun = NOUNS[name]
    silent = {each.attribute for each in noun.columns() if each.property is None}
    undeclared = (
        {each.name for each in noun.table.columns}
        - BASE
        - {each.attribute for each in noun.columns()}
        - noun.sort_keys.keys()
    )
    assert (silent, undeclared) == (set(), set())


@pytest.mark.parametrize("name", ALL)
def test_every_field_is_described(name: str) -> None:
    assert [each.name for each in NOUNS[name].attributes if not each.description] == []


@pytest.mark.parametrize("name", ALL)
def test_every_field_leads_to_a_noun_that_there_is(name: str) -> None:
    for attribute in NOUNS[name].attributes:
        if isinstance(attribute.property, Reference) and attribute.property.noun:
            assert attribute.property.noun in NOUNS
        if isinstance(attribute.beside, Inverse):
            other = NOUNS[attribute.beside.noun]
            assert other.attribute(attribute.beside.attribute)


def test_every_thing_has_a_place_in_exports() -> None:
    records = [noun for noun in NOUNS.values() if issubclass(noun.model, Record)]
    assert {noun.segment for noun in records} == set(SEGMENTS)
    assert sum(len(nouns_of(segment)) for segment in SEGMENTS) == len(records)


def test_every_part_is_part_of_one_noun() -> None:
    parts = [part.name for noun in NOUNS.values() for _, part in noun.parts()]
    assert sorted(parts) == sorted(name for name, noun in NOUNS.items() if issubclass(noun.model, Part))


def test_what_is_referred_to_is_exported_before_what_refers_to_it() -> None:
    def referred(noun: Noun) -> set[str]:
        here = {
            each.property.to
            for each in declaration(noun).fields
            if isinstance(each.property, Reference) and not each.property.derived and each.part is None
        }
        return here.union(*(referred(part) for _, part in noun.parts())) - {"", "result", noun.segment}

    for noun in NOUNS.values():
        if issubclass(noun.model, Record):
            assert all(SEGMENTS.index(each) < SEGMENTS.index(noun.segment) for each in referred(noun))


def test_no_table_stands_beside_the_declaration() -> None:
    related = {table.name for noun in NOUNS.values() for table in noun.relations.values()}
    nouns = {noun.table.name for noun in NOUNS.values()}
    searched = {project_words.name, project_languages.name}
    fed = {member.name, fragment.name}
    beside = {head.name, change.name, resource.name, token.name} | searched | fed
    assert set(SQLModel.metadata.tables) == nouns | related | beside


def test_money_has_room_for_more_than_32_bits() -> None:
    assert isinstance(NOUNS["Project"].table.c.budget_usd.type, BigInteger)

"""Tokens: shown once, kept as hashes, good for their scopes until they are revoked."""

import re
from hashlib import sha256

import pytest
from sqlalchemy import Engine, select

from ontology.errors import BadArgument, Conflict, Forbidden, NotFound, Unauthenticated
from schema import token
from schema.store import reading, writing
from schema.token import Scope
from tests.schema.world import LATER, THEN, lines, version


def made(engine: Engine, name: str = "ann", *scopes: str) -> str:
    with writing(engine) as transaction:
        return token.create(transaction.connection, name, token.scopes_of("reviewer", scopes), THEN)


def revoke(engine: Engine, name: str) -> None:
    with writing(engine) as transaction:
        token.revoke(transaction.connection, name, LATER)


def person(engine: Engine, text: str | None) -> token.Person:
    with reading(engine) as snapshot:
        return token.person(snapshot.connection, text)


def test_a_token_has_a_prefix_an_id_and_256_random_bits(engine: Engine) -> None:
    found = [
        re.fullmatch(r"cgt_([0-9a-f]{16})_([0-9a-f]{64})", made(engine, name)) for name in ("ann", "bea")
    ]
    secrets = {bytes.fromhex(each[2]) for each in found if each}
    assert [len(each) * 8 for each in secrets] == [256, 256]


def test_only_a_hash_is_kept(engine: Engine) -> None:
    text = made(engine)
    with reading(engine) as snapshot:
        row = snapshot.connection.execute(select(token.token)).one()
    assert row.digest == sha256(text.encode()).hexdigest()
    assert text.rpartition("_")[2] not in repr(row)


def test_a_token_is_its_persons_with_its_scopes(engine: Engine) -> None:
    whole, part = person(engine, made(engine, "ann")), person(engine, made(engine, "bea", "review"))
    assert (whole.name, whole.scopes) == ("ann", {Scope.PROPOSE, Scope.REVIEW})
    part.check(Scope.REVIEW)
    with pytest.raises(Forbidden, match="needs the scope propose, and the token has review"):
        part.check(Scope.PROPOSE)


@pytest.mark.parametrize(
    "change", [lambda t: t[:-1], lambda t: t + "0", str.upper, lambda t: f" {t}", lambda _: ""]
)
def test_what_is_almost_a_token_is_none(engine: Engine, change: object) -> None:
    text = made(engine)
    assert callable(change)
    with pytest.raises(Unauthenticated, match="malformed, unknown or revoked"):
        person(engine, change(text))


def test_the_secret_of_another_token_is_none_for_this_one(engine: Engine) -> None:
    one, other = made(engine, "ann"), made(engine, "bea")
    mixed = f"{one.rpartition('_')[0]}_{other.rpartition('_')[2]}"
    with pytest.raises(Unauthenticated):
        person(engine, mixed)


def test_who_sends_none_is_told_how(engine: Engine) -> None:
    with pytest.raises(Unauthenticated) as caught:
        person(engine, None)
    assert "Authorization: Bearer" in caught.value.suggestion


def test_a_revoked_token_is_good_no_more_and_a_new_one_is_the_same_person(engine: Engine) -> None:
    old = made(engine)
    revoke(engine, "ann")
    with pytest.raises(Unauthenticated):
        person(engine, old)
    with pytest.raises(NotFound):
        revoke(engine, "ann")
    assert person(engine, made(engine)).name == "ann"
    with pytest.raises(Unauthenticated):
        person(engine, old)
    with reading(engine) as snapshot:
        found = token.listed(snapshot.connection)
    assert [(each.name, each.revoked_at) for each in found] in (
        [("ann", LATER), ("ann", None)],
        [("ann", None), ("ann", LATER)],
    )


def test_a_name_has_one_token_and_one_spelling(engine: Engine) -> None:
    made(engine, "ann")
    with pytest.raises(Conflict, match="ann has a token"):
        made(engine, "ann")
    with pytest.raises(Conflict, match="capitals"):
        made(engine, "Ann")


@pytest.mark.parametrize(
    "name", ["", "a b", "a/b", "a~b", "\u00e9", "a\0", "x" * 101, "compactgraph", "Compactgraph2"]
)
def test_a_name_can_be_published_and_is_no_methods(engine: Engine, name: str) -> None:
    with pytest.raises(BadArgument):
        made(engine, name)


def test_a_role_has_its_scopes_and_no_others() -> None:
    assert token.scopes_of("proposer") == (Scope.PROPOSE,)
    assert token.scopes_of("reviewer", ["review", "review"]) == (Scope.REVIEW,)
    for role, scopes in (("proposer", ["review"]), ("reviewer", ["admin"]), ("admin", [])):
        with pytest.raises(BadArgument):
            token.scopes_of(role, scopes)


def test_tokens_are_no_change_of_the_data(engine: Engine) -> None:
    made(engine)
    revoke(engine, "ann")
    assert (version(engine), lines(engine)) == (0, [])

"""Sessions: what a browser holds instead of a token, and how long it is good."""

import pytest
from sqlalchemy import Engine, select

from ontology.errors import Unauthenticated
from schema import session, token
from schema.deadline import Deadline
from schema.store import reading, reading_in, writing
from schema.token import Scope

BEGIN, WITHIN, AFTER = "2026-11-26T08:00:00Z", "2026-11-26T19:59:59Z", "2026-11-26T20:00:00Z"


def signed_in(engine: Engine, name: str = "ann", at: str = BEGIN) -> str:
    with writing(engine) as transaction:
        text = token.create(transaction.connection, name, (Scope.REVIEW,), at)
        person = token.person(transaction.connection, text)
        return session.begin(transaction.connection, person, at, hours=12)


def whose(engine: Engine, secret: str | None, at: str = WITHIN) -> str:
    with reading(engine) as snapshot:
        return session.person_of(snapshot.connection, secret, at).name


def test_a_session_is_its_persons_until_its_hours_are_over(engine: Engine) -> None:
    secret = signed_in(engine)
    assert whose(engine, secret) == "ann"
    with pytest.raises(Unauthenticated):
        whose(engine, secret, AFTER)


@pytest.mark.parametrize("secret", [None, "", "0", "x" * 43, "é", "'", "cgt_0123456789abcdef_" + "0" * 64])
def test_what_is_no_secret_is_nobodys(engine: Engine, secret: str | None) -> None:
    signed_in(engine)
    with pytest.raises(Unauthenticated):
        whose(engine, secret)


def test_revoking_a_token_ends_its_sessions_and_a_new_token_does_not_bring_them_back(engine: Engine) -> None:
    secret = signed_in(engine)
    with writing(engine) as transaction:
        token.revoke(transaction.connection, "ann", WITHIN)
    with pytest.raises(Unauthenticated):
        whose(engine, secret)
    assert whose(engine, signed_in(engine)) == "ann"
    with pytest.raises(Unauthenticated):
        whose(engine, secret)


def test_signing_out_ends_one_session_and_leaves_others(engine: Engine) -> None:
    ann, bea = signed_in(engine), signed_in(engine, "bea")
    with writing(engine) as transaction:
        session.end(transaction.connection, ann)
    assert whose(engine, bea) == "bea"
    with pytest.raises(Unauthenticated):
        whose(engine, ann)


def test_neither_the_secret_nor_the_token_is_stored(engine: Engine) -> None:
    secret = signed_in(engine)
    with reading(engine) as snapshot:
        (row,) = snapshot.connection.execute(select(session.session)).all()
        assert snapshot.version() == 0
    assert secret not in row
    assert len(secret) >= 43


def test_sessions_that_are_over_go_when_one_begins(engine: Engine) -> None:
    signed_in(engine)
    signed_in(engine, "bea", AFTER)
    with reading(engine) as snapshot:
        assert len(snapshot.connection.execute(select(session.session)).all()) == 1


def test_a_form_of_another_session_is_told_apart() -> None:
    assert session.is_marked("one", session.mark("one"))
    for sent in (session.mark("other"), "", "é", session.mark("one")[:-1]):
        assert not session.is_marked("one", sent)


def test_data_are_read_as_the_person_of_a_session_or_not_at_all(engine: Engine) -> None:
    with writing(engine) as transaction:
        text = token.create(transaction.connection, "ann", (Scope.REVIEW,), BEGIN)
        person = token.person(transaction.connection, text)
        secret = session.begin(transaction.connection, person, "2999-01-01T00:00:00Z", hours=1)
    with reading_in(engine, secret, Deadline(5)) as (_, reader):
        assert (reader.name, reader.scopes) == ("ann", {Scope.REVIEW})
    with pytest.raises(Unauthenticated), reading_in(engine, None, Deadline(5)):
        pass

"""Tokens: what a person proves with who they are, and what they may do; only a hash of each is stored.

A token is `cgt_`, its public id and a secret of 256 random bits, in hexadecimal. At rest stands the SHA-256
of the whole: nobody guesses 256 bits, so a slow hash, which guards words that people choose, would only
cost time. The row is found by the public id and the hashes are compared in constant time, so how long an
answer takes says nothing of a secret. The table is no part of the domain: no export, dump, log or record
holds any of it.
"""

import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from hmac import compare_digest

from sqlalchemy import Column, Connection, Table, func, insert, select, update
from sqlalchemy import Text as LongString
from sqlmodel import SQLModel

from ontology.errors import BadArgument, Conflict, Forbidden, NotFound, Unauthenticated
from schema.columns import KeyColumn
from schema.record import KEY

#: What every token begins with, so that people and programs that look for leaked secrets recognise it.
PREFIX = "cgt_"

#: What methods call themselves begins so, and no person's name does.
METHODS = "compactgraph"

_FORM = re.compile(rf"{PREFIX}([0-9a-f]{{16}})_[0-9a-f]{{64}}")
_NAME = re.compile(KEY)


class Scope(StrEnum):
    """What a token is good for."""

    PROPOSE = "propose"
    REVIEW = "review"


#: What the roles may do: to propose is to make claims, to review is to decide on links and to code projects.
ROLES: dict[str, tuple[Scope, ...]] = {
    "reviewer": (Scope.PROPOSE, Scope.REVIEW),
    "proposer": (Scope.PROPOSE,),
}

token = Table(
    "token",
    SQLModel.metadata,
    Column("id", KeyColumn, primary_key=True),
    Column("name", KeyColumn, nullable=False, index=True),
    Column("digest", KeyColumn, nullable=False),
    Column("scopes", LongString, nullable=False),
    Column("created_at", KeyColumn, nullable=False),
    Column("revoked_at", KeyColumn),
)


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks: the name under which claims and reviews are published, and what the token is good for."""

    name: str
    scopes: frozenset[Scope]
    token: str = ""

    def check(self, scope: Scope) -> None:
        """Raises Forbidden when the token has not this scope."""
        if scope not in self.scopes:
            held = ", ".join(sorted(self.scopes)) or "none"
            raise Forbidden(
                f"this needs the scope {scope.value}, and the token has {held}",
                "Ask whoever runs the service for a token with this scope.",
                scope=scope.value,
            )


@dataclass(frozen=True, slots=True)
class Listed:
    """What is told of a token that stands: nothing of it can be made into the token."""

    id: str
    name: str
    scopes: tuple[str, ...]
    created_at: str
    revoked_at: str | None


def _hashed(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def scopes_of(role: str, named: Sequence[str] = ()) -> tuple[Scope, ...]:
    """The scopes of a role, or those named of them. Raises BadArgument."""
    if role not in ROLES:
        raise BadArgument(f"there is no role {role!r}", f"Use one of {', '.join(ROLES)}.")
    has = ROLES[role]
    for each in named:
        if each not in has:
            raise BadArgument(
                f"a {role} has no scope {each!r}", f"Use one of {', '.join(scope.value for scope in has)}."
            )
    return tuple(each for each in has if not named or each in named)


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise BadArgument(
            f"{name[:80]!r} is no name for a token",
            "Use up to 100 letters, digits, dots, hyphens and underscores: the name is published.",
        )
    if name.lower().startswith(METHODS):
        raise BadArgument(f"{name} is how methods call themselves", "Use the name of a person.")


def _standing(connection: Connection, name: str) -> Sequence[str]:
    """The ids of the tokens of a name, however it is written, that are not revoked."""
    named = (func.lower(token.c.name) == name.lower()) & token.c.revoked_at.is_(None)
    return connection.scalars(select(token.c.id).where(named)).all()


def create(connection: Connection, name: str, scopes: Iterable[Scope], at: str) -> str:
    """Make a token for a person and give its text, which is not kept and cannot be told again.

    A person has one token at a time; after it is revoked, another one may be made for the same name.
    Raises BadArgument for a name that cannot be published, and Conflict where the name has a token.
    """
    _check_name(name)
    other = connection.scalar(
        select(token.c.name).where(func.lower(token.c.name) == name.lower(), token.c.name != name).limit(1)
    )
    if other is not None:
        raise Conflict(
            f"{name} differs from {other} in capitals only", f"Write {other}, or use another name."
        )
    if _standing(connection, name):
        raise Conflict(f"{name} has a token already", f"Run `compactgraph token revoke {name}` first.")
    public = secrets.token_hex(8)
    text = f"{PREFIX}{public}_{secrets.token_hex(32)}"
    row = {"id": public, "name": name, "digest": _hashed(text), "created_at": at}
    connection.execute(insert(token).values(**row, scopes=" ".join(sorted(set(scopes)))))
    return text


def revoke(connection: Connection, name: str, at: str) -> None:
    """Let no token of the name be good any more, from the next request on. Raises NotFound."""
    found = _standing(connection, name)
    if not found:
        raise NotFound(f"{name[:80]!r} has no token", "See `compactgraph token list`.")
    connection.execute(update(token).where(token.c.id.in_(found)).values(revoked_at=at))


def listed(connection: Connection) -> list[Listed]:
    """All tokens, also those that were revoked, by name and time."""
    columns = token.c.id, token.c.name, token.c.scopes, token.c.created_at, token.c.revoked_at
    rows = connection.execute(select(*columns).order_by(token.c.name, token.c.created_at, token.c.id))
    return [Listed(public, name, tuple(scopes.split()), *times) for public, name, scopes, *times in rows]


def person(connection: Connection, text: str | None) -> Person:
    """Whose token this is. Raises Unauthenticated where it is missing, malformed, unknown or revoked.

    All of these but the first are told in the same words, which help nobody who tries.
    """
    if text is None:
        raise Unauthenticated(
            "this is only done for somebody, and the request says not for whom",
            "Send a token in the header `Authorization: Bearer cgt_...`.",
        )
    form = _FORM.fullmatch(text)
    columns = token.c.id, token.c.name, token.c.digest, token.c.scopes
    standing = select(*columns).where(token.c.id == (form[1] if form else ""), token.c.revoked_at.is_(None))
    row = connection.execute(standing).one_or_none()
    if not compare_digest(_hashed(text) if form else "", row.digest if row else _NOBODY) or row is None:
        raise Unauthenticated(
            "the token is not good: it is malformed, unknown or revoked",
            "Check it, or ask whoever runs the service for a new one.",
        )
    return Person(row.name, frozenset(map(Scope, row.scopes.split())), row.id)


# What no hash is.
_NOBODY = "-" * 64

"""Sessions: that a browser has shown a good token, for some hours, and not longer than the token is good.

The secret of a session is 256 random bits that only its browser has; at rest stands their SHA-256. Whose it
is and what the person may do is read from the token each time, so revoking a token ends its sessions at once.
Like tokens, sessions are no part of the domain: no export, dump, log or record holds any of them.
"""

import hmac
import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Column, Connection, Table, delete, insert, select
from sqlmodel import SQLModel

from ontology.errors import Unauthenticated
from schema.columns import KeyColumn
from schema.token import Person, Scope, token

session = Table(
    "session",
    SQLModel.metadata,
    Column("digest", KeyColumn, primary_key=True),
    Column("token", KeyColumn, nullable=False, index=True),
    Column("created_at", KeyColumn, nullable=False),
    Column("expires_at", KeyColumn, nullable=False, index=True),
)

_TIME = "%Y-%m-%dT%H:%M:%SZ"
_LONGEST_SECRET = 100


def _hashed(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def begin(connection: Connection, person: Person, at: str, hours: float) -> str:
    """Begin a session of a person and give its secret, which is not kept; those that are over go."""
    secret = secrets.token_urlsafe(32)
    until = (datetime.fromisoformat(at) + timedelta(hours=hours)).strftime(_TIME)
    connection.execute(delete(session).where(session.c.expires_at <= at))
    row = {"digest": _hashed(secret), "token": person.token, "created_at": at, "expires_at": until}
    connection.execute(insert(session).values(row))
    return secret


def person_of(connection: Connection, secret: str | None, at: str) -> Person:
    """Whose session this is. Raises Unauthenticated where there is none, it is over, or its token revoked."""
    columns = token.c.id, token.c.name, token.c.scopes
    standing = select(*columns).join(session, session.c.token == token.c.id)
    # A digest is looked up: how long that takes says nothing of a secret.
    known = session.c.digest == _hashed((secret or "")[:_LONGEST_SECRET])
    good = standing.where(known, session.c.expires_at > at, token.c.revoked_at.is_(None))
    row = connection.execute(good).one_or_none()
    if row is None:
        raise Unauthenticated(
            "nobody is signed in: there is no session, or it is over, or its token was revoked",
            "Sign in with your token.",
        )
    return Person(row.name, frozenset(map(Scope, row.scopes.split())), row.id)


def end(connection: Connection, secret: str) -> None:
    """End a session, from the next request on."""
    connection.execute(delete(session).where(session.c.digest == _hashed(secret[:_LONGEST_SECRET])))


def mark(secret: str) -> str:
    """What every form of a session carries, and no other site can know (synchroniser token)."""
    return hmac.new(secret.encode(), b"form", sha256).hexdigest()


def is_marked(secret: str, sent: str) -> bool:
    """Whether a form is one of this session."""
    return hmac.compare_digest(mark(secret).encode(), sent.encode())

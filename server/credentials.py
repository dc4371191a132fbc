"""Credentials: the token that a request sends, and how a missing one is asked for (RFC 6750)."""

import re

from starlette.requests import Request

from ontology.errors import CompactgraphError, Forbidden, Unauthenticated

# The scheme may have any capitals (RFC 9110, section 11.1); the rest is the token, well-formed or not.
_BEARER = re.compile(r"bearer(?: +(.*))?", re.IGNORECASE | re.DOTALL)

_REALM = 'Bearer realm="compactgraph"'


def is_sent(request: Request) -> bool:
    """Whether a request has credentials of any kind: nothing of its answer belongs into a shared cache."""
    return "authorization" in request.headers


def bearer(request: Request) -> str | None:
    """The token of a request, None without one; two of them are as bad as a wrong one.

    Credentials of another scheme are those of somebody else, such as a proxy, and say nothing to us.
    """
    sent = [_BEARER.fullmatch(each.strip()) for each in request.headers.getlist("authorization")]
    tokens = [(each[1] or "").strip() for each in sent if each]
    return " ".join(tokens) if tokens else None


def challenge(error: CompactgraphError, token: str | None) -> dict[str, str]:
    """What an answer says in WWW-Authenticate (RFC 6750, section 3); nothing where no token is the reason."""
    if isinstance(error, Forbidden):
        return {"WWW-Authenticate": f'{_REALM}, error="insufficient_scope", scope="{error.scope}"'}
    if isinstance(error, Unauthenticated):
        return {"WWW-Authenticate": _REALM if token is None else f'{_REALM}, error="invalid_token"'}
    return {}

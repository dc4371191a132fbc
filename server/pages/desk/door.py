"""Door: signing in with a token, which goes no further than the form, and signing out."""

from starlette.responses import Response

from ontology.errors import CompactgraphError, Unauthenticated
from schema import session
from schema.store import now, reading, writing
from schema.token import person
from server import credentials
from server.pages.desk.visit import Desk, Visit

# What a visitor had written when the session was over, and can copy from the page.
_WRITTEN = ("reason", "quote")


def _inside(desk: Desk, path: str) -> str:
    """Where a browser goes after signing in: to the page that was asked for where it is one of the desk."""
    behind = path.removeprefix(desk.root)
    is_ours = path.startswith(desk.root) and behind[:1] in ("", "/", "?") and path.isascii()
    return path if is_ours and not any(each in path for each in "\\\r\n\t") else desk.root


def show(visit: Visit, error: CompactgraphError | None = None) -> Response:
    """The page to sign in; after an error, with what was wrong."""
    written = [(each, visit.form[each]) for each in _WRITTEN if visit.form.get(each, "").strip()]
    answer = visit.page(
        "sign_in",
        status=error.status if error else 200,
        error=error,
        to=_inside(visit.desk, visit.asked.get("to") or visit.form.get("to") or visit.desk.root),
        is_out="out" in visit.asked,
        written=written,
        person=None,
    )
    if isinstance(error, Unauthenticated):
        answer.headers.update(credentials.challenge(error, None))
    return answer


def sign_in(visit: Visit) -> Response:
    """Begin a session for the token of the form. Raises Unauthenticated for one that is not good."""
    desk, text = visit.desk, visit.form.get("token", "").strip()
    if not text:
        raise Unauthenticated("no token was entered", "Enter the token that you were given: it begins cgt_.")
    with reading(desk.engine, visit.deadline) as snapshot:
        person(snapshot.connection, text)
    with writing(desk.engine, deadline=visit.deadline) as transaction:
        # It may have been revoked in the meantime.
        holder = person(transaction.connection, text)
        if visit.secret:
            session.end(transaction.connection, visit.secret)
        secret = session.begin(transaction.connection, holder, now(), desk.settings.desk_hours)
    answer = visit.leads_to(_inside(desk, visit.form.get("to", "")))
    answer.set_cookie(desk.cookie, secret, path="/", secure=desk.is_secure, httponly=True, samesite="lax")
    return answer


def sign_out(visit: Visit) -> Response:
    """End the session."""
    if visit.secret:
        with writing(visit.desk.engine, deadline=visit.deadline) as transaction:
            session.end(transaction.connection, visit.secret)
    answer = visit.leads_to(visit.desk.path("sign-in", out="1"))
    answer.delete_cookie(
        visit.desk.cookie, path="/", secure=visit.desk.is_secure, httponly=True, samesite="lax"
    )
    return answer

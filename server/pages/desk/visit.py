"""Visit: one request to the desk, the session that it belongs to, and what it may read and change."""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from sqlalchemy import Engine
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ontology.iri import Iris
from schema.acting import Acted, Acting, act
from schema.deadline import Deadline
from schema.mutation import MUTATIONS
from schema.session import mark, person_of
from schema.snapshot import Snapshot
from schema.store import now, reading_in, writing
from schema.token import Person
from server.negotiation import language
from server.pages.codebook import LANGUAGES
from server.pages.desk.form import Form
from server.pages.desk.style import address as style_address
from server.pages.rendering import rendered
from server.rate import Rate
from server.settings import Settings

POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
#: What every answer says: nobody keeps it, frames it, or learns from where its links were followed.
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # With no-referrer browsers would hide the origin of our own forms too.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}


@dataclass(frozen=True, slots=True)
class Desk:
    """What all visits share."""

    engine: Engine
    iris: Iris
    settings: Settings
    rate: Rate

    @property
    def is_secure(self) -> bool:
        """Whether the service is reached by https."""
        return urlsplit(self.iris.base).scheme == "https"

    @property
    def cookie(self) -> str:
        """The name of the cookie: browsers take one that begins with `__Host-` from this host alone."""
        return f"{'__Host-' if self.is_secure else ''}compactgraph-desk"

    @property
    def codebook(self) -> str:
        """Where the codebook is read as a whole."""
        return f"{urlsplit(self.iris.base).path}/about/codebook"

    @property
    def root(self) -> str:
        """The path of the desk: whatever host and port it is reached by, links and forms stay there."""
        return f"{urlsplit(self.iris.base).path}/desk"

    def path(self, *parts: str, **query: str) -> str:
        """The path of a page of the desk."""
        path = "/".join([self.root, *(quote(each, safe="~.-_") for each in parts)])
        kept = {name: value for name, value in query.items() if value}
        return f"{path}?{urlencode(kept)}" if kept else path


@dataclass(frozen=True, slots=True)
class Visit:
    """One request: `form` is what its body holds, empty where it only reads."""

    desk: Desk
    request: Request
    deadline: Deadline
    asked: Form
    form: Form = field(default_factory=dict)

    @property
    def secret(self) -> str | None:
        """The secret of the session that the browser sends."""
        return self.request.cookies.get(self.desk.cookie) or None

    @property
    def language(self) -> str:
        """The language in which the browser would rather read the codebook."""
        return language(",".join(self.request.headers.getlist("accept-language")), LANGUAGES)

    @contextmanager
    def reading(self) -> Generator[tuple[Snapshot, Person]]:
        """The data as the person of the session sees them. Raises Unauthenticated."""
        with reading_in(self.desk.engine, self.secret, self.deadline) as seen:
            yield seen

    def change(self, *changes: tuple[str, Callable[[Acting], Mapping[str, Any]]]) -> Acted:
        """Do what mutations do, in one transaction and in the name of the person of the session.

        Each is the name of a mutation, and what gives its input once those before it are done. Gives what
        came of the last one. Raises Unauthenticated, Forbidden, RateLimited and what the mutations raise.
        """
        with reading_in(self.desk.engine, self.secret, self.deadline) as (_, person):
            for name, _values in changes:
                person.check(MUTATIONS[name].scope)
        self.desk.rate.take(person.token, len(changes))
        # What is read of a version that is not written yet must not be remembered for the one that will be.
        own = self.desk.engine.execution_options()
        acted = Acted((), changed=False)
        with writing(own, deadline=self.deadline) as transaction:
            acting = Acting(
                transaction, person_of(transaction.connection, self.secret, now()), self.desk.iris
            )
            for name, values in changes:
                acting.person.check(MUTATIONS[name].scope)
                acted = act(acting, name, dict(values(acting)))
                # What comes next finds what this has made; both stay or neither does.
                transaction.flush()
        return acted

    def page(self, template: str, *, status: int = 200, **values: Any) -> Response:
        """A page of the desk."""
        body = rendered(
            f"desk/{template}.html",
            base=self.desk.iris.base,
            desk=self.desk,
            style_address=style_address(self.desk.root),
            mark=mark(self.secret) if self.secret else "",
            here=here(self.request),
            **values,
        )
        return Response(body, status, HEADERS, "text/html; charset=utf-8")

    def leads_to(self, path: str) -> Response:
        """What is sent after something was done: the browser goes to another page."""
        return RedirectResponse(path, 303, HEADERS)


def here(request: Request) -> str:
    """The address of a request within its host, for forms that come back to it."""
    query = request.scope["query_string"].decode("ascii", "replace")
    return f"?{query}" if query else ""

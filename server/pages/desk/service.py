"""Service: the pages of the desk over HTTP, each read in one snapshot and changed in one transaction."""

import logging
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ontology.errors import CompactgraphError, RateLimited, Unauthenticated, Unavailable
from schema.deadline import Deadline
from server.errors import INTERNAL
from server.lanes import Lane
from server.pages.desk import addition, coding, door, forgery, form, link, projects, queue
from server.pages.desk.style import sheet
from server.pages.desk.visit import Desk, Visit, here

_logger = logging.getLogger(__name__)

#: Shows a page, after an error with what was wrong and what was written.
Show = Callable[[Visit, CompactgraphError | None], Response]
#: Does what a form asks, and says where to go.
Act = Callable[[Visit], Response]


@dataclass(frozen=True, slots=True)
class Page:
    """A page at a path: how it is shown, and what its forms do. `is_door` for what needs no session."""

    path: str
    show: Show | None
    act: Act | None = None
    is_door: bool = False


_PAGES = (
    Page("", queue.show),
    Page("/sign-in", door.show, door.sign_in, is_door=True),
    Page("/sign-out", None, door.sign_out),
    Page("/projects", projects.show),
    Page("/link/{key}", link.show, link.act),
    Page("/project/{key}", coding.lead),
    Page("/project/{key}/{scheme}", coding.show, coding.act),
    Page("/project/{key}/{scheme}/add", addition.show, addition.act),
)


class Service:
    """Answers requests to the pages, each in a thread and within its deadline."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._reading = Lane(max(desk.settings.threads // 4, 1))
        # The database has one writer at a time, and who waits for it should keep no reader waiting.
        self._changing = Lane(1)

    def routes(self) -> Iterator[Route]:
        """The routes of all pages, and of their style sheet."""
        for each in _PAGES:
            methods = (["GET"] if each.show else []) + (["POST"] if each.act else [])
            # A proxy may have taken the path of the base away already, as it does for all other routes.
            yield Route(f"/desk{each.path}", self._endpoint(each), methods=methods)
        yield Route("/desk/style-{release}.css", sheet, methods=["GET"])

    def _endpoint(self, page: Page) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            try:
                if request.method == "POST" and page.act is not None:
                    return await self._changed(page, page.act, request)
                return await self._shown(page.show or projects.show, request)
            except CompactgraphError as error:
                return self._problem(request, error)
            except Exception:
                _logger.exception("%s %s failed", request.method, request.url.path)
                return self._problem(request, INTERNAL)

        return endpoint

    def _visit(self, request: Request, sent: form.Form | None = None) -> Visit:
        deadline = Deadline(self._desk.settings.deadline_seconds)
        return Visit(self._desk, request, deadline, form.of_address(request), sent or {})

    async def _shown(self, show: Show, request: Request) -> Response:
        visit = self._visit(request)
        try:
            return await self._reading.run(partial(show, visit, None), visit.deadline)
        except Unauthenticated:
            asked = self._desk.root + request.url.path.removeprefix("/desk") + here(request)
            return visit.leads_to(self._desk.path("sign-in", to=asked))

    async def _changed(self, page: Page, act: Act, request: Request) -> Response:
        visit = self._visit(request, await form.of_body(request, self._desk.settings))
        own = None if page.is_door else visit.secret
        forgery.check(request, self._desk.iris.base, own, visit.form.get(forgery.FIELD, ""))
        try:
            return await self._changing.run(partial(act, visit), visit.deadline)
        except Unauthenticated as error:
            _tell(request, error)
            return door.show(visit, error)
        except CompactgraphError as error:
            return await self._again(page, visit, error)

    async def _again(self, page: Page, visit: Visit, error: CompactgraphError) -> Response:
        """The page once more, with what was wrong and what was written."""
        if page.show is None or not visit.form:
            raise error
        _tell(visit.request, error)
        again = self._visit(visit.request, visit.form)
        try:
            answer = await self._reading.run(partial(page.show, again, error), again.deadline)
        except CompactgraphError:
            raise error from None
        if isinstance(error, RateLimited):
            answer.headers["Retry-After"] = str(error.seconds)
        return answer

    def _problem(self, request: Request, error: CompactgraphError) -> Response:
        """A page that says what is wrong, and nothing else."""
        _tell(request, error)
        return self._visit(request).page("problem", status=error.status, error=error, person=None)


def _tell(request: Request, error: CompactgraphError) -> None:
    """Leave the code for whoever observes, and log what is ours to mend."""
    request.state.error_codes = [error.code]
    if isinstance(error, Unavailable):
        _logger.error("%s %s: %s", request.method, request.url.path, error.message, exc_info=error)

"""Crosswalk: what answers at `/crosswalk`, and its two mapping sets in SSSOM."""

from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from schema.history import earlier
from schema.snapshot import Snapshot
from schema.store import reading
from server.exporter.sssom import STATUSES, MappingSet, written
from server.feed import DATA_VERSION
from server.matrices import version_asked
from server.pages import crosswalk as pages
from server.pages.rendering import policy
from server.representation import HTML, Representation, link, sent
from server.resources import route

_TSV = "text/tab-separated-values"


def _then(snapshot: Snapshot, request: Request) -> Snapshot:
    version = version_asked(request)
    return snapshot if version is None else earlier(snapshot, version)


def _told(answer: Response, version: int) -> Response:
    answer.headers[DATA_VERSION] = str(version)
    return answer


def mapping_set(name: str, request: Request) -> Response:
    """One of the two sets: as the data stand, or with `version` as they stood."""
    state = request.app.state
    with reading(state.engine) as snapshot:
        found = MappingSet(name, _then(snapshot, request), state.iris, str(getattr(state, "licence", "")))
        body, address, version = written(found), found.address, found.version
    url = f"{state.iris.base}/{name}.sssom.tsv"
    links = (link(address, "cite-as"), link(f"{state.iris.base}/crosswalk", "describedby"))
    return _told(sent(request, Representation(url, _TSV, body, links=links)), version)


def crosswalk(request: Request) -> Response:
    """The page of the crosswalk: what is accepted, what is only a candidate, and what was rejected."""
    iris = request.app.state.iris
    with reading(request.app.state.engine) as snapshot:
        then = _then(snapshot, request)
        body, version = pages.crosswalk(then, iris), then.version()
    url = f"{iris.base}/crosswalk"
    links = (link(f"{url}?version={version}", "cite-as"),)
    found = Representation(url, HTML.media_type, body, links=links, policy=policy())
    return _told(sent(request, found), version)


#: The crosswalk.
routes: list[Route] = [
    route("/crosswalk", crosswalk, "crosswalk"),
    *(route(f"/{each}.sssom.tsv", partial(mapping_set, each), each) for each in STATUSES),
]

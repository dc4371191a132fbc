"""Matrices: what answers at `/matrix`, at each matrix and what is behind its cells, and at `/agreement`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ontology.errors import BadArgument, NotFound
from schema.citation import agreement_address, matrix_address
from schema.filters import with_ids
from schema.matrix import Asked, MoneyRule, check_keys
from schema.matrix_projects import Place
from schema.scalars import CodingScheme, Language
from schema.stats import StatKey
from schema.store import reading
from server import counting
from server.exporter import agreement as agreed
from server.exporter import counts
from server.feed import DATA_VERSION
from server.pages import matrix as pages
from server.pages.agreement import agreement_page
from server.pages.failure import refused
from server.pages.rendering import policy
from server.project_filter import project_filter
from server.representation import HTML, Offer, Representation, link, sent, wanted
from server.resources import route

CSV = Offer("csv", "text/csv", "CSV")
JSON = Offer("json", "application/json", "JSON")
#: What counts come in; a client that takes anything gets JSON.
OFFERS = {each.suffix: each for each in (JSON, CSV, HTML)}

_PAGE = 50


@dataclass(frozen=True, slots=True)
class CountsAnswer:
    """Counts: their address as asked for and for good, and what makes each format."""

    url: str
    permanent: str
    version: int
    bodies: Mapping[str, Callable[[], bytes]]
    next: str = ""


def answered(request: Request, suffix: str | None, found: CountsAnswer) -> Response:
    """Counts in the format of the suffix or of the Accept header, with their permanent address."""
    if suffix is not None and suffix not in OFFERS:
        raise NotFound(f"there is no format {suffix}", f"Use one of {', '.join(OFFERS)}.")
    offer = OFFERS[suffix] if suffix else wanted(request, OFFERS)
    if offer is None:
        return refused(request, found.url, OFFERS)
    links = [link(found.permanent, "cite-as")]
    if found.next:
        links.append(link(found.next, "next"))
    answer = sent(
        request,
        Representation(
            found.url,
            offer.media_type,
            found.bodies[offer.suffix](),
            offer,
            links=tuple(links),
            is_negotiated=suffix is None,
            policy=policy() if offer is HTML else "",
            offers=OFFERS,
        ),
    )
    answer.headers[DATA_VERSION] = str(found.version)
    return answer


def version_asked(request: Request) -> int | None:
    """The data version that an address names, or None for the data as they stand. Raises BadArgument."""
    words = request.query_params.get("version")
    if words is None:
        return None
    if not (words.isascii() and words.isdecimal() and len(words) < 10):
        raise BadArgument(f"version: {words[:80]!r} is no data version", "Write a number.", field="version")
    return int(words)


def language_asked(request: Request) -> str:
    """The language of names in an answer, English when nothing is said. Raises BadArgument."""
    words = request.query_params.get("language", "en")
    if words not in {each.value for each in Language}:
        known = ", ".join(each.value for each in Language)
        raise BadArgument(f"language: {words[:80]!r} is not known", f"Use one of {known}.", field="language")
    return words


def key_asked(words: str) -> StatKey:
    """The key of that name. Raises NotFound."""
    if words not in {each.value for each in StatKey}:
        known = ", ".join(each.value for each in StatKey)
        raise NotFound(f"projects are not counted by {words[:80]!r}", f"Use two of {known}.")
    return StatKey(words)


def money_asked(words: str) -> MoneyRule:
    """The rule of that name. Raises BadArgument."""
    if words not in {each.value for each in MoneyRule}:
        raise BadArgument(f"money: {words[:80]!r} is no rule", "Use full or split.", field="money")
    return MoneyRule(words)


def _asked(request: Request) -> Asked:
    rows, columns = (key_asked(request.path_params[name]) for name in ("rows", "columns"))
    check_keys(rows, columns)
    money = money_asked(request.query_params.get("money", MoneyRule.FULL.value))
    words = request.query_params.get("filter")
    filter_ = with_ids(project_filter(words), request.app.state.iris) if words else None
    return Asked(rows, columns, money, filter_, language_asked(request))


def matrix(request: Request) -> Response:
    """A matrix: as the data stand, or with `version` as they stood."""
    asked, version = _asked(request), version_asked(request)
    base = request.app.state.iris.base
    with reading(request.app.state.engine) as snapshot:
        found = counting.counted(snapshot, asked, version, base)
    bodies: dict[str, Callable[[], bytes]] = {
        "json": lambda: counts.matrix_json(found),
        "csv": lambda: counts.matrix_csv(found),
        "html": lambda: pages.matrix(found),
    }
    url = matrix_address(base, asked, version)
    suffix = request.path_params.get("suffix")
    return answered(request, suffix, CountsAnswer(url, found.address, found.matrix.version, bodies))


def projects(request: Request) -> Response:
    """The projects and quotes behind a cell: a page of them, in CSV all."""
    asked, version = _asked(request), version_asked(request)
    base = request.app.state.iris.base
    suffix, params = request.path_params.get("suffix"), request.query_params
    place = Place(params.get("row"), params.get("column"))
    offer = suffix or getattr(wanted(request, OFFERS), "suffix", None)
    after, size = ("", None) if offer == CSV.suffix else (params.get("after", ""), _PAGE)
    with reading(request.app.state.engine) as snapshot:
        of = counting.counted(snapshot, asked, version, base)
        found = counting.shown(snapshot, of, place, after, size)
    bodies: dict[str, Callable[[], bytes]] = {
        "json": lambda: counts.projects_json(found),
        "csv": lambda: counts.projects_csv(found),
        "html": lambda: pages.projects(found),
    }
    counted_at = of.matrix.version
    following = found.address(version, found.next) if found.next else ""
    return answered(
        request,
        suffix,
        CountsAnswer(
            found.address(version, after), found.address(counted_at, after), counted_at, bodies, following
        ),
    )


def agreement(request: Request) -> Response:
    """How far reviewers agree on a scheme: as the data stand, or with `version` as they stood."""
    words, version = request.path_params["scheme"], version_asked(request)
    if words not in {each.value for each in CodingScheme}:
        raise NotFound(f"nothing is coded by {words[:80]!r}", "Use gcm or sdg.")
    base = request.app.state.iris.base
    with reading(request.app.state.engine) as snapshot:
        found = counting.agreed(snapshot, CodingScheme(words), version, base)
    bodies: dict[str, Callable[[], bytes]] = {
        "json": lambda: agreed.agreement_json(found),
        "csv": lambda: agreed.agreement_csv(found),
        "html": lambda: agreement_page(found),
    }
    url = agreement_address(base, found.of.scheme, version)
    return answered(
        request, request.path_params.get("suffix"), CountsAnswer(url, found.address, found.of.version, bodies)
    )


def index(request: Request) -> Response:
    """Which matrices there are."""
    base = request.app.state.iris.base
    body = pages.index(base)
    return sent(request, Representation(f"{base}/matrix", HTML.media_type, body, policy=policy()))


#: Matrices, what is behind them, and agreement.
routes: list[Route] = [
    route("/matrix", index, "matrices"),
    route("/agreement/{scheme}.{suffix}", agreement, "agreement-format"),
    route("/agreement/{scheme}", agreement, "agreement"),
    route("/matrix/{rows}/{columns}/projects.{suffix}", projects, "matrix-projects-format"),
    route("/matrix/{rows}/{columns}/projects", projects, "matrix-projects"),
    route("/matrix/{rows}/{columns}.{suffix}", matrix, "matrix-format"),
    route("/matrix/{rows}/{columns}", matrix, "matrix"),
]

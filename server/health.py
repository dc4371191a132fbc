"""Health: whether the process answers, whether it can serve, and what it has counted."""

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from schema.store import reading
from server.revisions import check_upgraded
from server.settings import Settings, placeholders

_HEADERS = {"Cache-Control": "no-store"}


def warnings(current: Settings) -> list[str]:
    """What does not keep the service from serving, but should be put right before others rely on it."""
    return [f"{each} is not set, so the catalogue names a placeholder" for each in placeholders(current)]


def health(_request: Request) -> Response:
    """Says that the process answers."""
    return JSONResponse({"status": "ok"}, headers=_HEADERS)


def ready(request: Request) -> Response:
    """Says that the database answers and is up to date, which version of the data it holds, and warnings."""
    engine = request.app.state.engine
    check_upgraded(engine)
    with reading(engine) as snapshot:
        version = str(snapshot.version())
    told = {"status": "ok", "dataVersion": version, "warnings": warnings(request.app.state.settings)}
    return JSONResponse(told, headers=_HEADERS)


def metrics(request: Request) -> Response:
    """What was counted, for Prometheus."""
    found: bytes = request.app.state.metrics.exposition()
    return Response(found, headers={**_HEADERS, "Content-Type": CONTENT_TYPE_LATEST})


routes = [Route("/health", health), Route("/ready", ready), Route("/metrics", metrics)]

"""App: the routes of the service, and nothing else."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from ontology.errors import CompactgraphError
from ontology.iri import Iris
from schema.store import reading
from server import dumps, resources
from server.database import check_upgraded, open_database
from server.errors import on_error, on_failure, on_http
from server.graphql import Context, GraphQLService, api_schema
from server.settings import Settings, settings

_CORS = Middleware(
    CORSMiddleware,
    allow_origins=["*"],
    allow_methods=["GET", "HEAD", "POST", "OPTIONS"],
    allow_headers=["*"],
    expose_headers=[
        "Accept-Ranges",
        "Content-Disposition",
        "Content-Location",
        "Content-Range",
        "ETag",
        "Last-Modified",
        "Link",
        "Location",
        "Repr-Digest",
    ],
)


def health(_request: Request) -> Response:
    """Says that the process answers."""
    return JSONResponse({"status": "ok"})


def ready(request: Request) -> Response:
    """Says that the database answers and is up to date, and which version of the data it holds."""
    engine = request.app.state.engine
    check_upgraded(engine)
    with reading(engine) as snapshot:
        return JSONResponse({"status": "ok", "dataVersion": str(snapshot.version())})


def root(request: Request) -> Response:
    """What there is, for whoever comes to the address without a path."""
    base = request.app.state.iris.base
    paths = ("/graphql", "/schema.graphql", "/ns", "/context.jsonld", "/dump", "/health", "/ready")
    return JSONResponse({"service": "compactgraph", "addresses": [base + path for path in paths]})


def sdl(request: Request) -> Response:
    """The GraphQL schema in the schema definition language."""
    return PlainTextResponse(request.app.state.sdl, media_type="text/plain; charset=utf-8")


def create_app(chosen: Settings | None = None) -> Starlette:
    """The service over an upgraded database, by these settings or those of the environment."""
    current = chosen or settings()
    engine, iris = open_database(current.database_url), Iris(current.base_iri)
    schema = api_schema(introspection=current.introspection)
    graphql = GraphQLService(schema, Context(engine, iris))
    app = Starlette(
        routes=[
            Route("/", root),
            Route("/health", health),
            Route("/ready", ready),
            Route("/schema.graphql", sdl),
            Route("/graphql", graphql, methods=["GET", "POST"]),
            *dumps.routes,
            *resources.routes,
        ],
        middleware=[_CORS],
        exception_handlers={
            CompactgraphError: on_error,
            HTTPException: on_http,
            Exception: on_failure,
        },
    )
    app.state.engine, app.state.iris, app.state.sdl = engine, iris, schema.as_str() + "\n"
    app.state.publication_folder = current.publication_folder
    return app

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
from server import (
    catalogue,
    codebook,
    crawlers,
    crosswalk,
    dumps,
    feed,
    health,
    matrices,
    meaning,
    method,
    resources,
)
from server.database import open_database
from server.graphql import Context, api_schema
from server.graphql_service import GraphQLService
from server.metrics import Metrics
from server.observation import Observation
from server.pages import desk, graphiql
from server.pages.failure import on_error, on_failure, on_http
from server.settings import Settings, settings

_CORS = Middleware(
    CORSMiddleware,
    allow_origins=["*"],
    allow_methods=["GET", "HEAD", "POST", "OPTIONS"],
    allow_headers=["*"],
    expose_headers=[
        "Accept-Ranges",
        "Allow",
        "Content-Disposition",
        "Content-Location",
        "Content-Range",
        feed.DATA_VERSION,
        "ETag",
        "Last-Modified",
        "Link",
        "Location",
        "RateLimit",
        "RateLimit-Policy",
        "Repr-Digest",
        "Retry-After",
        "WWW-Authenticate",
        "X-Request-Id",
    ],
    # Browsers keep the answer to a preflight two hours at most.
    max_age=7200,
)


def root(request: Request) -> Response:
    """What there is, for whoever comes to the address without a path."""
    base = request.app.state.iris.base
    paths = (
        "/graphql",
        "/schema.graphql",
        "/catalog",
        "/.well-known/void",
        "/dump",
        "/feed",
        "/about/codebook",
        "/matrix",
        "/crosswalk",
        "/ns",
        "/shapes",
        "/context.jsonld",
        "/health",
        "/ready",
        "/metrics",
    )
    return JSONResponse({"service": "compactgraph", "addresses": [base + path for path in paths]})


def sdl(request: Request) -> Response:
    """The GraphQL schema in the schema definition language."""
    return PlainTextResponse(request.app.state.sdl, media_type="text/plain; charset=utf-8")


def create_app(chosen: Settings | None = None) -> Starlette:
    """The service over an upgraded database, by these settings or those of the environment."""
    current = chosen or settings()
    engine = open_database(current.database_url).execution_options(texts=current.publish_texts)
    iris = Iris(current.base_iri)
    metrics = Metrics(engine)
    schema = api_schema()
    graphql = GraphQLService(schema, Context(engine, iris), current)
    app = Starlette(
        routes=[
            Route("/", root),
            *health.routes,
            Route("/schema.graphql", sdl),
            Route("/graphql", graphql),
            *(graphiql.routes if current.graphiql else ()),
            *(desk.routes(engine, iris, current, graphql.rate) if current.desk else ()),
            *catalogue.routes,
            *codebook.routes,
            *crawlers.routes,
            *dumps.routes,
            *feed.routes,
            *matrices.routes,
            *crosswalk.routes,
            *method.routes,
            *resources.routes,
            *meaning.routes,
        ],
        middleware=[Middleware(Observation, metrics), _CORS],
        exception_handlers={
            CompactgraphError: on_error,
            HTTPException: on_http,
            Exception: on_failure,
        },
    )
    app.state.engine, app.state.iris, app.state.sdl = engine, iris, schema.as_str() + "\n"
    app.state.settings, app.state.metrics = current, metrics
    app.state.publication_folder, app.state.licence = current.publication_folder, current.licence
    return app

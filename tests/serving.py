"""Serving: the service over a database of its own, as a client meets it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from httpx2 import Response
from sqlalchemy import Engine
from starlette.testclient import TestClient

from server.app import create_app
from server.database import open_database
from server.load import first_start
from server.settings import Settings

BASE = "http://127.0.0.1:8000"

#: Settings for tests whose operations are larger than those of clients.
UNLIMITED: dict[str, Any] = dict.fromkeys(
    ("max_tokens", "max_depth", "max_aliases", "max_directives", "max_root_fields", "max_cost"), 10**9
)


def lasting_headers(response: Response) -> dict[str, str]:
    """The headers of a response but for the id, which every request has of its own."""
    return {name: value for name, value in response.headers.items() if name != "x-request-id"}


class Service:
    """One running service and the database under it."""

    def __init__(self, client: TestClient, engine: Engine) -> None:
        self.client = client
        self.engine = engine

    def answer(self, query: str, **variables: Any) -> dict[str, Any]:
        """The whole answer to a GraphQL operation."""
        response = self.client.post("/graphql", json={"query": query, "variables": variables})
        found: dict[str, Any] = response.json()
        return found

    def data(self, query: str, **variables: Any) -> dict[str, Any]:
        """The data of an answer that has no errors."""
        answer = self.answer(query, **variables)
        assert "errors" not in answer, answer["errors"]
        found: dict[str, Any] = answer["data"]
        return found

    def error(self, query: str, **variables: Any) -> dict[str, Any]:
        """The first error of an answer."""
        found: dict[str, Any] = self.answer(query, **variables)["errors"][0]
        return found


@contextmanager
def serving(url: str, *, sample: bool = True, **settings: Any) -> Iterator[Service]:
    """A service over the database at `url`, made ready as `compactgraph serve` does."""
    engine = open_database(url)
    first_start(engine, sample=sample)
    app = create_app(Settings(**{"database_url": url, "base_iri": BASE, **settings}))
    with TestClient(app, base_url=BASE, raise_server_exceptions=False) as client:
        yield Service(client, engine)
    app.state.engine.dispose()
    engine.dispose()

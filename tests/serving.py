"""Serving: the service over a database of its own, as a client meets it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from httpx2 import Response
from sqlalchemy import Engine, make_url
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


#: Databases that were started once; the folder goes with the process.
_STARTED = TemporaryDirectory(prefix="compactgraph-started-")


@cache
def _started(*, sample: bool) -> Path:
    """A database file after its first start, with the sample or without."""
    file = Path(_STARTED.name, "sample.db" if sample else "vocabularies.db")
    engine = open_database(f"sqlite:///{file}")
    first_start(engine, sample=sample)
    engine.dispose()
    return file


def _make_ready(url: str, *, sample: bool) -> None:
    """Copies a database that was started before to where a new one is asked for: nothing else is quicker."""
    made = make_url(url)
    if made.get_backend_name() == "sqlite" and made.database and not Path(made.database).exists():
        shutil.copy(_started(sample=sample), made.database)


@contextmanager
def serving(url: str, *, sample: bool = True, **settings: Any) -> Iterator[Service]:
    """A service over the database at `url`, made ready as `compactgraph serve` does."""
    _make_ready(url, sample=sample)
    engine = open_database(url)
    first_start(engine, sample=sample)
    app = create_app(Settings(**{"database_url": url, "base_iri": BASE, **settings}))
    with TestClient(app, base_url=BASE, raise_server_exceptions=False) as client:
        yield Service(client, engine)
    app.state.engine.dispose()
    engine.dispose()

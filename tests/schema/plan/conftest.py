"""What tests of plans share: the sample without limits of operations, which are tested elsewhere."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from server.app import create_app
from server.settings import Settings
from tests.serving import BASE, UNLIMITED, Service


@pytest.fixture(scope="session")
def sample(sample: Service) -> Iterator[Service]:
    """The same database, asked for whatever a test or a generator comes up with."""
    url = sample.engine.url.render_as_string(hide_password=False)
    app = create_app(Settings(database_url=url, base_iri=BASE, **UNLIMITED))
    with TestClient(app, base_url=BASE, raise_server_exceptions=False) as client:
        yield Service(client, sample.engine)
    app.state.engine.dispose()

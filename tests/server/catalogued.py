"""Catalogued: a service with the sample and a publication of it, for the tests of the catalogue."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rdflib import Graph, URIRef

from ontology.iri import Iris
from ontology.terms import HYDRA
from server.publishing import publish
from server.settings import Settings
from tests.graphs import graph, read
from tests.serving import BASE, Service, serving

#: Who publishes in these tests.
PUBLISHING = {
    "publisher": "A fund <https://fund.example.org/>",
    "contact_email": "data@fund.example.org",
    "licence": "CC_BY_4_0",
}


@contextmanager
def catalogued(folder: Path, **settings: Any) -> Iterator[Service]:
    """A service over a database in the folder, published once."""
    url = f"sqlite:///{folder}/catalogued.db"
    with serving(url, **settings) as service:
        publish(service.engine, Settings(database_url=url).publication_folder, Iris(BASE))
        yield service


def fetched(service: Service, path: str, suffix: str = "ttl") -> Graph:
    """The graph at an address of the service."""
    response = service.client.get(path)
    assert response.status_code == 200, response.text
    return graph(read(response.content, suffix, BASE))


def next_page(page: Graph) -> str | None:
    """The address of the page behind this one."""
    following = {str(each) for each in page.objects(None, URIRef(HYDRA.next))}
    assert len(following) <= 1
    return next(iter(following), None)


def pages(service: Service, path: str, suffix: str = "ttl") -> list[Graph]:
    """The graph of a page and of all that follow it, found as a harvester finds them: by their links."""
    found = [fetched(service, path, suffix)]
    while (following := next_page(found[-1])) is not None:
        assert len(found) < 100, "the pages never end"
        found.append(fetched(service, following, suffix))
    return found

"""Crawlers: what they may read (RFC 9309), and sitemaps with the address and last change of everything."""

from collections.abc import Iterable
from xml.sax.saxutils import escape

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ontology.errors import NotFound
from ontology.iri import Iris
from schema.store import reading
from server.inventory import inventory
from server.representation import file

#: The most addresses that one sitemap may hold (sitemaps.org, protocol 0.9).
LARGEST_SITEMAP = 50_000

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XML = "application/xml"


def robots(request: Request) -> Response:
    """`/robots.txt`: everything may be read; queries are no pages to crawl."""
    base = request.app.state.iris.base
    text = f"User-agent: *\nDisallow: /graphql\nAllow: /\n\nSitemap: {base}/sitemap.xml\n"
    return file(request, f"{base}/robots.txt", text.encode(), "text/plain")


def _written(outer: str, inner: str, entries: Iterable[tuple[str, str]]) -> bytes:
    """Addresses, each with the time of its last change, as a sitemap or an index of sitemaps."""
    lines = "".join(
        f"<{inner}><loc>{escape(address)}</loc><lastmod>{changed}</lastmod></{inner}>\n"
        for address, changed in entries
    )
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<{outer} xmlns="{_NAMESPACE}">\n'
    return f"{head}{lines}</{outer}>\n".encode()


def _things(request: Request, number: int) -> bytes:
    iris: Iris = request.app.state.iris
    with reading(request.app.state.engine) as snapshot:
        rows = snapshot.addresses((number - 1) * LARGEST_SITEMAP, LARGEST_SITEMAP)
    if not rows:
        raise NotFound(f"there is no sitemap {number}", "See /sitemap.xml for those that there are.")
    entries = ((iris.document(segment, key), changed) for segment, key, changed in rows)
    return _written("urlset", "url", entries)


def _datasets(request: Request) -> bytes:
    found = inventory(request)
    base, changed = found.iris.base, found.catalogue().modified
    entries = [(f"{base}/catalog", changed)]
    entries += [(f"{base}/dataset/{each.name}", each.modified) for each in found.datasets()]
    entries.append((f"{base}/about/codebook", found.dataset("codebook").modified))
    entries += [(f"{base}/service/{each.name}", changed) for each in found.services]
    return _written("urlset", "url", entries)


def index(request: Request) -> Response:
    """`/sitemap.xml`: the index of all sitemaps, none of which holds too much."""
    found = inventory(request)
    with reading(request.app.state.engine) as snapshot:
        number, changed = -(-snapshot.living() // LARGEST_SITEMAP), snapshot.last_written()
    base = found.iris.base
    entries = [(f"{base}/sitemap/catalogue.xml", found.catalogue().modified)]
    entries += [
        (f"{base}/sitemap/{each}.xml", changed or found.catalogue().modified) for each in range(1, number + 1)
    ]
    body = _written("sitemapindex", "sitemap", entries)
    return file(request, f"{base}/sitemap.xml", body, _XML)


def sitemap(request: Request) -> Response:
    """One sitemap: the catalogue's, or a part of the documents about things."""
    name = request.path_params["name"]
    if name != "catalogue" and not (name.isascii() and name.isdigit() and int(name[:9]) >= 1):
        raise NotFound(f"there is no sitemap {name}", "See /sitemap.xml for those that there are.")
    body = _datasets(request) if name == "catalogue" else _things(request, int(name[:9]))
    return file(request, f"{request.app.state.iris.base}/sitemap/{name}.xml", body, _XML)


#: What crawlers ask for first.
routes: list[Route] = [
    Route("/robots.txt", robots),
    Route("/sitemap.xml", index),
    Route("/sitemap/{name}.xml", sitemap),
]

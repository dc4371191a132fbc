"""Catalogue: its pages for browsers, with what search engines read and the graph of the other formats."""

from collections.abc import Iterable
from typing import Any

import orjson
from markupsafe import Markup

from ontology import catalog, schemaorg_catalog
from ontology.authorities import FILE_TYPES, LICENCES
from ontology.catalog import Dataset, Distribution, Service
from ontology.graph import Triple
from ontology.jsonld import flat
from ontology.terms import CATALOGUE_PREFIXES, DCTERMS
from server.inventory import Inventory, Page
from server.pages.rendering import data, rendered

_UNITS = ("bytes", "kB", "MB", "GB", "TB")


def readable(size: int) -> str:
    """A number of bytes for people: `1.2 MB`, in powers of 1000."""
    value, unit = float(size), 0
    while value >= 1000 and unit < len(_UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return f"{value:.0f} {_UNITS[unit]}" if unit == 0 or value >= 100 else f"{value:.1f} {_UNITS[unit]}"


def _file(each: Distribution, base: str) -> dict[str, Any]:
    return {
        "name": FILE_TYPES[each.format][1],
        "address": base + each.path,
        "file": each.path.removeprefix("/"),
        "packed": each.compression or "",
        "size": "" if each.size is None else readable(each.size),
        "bytes": each.size,
        "sha256": each.sha256 or "",
    }


def _shown(each: Dataset, base: str) -> dict[str, Any]:
    covered = each.coverage
    return {
        "name": each.name,
        "address": f"{base}/dataset/{each.name}",
        "titles": list(each.title.items()),
        "descriptions": list(each.description.items()),
        "version": each.version,
        "issued": each.issued[:10],
        "modified": each.modified[:10],
        "years": [year for year in (covered.first, covered.last) if year is not None],
        "places": len(each.places),
        "languages": ", ".join(sorted(covered.languages)),
        "files": [_file(one, base) for one in each.distributions],
    }


def _service(each: Service, base: str) -> dict[str, Any]:
    path = f"/service/{each.name}"
    return {
        "titles": list(catalog.words(path, DCTERMS.title).items()),
        "descriptions": list(catalog.words(path, DCTERMS.description).items()),
        "address": f"{base}{path}",
        "endpoint": base + each.endpoint,
        "description": base + each.description,
    }


def _graph(found: Inventory, statements: Iterable[Triple]) -> Markup:
    """The statements as the JSON-LD that the format of this name has, for a page to carry."""
    return data(orjson.loads("".join(flat([(None, statements)], found.iris, CATALOGUE_PREFIXES))))


def _said(found: Inventory) -> dict[str, Any]:
    return {
        "base": found.iris.base,
        "publisher": found.terms.publisher,
        "email": found.terms.email,
        "licence": found.terms.licence,
        "licence_code": found.terms.licence.removeprefix(LICENCES),
    }


def catalogue(page: Page, found: Inventory, statements: list[Triple]) -> bytes:
    """One page of the catalogue."""
    base = found.iris.base
    title, description = (catalog.words("/catalog", each) for each in (DCTERMS.title, DCTERMS.description))
    datasets = [each for each in page.entries if isinstance(each, Dataset)]
    return rendered(
        "catalogue.html",
        **_said(found),
        titles=list(title.items()),
        descriptions=list(description.items()),
        view=page.view(f"{base}/catalog.html"),
        number=page.asked.number,
        last=page.last,
        total=page.total,
        query=page.query(),
        datasets=[_shown(each, base) for each in datasets],
        services=[_service(each, base) for each in page.entries if isinstance(each, Service)],
        structured=data(schemaorg_catalog.catalogue(title, description, datasets, found.terms, found.iris)),
        graph=_graph(found, statements),
    )


def dataset(each: Dataset, found: Inventory, statements: list[Triple]) -> bytes:
    """The page of one dataset."""
    return rendered(
        "dataset.html",
        **_said(found),
        dataset=_shown(each, found.iris.base),
        structured=data(schemaorg_catalog.one_dataset(each, found.terms, found.iris)),
        graph=_graph(found, statements),
    )


def service(each: Service, found: Inventory, statements: list[Triple]) -> bytes:
    """The page of one data service."""
    return rendered(
        "service.html",
        **_said(found),
        service=_service(each, found.iris.base),
        datasets=[(name, found.dataset(name).title["en"]) for name in found.names()],
        graph=_graph(found, statements),
    )

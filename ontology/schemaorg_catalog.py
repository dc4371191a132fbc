"""Schema.org: what search engines are told of the catalogue and of each dataset in it."""

from collections.abc import Iterable
from typing import Any

from ontology.authorities import FILE_TYPES
from ontology.catalog import Dataset, Distribution, Publishing, keywords
from ontology.iri import Iris

_VOCABULARY = {"@vocab": "https://schema.org/"}


def _texts(text: Any) -> list[dict[str, str]]:
    return [{"@language": language, "@value": words} for language, words in text.items()]


def _download(each: Distribution, iris: Iris) -> dict[str, Any]:
    found = {
        "@type": "DataDownload",
        "name": FILE_TYPES[each.format][1],
        "contentUrl": f"{iris.base}{each.path}",
        "encodingFormat": each.media_type,
    }
    if each.sha256 is not None:
        found |= {"contentSize": f"{each.size} B", "sha256": each.sha256}
    return found


def _organization(terms: Publishing, iris: Iris) -> dict[str, Any]:
    return {
        "@id": str(terms.agent(iris)),
        "@type": "Organization",
        "name": terms.publisher,
        "email": terms.email,
    }


def dataset(each: Dataset, terms: Publishing, iris: Iris) -> dict[str, Any]:
    """A dataset as schema.org has it; its description has 50 to 5000 characters, as search engines ask."""
    covered = each.coverage
    begin = each.issued[:10] if covered.first is None else f"{covered.first:04}"
    return {
        "@id": f"{iris.base}/dataset/{each.name}",
        "@type": "Dataset",
        "name": _texts(each.title),
        "description": _texts(each.description),
        "url": f"{iris.base}/dataset/{each.name}.html",
        "identifier": f"{iris.base}/dataset/{each.name}",
        "keywords": [
            {"@language": tag, "@value": word} for tag in each.title for word in keywords(each.name, tag)
        ],
        "license": {"@id": terms.licence},
        "creator": _organization(terms, iris),
        "publisher": {"@id": str(terms.agent(iris))},
        "isAccessibleForFree": True,
        "version": str(each.version),
        "datePublished": each.issued,
        "dateModified": each.modified,
        "inLanguage": sorted(covered.languages),
        "temporalCoverage": f"{begin}/{'..' if covered.last is None else f'{covered.last:04}'}",
        "spatialCoverage": [{"@type": "Place", "@id": place} for place in each.places] or "Worldwide",
        "includedInDataCatalog": {"@id": f"{iris.base}/catalog"},
        "distribution": [_download(one, iris) for one in each.distributions],
    }


def one_dataset(each: Dataset, terms: Publishing, iris: Iris) -> dict[str, Any]:
    """The block of the page of one dataset."""
    return {"@context": _VOCABULARY, **dataset(each, terms, iris)}


def catalogue(
    title: Any, description: Any, datasets: Iterable[Dataset], terms: Publishing, iris: Iris
) -> dict[str, Any]:
    """The block of a page of the catalogue, with the datasets on it."""
    return {
        "@context": _VOCABULARY,
        "@id": f"{iris.base}/catalog",
        "@type": "DataCatalog",
        "name": _texts(title),
        "description": _texts(description),
        "url": f"{iris.base}/catalog.html",
        "publisher": _organization(terms, iris),
        "dataset": [dataset(each, terms, iris) for each in datasets],
    }

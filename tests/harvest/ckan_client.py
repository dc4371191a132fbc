"""CKAN: its harvester class over the catalogue, with stores that only remember, in its own environment.

`python ckan_client.py ADDRESS` prints one JSON object of what a portal would hold after a harvest. The
parser, the harvester and the validators of tags are CKAN's; only its database is not there.
"""

import json
import sys
from types import SimpleNamespace
from typing import Any, ClassVar

from ckan.lib.navl.dictization_functions import Invalid
from ckan.logic import validators
from ckanext.dcat.harvesters import rdf

_EXTRAS = (
    "access_rights",
    "conforms_to",
    "contact_email",
    "frequency",
    "identifier",
    "issued",
    "language",
    "modified",
    "publisher_name",
    "spatial_uri",
    "temporal_start",
    "theme",
)


class HarvestObject:
    """One dataset on its way into a portal."""

    current = guid = harvest_source_id = package_id = None
    stored: ClassVar[list["HarvestObject"]] = []

    def __init__(self, guid: str, job: Any, content: str | None = None, **_: Any) -> None:
        self.id, self.guid, self.content = str(len(self.stored)), guid, content

    def save(self) -> None:
        self.stored.append(self)


class NothingStored:
    """A query that finds nothing, however it is narrowed."""

    def filter(self, *_: Any) -> "NothingStored":
        return self

    def __iter__(self) -> Any:
        return iter(())


class Harvester(rdf.DCATRDFHarvester):
    """The harvester itself, which tells its errors instead of storing them, and names datasets by title."""

    errors: ClassVar[list[str]] = []
    pages: ClassVar[list[str]] = []

    def _save_gather_error(self, message: str, _job: Any) -> None:
        self.errors.append(message)

    def _gen_new_name(self, title: str, **_: Any) -> str:
        return "".join(each if each.isalnum() else "-" for each in title.lower())[:90]

    def _get_content_and_type(self, url: str, *arguments: Any, **named: Any) -> tuple[str, str | None]:
        content, kind = super()._get_content_and_type(url, *arguments, **named)
        self.pages.append(url)
        return content, kind


def without_database(address: str) -> Any:
    """Put stores in the place of CKAN's, and make the job of a harvest from an address."""
    package = SimpleNamespace(owner_org="organisation", url=address)
    rdf.HarvestObject = HarvestObject
    rdf.model = SimpleNamespace(
        Package=SimpleNamespace(get=lambda _: package),
        Session=SimpleNamespace(query=lambda *_: NothingStored()),
    )
    return SimpleNamespace(source=SimpleNamespace(id="source", url=address, config=None), id="job")


def refused_tags(datasets: list[dict[str, Any]]) -> list[str]:
    """The keywords that CKAN's validators refuse."""
    refused = []
    for tag in (each["name"] for dataset in datasets for each in dataset.get("tags", ())):
        try:
            validators.tag_name_validator(validators.tag_length_validator(tag, {}), {})
        except Invalid as error:
            refused.append(f"{tag}: {error.error}")
    return refused


def extra(dataset: dict[str, Any], name: str) -> str | None:
    """A value that CKAN keeps beside its own fields."""
    return next((each["value"] for each in dataset["extras"] if each["key"] == name), None)


def main(address: str) -> dict[str, Any]:
    """Harvest an address, and say what came of it."""
    harvester = Harvester()
    harvester.gather_stage(without_database(address))
    datasets = [json.loads(each.content or "{}") for each in HarvestObject.stored]
    resources = [each for dataset in datasets for each in dataset["resources"]]
    return {
        "client": "CKAN, DCATRDFHarvester",
        "pages": harvester.pages,
        "errors": harvester.errors,
        "datasets": len(datasets),
        "guids": sorted({each.guid for each in HarvestObject.stored}),
        "titles": sum(bool(each.get("title")) for each in datasets),
        "notes": sum(bool(each.get("notes")) for each in datasets),
        "versions": sum(bool(each.get("version")) for each in datasets),
        "landing pages": sum(bool(each.get("url")) for each in datasets),
        "tags": sum(len(each.get("tags", ())) for each in datasets),
        "refused tags": refused_tags(datasets),
        "fields": {each: sum(extra(dataset, each) is not None for dataset in datasets) for each in _EXTRAS},
        "resources": len(resources),
        "resources with": {
            each: sum(bool(resource.get(each)) for resource in resources)
            for each in (
                "uri",
                "url",
                "license",
                "hash",
                "hash_algorithm",
                "size",
                "format",
                "mimetype",
                "rights",
            )
        },
        "licences": sorted({str(each.get("license")) for each in resources}),
        "hashes": {each["url"]: [each.get("hash"), each.get("size")] for each in resources},
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.argv[1])))

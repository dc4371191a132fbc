"""CKAN: its harvester class over the catalogue, with stores that only remember, in its own environment.

It reads addresses, one a line, and prints for each a JSON object of what a portal holds after a harvest from
there. The parser, both stages of the harvester and the validators of tags are CKAN's; only its database is
not there.
"""

import json
import sys
from collections import Counter
from collections.abc import Callable
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


class Column:
    """A column in a condition, such as `HarvestObject.guid == guid`."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __eq__(self, value: object) -> Any:
        return lambda each: getattr(each, self.name) == value

    __hash__ = object.__hash__


class HarvestObject:
    """One dataset on its way into a portal."""

    guid, current, package_id, harvest_source_id = map(
        Column, ("guid", "current", "package_id", "harvest_source_id")
    )
    stored: ClassVar[list["HarvestObject"]] = []

    def __init__(self, guid: str, job: Any, content: str | None = None, **given: Any) -> None:
        self.id, self.guid, self.content = str(len(self.stored)), guid, content
        self.current: bool | None = None
        self.package_id, self.extras = given.get("package_id"), given.get("extras", ())
        self.harvest_source_id = job.source.id

    def save(self) -> None:
        self.stored.append(self)

    def add(self) -> None:
        """It is stored already."""


class Query:
    """A query of the objects that are stored: conditions narrow it."""

    def __init__(self, *wanted: Any) -> None:
        self._columns = [each.name for each in wanted if isinstance(each, Column)]
        self._found = [*HarvestObject.stored]

    def filter(self, condition: Callable[[HarvestObject], bool]) -> "Query":
        self._found = [*filter(condition, self._found)]
        return self

    def filter_by(self, **values: object) -> "Query":
        for name, value in values.items():
            self.filter(Column(name) == value)
        return self

    def first(self) -> HarvestObject | None:
        return next(iter(self._found), None)

    def update(self, values: dict[str, object], _synchronize: bool) -> None:
        for each in self._found:
            for name, value in values.items():
                setattr(each, name, value)

    def __iter__(self) -> Any:
        if not self._columns:
            return iter(self._found)
        return (tuple(getattr(each, name) for name in self._columns) for each in self._found)


class Packages:
    """The datasets of a portal by id, and what was done to them."""

    def __init__(self) -> None:
        self.stored: dict[str, dict[str, Any]] = {}
        self.done: Counter[str] = Counter()

    def action(self, name: str) -> Callable[[dict[str, Any], dict[str, Any]], Any]:
        """One of CKAN's actions, such as `package_create`."""

        def act(_context: dict[str, Any], given: dict[str, Any]) -> Any:
            if name == "package_show":
                return self.stored[given["id"]]
            self.done[name] += 1
            if name == "package_delete":
                return self.stored.pop(given["id"])
            resources = [each | {"id": each.get("id") or each["uri"]} for each in given["resources"]]
            self.stored[given["id"]] = {**given, "resources": resources}
            return given["id"]

        return act

    def with_guid(self, guid: str) -> list[tuple[str]]:
        """The ids of the datasets with a guid."""
        return [(id_,) for id_, each in self.stored.items() if extra(each, "guid") == guid]


class Harvester(rdf.DCATRDFHarvester):
    """The harvester itself, which tells its errors instead of storing them, and names datasets by title."""

    errors: ClassVar[list[str]] = []
    pages: ClassVar[list[str]] = []
    packages: ClassVar[Packages] = Packages()

    def _save_gather_error(self, message: str, _job: Any) -> None:
        self.errors.append(message)

    def _save_object_error(self, message: str, _object: Any, _stage: str) -> None:
        self.errors.append(message)

    def _gen_new_name(self, title: str, **_: Any) -> str:
        return "".join(each if each.isalnum() else "-" for each in title.lower())[:90]

    def _get_user_name(self) -> str:
        return "harvest"

    def _read_datasets_from_db(self, guid: str) -> list[tuple[str]]:
        return self.packages.with_guid(guid)

    def _get_content_and_type(self, url: str, *arguments: Any, **named: Any) -> tuple[str, str | None]:
        content, kind = super()._get_content_and_type(url, *arguments, **named)
        self.pages.append(url)
        return content, kind


def nothing(*_: Any) -> None:
    """What a database does when there is none."""


def without_database(address: str) -> Any:
    """Put stores in the place of CKAN's, and make the job of a harvest from an address."""
    package = SimpleNamespace(owner_org="organisation", url=address)
    rdf.HarvestObject = HarvestObject
    rdf.model = SimpleNamespace(
        Package=SimpleNamespace(get=lambda _: package),
        Session=SimpleNamespace(query=Query, execute=nothing, flush=nothing, commit=nothing),
    )
    rdf.lib_plugins = SimpleNamespace(
        lookup_package_plugin=lambda _: SimpleNamespace(
            create_package_schema=dict, update_package_schema=dict
        )
    )
    rdf.p.toolkit.get_action = Harvester.packages.action
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


def content(dataset: dict[str, Any]) -> str:
    """What a dataset says, without what the portal itself has added."""
    resources = [{**each, "id": None} for each in dataset["resources"]]
    return json.dumps({**dataset, "id": None, "resources": resources}, sort_keys=True)


def harvest(address: str) -> dict[str, Any]:
    """Gather and import from an address, and say what came of it."""
    packages = Harvester.packages
    before = {extra(each, "guid"): content(each) for each in packages.stored.values()}
    Harvester.errors.clear(), Harvester.pages.clear(), packages.done.clear()
    job = without_database(address)
    harvester = Harvester()
    for id_ in harvester.gather_stage(job):
        found = next(each for each in HarvestObject.stored if each.id == id_)
        if not harvester.import_stage(found):
            Harvester.errors.append(f"{found.guid} was not imported")
    datasets = [*packages.stored.values()]
    after = {extra(each, "guid"): content(each) for each in datasets}
    resources = [each for dataset in datasets for each in dataset["resources"]]
    return {
        "client": "CKAN, DCATRDFHarvester",
        "pages": [*harvester.pages],
        "errors": [*harvester.errors],
        "done": dict(packages.done),
        "changed": sorted(
            str(each).rpartition("/")[2] for each in {*before, *after} if before.get(each) != after.get(each)
        ),
        "datasets": len(datasets),
        "guids": sorted(str(each) for each in after),
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
    # Each line that comes in is one more night.
    for line in sys.stdin:
        sys.stdout.write(json.dumps(harvest(line.strip())) + "\n")
        sys.stdout.flush()

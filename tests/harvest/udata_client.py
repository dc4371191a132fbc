"""udata: its DCAT backend over the catalogue, with a database in memory; run in an environment of its own.

It reads addresses, one a line, and prints for each a JSON object of what the portal holds after a harvest
from there. The backend, the models and their validation are udata's; the store is mongomock, which is in no
lock here.
"""

import json
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

import mongoengine
import mongomock
from udata import settings
from udata.app import create_app, standalone


class Portal(settings.Testing):
    """A portal that may fetch from this machine, which a public one must not."""

    URLS_ALLOW_LOCAL = True
    URLS_ALLOW_PRIVATE = True
    HARVESTER_BACKENDS = ("dcat",)
    DEFAULT_LANGUAGE = "en"
    SERVER_NAME = "portal.test"
    PLUGINS = ()


def portal() -> Any:
    """A portal over an empty database in memory."""
    connect = mongoengine.connect

    def connected(*arguments: Any, **named: Any) -> Any:
        return connect(*arguments, **{**named, "mongo_client_class": mongomock.MongoClient})

    mongoengine.connect = connected
    return standalone(create_app(settings.Defaults, override=Portal))


#: What a portal needs to know of a dataset, and where udata keeps it.
FIELDS: dict[str, Callable[[Any], Any]] = {
    "title": lambda each: each.title,
    "description": lambda each: each.description,
    "frequency": lambda each: each.frequency,
    "contact": lambda each: each.contact_points,
    "tags": lambda each: each.tags,
    "temporal": lambda each: each.temporal_coverage,
    "licence": lambda each: each.license,
    "identifier": lambda each: each.harvest.dct_identifier,
    "issued": lambda each: each.harvest.issued_at,
    "modified": lambda each: each.harvest.modified_at,
    "landing page": lambda each: each.harvest.remote_url,
}

RESOURCE_FIELDS: dict[str, Callable[[Any], Any]] = {
    "checksum": lambda each: each.checksum and each.checksum.value,
    "size": lambda each: each.filesize,
    "format": lambda each: each.format,
    "mime": lambda each: each.mime,
}


def had(things: list[Any], fields: dict[str, Callable[[Any], Any]]) -> dict[str, int]:
    """How many of the things have each field."""
    return {name: sum(bool(value(each)) for each in things) for name, value in fields.items()}


def source_of(address: str) -> Any:
    """A source of an organisation, in a portal that knows licences of the EU's list."""
    from udata.core.dataset.models import License
    from udata.core.organization.models import Organization
    from udata.harvest.models import HarvestSource

    for name in ("CC_BY_4_0", "OP_DATPRO"):
        address_of = f"http://publications.europa.eu/resource/authority/licence/{name}"
        License.objects.create(id=name.lower(), title=name, url=address_of)
    owner = Organization.objects.create(name="Owner", description="Who harvests.")
    return HarvestSource.objects.create(name="source", url=address, backend="dcat", organization=owner)


def content(dataset: Any) -> str:
    """What a dataset says, without what the portal itself has added."""
    fields = {"url": lambda each: each.url, "title": lambda each: each.title, **RESOURCE_FIELDS}
    resources = [
        [*(value(each) for value in fields.values()), each.harvest and each.harvest.modified_at]
        for each in dataset.resources
    ]
    return json.dumps([[value(dataset) for value in FIELDS.values()], resources], default=str, sort_keys=True)


def contents() -> dict[str, str]:
    """What every dataset says, by its identifier."""
    from udata.core.dataset.models import Dataset

    return {str(each.harvest.remote_id): content(each) for each in Dataset.objects}


def harvested(source: Any) -> dict[str, Any]:
    """What the portal holds after a harvest."""
    from udata.core.dataservices.models import Dataservice
    from udata.core.dataset.models import Dataset
    from udata.harvest.backends.dcat import DcatBackend

    before, backend = contents(), DcatBackend(source)
    job, pages, after = backend.harvest(), len(backend.graphs), contents()
    datasets, services = list(Dataset.objects), list(Dataservice.objects)
    resources = [resource for dataset in datasets for resource in dataset.resources]
    failures = [error.message for each in job.items for error in each.errors]
    return {
        "client": "udata, DcatBackend",
        "status": job.status,
        "pages": pages,
        "items": dict(Counter(each.status for each in job.items)),
        "errors": [each.message for each in job.errors] + failures,
        "logs": sorted({each.message for item in job.items for each in item.logs}),
        "changed": sorted(
            each.rpartition("/")[2] for each in {*before, *after} if before.get(each) != after.get(each)
        ),
        "datasets": len(datasets),
        "dataset fields": had(datasets, FIELDS),
        "services": [
            [each.title, each.base_api_url, each.machine_documentation_url, len(each.datasets)]
            for each in services
        ],
        "licences": sorted({str(each.license and each.license.id) for each in datasets}),
        "titles": sorted(each.title for each in datasets),
        "resources": len(resources),
        "resources with": had(resources, RESOURCE_FIELDS),
        "hashes": {each.url: [each.checksum and each.checksum.value, each.filesize] for each in resources},
    }


def main() -> None:
    """Harvest into one portal, a night for each line that comes in."""
    with portal().app_context():
        source = None
        for line in sys.stdin:
            source = source or source_of(line.strip())
            sys.stdout.write(json.dumps(harvested(source), default=str) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()

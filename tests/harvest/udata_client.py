"""udata: its DCAT backend over the catalogue, with a database in memory; run in an environment of its own.

`python udata_client.py ADDRESS` prints one JSON object of what the portal holds after a harvest. The backend,
the models and their validation are udata's; the store is mongomock, which is in no lock of this project.
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


def job_of(address: str) -> tuple[Any, int]:
    """Harvest an address for an organisation: the job as it ended, and how many pages were read."""
    from udata.core.dataset.models import License
    from udata.core.organization.models import Organization
    from udata.harvest.backends.dcat import DcatBackend
    from udata.harvest.models import HarvestSource

    for name in ("CC_BY_4_0", "OP_DATPRO"):
        address_of = f"http://publications.europa.eu/resource/authority/licence/{name}"
        License.objects.create(id=name.lower(), title=name, url=address_of)
    owner = Organization.objects.create(name="Owner", description="Who harvests.")
    source = HarvestSource.objects.create(name="source", url=address, backend="dcat", organization=owner)
    backend = DcatBackend(source)
    return backend.harvest(), len(backend.graphs)


def harvested(address: str) -> dict[str, Any]:
    """What the portal holds after a harvest."""
    from udata.core.dataservices.models import Dataservice
    from udata.core.dataset.models import Dataset

    job, pages = job_of(address)
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


def main(address: str) -> dict[str, Any]:
    """Harvest into an empty portal."""
    with portal().app_context():
        return harvested(address)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.argv[1]), default=str))

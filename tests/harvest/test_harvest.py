"""The real harvesters of CKAN and udata take every dataset, licence and checksum, over several pages."""

import hashlib
import os
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ontology.collections import COLLECTIONS
from tests.harvest.clients import CLIENTS, harvest, installed, portal
from tests.harvest.running import CHANGED_LATER, change, running

FOLDER = os.environ.get("COMPACTGRAPH_TEST_HARVEST")
DATASETS = len(COLLECTIONS) + 1
LICENCE = "http://publications.europa.eu/resource/authority/licence/CC_BY_4_0"

pytestmark = pytest.mark.skipif(
    FOLDER is None,
    reason="installs CKAN and udata, a gigabyte; COMPACTGRAPH_TEST_HARVEST names a folder for them",
)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(tmp_path_factory.mktemp("harvest")) as address:
        yield address


@pytest.fixture(scope="module")
def folder() -> Path:
    found = Path(FOLDER or "").resolve()
    for name in CLIENTS:
        installed(found, name)
    return found


@pytest.fixture(params=["catalog", "catalog.ttl", "catalog.rdf", "catalog.jsonld", "catalog.nt"])
def ckan(request: pytest.FixtureRequest, folder: Path, base: str) -> dict[str, Any]:
    return harvest(folder, "ckan", f"{base}/{request.param}")


@pytest.fixture(params=["catalog", "catalog.ttl", "catalog.rdf", "catalog.jsonld"])
def udata(request: pytest.FixtureRequest, folder: Path, base: str) -> dict[str, Any]:
    return harvest(folder, "udata", f"{base}/{request.param}")


def test_ckan_takes_everything(ckan: dict[str, Any]) -> None:
    assert (ckan["errors"], ckan["refused tags"]) == ([], [])
    assert len(ckan["pages"]) == 4
    for name in ("datasets", "titles", "notes", "versions", "landing pages"):
        assert ckan[name] == DATASETS, name
    assert len(ckan["guids"]) == DATASETS
    assert ckan["done"] == {"package_create": DATASETS}
    # A collection that is empty has no language.
    assert {name for name, number in ckan["fields"].items() if number < DATASETS} <= {"language"}
    assert set(ckan["resources with"].values()) == {ckan["resources"]}
    assert ckan["licences"] == [LICENCE]


def test_udata_takes_everything(udata: dict[str, Any]) -> None:
    assert (udata["status"], udata["errors"]) == ("done", [])
    assert udata["pages"] == 4
    assert udata["datasets"] == DATASETS
    assert udata["items"] == {"done": DATASETS + len(udata["services"])}
    assert set(udata["dataset fields"].values()) == {DATASETS}
    assert udata["licences"] == ["cc_by_4_0"]
    # It knows algorithms under http only, where it fails on values of the type that DCAT-AP asks for.
    assert udata["resources with"].pop("checksum") == 0
    assert set(udata["resources with"].values()) == {udata["resources"]}
    assert [each[3] for each in udata["services"] if each[0] == "GraphQL service"] == [DATASETS]


def test_what_ckan_holds_of_a_file_is_true_of_the_file(folder: Path, base: str) -> None:
    for address, (digest, size) in harvest(folder, "ckan", f"{base}/catalog.ttl")["hashes"].items():
        with urllib.request.urlopen(address) as response:
            content = response.read()
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (digest, int(size)), address


def test_both_hold_the_same_files(folder: Path, base: str) -> None:
    of_ckan = harvest(folder, "ckan", f"{base}/catalog.ttl")["hashes"]
    of_udata = harvest(folder, "udata", f"{base}/catalog.ttl")["hashes"]
    assert {url: int(size) for url, (_, size) in of_ckan.items()} == {
        url: size for url, (_, size) in of_udata.items()
    }


@pytest.mark.parametrize("name", CLIENTS)
def test_a_second_harvest_sees_nothing_and_one_after_a_change_sees_the_change(
    folder: Path, tmp_path: Path, name: str
) -> None:
    with running(tmp_path) as address, portal(folder, name) as client:
        first, second = (client.harvest(f"{address}/catalog.ttl") for _ in range(2))
        assert (len(first["changed"]), second["changed"]) == (DATASETS, [])
        change(tmp_path, address)
        third = client.harvest(f"{address}/catalog.ttl")
        assert third["changed"] == CHANGED_LATER
        assert [each["errors"] for each in (first, second, third)] == [[], [], []]
        assert {each["datasets"] for each in (first, second, third)} == {DATASETS}

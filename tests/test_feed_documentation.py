"""What docs/feed.md tells to run is run, and comes to what it says."""

import re
import shlex

from starlette.testclient import TestClient

from schema.feed import PAGE_SIZE, SHELF_SIZE
from tests.documentation import ROOT
from tests.graphs import read_graphs
from tests.serving import BASE, Service

TEXT = (ROOT / "docs" / "feed.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"```sh\n(curl .*?)\n```", TEXT)


def answer(client: TestClient, command: str) -> tuple[str, bytes, dict[str, str]]:
    """The suffix, body and headers of what a command asks for."""
    (address,) = [each for each in shlex.split(command) if each.startswith(BASE)]
    found = client.get(address.removeprefix(BASE))
    assert found.status_code == 200
    return re.split(r"[.?]", address.removeprefix(BASE))[1], found.content, dict(found.headers)


def test_every_command_gets_members_and_the_headers_that_are_described(sample: Service) -> None:
    assert len(COMMANDS) == 3
    for command in COMMANDS:
        suffix, body, headers = answer(sample.client, command)
        statements = read_graphs(body, suffix)
        assert any(str(p).endswith("ldes#timestampPath") for _, (_, p, _) in statements)
        assert {"cache-control", "etag", "data-version", "link"} <= headers.keys()


def test_the_sizes_and_addresses_that_are_described_are_those_of_the_code(sample: Service) -> None:
    assert f"holds {PAGE_SIZE} members and a **shelf** {SHELF_SIZE} pages" in TEXT
    for address in re.findall(r"^\| `(/feed[^`]*)` \|", TEXT, flags=re.MULTILINE):
        assert sample.client.get(address).status_code == 200


def test_every_property_of_members_is_described(sample: Service) -> None:
    said = read_graphs(sample.client.get("/feed.nq").content, "nq")
    members = {s for _, (s, p, _) in said if str(p).endswith("/isVersionOf")}
    used = {re.split(r"[/#]", str(p))[-1] for _, (s, p, _) in said if s in members}
    described = set(re.findall(r"^\| `\w+:(\w+)` \|", TEXT, flags=re.MULTILINE))
    assert used | {"isReplacedBy"} == described

"""The story of clients: those of the documentation, run as they stand against a running service."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from server.examples import Example, examples
from tests.documentation import ROOT
from tests.processes import Running

CLIENTS = ROOT / "docs" / "clients"
#: The release of graphql-request that the JavaScript client is run with.
GRAPHQL_REQUEST = "graphql-request@7.4.0"


def ids(printed: str) -> list[str]:
    """The ids at the beginnings of the lines that a client prints."""
    return [line.split(" ")[0] for line in printed.splitlines()]


@pytest.fixture(scope="module")
def every_id(live: Running) -> list[str]:
    """The ids of all projects of the service, in one answer."""
    query = "/graphql?query={projects(first:100){nodes{id}}}"
    nodes = json.loads(live.fetched(query))["data"]["projects"]["nodes"]
    assert len(nodes) == 21
    return [each["id"] for each in nodes]


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the packages of the JavaScript client; skipped where there is no Node or no registry."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("there is no Node on this machine")
    folder = tmp_path_factory.mktemp("npm")
    install = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", GRAPHQL_REQUEST, "graphql@16"]
    done = subprocess.run(install, cwd=folder, capture_output=True, text=True, check=False, timeout=300)
    if done.returncode:
        pytest.skip(f"npm cannot install {GRAPHQL_REQUEST}: {done.stderr.strip()[-200:]}")
    return folder


def test_the_python_client_reads_the_schema_and_every_project(live: Running, every_id: list[str]) -> None:
    command = [sys.executable, "-W", "error", str(CLIENTS / "every_project.py"), f"{live.address}/graphql"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert ids(done.stdout) == every_id
    assert "project/PN.0008 300000.00 Renforcement" in done.stdout


def test_the_python_client_finds_a_mistake_before_it_asks(live: Running) -> None:
    from gql import Client, gql
    from gql.transport.httpx import HTTPXTransport
    from graphql import GraphQLError

    transport = HTTPXTransport(url=f"{live.address}/graphql")
    with (
        Client(transport=transport, fetch_schema_from_transport=True) as session,
        pytest.raises(GraphQLError, match="Cannot query field 'nothing'"),
    ):
        session.execute(gql("{ nothing }"))


def test_the_python_client_is_told_the_code_of_an_error(live: Running) -> None:
    from gql import Client, gql
    from gql.transport.exceptions import TransportQueryError
    from gql.transport.httpx import HTTPXTransport

    with (
        Client(transport=HTTPXTransport(url=f"{live.address}/graphql")) as session,
        pytest.raises(TransportQueryError) as refused,
    ):
        session.execute(gql('{ projects(after: "x") { totalCount } }'))
    assert refused.value.errors is not None
    assert refused.value.errors[0]["extensions"]["code"] == "BAD_CURSOR"


def test_the_javascript_client_reads_every_project(
    live: Running, every_id: list[str], packages: Path
) -> None:
    # Node looks for packages beside the file.
    shutil.copy(CLIENTS / "every_project.mjs", packages)
    command = ["node", "every_project.mjs", f"{live.address}/graphql"]
    done = subprocess.run(command, cwd=packages, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert ids(done.stdout) == every_id


@pytest.mark.parametrize("example", examples(), ids=lambda each: each.title)
def test_the_curl_commands_of_the_documentation_run(live: Running, example: Example) -> None:
    if shutil.which("curl") is None:
        pytest.skip("there is no curl on this machine")
    command = example.curl(f"{live.address}/graphql")
    printed = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True).stdout
    sent = json.dumps(example.body()).encode()
    assert json.loads(printed)["data"] == _posted(live, sent)["data"]
    documented = (ROOT / "docs" / "graphql.md").read_text(encoding="utf-8")
    assert command.replace(live.address, "http://127.0.0.1:8000") in documented


def _posted(live: Running, body: bytes) -> dict[str, Any]:
    import urllib.request

    request = urllib.request.Request(f"{live.address}/graphql", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        found: dict[str, Any] = json.loads(answer.read())
    return found


def test_no_package_of_npm_is_in_the_repository() -> None:
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout
    assert re.findall(r".*node_modules.*|.*package(?:-lock)?\.json", listed) == []

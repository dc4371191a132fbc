"""The audit of the package graphql-http: every rule of GraphQL over HTTP, asked by its own suite."""

import json
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from tests.listening import listening
from tests.serving import Service

#: The suite, and the one package that it needs beside it. Nothing of them is kept in this repository.
PACKAGES = ("graphql-http@1.23.1", "graphql@16.11.0")

# What npm says where there is no way to its packages.
UNREACHABLE = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT", "ENETUNREACH")

AUDIT = """
import { auditServer } from 'graphql-http';
const found = await auditServer({ url: process.argv[1] });
console.log(JSON.stringify(found.map(({ id, name, status, reason }) => ({ id, name, status, reason }))));
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of its own in which Node finds the suite."""
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip("the audit of graphql-http needs Node.js and npm")
    made = tmp_path_factory.mktemp("graphql-http")
    options = ("--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--prefix", str(made))
    done = subprocess.run(
        ["npm", "install", *options, *PACKAGES], cwd=made, capture_output=True, text=True, check=False
    )
    if done.returncode and any(each in done.stderr for each in UNREACHABLE):
        pytest.skip(f"npm cannot reach its packages: {done.stderr[:200]}")
    assert done.returncode == 0, done.stderr
    return made


def test_every_rule_of_graphql_over_http_is_kept(folder: Path, sample: Service) -> None:
    with listening(sample.client.app) as address:
        done = subprocess.run(
            ["node", "--input-type=module", "--eval", AUDIT, f"{address}/graphql"],
            cwd=folder,
            capture_output=True,
            text=True,
            check=True,
        )
    audits = json.loads(done.stdout)
    kept = Counter(each["name"].split()[0] for each in audits if each["status"] == "ok")
    broken = [each for each in audits if each["status"] != "ok"]
    told = ", ".join(f"{level} {kept[level]}" for level in ("MUST", "SHOULD", "MAY"))
    assert told == "MUST 13, SHOULD 23, MAY 25", f"kept: {told}; broken: {broken}"
    assert broken == []

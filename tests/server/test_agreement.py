"""Agreement as it is told: in GraphQL, on the page, as CSV and JSON and by the command, now and then."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from selectolax.lexbor import LexborHTMLParser
from typer.testing import CliRunner

from server.cli import app
from server.settings import settings
from tests.browser import page
from tests.processes import Running
from tests.schema.test_agreement import coded, decided
from tests.schema.world import ground, link, put
from tests.serving import Service

THREE = "agreement { value low high } kappa { value low high } alpha { value low high }"
QUERY = f"""{{ agreement(scheme: GCM) {{
  address scheme dataVersion codebookVersion projects reviewers tooFew {THREE}
  codes {{ code label(languages: [EN]) accepted {THREE} }}
}} }}"""


@pytest.fixture
def agreed(service: Service) -> Service:
    """A service in which two coded thirty projects blind."""
    put(service.engine, *ground(), *coded(30))
    return service


def told(service: Service, suffix: str, query: str = "") -> str:
    response = service.client.get(f"/agreement/gcm.{suffix}{query}")
    assert response.status_code == 200, response.text
    return str(response.text)


def test_every_form_has_the_same_coefficients(agreed: Service) -> None:
    answer = agreed.data(QUERY)["agreement"]
    assert json.loads(told(agreed, "json")) == answer
    assert answer["codes"][-1]["code"] == "objective/23"
    assert answer["kappa"]["value"] is not None
    whole, *codes = csv.DictReader(io.StringIO(told(agreed, "csv")))
    assert [each["code"] for each in codes] == [each["code"] for each in answer["codes"]]
    for row, of in zip([whole, *codes], [answer, *answer["codes"]], strict=True):
        for name in ("agreement", "kappa", "alpha"):
            written = [row[name], row[f"{name}_low"], row[f"{name}_high"]]
            assert written == ["" if each is None else str(each) for each in of[name].values()]
    shown = LexborHTMLParser(told(agreed, "html")).css("tbody tr")
    assert len(shown) == len(codes) + 1
    assert f"{answer['kappa']['value']:.2f}" in shown[0].text()


def test_too_few_projects_have_a_flag_and_no_number(service: Service) -> None:
    put(service.engine, *ground(), *coded(19))
    answer = service.data(QUERY)["agreement"]
    assert (answer["tooFew"], answer["projects"]) == (True, 19)
    assert answer["kappa"] == {"value": None, "low": None, "high": None}
    assert "Too few" in told(service, "html")
    assert {each["too_few"] for each in csv.DictReader(io.StringIO(told(service, "csv")))} == {"true"}


@pytest.fixture
def command(agreed: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Runs the command over the database of the service."""
    monkeypatch.setenv("COMPACTGRAPH_DATABASE_URL", str(agreed.engine.url))
    monkeypatch.setenv("COMPACTGRAPH_SAMPLE", "0")
    settings.cache_clear()
    yield lambda *arguments: CliRunner().invoke(app, ["agreement", *map(str, arguments)])
    settings.cache_clear()


def test_the_permanent_address_and_the_command_give_the_same_bytes_after_changes(
    agreed: Service, command: Any, tmp_path: Path
) -> None:
    before = told(agreed, "csv")
    version = agreed.data("{ dataVersion }")["dataVersion"]
    put(agreed.engine, link("PN.0001", reviews=[decided("ann"), decided("bea")]))
    assert told(agreed, "csv") != before
    assert told(agreed, "csv", f"?version={version}") == before
    assert command("gcm", "--as-of", version, "-o", tmp_path / "out").exit_code == 0
    assert (tmp_path / "out").read_bytes().decode() == before


@pytest.mark.parametrize(
    ("address", "status"),
    [("/agreement/xyz", 404), ("/agreement/gcm?version=99", 400), ("/agreement/gcm.xls", 404)],
)
def test_what_there_is_not_is_told_so(agreed: Service, address: str, status: int) -> None:
    assert agreed.client.get(address).status_code == status


@pytest.mark.parametrize("scheme", ["gcm", "sdg"])
def test_the_page_is_accessible(browser: Browser, live: Running, scheme: str) -> None:
    with page(browser) as seen:
        seen.page.goto(f"{live.address}/agreement/{scheme}.html")
        assert Axe().run(seen.page).response["violations"] == []
        assert seen.complaints == []

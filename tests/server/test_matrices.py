"""Matrices: the same numbers in GraphQL, on the page, in CSV and JSON and from the command, now and then."""

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from selectolax.lexbor import LexborHTMLParser
from typer.testing import CliRunner

from schema.citation import cell_address, filter_in_words, matrix_address
from schema.matrix import Asked, MoneyRule
from schema.matrix_projects import Place
from schema.stats import StatKey
from server.cli import app
from server.project_filter import project_filter
from server.settings import settings
from tests.browser import page
from tests.processes import Running
from tests.schema.test_matrix import some_world
from tests.schema.world import THEN, claim, coding, ground, link, project, put, review
from tests.serving import BASE, Service

FIGURES = "accepted { projects budgetUsd } proposed { projects budgetUsd } projects reviewed address"
CELL = f"row {{ id label(languages: [EN]) }} column {{ id label(languages: [EN]) }} {FIGURES}"
MATRIX = f"""query M($rows: StatKey!, $columns: StatKey!, $money: MoneyRule!, $filter: ProjectFilter) {{
  projectMatrix(rows: $rows, columns: $columns, money: $money, filter: $filter) {{
    address dataVersion codebookVersion rows columns money
    cells {{ {CELL} }} rowTotals {{ {CELL} }} columnTotals {{ {CELL} }} total {{ {CELL} }}
  }}
}}"""
PAIRS = [("OBJECTIVE", "STATE"), ("SDG_TARGET", "YEAR"), ("REGION", "TYPE"), ("STATUS", "NETWORK")]
QUOTE = {
    "quote": '= safe, "orderly" migration',
    "start": 4,
    "end": 31,
    "language": "en",
    "textSha256": "0" * 64,
}


@pytest.fixture
def counted(service: Service) -> Service:
    """A service with projects of all sorts, a quote, and a project that was coded whole."""
    put(service.engine, *ground(), *some_world(16, 30))
    quoted = link("QU.0001", "objective/23", reviews=[review("ann")])
    quoted["claims"] = [claim(evidence=[QUOTE], reason="It says so.")]
    other = project("QU.0001", title={"en": "Safe <b>migration</b>"}, memberStates=["SLV"], budgetUsd="10.00")
    coded = coding("QU.0001", completedAt=THEN)
    put(service.engine, other, quoted, coded)
    return service


def path(rows: str, columns: str, suffix: str = "", **query: str) -> str:
    said = "&".join(f"{name}={quote(value)}" for name, value in query.items())
    return f"/matrix/{rows.lower()}/{columns.lower()}{suffix}?{said}"


def got(service: Service, address: str) -> str:
    response = service.client.get(address)
    assert response.status_code == 200, response.text
    return str(response.text)


def graphql(service: Service, rows: str, columns: str, money: str, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = service.data(MATRIX, rows=rows, columns=columns, money=money, **more)[
        "projectMatrix"
    ]
    return found


def rows_of_graphql(found: dict[str, Any]) -> list[dict[str, str]]:
    """The answer as the rows of the CSV."""
    several = [("cell", found["cells"]), ("row", found["rowTotals"]), ("column", found["columnTotals"])]
    rows = []
    for kind, cells in [*several, ("total", [found["total"]])]:
        for each in cells:
            row = {"kind": kind, "address": each["address"], "projects": each["projects"]}
            for name in ("row", "column"):
                of = each[name]
                row[name] = "" if of is None else of["id"] or of["label"] or "none"
                row[f"{name}_label"] = "" if of is None else of["label"]
            for name in ("accepted", "proposed"):
                row[f"{name}_projects"], row[f"{name}_usd"] = each[name]["projects"], each[name]["budgetUsd"]
            row["reviewed"] = "" if each["reviewed"] is None else each["reviewed"]
            row |= {"money": found["money"].lower(), "data_version": found["dataVersion"]}
            row["codebook_version"] = found["codebookVersion"] or ""
            rows.append({name: str(value) for name, value in row.items()})
    return rows


CELL_OF_PAGE = re.compile(
    r"(?P<accepted>\d+)( \+(?P<proposed>\d+) proposed)? (?P<usd>[\d.]+)( \+(?P<more>[\d.]+))?"
    r"( (?P<reviewed>\d+) of (?P<projects>\d+) reviewed)?"
)


def numbers_of_page(html: str) -> list[tuple[str, str, str, str, str]]:
    """Of every cell of the page: projects and dollars, accepted and proposed, and what was reviewed."""
    found = []
    for cell in LexborHTMLParser(html).css("table.matrix td"):
        if words := " ".join(cell.text(separator=" ").replace(",", "").split()):
            match = CELL_OF_PAGE.fullmatch(words)
            assert match, words
            numbers = match["accepted"], match["usd"], match["proposed"] or "0", match["more"] or "0.00"
            found.append((*numbers, match["reviewed"] or ""))
    return found


@pytest.mark.parametrize("money", ["FULL", "SPLIT"])
@pytest.mark.parametrize(("rows", "columns"), PAIRS)
def test_every_form_of_a_matrix_has_the_same_numbers(
    counted: Service, rows: str, columns: str, money: str
) -> None:
    asked = {"money": money.lower(), "filter": json.dumps({"states": ["SLV"], "linkStatus": ["PROPOSED"]})}
    answer = graphql(counted, rows, columns, money, filter=json.loads(asked["filter"]))
    table = list(csv.DictReader(io.StringIO(got(counted, path(rows, columns, ".csv", **asked)))))
    assert rows_of_graphql(answer) == table
    as_json = json.loads(got(counted, path(rows, columns, ".json", **asked)))
    assert as_json.pop("filter") == json.loads(asked["filter"])
    assert as_json == answer
    on_page = sorted(numbers_of_page(got(counted, path(rows, columns, ".html", **asked))))
    names = ("accepted_projects", "accepted_usd", "proposed_projects", "proposed_usd", "reviewed")
    assert on_page == sorted(tuple(each[name] for name in names) for each in table)


@pytest.fixture
def command(counted: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Runs the command over the database of the service."""
    monkeypatch.setenv("COMPACTGRAPH_DATABASE_URL", str(counted.engine.url))
    monkeypatch.setenv("COMPACTGRAPH_SAMPLE", "0")
    settings.cache_clear()
    yield lambda *arguments: CliRunner().invoke(app, ["matrix", *map(str, arguments)])
    settings.cache_clear()


def test_the_command_writes_the_bytes_of_the_address(counted: Service, command: Any, tmp_path: Path) -> None:
    for suffix in ("csv", "json"):
        done = command("objective", "state", "--money", "split", f"--{suffix}", "-o", tmp_path / "out")
        assert done.exit_code == 0, done.output
        expected = counted.client.get(f"/matrix/objective/state.{suffix}?money=split").content
        assert (tmp_path / "out").read_bytes() == expected
    done = command("objective", "state", "--quotes", "--row", "23", "-o", tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == counted.client.get(
        "/matrix/objective/state/projects.csv?row=23"
    ).content


def test_the_permanent_address_gives_the_same_bytes_after_changes(
    counted: Service, command: Any, tmp_path: Path
) -> None:
    filter_ = {"search": "safe", "linkStatus": ["ACCEPTED", "PROPOSED"]}
    forms = [path("OBJECTIVE", "STATE", f".{each}", money="split") for each in ("csv", "json", "html")]
    forms.append(path("OBJECTIVE", "STATE", ".csv", filter=json.dumps(filter_), language="fr"))
    forms += [f"/matrix/objective/state/projects.{each}?row=objective/23" for each in ("csv", "json", "html")]
    now = [counted.client.get(each) for each in forms]
    permanent = [
        each.headers["link"].partition('rel="cite-as"')[0].rpartition("<")[2].partition(">")[0]
        for each in now
    ]
    put(
        counted.engine,
        project("QU.0001", title={"en": "Other"}, memberStates=["TON"]),
        link("QU.0001", "objective/1"),
    )
    for form, was, address in zip(forms, now, permanent, strict=True):
        suffix = form.partition("?")[0].rpartition(".")[2]
        assert counted.client.get(form).content != was.content
        with_suffix = address.replace("?", f".{suffix}?", 1)
        again = counted.client.get(with_suffix)
        assert again.content == was.content, form
        assert again.headers["data-version"] == was.headers["data-version"] == "3"
        assert "version=3" in address
    command("objective", "state", "--money", "split", "--as-of", 3, "-o", tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == now[0].content


def test_the_projects_and_quotes_behind_a_cell_are_told_in_every_form(counted: Service) -> None:
    asked = 'rows: OBJECTIVE, columns: STATE, money: FULL, row: "23", column: "state/SLV", first: 100'
    found = counted.data(
        f"{{ matrixProjects({asked}) {{ totalCount endCursor address nodes {{ status budgetUsd reviewed "
        "project { id title { value } } links { id claims { reason evidence { quote } } } } } }"
    )["matrixProjects"]
    nodes = {each["project"]["id"]: each for each in found["nodes"]}
    mine = nodes["project/QU.0001"]
    assert (mine["status"], mine["budgetUsd"], mine["reviewed"]) == ("ACCEPTED", "10.00", True)
    assert mine["links"][0]["claims"][0]["evidence"] == [{"quote": QUOTE["quote"]}]
    assert found["totalCount"] == len(nodes)
    address = found["address"].replace("/projects?", "/projects.{}?")
    as_json = json.loads(got(counted, address.format("json")))
    assert [each["id"] for each in as_json["projects"]] == list(nodes)
    assert as_json["projects"][-1]["links"][0]["claims"][0]["evidence"][0]["quote"] == QUOTE["quote"]
    table = list(csv.DictReader(io.StringIO(got(counted, address.format("csv")))))
    assert [each["quote"] for each in table if each["project"] == "QU.0001"] == [QUOTE["quote"]]
    html = LexborHTMLParser(got(counted, address.format("html")))
    assert [each.text() for each in html.css("article h2 a")] == [each.partition("/")[2] for each in nodes]
    assert QUOTE["quote"] in [each.text() for each in html.css("mark")]


def test_pages_of_projects_lead_on_to_the_last(counted: Service) -> None:
    put(counted.engine, *(project(f"ZZ.{number:04}", year=1999) for number in range(120)))
    address, seen = "/matrix/year/type/projects.json?row=1999", []
    while address:
        found = json.loads(got(counted, address))
        seen += [each["id"] for each in found["projects"]]
        address = (found["next"] or "").replace("/projects?", "/projects.json?")
    assert seen == [f"project/ZZ.{number:04}" for number in range(120)]
    assert found["totalCount"] == 120
    asked = 'rows: YEAR, columns: TYPE, money: FULL, row: "1999", first: 100'
    page_of = "{{ matrixProjects({}) {{ endCursor nodes {{ project {{ id }} }} }} }}".format
    first = counted.data(page_of(asked))["matrixProjects"]
    assert first["endCursor"] == "project/ZZ.0099"
    second = counted.data(page_of(f'{asked}, after: "{first["endCursor"]}"'))["matrixProjects"]
    assert (len(second["nodes"]), second["endCursor"]) == (20, None)


@pytest.mark.parametrize(
    ("address", "status", "says"),
    [
        ("/matrix/planet/year", 404, "not counted by"),
        ("/matrix/year/year", 400, "rows and columns are both YEAR"),
        ("/matrix/year/type?money=twice", 400, "is no rule"),
        ("/matrix/year/type?version=99", 400, "no such data version"),
        ("/matrix/year/type?version=-1", 400, "is no data version"),
        ("/matrix/year/type?version=²", 400, "is no data version"),
        ("/matrix/year/type?language=xx", 400, "is not known"),
        ("/matrix/year/type?filter=[]", 400, "no JSON object"),
        ('/matrix/year/type?filter={"ids":["\\u0000"]}', 400, "U+0000"),
        ("/matrix/year/type/projects?row=MMXX", 400, "is no year"),
        ("/matrix/year/type.xls", 404, "no format xls"),
    ],
)
def test_what_is_asked_for_wrongly_is_told_so(counted: Service, address: str, status: int, says: str) -> None:
    response = counted.client.get(address)
    assert (response.status_code, says in response.text) == (status, True), response.text


@pytest.mark.parametrize("first", [0, 101, -1])
def test_a_page_size_out_of_range_is_refused(counted: Service, first: int) -> None:
    asked = f"rows: YEAR, columns: TYPE, money: FULL, first: {first}"
    error = counted.error(f"{{ matrixProjects({asked}) {{ totalCount }} }}")
    assert error["extensions"]["code"] == "BAD_ARGUMENT"


def test_an_address_names_its_filter_as_the_api_takes_it() -> None:
    words = '{"budgetUsd":{"from":"10.00"},"language":"EN","status":["ACTIVE"],"year":{"from":2020}}'
    filter_ = project_filter(words)
    assert filter_in_words(filter_) == words
    assert project_filter(filter_in_words(filter_)) == filter_
    asked = Asked(StatKey.YEAR, StatKey.TYPE, MoneyRule.SPLIT, {"search": "a&b=c"})
    assert matrix_address(BASE, asked, 3).endswith(
        "?money=split&filter=%7B%22search%22%3A%22a%26b%3Dc%22%7D&version=3"
    )
    assert cell_address(BASE, asked, None, Place("none", None)).endswith("&row=none")


@pytest.mark.parametrize(
    "address",
    [
        "/matrix",
        "/matrix/objective/state.html?money=split",
        "/matrix/objective/state/projects.html?row=objective/23",
    ],
)
def test_a_page_of_counts_is_accessible_and_asks_nobody_else(
    browser: Browser, live: Running, address: str
) -> None:
    with page(browser) as seen:
        seen.page.goto(f"{live.address}{address}")
        assert Axe().run(seen.page).response["violations"] == []
        assert seen.complaints == []
        assert len(seen.hosts()) == 1


def test_hostile_texts_stand_on_pages_as_text(counted: Service) -> None:
    html = got(counted, "/matrix/objective/state/projects.html?row=objective/23")
    assert "<b>migration" not in html
    assert "&lt;b&gt;migration" in html

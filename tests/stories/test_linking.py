"""Linking from outside: a page is imported, its text proposes, a person decides, and the export says so."""

import io
import json
import re
from pathlib import Path
from typing import Any

from schema.store import reading
from server.exporter.jsonl import write
from server.importer.run import import_paths
from tests.persons import Reviewed
from tests.visitors import Visitor

PAGE = """https://example.org/project/invented-border-school

An Invented School for Border Guards
-
Start Date
2020
-
End Date
2021
-
Project Status
Completed
-
Project Type
Immigration and Borders
-
Budget Amount (USD)
75000.00
-
Coverage
National
-
Year
2020
-
IDF Region
Africa
-
Projects ID
IB.9955
-
Benefiting Member States
Zambia
The project trains border guards of Nowhere to tell forged passports from genuine ones. It works
in line with the Global Compact.
"""
LINK = "link/IB.9955~objective-11"
ASKED = """query($id: ID!) { project(id: $id) { objectives { number }
    links { id status version derived claims { method methodVersion confidence calibrated
      ruleIds codebookRules
      evidence { quote start end textSha256 source { id } } } } } }"""
COUNTED = """{ projectStats(groupBy: [OBJECTIVE]) { keys { id } projects }
    objective(id: "1") { projects(status: [PROPOSED]) { totalCount nodes { id } } }
    project(id: "IB.9955") { objectives(status: [PROPOSED]) { number } }
    projects(filter: {objectives: ["1"], linkStatus: [PROPOSED]}) { totalCount } }"""
TRUST = "{ reliability { decisions calibrated brierSkill bins { low claims acceptedShare } } }"


def exported(reviewed: Reviewed) -> list[dict[str, Any]]:
    out = io.BytesIO()
    with reading(reviewed.engine) as snapshot:
        write(snapshot, out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def told_by_all(reviewed: Reviewed, claim: dict[str, Any]) -> None:
    """What the rules of the claim rest on is the same in the API, on its page, and at the desk."""
    cited, page = claim["codebookRules"], f"/{LINK}.html"
    assert "objective-11~include-2" in cited
    assert all(each.startswith("objective-11~include-") for each in cited)
    shown, listed = reviewed.client.get(page).text, reviewed.client.get("/about/lexicon").text
    for rule in claim["ruleIds"]:
        name = rule.removeprefix("lexicon.").partition("/")[0]
        assert re.search(rf'href="[^"]+/about/lexicon#{name}">{rule}</a>', shown)
        line = listed.partition(f'<tr id="{name}">')[2].partition("</tr>")[0]
        assert set(re.findall("#(objective-11~[a-z0-9-]+)", line)) <= set(cited)
    desk = Visitor(reviewed.person("dee")).shown(f"/desk/{LINK}")
    rules = re.findall(r"<code>([a-z]+-[1-9])</code>(.+?)</label>", desk)
    assert [f"objective-11~{code}" for code, said in rules if "A claim rests on it" in said] == cited


def follows(reviewed: Reviewed) -> None:
    """What follows over the crosswalk comes when it is asked for, and nothing is listed or counted by it."""
    cleo = reviewed.person("cleo", role="proposer")
    assert cleo.change("proposeLinks", project="IB.9955", derived=True)["changed"] is False
    mapping = "1~sdg-16~relatedMatch"
    reviewed.person("eve").change("reviewMapping", mapping=mapping, decision="ACCEPT", version=1)
    before = reviewed.data(COUNTED)
    assert cleo.change("proposeLinks", project="IB.9955", derived=False)["changed"] is False
    found = cleo.change("proposeLinks", project="IB.9955", derived=True)
    assert found["changed"] is True
    derived = "link/IB.9955~objective-1"
    assert [each["id"] for each in found["links"][2:]] == [derived]
    links = {each["id"]: each for each in reviewed.data(ASKED, id="IB.9955")["project"]["links"]}
    (claim,), (base,) = links[derived]["claims"], links["link/IB.9955~sdg-16"]["claims"]
    assert (links[derived]["status"], links[derived]["derived"]) == ("PROPOSED", True)
    assert (claim["method"], claim["ruleIds"], claim["codebookRules"]) == ("crosswalk", [mapping], [])
    assert (claim["confidence"], claim["evidence"]) == (round(base["confidence"] / 4, 2), base["evidence"])
    assert f'/mapping/{mapping}">{mapping}</a>' in reviewed.client.get(f"/{derived}.html").text
    assert reviewed.data(COUNTED) == before
    assert cleo.change("proposeLinks", project="IB.9955", derived=True)["changed"] is False


def test_from_a_page_to_a_proposal_a_decision_and_the_export(reviewed: Reviewed, tmp_path: Path) -> None:
    file = tmp_path / "page.txt"
    file.write_text(PAGE, encoding="utf-8")
    assert import_paths(reviewed.engine, [file]).exit_status == 0
    proposed = reviewed.person("bea").change("proposeLinks", project="IB.9955")
    assert (proposed["changed"], len(proposed["links"])) == (True, 2)
    project = reviewed.data(ASKED, id="IB.9955")["project"]
    links = {each["id"]: each for each in project["links"]}
    assert links.keys() == {LINK, "link/IB.9955~sdg-16"}
    (claim,) = links[LINK]["claims"]
    assert (claim["method"], claim["calibrated"]) == ("lexicon", False)
    source = next(
        each for each in exported(reviewed) if each["class"] == "source" and "forged" in each["text"]
    )
    for each in claim["evidence"]:
        assert source["text"][each["start"] : each["end"]] == each["quote"]
        assert each["textSha256"] == source["key"]
    assert project["objectives"] == []
    told_by_all(reviewed, claim)

    follows(reviewed)
    again = reviewed.person("cid").change("proposeLinks", project="IB.9955")
    assert (again["changed"], len(again["links"])) == (False, 2)

    done = reviewed.person("ann").decides("ACCEPT", links[LINK]["version"], LINK)
    assert done["link"]["status"] == "ACCEPTED"
    assert reviewed.data(ASKED, id="IB.9955")["project"]["objectives"] == [{"number": 11}]
    found = reviewed.data(TRUST)["reliability"]
    assert (found["decisions"], found["calibrated"], found["brierSkill"]) == (1, False, None)
    assert [each["claims"] for each in found["bins"]] == [1]
    record = next(each for each in exported(reviewed) if each["key"] == LINK.removeprefix("link/"))
    assert (record["status"], len(record["claims"]), len(record["reviews"])) == ("accepted", 1, 1)

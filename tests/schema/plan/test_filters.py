"""Filters and counts, on both databases."""

from typing import Any

import pytest

from tests.serving import Service

FILTER = "query($f: ProjectFilter) { projects(first: 100, filter: $f) { totalCount nodes { id } } }"
ALL = """{ projects(first: 100) { nodes {
    id projectId startYear endYear year status coverage budgetUsd updatedAt
    titles { value language } descriptions { value } region { code } type { code } memberStates { iso3 }
    sdgTargets(status: [PROPOSED]) { code } sdgGoals(status: [PROPOSED]) { code }
    objectives(status: [PROPOSED]) { number } networks(status: [PROPOSED]) { id } } } }"""


def matching(service: Service, filter_: dict[str, Any]) -> set[str]:
    page = service.data(FILTER, f=filter_)["projects"]
    found = {each["id"] for each in page["nodes"]}
    assert page["totalCount"] == len(found)
    return found


def expected(service: Service, holds: Any) -> set[str]:
    return {each["id"] for each in service.data(ALL)["projects"]["nodes"] if holds(each)}


def every(_project: dict[str, Any]) -> bool:
    return True


def none(_project: dict[str, Any]) -> bool:
    return False


CASES: list[tuple[dict[str, Any], Any]] = [
    ({"ids": ["PN.0008", "project/IB.0094", "no"]}, lambda p: p["projectId"] in ("PN.0008", "IB.0094")),
    ({"states": ["SLV"]}, lambda p: {"iso3": "SLV"} in p["memberStates"]),
    ({"states": ["state/COM", "MDA"]}, lambda p: any(s["iso3"] in ("COM", "MDA") for s in p["memberStates"])),
    ({"startYear": {"from": 2023}}, lambda p: (p["startYear"] or 0) >= 2023),
    ({"endYear": {"to": 2015}}, lambda p: p["endYear"] is not None and p["endYear"] <= 2015),
    ({"year": {"from": 2015, "to": 2021}}, lambda p: 2015 <= (p["year"] or 0) <= 2021),
    ({"status": ["ACTIVE"]}, lambda p: p["status"] == "ACTIVE"),
    ({"coverage": ["REGIONAL", "GLOBAL"]}, lambda p: p["coverage"] in ("REGIONAL", "GLOBAL")),
    ({"regions": ["africa"]}, lambda p: p["region"]["code"] == "africa"),
    ({"regions": ["code/region/lac", "region/europe"]}, lambda p: p["region"]["code"] in ("lac", "europe")),
    ({"types": ["PO", "type/IB"]}, lambda p: p["type"] and p["type"]["code"] in ("PO", "IB")),
    ({"budgetUsd": {"from": "100000.01", "to": "300000.00"}},
     lambda p: 100000.01 <= float(p["budgetUsd"]) <= 300000),
    ({"language": "ES"}, lambda p: any(t["language"] == "ES" for t in p["titles"])),
    ({"updatedSince": "2026-11-23T00:00:00Z"}, every),
    ({"updatedSince": "2026-11-23T00:00:01+00:00"}, none),
    ({"search": "moldova"}, lambda p: "moldova" in str([*p["titles"], *p["descriptions"]]).lower()),
    ({"search": "Moldova % _ *"}, lambda p: "moldova" in str([*p["titles"], *p["descriptions"]]).lower()),
    ({"objectives": ["11"], "linkStatus": ["PROPOSED"]}, lambda p: {"number": 11} in p["objectives"]),
    ({"objectives": ["11"]}, none),
    ({"sdgGoals": ["5", "sdg/13"], "linkStatus": ["PROPOSED"]},
     lambda p: any(g["code"] in ("5", "13") for g in p["sdgGoals"])),
    ({"sdgTargets": ["10.7"], "linkStatus": ["PROPOSED"]}, lambda p: {"code": "10.7"} in p["sdgTargets"]),
    ({"networks": ["SLV"], "linkStatus": ["PROPOSED", "ACCEPTED"]}, lambda p: bool(p["networks"])),
    ({"status": ["ACTIVE"], "coverage": ["NATIONAL"], "startYear": None},
     lambda p: (p["status"], p["coverage"]) == ("ACTIVE", "NATIONAL")),
    ({"states": []}, none),
]  # fmt: skip


@pytest.mark.parametrize(("filter_", "holds"), CASES, ids=[str(case[0])[:60] for case in CASES])
def test_a_filter_leaves_what_it_says(sample: Service, filter_: dict[str, Any], holds: Any) -> None:
    assert matching(sample, filter_) == expected(sample, holds)


def test_lists_longer_than_250_are_refused(sample: Service) -> None:
    error = sample.error(FILTER, f={"states": ["SLV"] * 251})
    assert error["extensions"]["code"] == "BAD_ARGUMENT"


def test_a_search_for_what_no_text_can_hold_is_refused(sample: Service) -> None:
    assert sample.error(FILTER, f={"search": "a\x00b"})["extensions"]["code"] == "BAD_ARGUMENT"


STATS = """query($by: [StatKey!]!, $f: ProjectFilter) { projectStats(groupBy: $by, filter: $f) {
    keys { key id label(languages: [FR]) } projects accepted proposed budgetUsd multiCounted } }"""


@pytest.mark.parametrize("key", ["YEAR", "REGION", "STATUS", "COVERAGE", "TYPE"])
def test_counts_by_a_plain_key_add_up_to_all_projects(sample: Service, key: str) -> None:
    rows = sample.data(STATS, by=[key])["projectStats"]
    assert sum(row["projects"] for row in rows) == 21
    assert not any(row["multiCounted"] for row in rows)
    budgets = [each["budgetUsd"] for each in sample.data(ALL)["projects"]["nodes"]]
    assert sum(float(row["budgetUsd"]) for row in rows) == sum(map(float, budgets))


@pytest.mark.parametrize("key", ["STATE", "OBJECTIVE", "SDG_GOAL", "SDG_TARGET", "NETWORK"])
def test_counts_by_a_many_valued_key_say_so_and_keep_proposals_apart(sample: Service, key: str) -> None:
    rows = sample.data(STATS, by=[key])["projectStats"]
    assert all(row["multiCounted"] for row in rows)
    assert all(row["projects"] == row["accepted"] + row["proposed"] for row in rows)
    linked = [row for row in rows if row["keys"][0]["id"] and key != "STATE"]
    assert all(row["accepted"] == 0 and row["proposed"] > 0 for row in linked)


def test_two_keys_and_a_filter_count_the_same_as_a_list(sample: Service) -> None:
    rows = sample.data(STATS, by=["STATE", "STATUS"], f={"regions": ["lac"]})["projectStats"]
    row = next(
        each
        for each in rows
        if each["keys"][0]["id"] == "state/SLV" and each["keys"][1]["id"] == "code/status/active"
    )
    assert row["keys"][1]["label"] == "Actif"
    assert row["projects"] == len(
        matching(sample, {"states": ["SLV"], "status": ["ACTIVE"], "regions": ["lac"]})
    )


@pytest.mark.parametrize("by", [[], ["YEAR", "YEAR"], ["YEAR", "STATE", "TYPE"]])
def test_counts_take_one_or_two_different_keys(sample: Service, by: list[str]) -> None:
    assert sample.error(STATS, by=by)["extensions"]["code"] == "BAD_ARGUMENT"

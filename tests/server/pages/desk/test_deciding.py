"""Deciding and coding at the desk: it does what mutations do, and shows what its person may see."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from schema.store import reading, writing
from tests.persons import LINK, PROJECT, QUOTE, TARGET, Reviewed, reviewing
from tests.visitors import Visitor

RULE = "objective-23~include-1"
HOSTILE = '<script>alert(1)</script> "quoted" \' & {{ 7 * 7 }} </textarea></q>'
SHOWN = "&lt;script&gt;alert(1)&lt;/script&gt;"
CODED = f"/desk/project/{PROJECT}/gcm"


def record(service: Reviewed, key: str = LINK, segment: str = "link") -> dict[str, Any]:
    with reading(service.engine) as snapshot:
        return snapshot.record(segment, key) or {}


def reviews(service: Reviewed, key: str = LINK) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = record(service, key).get("reviews", [])
    return [{name: value for name, value in each.items() if name != "at"} for each in found]


def version(service: Reviewed) -> int:
    with reading(service.engine) as snapshot:
        return snapshot.version()


# Links


def test_a_decision_is_stored_as_the_mutation_stores_it(reviewed: Reviewed) -> None:
    ann, bea = reviewed.person("ann"), Visitor(reviewed.person("bea"))
    ann.asserts()
    ann.decides("ACCEPT", 1, reason="Clear.", codebookRule=RULE)
    answer = bea.decides(LINK, "accept", reason="Clear.", rule=RULE)
    assert answer.status_code == 303
    mine, other = reviews(reviewed)
    assert mine | {"reviewer": "bea"} == other
    assert record(reviewed)["status"] == "accepted"
    next_page = bea.shown(answer.headers["location"])
    assert "You accepted" in next_page
    assert f"done={LINK}" in answer.headers["location"]


def test_a_decision_is_taken_back_from_the_next_page(reviewed: Reviewed) -> None:
    reviewed.person("ann").asserts()
    bea = Visitor(reviewed.person("bea"))
    bea.shown(bea.decides(LINK, "reject").headers["location"])
    answer = bea.sends(form=1, action="undo")
    assert answer.headers["location"] == f"/desk/link/{LINK}?note=undone"
    assert "undoneAt" in record(reviewed)["reviews"][0]
    assert "was taken back" in bea.shown(answer.headers["location"])


def test_a_stale_decision_shows_what_changed_and_keeps_what_was_written(reviewed: Reviewed) -> None:
    reviewed.person("ann").asserts()
    bea, cara = Visitor(reviewed.person("bea")), reviewed.person("cara")
    bea.shown(f"/desk/link/{LINK}")
    cara.decides("REJECT", 1, reason="Only training.", codebookRule="objective-23~exclude-1")
    answer = bea.sends(decision="accept", action="decide", reason="My reason.", rule=RULE)
    assert answer.status_code == 409
    for each in ("has changed since you opened it", "cara decided to", "Only training.", "My reason."):
        assert each in answer.text
    assert f'value="{RULE}" checked' in answer.text
    assert len(reviews(reviewed)) == 1
    assert bea.sends(decision="accept", action="decide", reason="My reason.", rule=RULE).status_code == 303
    assert [each["reviewer"] for each in reviews(reviewed)] == ["cara", "bea"]
    assert record(reviewed)["status"] == "proposed"


def test_the_same_form_sent_twice_decides_once(reviewed: Reviewed) -> None:
    reviewed.person("ann").asserts()
    bea = Visitor(reviewed.person("bea"))
    assert bea.decides(LINK, "accept").status_code == 303
    before = version(reviewed)
    assert bea.sends(decision="accept", action="decide").status_code == 303
    assert version(reviewed) == before


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Reviewed]:
    """A service on SQLite whose sample has the link that tests review."""
    with reviewing(f"sqlite:///{tmp_path}/desk.db") as service:
        service.person("maker").asserts()
        yield service


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({}, 400, 'id="accept-error"'),
        ({"decision": "perhaps"}, 400, "Choose accept or reject"),
        ({"decision": "accept", "version": ""}, 400, "no version"),
        ({"decision": "accept", "version": "9" * 30}, 400, "no version"),
        ({"decision": "accept", "reason": "x" * 5001}, 413, 'id="reason-error"'),
        ({"decision": "accept", "reason": "a\u202eb"}, 422, 'id="reason-error"'),
        ({"decision": "accept", "rule": "objective-23~none-1"}, 422, 'id="rule-error"'),
        ({"decision": "accept", "rule": "objective-23~exclude-1"}, 422, 'id="rule-error"'),
        ({"decision": "accept", "action": "delete"}, 400, "nothing to do here"),
    ],
)
def test_a_mistake_is_told_at_its_field_and_nothing_is_stored(
    desk: Reviewed, fields: dict[str, str], status: int, said: str
) -> None:
    visitor, before = Visitor(desk.person("ann")), version(desk)
    visitor.shown(f"/desk/link/{LINK}")
    answer = visitor.sends(**{"action": "decide", **fields})
    assert (answer.status_code, version(desk)) == (status, before)
    assert said in answer.text
    assert "<title>Error: " in answer.text
    assert 'id="errors" tabindex="-1" autofocus' in answer.text
    if fields.get("reason"):
        assert fields["reason"] in answer.text


def test_hostile_text_is_shown_as_text(desk: Reviewed) -> None:
    with writing(desk.engine) as transaction:
        found = transaction.record("project", PROJECT) or {}
        transaction.put({**found, "title": {"en": HOSTILE}})
    ann, bea = desk.person("ann"), Visitor(desk.person("dora"))
    ann.asserts(reason=HOSTILE)
    ann.decides("REJECT", 2, reason=HOSTILE)
    for path in ("/desk?standing=rejected", "/desk/projects", f"/desk/link/{LINK}", CODED):
        page = bea.shown(path)
        assert "<script" not in page
        assert SHOWN in page or path == CODED
    answer = bea.get("/desk?project=%3Cscript%3Ealert(1)%3C/script%3E")
    assert (answer.status_code, "<script" in answer.text, SHOWN in answer.text) == (400, False, True)
    bea.shown(f"/desk/link/{LINK}")
    answer = bea.sends(action="decide", reason=HOSTILE)
    assert "<script" not in answer.text
    assert "&lt;/textarea&gt;" in answer.text


def test_a_token_for_proposals_decides_nothing(desk: Reviewed) -> None:
    visitor = Visitor(desk.person("prop", role="proposer"))
    page = visitor.shown(f"/desk/link/{LINK}")
    assert 'value="decide"' not in page
    fields = {"mark": visitor.mark, "version": "1", "decision": "accept", "action": "decide"}
    answer = visitor.post(f"/desk/link/{LINK}", fields)
    assert (answer.status_code, reviews(desk)) == (403, [])
    assert "scope review" in answer.text


def test_changes_are_counted_with_those_of_the_api(tmp_path: Path) -> None:
    with reviewing(f"sqlite:///{tmp_path}/few.db", mutations_per_minute=2) as service:
        visitor = Visitor(service.person("ann"))
        visitor.person.asserts()
        assert visitor.decides(LINK, "accept", reason="One.").status_code == 303
        answer = visitor.decides(LINK, "reject", reason="Two.")
        assert (answer.status_code, len(reviews(service))) == (429, 1)
        assert int(answer.headers["retry-after"]) > 0
        assert "Two." in answer.text


def test_texts_that_are_not_published_can_be_read_by_who_decides(tmp_path: Path) -> None:
    with reviewing(f"sqlite:///{tmp_path}/kept.db", publish_texts=False) as service:
        visitor = Visitor(service.person("ann"))
        assert QUOTE in visitor.shown(CODED)
        source = record(service, PROJECT, "project")["sources"][0]
        assert QUOTE not in service.client.get(f"/source/{source}.html").text


# The queue


def test_the_queue_says_how_many_remain_and_leads_on_in_its_order(desk: Reviewed) -> None:
    visitor = Visitor(desk.person("ann"))
    assert "<b>18</b> links wait for your decision" in visitor.shown("/desk")
    page = visitor.shown("/desk?target=objective/&order=surest")
    assert "links wait for your decision, of those that you chose" in page
    answer = visitor.decides(f"{LINK}?target=objective/23", "accept")
    assert answer.headers["location"].startswith(
        "/desk/link/V57-805~objective-23?target=objective%2F23&done="
    )
    answer = visitor.decides("V57-805~objective-23?target=objective/23", "accept")
    assert answer.headers["location"] == "/desk?target=objective%2F23&done=V57-805~objective-23"
    page = visitor.shown(answer.headers["location"])
    assert "You accepted" in page
    assert "Nothing here." in page


def test_the_queue_is_cut_into_pages(desk: Reviewed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.pages.desk.queue._SIZE", 7)
    visitor, path, found = Visitor(desk.person("ann")), "/desk", list[str]()
    while path:
        page = visitor.shown(path)
        found += [each.partition('"')[0] for each in page.split('<p class="what"><a href="')[1:]]
        _, _, further = page.partition('rel="next" href="')
        path = further.partition('"')[0].replace("&amp;", "&")
    assert len(found) == len(set(found)) == 18


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ("project=NONE.1", "project"),
        ("target=state/SLV", "target"),
        ("target=objective/99", "target"),
        ("standing=x", "standing"),
        ("mine=x", "mine"),
        ("order=x", "order"),
        ("language=xx", "language"),
        ("least=2", "least"),
        ("most=nan", "most"),
        ("least=0.8&most=0.2", "most"),
    ],
)
def test_a_filter_that_means_nothing_is_told_at_its_field(desk: Reviewed, asked: str, field: str) -> None:
    answer = Visitor(desk.person("ann")).get(f"/desk?{asked}")
    assert answer.status_code == 400
    assert f'<a href="#{field}">' in answer.text
    assert f'id="{field}-error"' in answer.text


def test_what_stands_in_an_address_beside_the_filters_breaks_nothing(desk: Reviewed) -> None:
    visitor = Visitor(desk.person("ann"))
    for query in ("after=none", "after=%00", "done=none", "done=%ff", "x=1&x=2", "%", "note=<b>"):
        assert visitor.get(f"/desk?{query}").status_code == 200
        assert visitor.get(f"/desk/link/{LINK}?{query}").status_code == 200
        assert visitor.get(f"/desk/projects?{query}").status_code == 200
    for path in ("link/none", "link/%00", "project/none/gcm", "project/none", f"project/{PROJECT}/x"):
        assert visitor.get(f"/desk/{path}").status_code in (303, 404)


# Whole projects


def test_deciding_from_a_project_leads_on_through_its_codes_and_back(desk: Reviewed) -> None:
    visitor = Visitor(desk.person("ann"))
    visitor.person.asserts(target="objective/3")
    page = visitor.shown(CODED)
    narrowed = f"?project={PROJECT}&target=objective%2F"
    assert page.count(f'href="/desk/link/{LINK}{narrowed.replace("&", "&amp;")}"') == 3
    answer = visitor.decides(f"{LINK}{narrowed}", "accept")
    assert answer.headers["location"].startswith(f"/desk/link/{PROJECT}~objective-3{narrowed}")
    answer = visitor.decides(f"{PROJECT}~objective-3{narrowed}", "reject")
    page = visitor.shown(answer.headers["location"])
    assert f'<a href="/desk/project/{PROJECT}">Code {PROJECT} as a whole</a>' in page


def test_a_claim_is_added_and_accepted_in_one_step(reviewed: Reviewed) -> None:
    visitor, before = Visitor(reviewed.person("ann")), version(reviewed)
    visitor.shown(f"{CODED}/add?target={TARGET}")
    answer = visitor.sends(quote=QUOTE, reason="Standing body.", accept="yes", rule=RULE)
    assert answer.headers["location"] == f"{CODED}?note=added"
    found = record(reviewed)
    assert found["claims"][0]["evidence"][0]["quote"] == QUOTE
    assert reviews(reviewed) == [
        {"reviewer": "ann", "decision": "accept", "reason": "Standing body.", "codebookRule": RULE}
    ]
    assert (version(reviewed), found["version"], found["status"]) == (before + 2, 2, "accepted")
    with reading(reviewed.engine) as snapshot:
        snapshot.check()


def test_where_the_decision_fails_the_claim_is_not_added_either(desk: Reviewed) -> None:
    visitor, before = Visitor(desk.person("ann")), version(desk)
    visitor.shown(f"{CODED}/add?target=objective/3")
    answer = visitor.sends(quote=QUOTE, accept="yes", rule="objective-3~none-1")
    assert (answer.status_code, version(desk)) == (422, before)
    assert QUOTE in answer.text


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "quote"),
        ({"quote": "no such words"}, "quote"),
        ({"quote": "the"}, "quote"),
        ({"quote": QUOTE, "source": "source/none"}, "source"),
        ({"reason": "x" * 5001}, "reason"),
    ],
)
def test_a_claim_that_cannot_be_made_is_told_at_its_field(
    desk: Reviewed, fields: dict[str, str], field: str
) -> None:
    visitor, before = Visitor(desk.person("ann")), version(desk)
    visitor.shown(f"{CODED}/add?target=objective/3")
    answer = visitor.sends(**fields)
    assert answer.status_code >= 400
    assert version(desk) == before
    assert f'<a href="#{field}">' in answer.text or field == "source"
    assert "source/" not in answer.text.partition("<h1>")[0] or field == "source"


def test_a_quote_over_several_lines_comes_as_forms_send_it(desk: Reviewed) -> None:
    text = record(desk, record(desk, PROJECT, "project")["sources"][0], "source")["text"]
    place = text.index("\n")
    words = text[place - 20 : place + 20]
    visitor = Visitor(desk.person("ann"))
    visitor.shown(f"{CODED}/add?target=objective/3")
    assert visitor.sends(quote=words.replace("\n", "\r\n")).status_code == 303
    (claim,) = record(desk, f"{PROJECT}~objective-3")["claims"]
    assert claim["evidence"][0]["quote"] == words


def test_a_project_is_coded_whole_by_the_version_of_the_codebook(reviewed: Reviewed) -> None:
    reviewed.person("maker").asserts()
    visitor = Visitor(reviewed.person("ann"))
    page = visitor.shown(CODED)
    assert page.count('<div class="code') == 23
    assert "You have not decided on" in page
    assert visitor.sends(action="complete").headers["location"] == f"{CODED}?note=complete"
    coding = record(reviewed, f"{PROJECT}~gcm~1~ann", "coding")
    assert (coding["codebookVersion"], "completedAt" in coding, "blind" in coding) == ("1", True, False)
    page = visitor.shown(f"{CODED}?note=complete")
    assert "The coding is complete." in page
    assert 'value="complete"' not in page
    assert "coded 2" in visitor.shown("/desk/projects")
    assert visitor.shown(f"/desk/project/{PROJECT}/sdg").count('<div class="code') == 186


def test_who_codes_blind_sees_nothing_of_others_until_the_end(reviewed: Reviewed) -> None:
    maker = reviewed.person("maker")
    maker.asserts(reason="A claim of somebody else.")
    maker.decides("REJECT", 1, reason="A reason of somebody else.")
    visitor = Visitor(reviewed.person("ann"))
    visitor.shown(CODED)
    assert visitor.sends(action="start").headers["location"] == f"{CODED}?note=start"
    assert "coding this project blind" in visitor.shown(CODED)
    assert visitor.get(f"/desk/link/{LINK}").status_code == 404
    for path in (CODED, f"/desk?project={PROJECT}&standing=any&mine=any", f"{CODED}/add?target={TARGET}"):
        page = visitor.shown(path)
        assert "somebody else" not in page
        assert f"/desk/link/{LINK}" not in page
    answer = visitor.sends(quote=QUOTE, accept="yes")
    assert answer.status_code == 303
    page = visitor.shown(f"/desk/link/{LINK}")
    assert "somebody else" not in page
    assert "What others decided" not in page
    assert ">accepted<" in page
    assert reviews(reviewed)[-1] == {"reviewer": "ann", "decision": "accept", "blind": True}
    visitor.shown(CODED)
    assert visitor.sends(action="complete").status_code == 303
    page = visitor.shown(f"/desk/link/{LINK}")
    assert "A claim of somebody else." in page
    assert "A reason of somebody else." in page
    coding = record(reviewed, f"{PROJECT}~gcm~1~ann", "coding")
    assert (coding["blind"], "completedAt" in coding) == (True, True)


def test_a_coding_that_cannot_be_begun_says_why(desk: Reviewed) -> None:
    visitor = Visitor(desk.person("ann"))
    visitor.shown(CODED)
    answer = visitor.sends(action="start", version="~")
    assert answer.status_code == 400
    assert 'id="codebook-version-error"' in answer.text
    assert visitor.sends(action="complete").status_code == 303
    answer = visitor.post(CODED, {"mark": visitor.mark, "action": "start", "version": "1"})
    assert answer.status_code == 409
    assert "Nobody codes blind what they have seen" in answer.text

"""The door of the desk: who comes in, how long, and what no other site can make a browser do."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from schema.store import reading
from tests.persons import LINK, Reviewed, reviewing
from tests.serving import BASE
from tests.visitors import Visitor

PAGES = ("/desk", "/desk/projects", f"/desk/link/{LINK}", "/desk/project/PN.0008/gcm")
HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex, nofollow",
}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Reviewed]:
    """A service whose sample has the link that tests review."""
    with reviewing(f"sqlite:///{tmp_path}/desk.db") as service:
        service.person("maker").asserts()
        yield service


def version(service: Reviewed) -> int:
    with reading(service.engine) as snapshot:
        return snapshot.version()


# Coming in and going out


def test_who_is_not_signed_in_is_led_to_the_door_and_back(desk: Reviewed) -> None:
    visitor = Visitor(desk.person("ann"), signs_in=False)
    asked = f"/desk/link/{LINK}?order=surest"
    answer = visitor.get(asked)
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"/desk/sign-in?to={quote(asked, safe='')}",
    )
    visitor.get(answer.headers["location"])
    answer = visitor.sends(token=visitor.person.text or "")
    assert (answer.status_code, answer.headers["location"]) == (303, asked)
    assert visitor.get(asked).status_code == 200


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(desk: Reviewed) -> None:
    visitor = Visitor(desk.person("ann"), signs_in=False)
    kept = visitor.post("/desk/sign-in", {"token": visitor.person.text or ""}).headers["set-cookie"]
    name, _, rest = kept.partition("=")
    assert (name, rest.partition("; ")[2]) == ("compactgraph-desk", "HttpOnly; Path=/; SameSite=lax")
    assert (visitor.person.text or "")[21:] not in kept


def test_over_https_the_cookie_is_secure_and_of_this_host_alone(tmp_path: Path) -> None:
    base = "https://data.example.org"
    with reviewing(f"sqlite:///{tmp_path}/secure.db", base_iri=base) as service:
        visitor = Visitor(service.person("ann"), signs_in=False)
        kept = visitor.post("/desk/sign-in", {"token": visitor.person.text or ""}).headers["set-cookie"]
    assert kept.startswith("__Host-compactgraph-desk=")
    assert kept.partition("; ")[2] == "HttpOnly; Path=/; SameSite=lax; Secure"


@pytest.mark.parametrize(
    "text", ["", " ", "cgt_", "cgt_0123456789abcdef_" + "0" * 64, "é", "\x00", "a" * 5000]
)
def test_what_is_no_token_is_refused_in_one_way(desk: Reviewed, text: str) -> None:
    visitor = Visitor(desk.person("ann"), signs_in=False)
    answer = visitor.post("/desk/sign-in", {"token": text})
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, 'Bearer realm="compactgraph"')
    assert "set-cookie" not in answer.headers
    assert "There is a problem" in answer.text
    if text.strip():
        assert text not in answer.text or text == "cgt_"


@pytest.mark.parametrize(
    "to",
    [
        "//evil.example",
        "https://evil.example/desk",
        "/desk\\evil",
        "/deskevil",
        "/graphql",
        "",
        "/desk\r\nX: y",
    ],
)
def test_nobody_is_led_to_another_site(desk: Reviewed, to: str) -> None:
    visitor = Visitor(desk.person("ann"), signs_in=False)
    answer = visitor.post("/desk/sign-in", {"token": visitor.person.text or "", "to": to})
    assert answer.headers["location"] == "/desk"
    assert f'name="to" value="{to}"' not in visitor.get(f"/desk/sign-in?to={quote(to)}").text or not to


def test_signing_out_ends_the_session_for_whoever_kept_the_cookie(desk: Reviewed) -> None:
    visitor = Visitor(desk.person("ann"))
    kept = dict(visitor.browser.cookies)
    visitor.shown("/desk")
    answer = visitor.sends(form=0)
    assert answer.headers["location"] == "/desk/sign-in?out=1"
    assert "You are signed out" in visitor.get("/desk/sign-in?out=1").text
    visitor.browser.cookies.update(kept)
    assert visitor.get("/desk").status_code == 303


def test_signing_in_again_ends_the_session_before(desk: Reviewed) -> None:
    visitor = Visitor(desk.person("ann"))
    kept = dict(visitor.browser.cookies)
    visitor.post("/desk/sign-in", {"token": visitor.person.text or ""})
    assert visitor.get("/desk").status_code == 200
    visitor.browser.cookies.clear()
    visitor.browser.cookies.update(kept)
    assert visitor.get("/desk").status_code == 303


def test_revoking_the_token_ends_the_session_and_what_was_written_can_be_copied(desk: Reviewed) -> None:
    visitor = Visitor(desk.person("ann"))
    visitor.shown(f"/desk/link/{LINK}")
    desk.revoke("ann")
    before = version(desk)
    answer = visitor.sends(decision="accept", action="decide", reason="So much <b>work</b>")
    assert (answer.status_code, version(desk)) == (401, before)
    assert "So much &lt;b&gt;work&lt;/b&gt;" in answer.text
    assert [visitor.get(each).status_code for each in PAGES] == [303] * len(PAGES)


def test_a_session_is_over_after_its_hours(tmp_path: Path) -> None:
    with reviewing(f"sqlite:///{tmp_path}/short.db", desk_hours=1e-9) as service:
        assert Visitor(service.person("ann")).get("/desk").status_code == 303


def test_the_token_alone_opens_no_page_and_the_cookie_no_api(desk: Reviewed) -> None:
    visitor = Visitor(desk.person("ann"))
    kept = visitor.browser.cookies["compactgraph-desk"]
    bearer = {"Authorization": f"Bearer {visitor.person.text}"}
    assert Visitor(visitor.person, signs_in=False).browser.get("/desk", headers=bearer).status_code == 303
    answer = desk.client.post(
        "/graphql",
        json={"query": "{ dataVersion }"},
        headers={"Authorization": f"Bearer {kept}", "Cookie": f"compactgraph-desk={kept}"},
    )
    assert "UNAUTHENTICATED" in answer.text


# What every answer says


def test_no_page_is_kept_framed_or_scripted(desk: Reviewed) -> None:
    visitor = Visitor(desk.person("ann"))
    for path in (*PAGES, "/desk/link/none", "/desk/project/PN.0008/none", "/desk/project/PN.0008/gcm/add"):
        answer = visitor.get(path)
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS
        assert "<script" not in answer.text
        assert "<style" not in answer.text
        assert " style=" not in answer.text
        assert visitor.browser.head(path).status_code == answer.status_code
    assert HEADERS.items() <= dict(visitor.post("/desk/sign-out", {}).headers).items()


def test_the_style_sheet_may_be_kept_for_ever_and_another_release_is_none(desk: Reviewed) -> None:
    visitor = Visitor(desk.person("ann"))
    page = visitor.shown("/desk")
    (address,) = [each.partition('"')[0] for each in page.split('<link rel="stylesheet" href="')[1:]]
    sheet = visitor.get(address)
    assert "immutable" in sheet.headers["cache-control"]
    assert ".skip" in sheet.text
    assert visitor.get("/desk/style-0.css").status_code == 404


def test_other_methods_are_refused_and_the_desk_can_be_taken_away(desk: Reviewed, tmp_path: Path) -> None:
    visitor = Visitor(desk.person("ann"))
    assert visitor.browser.put("/desk").status_code == 405
    assert visitor.browser.get("/desk/sign-out").status_code == 405
    with reviewing(f"sqlite:///{tmp_path}/none.db", desk=False) as service:
        assert service.client.get("/desk", follow_redirects=False).status_code == 404


# Forged forms

FORGED = {
    "cross-site": {"Sec-Fetch-Site": "cross-site"},
    "same-site": {"Sec-Fetch-Site": "same-site", "Origin": BASE},
    "none": {"Sec-Fetch-Site": "none"},
    "origin": {"Origin": "https://evil.example"},
    "port": {"Origin": "http://127.0.0.1:1"},
    "null": {"Origin": "null"},
}


@pytest.mark.parametrize("headers", FORGED.values(), ids=FORGED.keys())
def test_a_form_of_another_site_changes_nothing_even_with_the_mark(
    desk: Reviewed, headers: dict[str, str]
) -> None:
    visitor = Visitor(desk.person("ann"))
    before = version(desk)
    fields = {"mark": visitor.mark, "version": "1", "decision": "accept", "action": "decide"}
    answer = visitor.post(f"/desk/link/{LINK}", fields, **headers)
    assert (answer.status_code, version(desk)) == (403, before)
    assert "another site" in answer.text
    assert visitor.post("/desk/sign-out", {"mark": visitor.mark}, **headers).status_code == 403
    answer = visitor.post("/desk/sign-in", {"token": visitor.person.text or ""}, **headers)
    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)
    assert visitor.get("/desk").status_code == 200


@pytest.mark.parametrize("mark", ["", "0" * 64, "é", "other"])
def test_a_form_without_the_mark_of_its_session_changes_nothing(desk: Reviewed, mark: str) -> None:
    visitor, other = Visitor(desk.person("ann")), Visitor(desk.person("bea"))
    before = version(desk)
    fields = {"version": "1", "decision": "accept", "action": "decide"}
    sent = other.mark if mark == "other" else mark
    own = {"Origin": BASE, "Sec-Fetch-Site": "same-origin"}
    for answer in (
        visitor.post(f"/desk/link/{LINK}", fields | {"mark": sent}, **own),
        visitor.post(f"/desk/link/{LINK}", fields, **own),
    ):
        assert (answer.status_code, version(desk)) == (403, before)
        assert "not one of this session" in answer.text


def test_a_form_of_the_page_itself_is_taken(desk: Reviewed) -> None:
    visitor = Visitor(desk.person("ann"))
    fields = {"mark": visitor.mark, "version": "1", "decision": "accept", "action": "decide"}
    own = {"Origin": BASE, "Sec-Fetch-Site": "same-origin"}
    assert visitor.post(f"/desk/link/{LINK}", fields, **own).status_code == 303


def test_what_is_no_form_is_refused(desk: Reviewed) -> None:
    visitor = Visitor(desk.person("ann"))
    path, mark = f"/desk/link/{LINK}", visitor.mark
    sent = visitor.browser.post
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert sent(path, json={"mark": mark}).status_code == 415
    assert sent(path, content=b"mark=%ff", headers=form).status_code == 400
    assert sent(path, content=b"mark=\xff", headers=form).status_code == 400
    assert sent(path, content=f"mark={mark}&mark={mark}", headers=form).status_code == 400
    assert sent(path, content=b"a=1&" * 60, headers=form).status_code == 400
    assert sent(path, content=b"a" * 200_000, headers=form).status_code == 413

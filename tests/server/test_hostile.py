"""Hostile values: refused when written, or the same in every format; damage stays where it is."""

import json
import logging
import unicodedata
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, insert, update
from starlette.testclient import TestClient

from ontology.declaration import ExchangeRecord
from ontology.errors import InvalidRecord
from schema.keys import text_key
from schema.log import change, resource
from schema.store import reading, writing
from server.exporter.rdf import DUMPS, write
from server.representation import OFFERS
from tests.databases import Databases
from tests.graphs import read, read_with_pyld
from tests.rdfa import tags
from tests.server.test_resources import read_any
from tests.server.things import IRIS, client_of, expected, fill

#: What is special in one syntax or another, and what is allowed in none.
SPECIAL = st.sampled_from(
    (
        *"<>\"'{}|\\^`\n\r\t&%#? ",
        *("\r\n", "]]>", "-->", "<script>", "</title>", "{{", "}}", "{%", "%00", "&amp;", "&#13;"),
        *("@en", "^^", "_:b", "..", "//", "e\u0301"),
        *"\x00\x01\x0b\x1f\x7f\x80\x85\x9f\ufffe\uffff\ud800\udfff",
        *"\u202e\u202c\u2066\u200f\u2028\u2029\ufeff\U0001f600",
    )
)
TEXTS = st.lists(st.one_of(SPECIAL, st.text(max_size=3)), min_size=1, max_size=8).map("".join)


@pytest.fixture(scope="module")
def shared(databases: Databases) -> Iterator[Engine]:
    """One database for all examples; each writes what it likes over the same project."""
    with databases.fresh("sqlite") as engine:
        fill(engine)
        yield engine


@pytest.fixture(scope="module")
def shared_client(shared: Engine) -> TestClient:
    return client_of(shared)


def project(**fields: Any) -> ExchangeRecord:
    return {"class": "project", "key": "H.1", "title": {"en": "A title"}} | fields


def with_text(text: str) -> ExchangeRecord:
    key = text_key("a text")
    quoted = {"field": "title", "value": text, "source": key}
    result = {"code": "1", "kind": "outcome", "text": {"ar": text}}
    kept = {"field": "title", "kept": text, "other": text, "source": key, "rule": text}
    return project(title={"en": text, "fr": text}, provenance=[quoted], results=[result], conflicts=[kept])


def source(**fields: Any) -> ExchangeRecord:
    key = text_key("a text")
    return {"class": "source", "key": key, "kind": "page", "sha256": key, "text": "a text"} | fields


def is_taken(engine: Engine, *records: ExchangeRecord) -> bool:
    """Whether the store takes the records; else nothing of them is written."""
    try:
        with writing(engine) as transaction:
            for each in records:
                transaction.put(each)
    except InvalidRecord:
        return False
    return True


def check_documents(engine: Engine, client: TestClient, segment: str, key: str) -> None:
    """All formats of the document say the same, whoever reads them."""
    wanted = expected(engine, segment, key)
    for suffix in OFFERS:
        answer = client.get(f"/{segment}/{key}.{suffix}")
        assert answer.status_code == 200
        assert read_any(answer.content, suffix) == wanted
    assert read_with_pyld(client.get(f"/{segment}/{key}.jsonld").json()) == wanted


FREELY = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FREELY
@given(TEXTS)
@example("\x00")
@example("\r\n\r")
@example("</script><script>alert(1)</script>")
@example("e\u0301")
def test_any_text_is_refused_or_comes_back_from_every_format(
    shared: Engine, shared_client: TestClient, text: str
) -> None:
    if not is_taken(shared, source(rights=text), with_text(text)):
        return
    with reading(shared) as snapshot:
        stored = snapshot.record("project", "H.1") or {}
    assert stored["title"]["en"] == unicodedata.normalize("NFC", text)
    check_documents(shared, shared_client, "project", "H.1")
    check_documents(shared, shared_client, "source", text_key("a text"))


@FREELY
@given(TEXTS)
@example("http://example.org/a<b>")
@example("http://[::1")
@example("\u2028")
@example("a\u00a0b")
@example("\u202e")
def test_any_address_is_refused_or_comes_back_from_every_format(
    shared: Engine, shared_client: TestClient, text: str
) -> None:
    for address in (text, f"https://example.org/{text}"):
        if is_taken(shared, source(url=address)):
            check_documents(shared, shared_client, "source", text_key("a text"))


@FREELY
@given(TEXTS)
@example("en-US")
@example("x")
@example("")
def test_any_language_tag_is_refused_or_comes_back_from_every_format(
    shared: Engine, shared_client: TestClient, tag: str
) -> None:
    if is_taken(shared, source(), project(title={tag: "A title"})):
        check_documents(shared, shared_client, "project", "H.1")
    if is_taken(shared, source(language=tag)):
        check_documents(shared, shared_client, "source", text_key("a text"))


@FREELY
@given(TEXTS)
@example("a/b")
@example("../../etc")
@example("PN.0008\n")
def test_any_key_is_refused_or_leads_to_its_document(
    shared: Engine, shared_client: TestClient, key: str
) -> None:
    if is_taken(shared, project(key=key)):
        check_documents(shared, shared_client, "project", key)
    assert shared_client.get(f"/project/{key.encode(errors='replace').hex()}").status_code == 404


@pytest.mark.parametrize(
    "text",
    ["</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", '"><b>', "{{ 7919 * 7907 }}"],
)
def test_no_text_becomes_markup(own: Engine, text: str) -> None:
    client = client_of(own)
    is_taken(own, source(), with_text("harmless"))
    harmless = tags(client.get("/project/H.1.html").content)
    assert is_taken(own, source(), with_text(text))
    page = client.get("/project/H.1.html")
    assert tags(page.content) == harmless
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert harmless.count("script") == 1
    assert str(7919 * 7907) not in page.text


# Damage: rows that somebody wrote behind the store's back


DAMAGED = [
    "no JSON at all",
    "[]",
    '{"class":"project","key":"BAD.1"}',
    json.dumps(
        {"format": "compactgraph/1"} | project(key="BAD.1", updatedAt="2026-11-23T00:00:00Z", title="x")
    ),
    json.dumps(project(key="BAD.1", updatedAt="2026-11-23T00:00:00Z", title={"en": "\x00\x0b"})),
    json.dumps(project(key="BAD.1", updatedAt="2026-11-23T00:00:00Z", title={"not a tag": "x"})),
    json.dumps(project(key="BAD.1", updatedAt="2026-11-23T00:00:00Z", startYear="soon")),
    json.dumps(project(key="BAD.1", updatedAt=7)),
    json.dumps(project(key="BAD.1", updatedAt="2026-11-23T00:00:00Z", unknown="field")),
    json.dumps(project(key="BAD <key>", updatedAt="2026-11-23T00:00:00Z")),
    json.dumps({"class": "nothing", "key": "BAD.1"}),
]


def damage(engine: Engine, line: str, segment: str = "project", key: str = "BAD.1") -> None:
    with engine.begin() as connection:
        row = {"version": 1, "ordinal": 999_999, "class": segment, "key": key}
        connection.execute(
            insert(change).values(row | {"operation": "create", "at": "2026-11-23T00:00:00Z", "record": line})
        )
        connection.execute(insert(resource).values(row | {"deleted": 0, "alias_of": None}))


def dump(engine: Engine, format: str) -> bytes:
    out = BytesIO()
    with reading(engine) as snapshot:
        write(snapshot, out, format, IRIS)
    return out.getvalue()


@pytest.mark.parametrize("line", DAMAGED)
def test_a_damaged_record_breaks_no_document_and_no_dump_of_others(
    own: Engine, caplog: pytest.LogCaptureFixture, line: str
) -> None:
    before = {each: dump(own, each) for each in DUMPS}
    damage(own, line)
    with caplog.at_level(logging.ERROR):
        assert {each: dump(own, each) for each in DUMPS} == before
    assert "left out" in caplog.text
    client = client_of(own)
    answer = client.get("/project/BAD.1")
    assert (answer.status_code, answer.json()["code"]) == (503, "DAMAGED_RECORD")
    assert "db check" in answer.json()["suggestion"]
    shown = client.get("/project/BAD.1", headers={"Accept": "text/html,*/*;q=0.8"})
    assert (shown.status_code, shown.headers["content-type"]) == (503, "text/html; charset=utf-8")
    assert "DAMAGED_RECORD" in shown.text
    assert "db check" in shown.text
    for suffix in OFFERS:
        assert client.get(f"/project/PN.0008.{suffix}").status_code == 200
    assert client.get("/ns").status_code == 200


def test_a_damaged_reference_is_percent_encoded(own: Engine) -> None:
    states = ['<>"{}|\\^`\n\x00', "a b", "\u202e"]
    damage(own, json.dumps(project(key="BAD.1", updatedAt="2026-11-23T00:00:00Z", memberStates=states)))
    check_documents(own, client_of(own), "project", "BAD.1")
    assert read(dump(own, "nt"), "nt") == read(dump(own, "ttl"), "ttl")
    assert b"/id/state/%3C%3E%22%7B%7D%7C%5C%5E%60%0A%00> ." in dump(own, "nt")


def test_a_damaged_link_is_left_out_of_the_document_of_its_project(own: Engine) -> None:
    client = client_of(own)
    key = "PN.0008~objective-23"
    good = read(client.get("/project/PN.0008.ttl").content, "ttl")
    with own.begin() as connection:
        connection.execute(update(change).where(change.c.key == key).values(record='{"project":"PN.0008"}'))
    for suffix in OFFERS:
        found = read_any(client.get(f"/project/PN.0008.{suffix}").content, suffix)
        assert found < good
        assert not any(key in str(subject) for subject, _, _ in found)
    assert any(key in str(subject) for subject, _, _ in good)


def test_a_damaged_thing_has_no_name_in_the_pages_of_others(own: Engine) -> None:
    client = client_of(own)
    assert "El Salvador" in client.get("/project/PN.0008.html").text
    with own.begin() as connection:
        connection.execute(update(change).where(change.c.key == "SLV").values(record="{}"))
    page = client.get("/project/PN.0008.html")
    assert page.status_code == 200
    assert "El Salvador" not in page.text
    assert "SLV" in page.text

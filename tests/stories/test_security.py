"""Security: every mutation of the schema, without a token, with a bad one, out of scope, stale and hostile.

The mutations are read from the schema itself: one without a case here fails the first test.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, build_schema, get_named_type

from ontology.iri import Iris
from schema.review import status
from schema.store import reading
from schema.token import PREFIX
from server.publishing import publish
from tests.databases import KINDS, Databases
from tests.persons import LINK, PROJECT, TARGET, Person, Reviewed, mutation, reviewing, reviewing_on
from tests.processes import running
from tests.serving import BASE, Service


@dataclass(frozen=True, slots=True)
class Case:
    """One mutation that is good after `before`, the scope it needs, and which of its values are texts."""

    values: dict[str, Any]
    scope: str
    texts: tuple[str, ...]
    before: tuple[tuple[str, dict[str, Any]], ...] = ()
    #: The same, asked for a state of things that is not the one that stands.
    stale: dict[str, Any] = field(default_factory=dict)


ASSERTED = ("assertLink", {"project": PROJECT, "target": TARGET, "reason": "So it reads."})
DECIDED = ("reviewLink", {"link": LINK, "decision": "ACCEPT", "version": 1})
CODED = {"project": PROJECT, "scheme": "GCM", "codebookVersion": "1"}
RULE = "objective-23~exclude-1"
MAPPING = "mapping/1~sdg-17.18~relatedMatch"
WEIGHED = ("reviewMapping", {"mapping": MAPPING, "decision": "ACCEPT", "version": 1})

CASES = {
    "assertLink": Case(
        {"project": PROJECT, "target": TARGET, "reason": "So it reads.", "version": 0},
        "propose",
        ("project", "target", "quote", "prefix", "suffix", "source", "reason"),
        stale={"version": 3},
    ),
    "proposeLinks": Case({"project": PROJECT}, "propose", ("project",)),
    "reviewLink": Case(
        {"link": LINK, "decision": "REJECT", "version": 1, "reason": "No.", "codebookRule": RULE},
        "review",
        ("link", "reason", "codebookRule"),
        (ASSERTED,),
        {"version": 2},
    ),
    "undoReview": Case(
        {"link": LINK, "version": 2}, "review", ("link",), (ASSERTED, DECIDED), {"version": 3}
    ),
    # A coding is its person's alone and has no version; what can be stale of it is that of the codebook.
    "startBlindCoding": Case(
        {**CODED, "codebookVersion": "2"},
        "review",
        ("project", "codebookVersion"),
        stale={"codebookVersion": "1"},
    ),
    "completeCoding": Case(
        {**CODED, "codebookVersion": "2"},
        "review",
        ("project", "codebookVersion"),
        (("startBlindCoding", {**CODED, "codebookVersion": "2"}),),
        {"codebookVersion": "1"},
    ),
    "reviewMapping": Case(
        {"mapping": MAPPING, "decision": "REJECT", "version": 1, "reason": "No.", "codebookRule": RULE},
        "review",
        ("mapping", "reason", "codebookRule"),
        stale={"version": 2},
    ),
    "undoMappingReview": Case(
        {"mapping": MAPPING, "version": 2}, "review", ("mapping",), (WEIGHED,), {"version": 3}
    ),
}
ALL = pytest.mark.parametrize("name", sorted(CASES))

HOSTILE = {
    "U+0000": "a\0b",
    "a control character": "a\x1bb",
    "half a character": "a\ud800b",
    "no character": "a\uffffb",
    "text turned around": "a\u202eb",
    "an isolate": "\u2066a",
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&",
    "SQL": "'; DROP TABLE link; --",
    "a pattern": "%' OR '1'='1",
    "right to left": "\u0645\u0634\u0631\u0648\u0639 \u05e4\u05e8\u05d5\u05d9\u05e7\u05d8",
    "a path": "../../etc/passwd",
    "a formula": '=HYPERLINK("http://example.org")',
    "a template": "{{7*7}}${7*7}%(x)s{0}",
    "line ends": "a\r\nX-Injected: 1",
    "long": "x" * 90_000,
}

#: What a hostile text may be answered with, beside being taken for what it is.
CODES = {
    "BAD_ARGUMENT", "BAD_REQUEST", "CONFLICT", "INVALID_RECORD", "NOT_FOUND", "QUOTE_AMBIGUOUS",
    "QUOTE_NOT_FOUND", "TOO_LARGE", "UNKNOWN_REFERENCE",
}  # fmt: skip


def lines(service: Service) -> list[str]:
    """All that is stored, as an export has it."""
    with reading(service.engine) as snapshot:
        return list(snapshot.lines())


def version(service: Service) -> int:
    """The data version: nothing is written without another one."""
    with reading(service.engine) as snapshot:
        return snapshot.version()


def prepared(person: Person, case: Case) -> None:
    """Let a mutation be good."""
    for name, values in case.before:
        person.change(name, **values)


def test_every_mutation_of_the_schema_has_a_case(reviewed: Reviewed) -> None:
    sdl = build_schema(reviewed.client.get("/schema.graphql").text)
    assert sdl.mutation_type is not None
    assert CASES.keys() == sdl.mutation_type.fields.keys()
    for name, case in CASES.items():
        takes = get_named_type(sdl.mutation_type.fields[name].args["input"].type)
        assert isinstance(takes, GraphQLInputObjectType)
        fields = takes.fields
        texts = {each for each, kind in fields.items() if str(kind.type).strip("!") in {"ID", "String"}}
        assert set(case.texts) == texts


@ALL
def test_a_mutation_without_a_good_token_is_unauthenticated_and_does_nothing(
    reviewed: Reviewed, name: str
) -> None:
    case, ann = CASES[name], reviewed.person("ann")
    prepared(ann, case)
    before = version(reviewed)
    reviewed.revoke("ann")
    bad = [
        None, ann.text, "", "x", PREFIX, f"{ann.text}0", str(ann.text).upper(),
        f"{PREFIX}{'0' * 16}_{'0' * 64}", f"{str(ann.text)[:21]}{'0' * 64}",
        "' OR 1=1 --", "\u00e9", "x" * 5_000,
    ]  # fmt: skip
    for text in bad:
        for accept in ("application/json", "application/graphql-response+json"):
            answer = Person(reviewed, text).sent(*mutation(name, case.values), Accept=accept)
            assert answer.status_code == 401
            assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
            assert "data" not in answer.json()
            invalid = "" if text is None else ', error="invalid_token"'
            assert answer.headers["www-authenticate"] == f'Bearer realm="compactgraph"{invalid}'
            assert "no-store" in answer.headers["cache-control"]
    for scheme in ("Basic YW5uOmFubg==", f"Token {ann.text}", str(ann.text)):
        answer = reviewed.nobody().sent(*mutation(name, case.values), Authorization=scheme)
        assert answer.status_code == 401
    assert version(reviewed) == before


@ALL
def test_a_mutation_out_of_scope_is_forbidden_and_does_nothing(reviewed: Reviewed, name: str) -> None:
    case, ann = CASES[name], reviewed.person("ann")
    other = {"propose": "review", "review": "propose"}[case.scope]
    limited = reviewed.person("bea", other)
    prepared(ann, case)
    before = version(reviewed)
    answer = limited.sent(*mutation(name, case.values))
    assert answer.status_code == 403
    assert answer.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert f'error="insufficient_scope", scope="{case.scope}"' in answer.headers["www-authenticate"]
    # Nothing is done of an operation of which a part is not allowed, whatever its order.
    allowed = next(each for each, one in CASES.items() if one.scope == other and not one.before)
    both = [mutation(each, CASES[each].values)[1]["input"] for each in (allowed, name)]
    kinds = [f"{each[0].upper()}{each[1:]}Input" for each in (allowed, name)]
    query = f"""mutation($a: {kinds[0]}!, $b: {kinds[1]}!) {{
        {allowed}(input: $a) {{ changed }} {name}(input: $b) {{ changed }} }}"""
    assert limited.sent(query, {"a": both[0], "b": both[1]}).status_code == 403
    assert version(reviewed) == before


@ALL
def test_a_mutation_of_what_has_changed_is_a_conflict_and_a_replay_changes_nothing(
    reviewed: Reviewed, name: str
) -> None:
    case, ann = CASES[name], reviewed.person("ann")
    prepared(ann, case)
    if name == "startBlindCoding":
        ann.change(name, **case.values)
    before = version(reviewed)
    if case.stale:
        assert ann.refusal(name, **{**case.values, **case.stale})["code"] == "CONFLICT"
    assert version(reviewed) == before
    ann.change(name, **case.values)
    after = version(reviewed)
    assert ann.change(name, **case.values)["changed"] is False
    assert version(reviewed) == after


@ALL
def test_hostile_text_is_refused_or_kept_to_the_letter_and_breaks_nothing(hostile: Person, name: str) -> None:
    case, service = CASES[name], hostile.service
    for place in case.texts:
        for kind, text in HOSTILE.items():
            before = version(service)
            answer = sent(hostile, name, {**case.values, place: text})
            assert answer.status_code in {200, 400, 413}
            found = answer.json()
            if "errors" in found:
                codes = {each["extensions"]["code"] for each in found["errors"]}
                assert codes <= CODES, (place, kind, found)
                assert len(answer.content) < 5_000
                assert version(service) == before
            else:
                assert place in {"reason", "codebookRule", "prefix", "suffix", "source"}
                assert place != "reason" or escaped(text) in "\n".join(lines(service))
    with reading(service.engine) as snapshot:
        snapshot.check()
    for suffix in ("ttl", "jsonld", "rdf", "nt", "html"):
        page = service.client.get(f"/link/{LINK}.{suffix}")
        assert page.status_code == 200
        assert "<script>alert(1)" not in page.text or suffix in {"ttl", "jsonld", "nt"}


def escaped(text: str) -> str:
    """A text as it stands in a line of JSON."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


@pytest.fixture(scope="module", params=KINDS)
def hostile(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Person]:
    """Who sends all hostile texts to one service: what they leave behind is part of the test."""
    with reviewing_on(databases, request.param) as service:
        ann = service.person("ann")
        ann.asserts()
        yield ann


def sent(person: Person, name: str, values: dict[str, Any]) -> Any:
    """The response to a mutation whose text may be no text: it is sent with every character escaped."""
    query, variables = mutation(name, values)
    body = json.dumps({"query": query, "variables": variables}).encode()
    headers = {"Authorization": f"Bearer {person.text}", "Content-Type": "application/json"}
    return person.service.client.post("/graphql", content=body, headers=headers)


@ALL
def test_a_text_of_a_megabyte_is_refused_before_it_is_read(reviewed: Reviewed, name: str) -> None:
    case, ann = CASES[name], reviewed.person("ann")
    before = version(reviewed)
    for place in case.texts:
        answer = sent(ann, name, {**case.values, place: "x" * 1_000_000})
        assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (413, "TOO_LARGE")
    assert version(reviewed) == before


def test_a_revoked_token_is_good_no_more_at_once_for_reading_too(reviewed: Reviewed) -> None:
    ann = reviewed.person("ann")
    assert ann.sent("{ dataVersion }").status_code == 200
    reviewed.revoke("ann")
    for query in ("{ dataVersion }", "{ __typename }"):
        answer = ann.sent(query)
        assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (
            401,
            "UNAUTHENTICATED",
        )
    # Credentials for somebody else, such as a proxy, are none of our business.
    assert reviewed.nobody().sent("{ dataVersion }", Authorization="Basic YTpi").status_code == 200


def test_answers_to_a_person_are_kept_by_no_cache_and_have_no_tag(reviewed: Reviewed) -> None:
    ann, query = reviewed.person("ann"), {"query": "{ dataVersion }"}
    public = reviewed.client.get("/graphql", params=query)
    assert "Authorization" in public.headers["vary"]
    headers = {"Authorization": f"Bearer {ann.text}", "If-None-Match": public.headers["etag"]}
    own = reviewed.client.get("/graphql", params=query, headers=headers)
    assert (own.status_code, own.headers["cache-control"]) == (200, "private, no-store")
    assert "Authorization" in own.headers["vary"]
    assert "etag" not in own.headers
    again = reviewed.client.get("/graphql", params=query, headers={"If-None-Match": public.headers["etag"]})
    assert again.status_code == 304


def test_pages_of_other_origins_may_send_a_token_and_browsers_send_no_cookies(reviewed: Reviewed) -> None:
    asking = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    answer = reviewed.client.options("/graphql", headers={"Origin": "https://example.org", **asking})
    assert "authorization" in answer.headers["access-control-allow-headers"].lower().replace(" ", "").split(
        ","
    )
    assert "access-control-allow-credentials" not in answer.headers
    told = reviewed.nobody().sent(
        *mutation("undoReview", CASES["undoReview"].values), Origin="https://example.org"
    )
    assert "WWW-Authenticate" in told.headers["access-control-expose-headers"]


def test_a_token_that_changes_too_much_has_to_wait(tmp_path: Path) -> None:
    with reviewing(f"sqlite:///{tmp_path}/own.db", mutations_per_minute=3) as service:
        ann, bea = service.person("ann"), service.person("bea")
        ann.asserts()
        asked = mutation("assertLink", CASES["assertLink"].values)
        answers = [ann.sent(*asked) for _ in range(3)]
        assert [each.status_code for each in answers] == [200, 200, 429]
        refused = answers[-1]
        assert refused.json()["errors"][0]["extensions"]["code"] == "RATE_LIMITED"
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert '"mutations";q=3;w=60' in answers[0].headers["ratelimit-policy"]
        assert '"mutations";r=1' in answers[0].headers["ratelimit"]
        assert ann.sent("{ dataVersion }").status_code == 200
        assert bea.sent(*asked).status_code == 200


@pytest.mark.parametrize(
    ("settings", "query", "code"),
    [
        ({"max_cost": 5}, "", "COST_LIMIT"),
        ({"max_root_fields": 1}, "b: ", "ROOT_FIELD_LIMIT"),
        ({"max_depth": 2}, "", "DEPTH_LIMIT"),
    ],
)
def test_the_limits_of_operations_hold_for_mutations(
    tmp_path: Path, settings: dict[str, Any], query: str, code: str
) -> None:
    claim = '{project: "PN.0008", target: "objective/23", reason: "x"}'
    one = f"assertLink(input: {claim}) {{ link {{ claims {{ method }} }} }}"
    more = f"{query}{one}" if query else ""
    with reviewing(f"sqlite:///{tmp_path}/own.db", **settings) as service:
        before = version(service)
        error = service.person("ann").sent(f"mutation {{ a: {one} {more} }}").json()["errors"][0]
        assert (error["extensions"]["code"], version(service)) == (code, before)


@ALL
def test_no_mutation_publishes_what_the_rule_does_not_accept(reviewed: Reviewed, name: str) -> None:
    case = CASES[name]
    for person in (reviewed.person("ann"), reviewed.person("bea")):
        for each, values in (*case.before, (name, case.values)):
            person.sent(*mutation(each, values))
        with reading(reviewed.engine) as snapshot:
            links = list(snapshot.records("link"))
            accepted = {
                (each["key"], f"objective/{number}")
                for each in snapshot.records("project")
                for number in each.get("objectives", [])
            }
        assert [each["status"] for each in links] == [status(each.get("reviews", [])) for each in links]
        derived = {(each["project"], each["target"]) for each in links if each["status"] == "accepted"}
        assert accepted == derived


def test_a_token_is_in_no_log_no_record_no_export_and_no_answer(tmp_path: Path) -> None:
    with running(tmp_path, log_level="debug") as live:
        with reviewing(f"sqlite:///{tmp_path}/running.db") as service:
            ann = service.person("ann")
            assert ann.text is not None
            known = ann.text.rpartition("_")[2]
            with service.engine.connect() as connection:
                digest = connection.exec_driver_sql("SELECT digest FROM token").scalar_one()
            _ask(live.address, ann.text)
            publish(service.engine, tmp_path / "publication", Iris(BASE))
            exported = "\n".join(lines(service))
            with service.engine.connect() as connection:
                logged = connection.exec_driver_sql("SELECT record FROM change").scalars().all()
            answers = [
                service.client.get(each).text for each in ("/metrics", "/ready", "/feed/claims", "/feed")
            ]
        log = live.log()
    assert log.count('"operation":"Claiming"') >= 1
    files = [each.read_bytes() for each in (tmp_path / "publication").rglob("*") if each.is_file()]
    for secret in (known, digest, ann.text):
        assert secret not in log
        assert secret not in exported
        assert not any(secret in each for each in [*logged, *answers])
        assert not any(secret.encode() in each for each in files)


def _ask(address: str, text: str) -> None:
    """Ask a running service well and badly, with the token and with what is almost it."""
    import httpx2

    query, variables = mutation("assertLink", CASES["assertLink"].values)
    named = query.replace("mutation(", "mutation Claiming(", 1)
    for sent in (text, text[:-1], text.upper()):
        for body in ({"query": named, "variables": variables}, {"query": "{"}, {"query": "{ dataVersion }"}):
            headers = {"Authorization": f"Bearer {sent}"}
            httpx2.post(f"{address}/graphql", json=body, headers=headers)

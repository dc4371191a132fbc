"""The feed: every change once, in pages that close, from which the data can be put together again."""

from collections.abc import Iterator

import pytest
from alembic import command
from sqlalchemy import Engine
from starlette.testclient import TestClient

from ontology.graph import chunks
from ontology.iri import Iris
from schema import noting
from schema.links import Verdict, merge, review_link
from schema.model.link import Decision
from schema.store import reading, writing
from server.app import create_app
from server.documents import described
from server.revisions import migrations, upgrade
from server.settings import Settings
from tests.databases import Databases
from tests.graphs import Statement, read_graphs
from tests.replay import Harvester
from tests.schema.world import full, ground, instrument, link, project, put, source
from tests.serving import BASE

FORMATS = ("ttl", "jsonld", "rdf", "nt", "nq", "trig")
PLAN = "instrument/SLV-implementation-plan-2023"


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of five and shelves of three, so that a small world has all of them."""
    monkeypatch.setattr(noting, "PAGE_SIZE", 5)
    monkeypatch.setattr(noting, "SHELF_SIZE", 3)


@pytest.fixture
def client(engine: Engine) -> Iterator[TestClient]:
    put(engine, *ground(), source(), full())
    put(engine, project("OLD.1"), project("GONE.1"), instrument(), at="2026-11-02T00:00:00Z")
    put(engine, link(), link("OLD.1"), link(target=PLAN), at="2026-11-03T00:00:00Z")
    url = engine.url.render_as_string(hide_password=False)
    app = create_app(Settings(database_url=url, base_iri=BASE))
    with TestClient(app, base_url=BASE) as found:
        yield found
    app.state.engine.dispose()


def harvester(client: TestClient, suffix: str = "nq", root: str = "/feed") -> Harvester:
    return Harvester(lambda url, headers: client.get(url, headers=headers), f"{BASE}{root}", suffix)


def said(engine: Engine, graph: str) -> set[Statement]:
    """What the living records of a graph say."""
    with reading(engine) as snapshot:
        found = list(chunks(described(snapshot.records()), Iris(BASE)))
        return {each for name, statements in found if str(name).endswith(graph) for each in statements}


def accept(engine: Engine, key: str, at: str, decision: Decision = Decision.ACCEPT) -> None:
    with writing(engine, at) as transaction:
        review_link(transaction, key, Verdict(decision, "ann"))


def change_everything(engine: Engine) -> None:
    """Merges, deletes, accepts and takes back; at the end a plan is a fact that was a candidate."""
    with writing(engine, "2026-11-04T00:00:00Z") as transaction:
        merge(transaction, "OLD.1", "PN.0008")
    with writing(engine, "2026-11-05T00:00:00Z") as transaction:
        transaction.delete("project", "GONE.1")
    accept(engine, f"PN.0008~{PLAN.replace('/', '-')}", "2026-11-06T00:00:00Z")
    accept(engine, "PN.0008~objective-23", "2026-11-06T00:00:00Z")
    put(engine, full() | {"results": []}, at="2026-11-07T00:00:00Z")


# What is in it


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("graph", ["facts", "claims"])
def test_replaying_a_feed_gives_the_dump_in_every_format(
    client: TestClient, engine: Engine, suffix: str, graph: str
) -> None:
    root = "/feed" if graph == "facts" else "/feed/claims"
    follower = harvester(client, suffix, root)
    assert follower.harvest() != []
    assert follower.graph() == said(engine, graph)
    change_everything(engine)
    assert follower.harvest() != []
    assert follower.graph() == said(engine, graph)
    late = harvester(client, suffix, root)
    late.harvest()
    assert late.graph() == said(engine, graph)
    assert late.known == follower.known


def test_every_change_of_the_log_is_a_member_once(client: TestClient, engine: Engine) -> None:
    change_everything(engine)
    facts, claims = harvester(client), harvester(client, root="/feed/claims")
    numbers = [[each.number for each in found.harvest()] for found in (facts, claims)]
    assert [each == list(range(1, len(each) + 1)) for each in numbers] == [True, True]
    with reading(engine) as snapshot:
        logged = snapshot.changes(limit=1000)
    # A plan that becomes a fact leaves the one feed and enters the other.
    assert sum(map(len, numbers)) == len(logged) + 1


def test_an_alias_is_a_deletion_that_names_what_replaces_it(client: TestClient, engine: Engine) -> None:
    follower = harvester(client)
    follower.harvest()
    change_everything(engine)
    gone = {each.thing: each for each in follower.harvest() if each.kind == "Delete"}
    assert gone.keys() == {f"{BASE}/id/project/OLD.1", f"{BASE}/id/project/GONE.1"}
    assert gone[f"{BASE}/id/project/OLD.1"].replacement == f"{BASE}/id/project/PN.0008"
    assert gone[f"{BASE}/id/project/GONE.1"].replacement is None
    assert {each.statements for each in gone.values()} == {frozenset()}


def test_what_is_accepted_enters_the_facts_and_leaves_them_again(client: TestClient, engine: Engine) -> None:
    facts, claims = harvester(client), harvester(client, root="/feed/claims")
    key, plan = f"PN.0008~{PLAN.replace('/', '-')}", f"{BASE}/id/{PLAN}"
    facts.harvest(), claims.harvest()
    assert (plan in facts.things, plan in claims.things) == (False, True)
    accept(engine, key, "2026-11-06T00:00:00Z")
    assert {each.thing for each in facts.harvest()} == {plan, f"{BASE}/id/project/PN.0008"}
    assert {each.thing for each in claims.harvest()} == {plan, f"{BASE}/id/link/{key}"}
    assert (plan in facts.things, plan in claims.things) == (True, False)
    accept(engine, key, "2026-11-07T00:00:00Z", Decision.REJECT)
    facts.harvest(), claims.harvest()
    assert (plan in facts.things, plan in claims.things) == (False, True)


def test_a_new_claim_changes_nothing_in_the_feed_of_facts(client: TestClient, engine: Engine) -> None:
    before = client.get("/feed.trig")
    put(engine, link(target="objective/7"), instrument(2025), at="2026-11-08T00:00:00Z")
    after = client.get("/feed.trig", headers={"If-None-Match": before.headers["etag"]})
    assert after.status_code == 304
    assert (before.headers["data-version"], after.headers["data-version"]) == ("3", "4")
    assert client.get("/feed.trig").content == before.content


# Its pages


def test_what_is_on_a_closed_page_never_changes(client: TestClient, engine: Engine) -> None:
    follower = harvester(client)
    follower.harvest()
    pages = {each: client.get(each).content for each in follower.closed if "/page/" in each}
    assert len(pages) >= 3
    change_everything(engine)
    again = {each: client.get(each) for each in pages}
    assert {each: answer.content for each, answer in again.items()} == pages
    assert {each.headers["cache-control"] for each in again.values()} == {
        "public, max-age=31536000, immutable"
    }


def test_a_reader_that_knows_the_closed_pages_asks_only_for_the_root_and_for_new_ones(
    client: TestClient, engine: Engine
) -> None:
    follower = harvester(client)
    follower.harvest()
    follower.requests = 0
    assert follower.harvest() == []
    assert follower.requests == 1
    put(engine, *(project(f"NEW.{n}") for n in range(6)), at="2026-11-08T00:00:00Z")
    follower.requests = 0
    assert len(follower.harvest()) == 6
    assert follower.requests <= 4


def test_shelves_hold_full_pages_and_the_root_leads_to_everything(client: TestClient, engine: Engine) -> None:
    put(engine, *(project(f"NEW.{n:03}") for n in range(100)), at="2026-11-08T00:00:00Z")
    follower = harvester(client)
    follower.harvest()
    shelves = [each for each in follower.closed if "/shelf/" in each]
    assert len(shelves) >= 7
    root = read_graphs(client.get("/feed.nq").content, "nq")
    assert sum("/page/" in str(o) for _, (_, p, o) in root if str(p).endswith("tree#node")) <= 2 * 2


def test_the_bounds_of_a_page_hold_its_members(client: TestClient, engine: Engine) -> None:
    change_everything(engine)
    follower = harvester(client)
    follower.harvest()
    for suffix in ("nq", "ttl"):
        times = {
            node: {
                str(o)
                for _, (_, p, o) in read_graphs(client.get(f"{node}.{suffix}").content, suffix)
                if str(p).endswith("prov#generatedAtTime") and str(o) > ""
            }
            for node in follower.closed
            if "/page/" in node
        }
        bounds = bounds_of(client, [f"{BASE}/feed", *follower.closed])
        assert {node: (min(each), max(each)) for node, each in times.items()} == {
            node: each for node, each in bounds.items() if "/page/" in node
        }


def bounds_of(client: TestClient, nodes: list[str]) -> dict[str, tuple[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for node in nodes:
        about: dict[str, dict[str, str]] = {}
        for _, (s, p, o) in read_graphs(client.get(f"{node}.nq").content, "nq"):
            about.setdefault(str(s), {})[str(p).rpartition("#")[2]] = str(o)
        for each in about.values():
            if "node" in each:
                found.setdefault(each["node"], {})[each["type"].rpartition("#")[2]] = each["value"]
    return {
        node: (each["GreaterThanOrEqualToRelation"], each["LessThanOrEqualToRelation"])
        for node, each in found.items()
    }


def test_the_time_of_a_member_is_never_before_that_of_an_earlier_one(
    client: TestClient, engine: Engine
) -> None:
    put(engine, project("LATE.1", updatedAt="2020-01-01T00:00:00Z"), at="2020-01-01T00:00:00Z")
    members = harvester(client).harvest()
    assert [each.published for each in members] == sorted(each.published for each in members)
    assert members[-1].thing.endswith("LATE.1")
    assert members[-1].published == "2026-11-03T00:00:00Z"


def test_a_log_of_an_earlier_release_is_noted_at_the_upgrade_as_if_it_had_always_been(
    client: TestClient, engine: Engine
) -> None:
    change_everything(engine)
    before = [client.get(each).content for each in ("/feed.nq", "/feed/claims.nq")]
    with engine.connect() as connection, connection.begin():
        command.downgrade(migrations(connection), "0004")
    upgrade(engine)
    assert [client.get(each).content for each in ("/feed.nq", "/feed/claims.nq")] == before


def test_a_database_that_was_filled_again_has_other_addresses_for_what_is_other(
    client: TestClient, databases: Databases, kind: str
) -> None:
    first = harvester(client)
    first.harvest()
    with databases.fresh(kind) as other:
        put(
            other,
            *ground(),
            source("Other words."),
            project("PN.0008"),
            *(project(f"N.{n}") for n in range(9)),
        )
        url = other.url.render_as_string(hide_password=False)
        app = create_app(Settings(database_url=url, base_iri=BASE))
        with TestClient(app, base_url=BASE) as restored:
            second = harvester(restored)
            second.harvest()
        app.state.engine.dispose()
    same = first.known.keys() & second.known.keys()
    assert {first.known[each] for each in same} == {second.known[each] for each in same}
    assert 0 < len(same) < len(second.known)
    assert 0 < len(first.closed & second.closed) < len(second.closed)

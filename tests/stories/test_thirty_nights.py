"""Thirty nights: a harvester that hashes what it gets sees the true changes, none lost, spurious or twice."""

import hashlib
import io
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from alembic import command
from sqlalchemy import Engine
from starlette.testclient import TestClient

from ontology.iri import Iris
from schema import noting
from schema.exchange import is_gone, parse
from schema.store import reading
from server.app import create_app
from server.database import migrations
from server.exporter.rdf import write
from server.settings import Settings
from tests.graphs import read_graphs
from tests.replay import Harvester, Seen
from tests.serving import BASE
from tests.stories.faults import command as started
from tests.stories.faults import url
from tests.stories.nights import Identity, Lines, Nights, truth

IRIS = Iris(BASE)
NIGHTS = 30
PAGE_SIZE = 20
HARVESTED = ("project", "instrument")

# A release has one size of pages; the upgrade runs in a process of its own, which has to have the same.
_UPGRADE = (
    f"from schema import noting; noting.PAGE_SIZE = {PAGE_SIZE}; "
    "from server.cli import app; app(['db', 'upgrade'])"
)


@dataclass
class Portal:
    """A harvester with a memory: it asks with the tags that it knows, and hashes what it is sent."""

    tags: dict[Identity, str] = field(default_factory=dict)
    facts: dict[Identity, str] = field(default_factory=dict)
    documents: dict[Identity, str] = field(default_factory=dict)
    dumps: dict[str, str] = field(default_factory=dict)
    feeds: dict[str, Harvester] = field(default_factory=dict)

    def documents_changed(
        self, client: TestClient, things: list[Identity]
    ) -> tuple[set[Identity], set[Identity]]:
        """The things whose documents are other than last night, and those whose facts in them are."""
        documents, facts = set[Identity](), set[Identity]()
        for each in things:
            tag = self.tags.get(each)
            headers = {"If-None-Match": tag} if tag else {}
            answer = client.get(f"/{each[0]}/{each[1]}.nq", headers=headers, follow_redirects=False)
            if answer.status_code == 304:
                continue
            self.tags[each] = answer.headers.get("etag", "")
            leads = answer.headers.get("location", "")
            said = answer.text if answer.status_code == 200 else f"{answer.status_code} {leads}"
            own = "".join(line for line in said.splitlines(True) if f"<{IRIS.graph('facts')}> ." in line)
            for known, changed, text in ((self.documents, documents, said), (self.facts, facts, own)):
                digest = hashlib.sha256(text.encode()).hexdigest()
                # A tag that changes without the bytes would be a spurious change.
                if known.get(each) != digest:
                    changed.add(each)
                known[each] = digest
        return documents, facts

    def dump_changed(self, engine: Engine, format: str) -> bool:
        """Whether a dump has another hash than last night."""
        out = io.BytesIO()
        with reading(engine) as snapshot:
            write(snapshot, out, format, IRIS)
        before, self.dumps[format] = self.dumps.get(format), hashlib.sha256(out.getvalue()).hexdigest()
        return before != self.dumps[format]

    def members(self, client: TestClient, root: str) -> list[Seen]:
        """The new members of a feed."""
        if root not in self.feeds:
            self.feeds[root] = Harvester(lambda *_: client.get("/"), f"{BASE}{root}")
        self.feeds[root].get = lambda address, headers: client.get(address, headers=headers)
        return self.feeds[root].harvest()


@contextmanager
def served(engine: Engine) -> Iterator[TestClient]:
    """The service, started anew."""
    app = create_app(Settings(database_url=url(engine), base_iri=BASE))
    with TestClient(app, base_url=BASE) as client:
        yield client
    app.state.engine.dispose()


def upgrade_from_the_release_before(engine: Engine) -> None:
    """Takes the tables of the feed away, as a release without them left the database, and upgrades it."""
    with engine.connect() as connection, connection.begin():
        command.downgrade(migrations(connection), "0004")
    process = started(engine)
    process["args"] = [sys.executable, "-c", _UPGRADE]
    subprocess.run(**process, check=True)


def touched(before: Lines, after: Lines) -> set[Identity]:
    return {each for each in before.keys() | after.keys() if before.get(each) != after.get(each)}


def told_by(changed: set[Identity], before: Lines, after: Lines) -> set[Identity]:
    """The things whose documents say what changed.

    A project's says its links and the candidates that those lead to, and a former key leads to no more than
    what it leads to.
    """
    found = set(changed)
    for lines in (before, after):
        for (segment, key), record in ((each, parse(line)) for each, line in lines.items()):
            if (segment, record.get("aliasOf")) in changed:
                found.add((segment, key))
            elif segment == "link" and "project" in record:
                kind, _, target = record["target"].partition("/")
                is_candidate = kind == "instrument" and (kind, target) in changed
                if (segment, key) in changed or is_candidate:
                    found.add(("project", record["project"]))
    return found


def living(lines: Lines) -> dict[Identity, str]:
    return {each: line for each, line in lines.items() if not is_gone(parse(line))}


@pytest.mark.parametrize("seed", [20261126])
def test_a_harvester_sees_exactly_the_true_changes_for_thirty_nights(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(noting, "PAGE_SIZE", PAGE_SIZE)
    nights, portal = Nights(engine, seed), Portal()
    before: Lines = {}
    version, seen, last = 0, set[str](), dict[str, Lines](nt={}, nq={})
    for night in range(NIGHTS + 1):
        if night:
            nights.work()
        if night == 15:
            upgrade_from_the_release_before(engine)
        after, changes = nights.lines(), nights.changes(version)
        changed = touched(before, after)
        with served(engine) as client:
            # Documents
            things = sorted(each for each in after if each[0] in HARVESTED)
            documents, facts = portal.documents_changed(client, things)
            expected = {each for each in told_by(changed, before, after) if each[0] in HARVESTED}
            assert documents <= expected, f"night {night}: spurious documents"
            lived = living(before).keys() | living(after).keys()
            lost = {each for each in changed & lived if each[0] in HARVESTED} - documents
            assert not lost, f"night {night}: lost documents"
            said = {each for feed, _, each in truth(before, changes) if feed == "facts"}
            assert {each for each in facts if each in before} <= said | changed, f"night {night}"
            # Dumps
            for dump in ("nt", "nq") if night % 10 == 0 else ("nt",):
                is_other = living(last[dump]) != living(after)
                assert portal.dump_changed(engine, dump) == is_other, f"night {night}: {dump}"
                last[dump] = after
            # Feeds
            for feed, root in (("facts", "/feed"), ("claims", "/feed/claims")):
                members = portal.members(client, root)
                assert not seen & {each.iri for each in members}, f"night {night}: twice"
                seen |= {each.iri for each in members}
                told = [(each.kind, each.thing) for each in members]
                true = [(k, IRIS.thing(*each)) for f, k, each in truth(before, changes) if f == feed]
                assert told == [(kind, str(thing)) for kind, thing in true], f"night {night}: {feed}"
        before, version = after, nights.version()
    assert version > NIGHTS
    check_what_was_put_together(engine, portal)


def check_what_was_put_together(engine: Engine, portal: Portal) -> None:
    """After all nights the harvester holds what a dump says, and knows where every former key leads."""
    out = io.BytesIO()
    with reading(engine) as snapshot:
        write(snapshot, out, "nq", IRIS)
        aliases = {
            parse(each)["key"]: parse(each)["aliasOf"] for each in snapshot.lines() if '"aliasOf"' in each
        }
    graphs = read_graphs(out.getvalue(), "nq")
    for graph, root in (("facts", "/feed"), ("claims", "/feed/claims")):
        dumped = {statement for name, statement in graphs if name == str(IRIS.graph(graph))}
        assert portal.feeds[root].graph() == dumped
        assert sum("/page/" in each for each in portal.feeds[root].closed) >= 3
    replaced = {**portal.feeds["/feed"].replaced, **portal.feeds["/feed/claims"].replaced}
    assert len(aliases) > 5
    assert {each.rpartition("/")[2] for each in replaced} == {
        str(IRIS.thing("link" if "~" in each else "project", each)).rpartition("/")[2] for each in aliases
    }

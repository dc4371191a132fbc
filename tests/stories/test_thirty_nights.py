"""Thirty nights: a harvester that hashes what it gets sees the true changes, none lost, spurious or twice."""

import gzip
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from alembic import command
from httpx2 import Client
from sqlalchemy import Engine, select
from starlette.testclient import TestClient

from schema import noting
from schema.exchange import is_gone, parse
from schema.record import NOUNS
from server import publishing
from server.app import create_app
from server.publishing import publish
from server.revisions import migrations
from server.settings import Settings
from tests.databases import Databases
from tests.graphs import read_graphs
from tests.processes import PATIENCE, running
from tests.serving import BASE
from tests.stories.faults import command as started
from tests.stories.faults import ended, url
from tests.stories.nights import Identity, Lines, Nights, datasets, truth
from tests.stories.portal import IRIS, Get, Portal

NIGHTS = 30
PAGE_SIZE = 20
HARVESTED = ("project", "instrument")

#: Nights on which another process publishes and another one serves, as after a restart of the machine.
RESTARTS = (0, 8, 15, 30)
#: The nights of a release that changes tables, to which the database is upgraded, and of one that does not.
UPGRADE, RELEASE = 15, 19

# A release has one size of pages; the upgrade runs in a process of its own, which has to have the same.
_UPGRADE = (
    f"from schema import noting; noting.PAGE_SIZE = {PAGE_SIZE}; "
    "from server.cli import app; app(['db', 'upgrade'])"
)


_SCHEMES = NOUNS["Scheme"].table
#: What the migrations behind the feed's made and filled with records.
_LATER = [
    NOUNS[each].table
    for each in ("CodebookEntry", "CodebookRule", "Mapping", "MappingClaim", "MappingReview")
]


@dataclass(frozen=True)
class Site:
    """What a portal harvests: a database, and the folder that its dumps are published into."""

    engine: Engine
    folder: Path

    def settings(self) -> dict[str, str]:
        return {
            "database_url": url(self.engine),
            "base_iri": BASE,
            "publication_folder": str(self.folder / "publication"),
            "catalogue_page_size": "3",
            "sample": "0",
        }

    def publish(self) -> None:
        """What an operator does after changes."""
        publish(self.engine, self.folder / "publication", IRIS)

    @contextmanager
    def served(self) -> Iterator[Get]:
        """The service, begun anew in this process."""
        app = create_app(Settings(**self.settings()))  # type: ignore[arg-type]
        with TestClient(app, base_url=BASE, follow_redirects=False) as client:
            yield lambda address, headers: client.get(address, headers=headers)
        app.state.engine.dispose()

    @contextmanager
    def served_elsewhere(self) -> Iterator[Get]:
        """The same by other processes: one publishes and ends, one serves, behind another address."""
        environment = {f"COMPACTGRAPH_{name.upper()}": value for name, value in self.settings().items()}
        done = ended(self.engine, "publish", **environment)
        assert done.returncode == 0, done.stderr
        with (
            running(self.folder, **self.settings()) as service,
            Client(base_url=service.address, timeout=PATIENCE) as client,
        ):
            yield lambda address, headers: client.get(address.removeprefix(BASE), headers=headers)


def upgrade_from_the_release_before(engine: Engine) -> None:
    """Takes the tables of the feed away, as a release without them left the database, and upgrades it.

    What later migrations made holds records, which are kept aside meanwhile: they are none of the feed's.
    """
    with engine.begin() as connection:
        aside = {each: connection.execute(select(each)).mappings().all() for each in _LATER}
        schemes = connection.execute(select(_SCHEMES.c.key, _SCHEMES.c.version)).all()
        command.downgrade(migrations(connection), "0004")
    process = started(engine)
    process["args"] = [sys.executable, "-c", _UPGRADE]
    subprocess.run(**process, check=True)
    with engine.begin() as connection:
        for table, rows in aside.items():
            if rows:
                connection.execute(table.insert(), [dict(each) for each in rows])
        for key, version in schemes:
            connection.execute(_SCHEMES.update().where(_SCHEMES.c.key == key).values(version=version))


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


def harvest_catalogue(portal: Portal, get: Get, night: int, before: Lines, after: Lines) -> None:
    """Datasets and files are others where what they hold is, and what they hold is what there is."""
    told, files = portal.catalogue(get)
    old, new = datasets(before), datasets(after)
    true = {name for name in new if night == 0 or old[name] != new[name]}
    assert told == true, f"night {night}: datasets"
    changed = portal.files_changed(get, files)
    assert {each.dataset for each in changed} == true, f"night {night}: files"
    for name in true:
        assert sorted(portal.lines(name)) == sorted(new[name].values()), f"night {night}: {name}"
    if night % 10 == 0:
        portal.check_all_files(get, files)


def harvest_documents(
    portal: Portal, get: Get, night: str, nights: tuple[Lines, Lines], said: set[Identity]
) -> None:
    """Documents are others where what they say is, and the facts in them where a fact is."""
    before, after = nights
    changed = touched(before, after)
    documents, facts = portal.documents_changed(get, sorted(each for each in after if each[0] in HARVESTED))
    expected = {each for each in told_by(changed, before, after) if each[0] in HARVESTED}
    assert documents <= expected, f"{night}: spurious documents"
    lived = living(before).keys() | living(after).keys()
    lost = {each for each in changed & lived if each[0] in HARVESTED} - documents
    assert not lost, f"{night}: lost documents"
    assert {each for each in facts if each in before} <= said | changed, night


@pytest.mark.parametrize("seed", [20261126])
def test_a_harvester_sees_exactly_the_true_changes_for_thirty_nights(
    databases: Databases, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(noting, "PAGE_SIZE", PAGE_SIZE)
    with databases.fresh(kind, vocabularies=True) as engine:
        site, portal = Site(engine, tmp_path), Portal()
        nights = Nights(engine, seed)
        before: Lines = {}
        version, seen = 0, set[str]()
        for night in range(NIGHTS + 1):
            if night:
                nights.work(site.publish)
            if night == UPGRADE:
                upgrade_from_the_release_before(engine)
            if night == RELEASE:
                monkeypatch.setattr(publishing, "_release", lambda: "another release")
                site.publish()
            after, changes = nights.lines(), nights.changes(version)
            true = [*truth(before, changes)]
            with site.served_elsewhere() if night in RESTARTS else site.served() as get:
                harvest_catalogue(portal, get, night, before, after)
                said = {each for feed, _, each in true if feed == "facts"}
                harvest_documents(portal, get, f"night {night}", (before, after), said)
                for feed, root in (("facts", "/feed"), ("claims", "/feed/claims")):
                    members = portal.members(get, root)
                    assert not seen & {each.iri for each in members}, f"night {night}: twice"
                    seen |= {each.iri for each in members}
                    told = [(each.kind, each.thing) for each in members]
                    expected = [(k, str(IRIS.thing(*each))) for f, k, each in true if f == feed]
                    assert told == expected, f"night {night}: {feed}"
            before, version = after, nights.version()
        assert version > NIGHTS
        check_what_was_put_together(portal, before)


def check_what_was_put_together(portal: Portal, lines: Lines) -> None:
    """After all nights the harvester holds what the last dump says, and knows where former keys lead."""
    graphs = read_graphs(gzip.decompress(portal.contents[f"{BASE}/dump.nq.gz"]), "nq")
    for graph, root in (("facts", "/feed"), ("claims", "/feed/claims")):
        dumped = {statement for name, statement in graphs if name == str(IRIS.graph(graph))}
        assert portal.feeds[root].graph() == dumped
        assert sum("/page/" in each for each in portal.feeds[root].closed) >= 3
    aliases = {each for each, line in lines.items() if "aliasOf" in parse(line)}
    replaced = {**portal.feeds["/feed"].replaced, **portal.feeds["/feed/claims"].replaced}
    assert len(aliases) > 5
    assert set(replaced) == {str(IRIS.thing(*each)) for each in aliases}

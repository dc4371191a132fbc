"""Many at once: writers wait for each other, and readers see whole versions in their order."""

import multiprocessing
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine

from schema.links import Verdict, review_link
from schema.model.link import Decision
from schema.snapshot import Change
from schema.store import reading, writing
from server.database import open_database
from tests.schema.world import link, project, put, stored, version

WRITERS, WRITES = 4, 8


def write_projects(engine: Engine, writer: int) -> None:
    """Puts projects of its own and counts a shared one up, each in a transaction of two records."""
    for number in range(WRITES):
        with writing(engine) as transaction:
            shared = transaction.record("project", "shared") or project("shared", year=2000)
            transaction.put({**shared, "year": shared["year"] + 1})
            transaction.put(project(f"W{writer}-{number}"))


def write_in_a_process(url: str, writer: int) -> None:
    engine = open_database(url)
    write_projects(engine, writer)
    engine.dispose()


def address(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def in_threads(engine: Engine) -> None:
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(lambda writer: write_projects(engine, writer), range(WRITERS)))


def in_processes(engine: Engine) -> None:
    context = multiprocessing.get_context("spawn")
    started = [
        context.Process(target=write_in_a_process, args=(address(engine), writer))
        for writer in range(WRITERS)
    ]
    for each in started:
        each.start()
    for each in started:
        each.join()
    assert [each.exitcode for each in started] == [0] * WRITERS


def all_changes(engine: Engine) -> list[Change]:
    with reading(engine) as snapshot:
        return snapshot.changes((0, -1), 10**6)


def check_nothing_lost(engine: Engine, run: Callable[[Engine], None]) -> None:
    run(engine)
    assert version(engine) == WRITERS * WRITES
    assert (stored(engine, "project", "shared") or {})["year"] == 2000 + WRITERS * WRITES
    changes = all_changes(engine)
    assert [each.version for each in changes] == [n for n in range(1, WRITERS * WRITES + 1) for _ in range(2)]
    assert {each.key for each in changes} == {"shared"} | {
        f"W{writer}-{number}" for writer in range(WRITERS) for number in range(WRITES)
    }
    with reading(engine) as snapshot:
        snapshot.check()


def test_threads_that_write_at_once_lose_nothing(engine: Engine) -> None:
    check_nothing_lost(engine, in_threads)


def test_processes_that_write_at_once_lose_nothing(engine: Engine) -> None:
    check_nothing_lost(engine, in_processes)


def test_a_reader_that_follows_the_log_sees_everything_once_and_in_order(engine: Engine) -> None:
    """The reader takes pages of three, so that it also stops within a version."""
    done = threading.Event()
    seen: list[Change] = []

    def follow() -> None:
        last_round = False
        while not last_round:
            last_round = done.is_set()
            page = [None]
            while page:
                after = (seen[-1].version, seen[-1].ordinal) if seen else (0, -1)
                with reading(engine) as snapshot:
                    page = snapshot.changes(after, 3)
                seen.extend(page)
            done.wait(0.01)

    reader = threading.Thread(target=follow)
    reader.start()
    in_threads(engine)
    done.set()
    reader.join()
    assert seen == all_changes(engine)
    assert len(seen) == 2 * WRITERS * WRITES


def test_a_snapshot_sees_one_version_while_others_write(store: Engine) -> None:
    put(store, project("A"))
    with reading(store) as snapshot:
        before = (snapshot.version(), list(snapshot.lines()), snapshot.record("project", "A"))
        put(store, project("A", year=2020), project("B"))
        with writing(store) as transaction:
            transaction.delete("project", "A")
        assert (snapshot.version(), list(snapshot.lines()), snapshot.record("project", "A")) == before
        assert snapshot.standing("project", "B") is None
        snapshot.check()
    assert version(store) == 4


def test_of_two_decisions_on_one_version_one_is_a_conflict(store: Engine) -> None:
    put(store, project(), link())
    together = threading.Barrier(2)

    def decide(reviewer: str) -> str:
        together.wait()
        try:
            with writing(store) as transaction:
                verdict = Verdict(Decision.ACCEPT, reviewer)
                return str(review_link(transaction, "PN.0008~objective-23", verdict, version=1))
        except Exception as error:  # noqa: BLE001  (the kind of error is the result)
            return type(error).__name__

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(decide, ("ann", "bea"))) == ["Conflict", "changed"]

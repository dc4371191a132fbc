"""Two processes: what one of them prepares and the other writes is what one alone would write."""

import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

import schema.store
from ontology.errors import ProcessLost
from schema.exchange import line
from server.importer import ahead
from server.importer.progress import Silent
from server.importer.run import Wishes, run
from server.settings import settings
from tests.benchmarks.generated import records
from tests.databases import Databases
from tests.schema.world import LATER, ground, project, put
from tests.server.test_bulk import LINES, chunks_of, content
from tests.stories.faults import IMPORT, command, ended, holds, is_locked

# What is wrong without a look at the store, in ways that need not be JSON.
BAD = [
    b"\xef\xbb\xbf{}\n",
    b"\n",
    b"no JSON\n",
    b"[1]\n",
    b'{"class": "project", "key": "\xff"}\n',
    b'{"class": "project", "key": "A", "title": {"en": "A"}, "titel": 1}\n',
    b'{"class": "project", "key": "A", "title": {"en": "' + b"long " * 40 + b'"}}\n',
    b" " * 700 + b"\n",
]


@pytest.fixture(autouse=True)
def fresh_settings() -> Iterator[None]:
    """Settings are read once by a process, and these tests change some."""
    settings.cache_clear()
    yield
    settings.cache_clear()


@contextmanager
def processes(number: int, size: int = 2000) -> Iterator[list["subprocess.Popen[bytes]"]]:
    """Imports in so many processes, however small the file; those that were started beside this one."""
    started: list[subprocess.Popen[bytes]] = []
    start = ahead._started

    def watched(*task: Any) -> "subprocess.Popen[bytes]":
        started.append(start(*task))
        return started[-1]

    with chunks_of(size), pytest.MonkeyPatch.context() as patch:
        patch.setenv("COMPACTGRAPH_IMPORT_PROCESSES", str(number))
        patch.setattr(ahead, "WORTHWHILE", 0)
        patch.setattr(ahead, "_cores", lambda: 2)
        patch.setattr(ahead, "_started", watched)
        patch.setattr(schema.store, "now", lambda: LATER)
        settings.cache_clear()
        yield started


class Counting(Silent):
    """Counts what was read."""

    def __init__(self) -> None:
        self.bytes = 0

    def read(self, size: int) -> None:
        self.bytes += size


def hostile(seed: int) -> list[bytes]:
    """Good lines, lines that refer to nothing or contradict others, and lines that are none."""
    chance = random.Random(seed)
    found = [line(each) + b"\n" for each in (*LINES, *records(3))] + BAD
    return chance.choices(found, k=40)


def generated() -> list[bytes]:
    """Good lines in the order of exports."""
    return [line(each) + b"\n" for each in records(20)]


@pytest.mark.parametrize("make", [lambda: hostile(1), lambda: hostile(2), lambda: hostile(3), generated])
def test_two_processes_come_to_the_same_database_and_report_as_one(
    databases: Databases,
    kind: str,
    tmp_path: Path,
    make: Callable[[], list[bytes]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COMPACTGRAPH_MAX_TEXT_LENGTH", "150")
    monkeypatch.setenv("COMPACTGRAPH_MAX_LINE_MB", "0.0006")
    file = tmp_path / "lines.jsonl"
    file.write_bytes(b"".join(make()))
    with databases.fresh(kind) as one, databases.fresh(kind) as two:
        for engine in (one, two):
            put(engine, *ground())
        for _ in range(2):
            told, read = [], []
            for number, engine in ((1, one), (2, two)):
                counting = Counting()
                with processes(number, size=7) as started:
                    told.append(run(engine, [file], Wishes(), counting).to_json())
                read.append(counting.bytes)
                assert [each.returncode is not None for each in started] == [True] * (number - 1)
            assert told[0] == told[1]
            assert read[0] == read[1] >= file.stat().st_size
            assert content(two) == content(one)


def test_a_packed_file_and_a_pipe_are_prepared_by_a_second_process_too(
    engine: Engine, tmp_path: Path
) -> None:
    file = tmp_path / "lines.jsonl"
    file.write_bytes(b"".join(generated()))
    subprocess.run(["gzip", str(file)], check=True)
    with processes(2) as started:
        report = run(engine, [tmp_path], Wishes(), Silent())
    assert (report.exit_status, len(started)) == (0, 1)
    assert holds(engine) == (1, 20)


# Who gets a second process


@pytest.mark.parametrize(
    ("size", "number", "cores", "expected"),
    [
        (ahead.WORTHWHILE, 2, 2, True),
        (ahead.WORTHWHILE - 1, 2, 2, False),
        (ahead.WORTHWHILE, 1, 2, False),
        (ahead.WORTHWHILE, 2, 1, False),
    ],
)
def test_large_files_get_a_second_process_where_it_may_be_and_has_a_core(
    size: int, number: int, cores: int, expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMPACTGRAPH_IMPORT_PROCESSES", str(number))
    monkeypatch.setattr(ahead, "_cores", lambda: cores)
    assert ahead.is_worthwhile(size) is expected


# How the second process ends


class Doing(Silent):
    """Does something to the second process when its first chunk has come."""

    def __init__(self, started: list["subprocess.Popen[bytes]"], do: Callable[[int], object]) -> None:
        self._started, self._do, self._done = started, do, False

    def read(self, size: int) -> None:
        if self._started and not self._done:
            self._do(self._started[0].pid)
            self._done = True


def starve(pid: int) -> None:
    """Let a process have no more memory than it has."""
    resource.prlimit(pid, resource.RLIMIT_AS, (1, 1))


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize(("do", "words"), [(kill, "was killed by signal 9"), (starve, "ran out of memory")])
def test_a_second_process_that_is_lost_is_a_coded_error_and_nothing_is_written(
    engine: Engine, tmp_path: Path, do: Callable[[int], object], words: str
) -> None:
    file = tmp_path / "lines.jsonl"
    with file.open("wb") as out:
        out.writelines(generated() * 3)
        # More at once than whatever was given back before.
        out.write(line(project("Z", description={"en": "word " * 190_000})) * 30 + b"\n")
        out.writelines(generated())
    put(engine, *ground())
    before = content(engine)
    with processes(2, size=20) as started, pytest.raises(ProcessLost, match=words) as raised:
        run(engine, [file], Wishes(), Doing(started, do))
    assert "COMPACTGRAPH_IMPORT_PROCESSES" in raised.value.suggestion
    assert [each.returncode is not None for each in started] == [True]
    assert content(engine) == before


def test_a_second_process_that_cannot_begin_is_a_coded_error(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "lines.jsonl").write_bytes(b"".join(generated()))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nothing"))
    with processes(2), pytest.raises(ProcessLost, match="No such file"):
        run(engine, [tmp_path], Wishes(), Silent())
    assert holds(engine) == (0, 0)


# From outside


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """So large a file that it gets a second process without being asked, with little in it."""
    file = tmp_path / "large.jsonl"
    with file.open("w") as out:
        for number in range(3000):
            record = {"class": "project", "key": f"ZZ.{number:05}", "title": {"en": f"Invented {number}"}}
            out.write(json.dumps(record).ljust(ahead.WORTHWHILE // 2500) + "\n")
    return file


def living(group: int) -> list[str]:
    """The command lines of the processes of a group that have not ended."""
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        try:
            state, _, of = (each / "stat").read_text().rpartition(")")[2].split()[:3]
            if int(of) == group and state not in "ZX":
                found.append((each / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return found


@pytest.fixture
def two_cores() -> None:
    if ahead._cores() < 2 or not Path("/proc/self/stat").exists():
        pytest.skip("the second process needs a second core, and /proc is where it is seen")


@pytest.mark.usefixtures("two_cores")
@pytest.mark.parametrize("end", ["ctrl-c", "kill"])
def test_no_process_is_left_when_an_import_is_ended(databases: Databases, large: Path, end: str) -> None:
    with databases.fresh("sqlite", vocabularies=True) as engine:
        old = holds(engine)
        started = command(engine, *IMPORT, large)
        with subprocess.Popen(**started, start_new_session=True) as process:
            while not any(ahead.__name__ in each for each in living(process.pid)) or not is_locked(engine):
                assert process.poll() is None
            if end == "kill":
                process.kill()
            else:
                # A terminal tells all processes of the group.
                os.killpg(process.pid, signal.SIGINT)
            told = process.communicate(timeout=60)[1]
        assert end == "kill" or (process.returncode, told.partition(":")[0]) == (2, "INTERRUPTED")
        assert "Traceback" not in told
        until = time.monotonic() + 30
        while (left := living(process.pid)) and time.monotonic() < until:
            time.sleep(0.05)
        assert left == []
        assert holds(engine) == old


@pytest.mark.usefixtures("two_cores")
def test_the_installed_command_finds_itself_in_any_folder(
    databases: Databases, large: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in ("server.py", "schema.py", "pickle.py"):
        (folder / name).write_text("raise SystemExit('this is somebody else’s')\n")
    installed = Path(sys.executable).with_name("compactgraph")
    if not installed.exists():
        pytest.skip("compactgraph is not installed beside the interpreter of the tests")
    with databases.fresh("sqlite", vocabularies=True) as engine:
        started = command(engine) | {"args": [str(installed), *IMPORT, str(large)], "cwd": folder}
        done = subprocess.run(**started, check=False, timeout=120)
        assert (done.returncode, "3000 taken" in done.stderr) == (0, True), done.stderr
        assert ended(engine, "db", "check").returncode == 0
        assert holds(engine)[1] == 3000

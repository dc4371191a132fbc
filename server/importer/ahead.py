"""Ahead: a second process that reads, checks and prepares the lines of a large file while this one writes.

It is a new interpreter, which shares no connection and no lock with this one, knows nothing of the store, and
loads no more than its work needs. Chunks come through a pipe, which holds less than one, so that it is never
further ahead than that. It ends with its file, or when nobody reads from the pipe any more, however that came
about.
"""

import fcntl
import json
import os
import signal
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from errno import ENOMEM
from multiprocessing.connection import Connection
from pathlib import Path

from ontology.errors import CompactgraphError, ProcessLost
from schema import pending
from schema.memory import uncollected
from server.importer import jsonl
from server.importer.input import Input
from server.importer.jsonl import Chunk
from server.importer.limits import Limits
from server.settings import settings

#: From which size on, in bytes as unpacked, a second process is worth its start, which takes about a second.
WORTHWHILE = 16 * 1024 * 1024

# What Linux lets any user ask for.
_PIPE = 1024 * 1024

_ALONE = "set COMPACTGRAPH_IMPORT_PROCESSES to 1"


def is_worthwhile(size: int) -> bool:
    """Whether a file of this size is worth a second process, and there may be one and a core for it."""
    return size >= WORTHWHILE and settings().import_processes > 1 and _cores() > 1


def _cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def chunks_ahead(handed: Input, at: str) -> Generator[Iterator[Chunk]]:
    """The chunks of a file, prepared by a second process that ends when this does.

    They raise what reading the file raises, and ProcessLost when the process ends before its file.
    """
    reading, writing = os.pipe()
    _widen(writing)
    with Connection(reading, writable=False) as receiving:
        try:
            process = _started(writing, handed, at)
        finally:
            # The pipe ends when the other process does, which alone can write to it now.
            os.close(writing)
        try:
            yield _received(receiving, process, handed)
        finally:
            process.kill()
            process.wait()


def _widen(pipe: int) -> None:
    """Let a pipe hold a good part of a chunk, where the system can, so that none waits for the other."""
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE)


def _started(writing: int, handed: Input, at: str) -> "subprocess.Popen[bytes]":
    task = [handed.name, str(handed.path), asdict(handed.limits), pending.CHUNK, at]
    command = [sys.executable, "-P", "-m", __name__, str(writing), json.dumps(task)]
    # Modules are looked for where they were found here, and nowhere else.
    found = os.pathsep.join(each or str(Path.cwd()) for each in sys.path)
    environment = {**os.environ, "PYTHONPATH": found}
    with _uninterrupted():
        try:
            return subprocess.Popen(command, stdin=subprocess.DEVNULL, pass_fds=[writing], env=environment)
        except OSError as error:
            raise ProcessLost(
                f"no second process can be started: {error.strerror}",
                f"Check the limits of the machine, or {_ALONE}.",
            ) from None


@contextmanager
def _uninterrupted() -> Generator[None]:
    """Let a process that begins here know nothing of Ctrl-C, which a terminal tells all of them.

    A signal that is blocked stays so in the children; here it comes in at the end.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _received(receiving: Connection, process: "subprocess.Popen[bytes]", handed: Input) -> Iterator[Chunk]:
    while True:
        try:
            found: Chunk | CompactgraphError | None = receiving.recv()
        except (EOFError, OSError):
            raise _lost(process.wait()) from None
        if found is None:
            return
        if isinstance(found, CompactgraphError):
            raise found
        handed.read(found.read)
        yield found


def _lost(status: int) -> ProcessLost:
    how = f"was killed by signal {-status}" if status < 0 else f"ended with status {status}"
    return ProcessLost(
        f"the process that prepares the lines {'ran out of memory' if status == ENOMEM else how}, "
        "and nothing was written",
        f"Check the memory of the machine, or {_ALONE}, and import again.",
    )


# What the other process does


class _Count:
    """How many bytes were read since somebody asked."""

    def __init__(self) -> None:
        self._read = 0

    def add(self, size: int) -> None:
        """So many more."""
        self._read += size

    def taken(self) -> int:
        """Those since the last time."""
        read, self._read = self._read, 0
        return read


def _prepare(sending: Connection, quiet: Input, size: int, at: str) -> None:
    """Send the chunks of a file, then None, or the error that came instead."""
    count = _Count()
    try:
        with uncollected():
            for each in jsonl.chunks(replace(quiet, read=count.add).lines(), size, quiet.limits, at):
                each.batch.pack()
                each.read = count.taken()
                sending.send(each)
        sending.send(None)
    except CompactgraphError as error:
        sending.send(error)


def _main() -> None:
    writing, task = sys.argv[1:]
    name, path, limits, size, at = json.loads(task)
    try:
        with Connection(int(writing), readable=False) as sending:
            _prepare(sending, Input(name, Path(path), Limits(**limits)), size, at)
    except BrokenPipeError:
        # Nobody wants the rest.
        return
    except MemoryError:
        # What would be told of it takes memory too.
        os._exit(ENOMEM)


if __name__ == "__main__":
    _main()

"""Process: how the service runs until it is told to end, and how it ends."""

import os
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from tempfile import TemporaryDirectory

import uvicorn
from uvicorn.supervisors import Multiprocess

from server.logs import log_config
from server.metrics import SHARED_FOLDER
from server.settings import settings


@contextmanager
def _shared_metrics(workers: int) -> Generator[None]:
    """A folder in which workers count together; one that the environment names is left as it is."""
    if workers == 1 or os.environ.get(SHARED_FOLDER):
        yield
        return
    with TemporaryDirectory(prefix="compactgraph-metrics-") as folder:
        os.environ[SHARED_FOLDER] = folder
        try:
            yield
        finally:
            del os.environ[SHARED_FOLDER]


@contextmanager
def publishing() -> Generator[None]:
    """A process that publishes what is stored, beside those that answer; it ends with them."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "server", "publish"], env={**os.environ, "TERM": "dumb"}
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait()


class _Supervisor(Multiprocess):
    """Keeps workers alive, and at the end lets go of the port that it has opened for them."""

    def terminate_all(self) -> None:
        """End the workers; while this process listened, new connections would wait for nobody."""
        for each in self.sockets:
            each.close()
        super().terminate_all()


def run(host: str, port: int, workers: int) -> None:
    """Serve until SIGTERM or SIGINT; then take nothing new, finish what was begun, and end with status 0."""
    # uvicorn drains and then hands the signal on, which would end the process as if it had failed.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(0))
    with _shared_metrics(workers):
        config = uvicorn.Config(
            "server.app:create_app",
            factory=True,
            host=host,
            port=port,
            workers=workers,
            log_config=log_config(settings().log_level),
            access_log=False,
            # Nothing here speaks WebSocket, whatever is installed.
            ws="none",
            timeout_graceful_shutdown=settings().drain_seconds,
        )
        with suppress(KeyboardInterrupt):
            if workers > 1:
                _Supervisor(config, [config.bind_socket()]).run()
                return
            server = uvicorn.Server(config)
            server.run()
            if not server.started:
                sys.exit(1)

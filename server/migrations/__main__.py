"""Writes the migration that leads from the newest one to the declaration, as `scripts/migration` asks."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command

from server.database import open_database
from server.revisions import migrations, upgrade


def main(message: str) -> None:
    """Write a new file under `versions`, named by its number and the message."""
    with TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{folder}/empty.db")
        # There is nothing in it, and the tables that are filled may be what the new migration makes.
        upgrade(engine, fill=lambda _: None)
        found = (Path(__file__).parent / "versions").glob("[0-9]*.py")
        number = max((int(each.name[:4]) for each in found), default=0) + 1
        with engine.connect() as connection, connection.begin():
            command.revision(
                migrations(connection), message=message, autogenerate=True, rev_id=f"{number:04d}"
            )


if __name__ == "__main__":
    main(sys.argv[1])

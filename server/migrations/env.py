"""Migrations: how Alembic meets our tables; the connection is handed over by `server.revisions`."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from schema.columns import EnumColumn, JsonColumn
from schema.search import INDEX
from schema.store import METADATA


def _plain(kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    """A migration names plain types, so that it stays what it was when our own types change."""
    if kind == "type" and isinstance(item, JsonColumn):
        return "sa.Text()"
    if kind == "type" and isinstance(item, EnumColumn):
        return "sa.String()"
    return False


def _is_ours(name: str | None, _kind: str, _parents: object) -> bool:
    """Full-text indices, and the tables that FTS5 keeps one in, are written by hand in migrations."""
    return not (name or "").startswith(INDEX)


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    # SQLite cannot alter most of a table in place; batch mode copies it instead.
    render_as_batch=True,
    compare_type=True,
    render_item=_plain,
    include_name=_is_ours,
)
with context.begin_transaction():
    context.run_migrations()

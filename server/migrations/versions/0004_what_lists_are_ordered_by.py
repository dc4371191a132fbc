"""What lists are ordered by.

Revision 0004, behind 0003, written on 2026-11-26 01:03:27.794558.
"""

import json

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: None = None
depends_on: None = None


_ORDERS = ("title_order", "start_year", "year", "budget_usd", "updated_at")
_LANGUAGES = ("en", "fr", "es", "ar", "zh", "ru")


def _fold_titles() -> None:
    """Give each project what its title sorts by: its words in the first language that it has, folded."""
    connection = op.get_bind()
    update = sa.text("UPDATE project SET title_order = :folded WHERE key = :key")
    folded = []
    for key, title in connection.execute(sa.text("SELECT key, title FROM project")).all():
        words = json.loads(title)
        first = next((words[each] for each in _LANGUAGES if each in words), "")
        folded.append({"key": key, "folded": first.casefold()[:500]})
    if folded:
        connection.execute(update, folded)


def upgrade() -> None:
    """Apply this migration."""
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "title_order",
                sa.String().with_variant(sa.String(collation="C"), "postgresql"),
                server_default="",
                nullable=False,
            )
        )
    _fold_titles()
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_title_order_key"), ["title_order", "key"], unique=False)
        for name in _ORDERS:
            batch_op.create_index(
                f"ix_project_{name}_desc_key", [sa.literal_column(f"{name} DESC"), "key"], unique=False
            )


def downgrade() -> None:
    """Take this migration back."""
    with op.batch_alter_table("project", schema=None) as batch_op:
        for name in _ORDERS:
            batch_op.drop_index(f"ix_project_{name}_desc_key")
        batch_op.drop_index(batch_op.f("ix_project_title_order_key"))
    # A batch would copy the table on SQLite and drop the old one, and its parts and triggers with it.
    op.drop_column("project", "title_order")

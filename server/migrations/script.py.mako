"""${message[:1].upper() + message[1:]}.

Revision ${up_revision}, behind ${down_revision}, written on ${create_date}.
"""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision: str = "${up_revision}"
down_revision: str | None = ${f'"{down_revision}"' if down_revision else None}
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """Apply this migration."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Take this migration back."""
    ${downgrades if downgrades else "pass"}

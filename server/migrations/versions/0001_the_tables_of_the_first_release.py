"""The tables of the first release.

Revision 0001, behind None, written on 2026-11-23 16:03:23.940658.
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """Apply this migration."""
    op.create_table(
        "change",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("class", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("key", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column(
            "operation", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("at", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("version", "ordinal"),
    )
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.create_index("ix_change_class_key_version", ["class", "key", "version"], unique=False)

    op.create_table(
        "guidingprinciple",
        sa.Column("key", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column(
            "updated_at", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("unverified", sa.Text(), nullable=True),
        sa.Column("statements", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_guidingprinciple")),
    )
    with op.batch_alter_table("guidingprinciple", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_guidingprinciple_updated_at"), ["updated_at"], unique=False)

    op.create_table(
        "head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "vocabulary", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=True
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "memberstate",
        sa.Column("key", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column(
            "updated_at", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("iso2", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("iso3", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("m49", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("spellings", sa.Text(), nullable=True),
        sa.Column("exact_matches", sa.Text(), nullable=True),
        sa.Column("compact_champion", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("unverified", sa.Text(), nullable=True),
        sa.Column("statements", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_memberstate")),
    )
    with op.batch_alter_table("memberstate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_memberstate_iso2"), ["iso2"], unique=False)
        batch_op.create_index(batch_op.f("ix_memberstate_updated_at"), ["updated_at"], unique=False)

    op.create_table(
        "network",
        sa.Column("key", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column(
            "updated_at", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("parent", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=True),
        sa.Column("established", sa.Integer(), nullable=True),
        sa.Column("agencies", sa.Text(), nullable=True),
        sa.Column("homepages", sa.Text(), nullable=True),
        sa.Column("certain", sa.Boolean(), nullable=False),
        sa.Column("unverified", sa.Text(), nullable=True),
        sa.Column("statements", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["parent"],
            ["network.key"],
            name=op.f("fk_network_parent_network"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_network")),
    )
    with op.batch_alter_table("network", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_network_parent"), ["parent"], unique=False)
        batch_op.create_index(batch_op.f("ix_network_updated_at"), ["updated_at"], unique=False)

    op.create_table(
        "objective",
        sa.Column("key", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column(
            "updated_at", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("short_title", sa.Text(), nullable=False),
        sa.Column("unverified", sa.Text(), nullable=True),
        sa.Column("statements", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_objective")),
    )
    with op.batch_alter_table("objective", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_objective_updated_at"), ["updated_at"], unique=False)

    op.create_table(
        "resource",
        sa.Column("class", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("key", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("deleted", sa.Integer(), nullable=False),
        sa.Column(
            "alias_of", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=True
        ),
        sa.PrimaryKeyConstraint("class", "key"),
    )
    with op.batch_alter_table("resource", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_resource_alias_of"), ["alias_of"], unique=False)
        batch_op.create_index(batch_op.f("ix_resource_version"), ["version"], unique=False)

    op.create_table(
        "scheme",
        sa.Column("key", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column(
            "updated_at", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("statements", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_scheme")),
    )
    with op.batch_alter_table("scheme", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scheme_updated_at"), ["updated_at"], unique=False)

    op.create_table(
        "sdggoal",
        sa.Column("key", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column(
            "updated_at", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("code", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sdggoal")),
    )
    with op.batch_alter_table("sdggoal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sdggoal_updated_at"), ["updated_at"], unique=False)

    op.create_table(
        "source",
        sa.Column("key", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column(
            "updated_at", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("url", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=True),
        sa.Column(
            "language", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "retrieved_at", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column("sha256", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("text", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("rights", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_source")),
    )
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_source_updated_at"), ["updated_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_source_url"), ["url"], unique=False)

    op.create_table(
        "codeentry",
        sa.Column("key", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column(
            "updated_at", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("scheme", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("code", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("spellings", sa.Text(), nullable=True),
        sa.Column("iati_codes", sa.Text(), nullable=True),
        sa.Column("unverified", sa.Text(), nullable=True),
        sa.Column("statements", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["scheme"],
            ["scheme.key"],
            name=op.f("fk_codeentry_scheme_scheme"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_codeentry")),
    )
    with op.batch_alter_table("codeentry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_codeentry_scheme"), ["scheme"], unique=False)
        batch_op.create_index(batch_op.f("ix_codeentry_updated_at"), ["updated_at"], unique=False)

    op.create_table(
        "membership",
        sa.Column("key", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("owner", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("role", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("since", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=True),
        sa.Column("until", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=True),
        sa.Column("source", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("certain", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner"],
            ["memberstate.key"],
            name=op.f("fk_membership_owner_memberstate"),
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_membership")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_owner"), ["owner"], unique=False)

    op.create_table(
        "nationalinstrument",
        sa.Column("key", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column(
            "updated_at", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("accepted", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.ForeignKeyConstraint(
            ["state"],
            ["memberstate.key"],
            name=op.f("fk_nationalinstrument_state_memberstate"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_nationalinstrument")),
    )
    with op.batch_alter_table("nationalinstrument", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_nationalinstrument_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_nationalinstrument_updated_at"), ["updated_at"], unique=False)

    op.create_table(
        "network_states",
        sa.Column("owner", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("target", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner"],
            ["network.key"],
            name=op.f("fk_network_states_owner_network"),
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["target"],
            ["memberstate.key"],
            name=op.f("fk_network_states_target_memberstate"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("owner", "position", name=op.f("pk_network_states")),
    )
    with op.batch_alter_table("network_states", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_network_states_target"), ["target"], unique=False)

    op.create_table(
        "sdgtarget",
        sa.Column("key", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column(
            "updated_at", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("code", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("goal", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["goal"],
            ["sdggoal.key"],
            name=op.f("fk_sdgtarget_goal_sdggoal"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sdgtarget")),
    )
    with op.batch_alter_table("sdgtarget", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sdgtarget_goal"), ["goal"], unique=False)
        batch_op.create_index(batch_op.f("ix_sdgtarget_updated_at"), ["updated_at"], unique=False)

    op.create_table(
        "project",
        sa.Column("key", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column(
            "updated_at", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column(
            "project_id", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "prima_id", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("start_year", sa.Integer(), nullable=True),
        sa.Column("end_year", sa.Integer(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(), nullable=True),
        sa.Column("coverage", sa.String(), nullable=True),
        sa.Column("region", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=True),
        sa.Column("type", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=True),
        sa.Column("budget_usd", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["coverage"],
            ["codeentry.key"],
            name=op.f("fk_project_coverage_codeentry"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["region"],
            ["codeentry.key"],
            name=op.f("fk_project_region_codeentry"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["status"],
            ["codeentry.key"],
            name=op.f("fk_project_status_codeentry"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["type"],
            ["codeentry.key"],
            name=op.f("fk_project_type_codeentry"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_project")),
    )
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_budget_usd"), ["budget_usd"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_coverage"), ["coverage"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_end_year"), ["end_year"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_prima_id"), ["prima_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_project_id"), ["project_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_region"), ["region"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_start_year"), ["start_year"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_status"), ["status"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_type"), ["type"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_updated_at"), ["updated_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_year"), ["year"], unique=False)

    op.create_table(
        "coding",
        sa.Column("key", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column(
            "updated_at", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column(
            "project", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column(
            "coding_scheme", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column(
            "codebook_version",
            sa.String().with_variant(sa.String(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "reviewer", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("blind", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column(
            "started_at", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "completed_at", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["project"],
            ["project.key"],
            name=op.f("fk_coding_project_project"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_coding")),
    )
    with op.batch_alter_table("coding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_coding_project"), ["project"], unique=False)
        batch_op.create_index(batch_op.f("ix_coding_updated_at"), ["updated_at"], unique=False)

    op.create_table(
        "conflict",
        sa.Column("key", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("owner", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("field", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("kept", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("other", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("source", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("rule", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner"],
            ["project.key"],
            name=op.f("fk_conflict_owner_project"),
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["source"],
            ["source.key"],
            name=op.f("fk_conflict_source_source"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_conflict")),
    )
    with op.batch_alter_table("conflict", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conflict_owner"), ["owner"], unique=False)
        batch_op.create_index(batch_op.f("ix_conflict_source"), ["source"], unique=False)

    op.create_table(
        "fieldprovenance",
        sa.Column("key", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("owner", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("field", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column(
            "language", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column("value", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("source", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("start", sa.Integer(), nullable=True),
        sa.Column("end", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["owner"],
            ["project.key"],
            name=op.f("fk_fieldprovenance_owner_project"),
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["source"],
            ["source.key"],
            name=op.f("fk_fieldprovenance_source_source"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_fieldprovenance")),
    )
    with op.batch_alter_table("fieldprovenance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fieldprovenance_owner"), ["owner"], unique=False)
        batch_op.create_index(batch_op.f("ix_fieldprovenance_source"), ["source"], unique=False)

    op.create_table(
        "link",
        sa.Column("key", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column(
            "updated_at", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column(
            "project", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("target", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project"],
            ["project.key"],
            name=op.f("fk_link_project_project"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_link")),
    )
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_project"), ["project"], unique=False)
        batch_op.create_index(batch_op.f("ix_link_status"), ["status"], unique=False)
        batch_op.create_index(batch_op.f("ix_link_target"), ["target"], unique=False)
        batch_op.create_index(batch_op.f("ix_link_updated_at"), ["updated_at"], unique=False)

    op.create_table(
        "project_member_states",
        sa.Column("owner", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("target", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner"],
            ["project.key"],
            name=op.f("fk_project_member_states_owner_project"),
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["target"],
            ["memberstate.key"],
            name=op.f("fk_project_member_states_target_memberstate"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("owner", "position", name=op.f("pk_project_member_states")),
    )
    with op.batch_alter_table("project_member_states", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_member_states_target"), ["target"], unique=False)

    op.create_table(
        "project_sources",
        sa.Column("owner", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("target", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner"],
            ["project.key"],
            name=op.f("fk_project_sources_owner_project"),
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["target"],
            ["source.key"],
            name=op.f("fk_project_sources_target_source"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("owner", "position", name=op.f("pk_project_sources")),
    )
    with op.batch_alter_table("project_sources", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_sources_target"), ["target"], unique=False)

    op.create_table(
        "resultitem",
        sa.Column("key", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("owner", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("code", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("parent", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=True),
        sa.ForeignKeyConstraint(
            ["owner"],
            ["project.key"],
            name=op.f("fk_resultitem_owner_project"),
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["parent"],
            ["resultitem.key"],
            name=op.f("fk_resultitem_parent_resultitem"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_resultitem")),
    )
    with op.batch_alter_table("resultitem", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_resultitem_owner"), ["owner"], unique=False)
        batch_op.create_index(batch_op.f("ix_resultitem_parent"), ["parent"], unique=False)

    op.create_table(
        "claim",
        sa.Column("key", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("owner", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("method", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column(
            "method_version", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("rule_ids", sa.Text(), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("calibrated", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("reason", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=True),
        sa.Column(
            "made_by", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column(
            "made_at", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["owner"],
            ["link.key"],
            name=op.f("fk_claim_owner_link"),
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_claim")),
    )
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_claim_owner"), ["owner"], unique=False)

    op.create_table(
        "review",
        sa.Column("key", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("owner", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("reason", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=True),
        sa.Column(
            "codebook_rule", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column(
            "reviewer", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("blind", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("at", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column(
            "undone_at", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["owner"],
            ["link.key"],
            name=op.f("fk_review_owner_link"),
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_review")),
    )
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_owner"), ["owner"], unique=False)

    op.create_table(
        "evidence",
        sa.Column("key", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("owner", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("quote", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("prefix", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("suffix", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column(
            "language", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column(
            "text_sha256", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("source", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=True),
        sa.ForeignKeyConstraint(
            ["owner"],
            ["claim.key"],
            name=op.f("fk_evidence_owner_claim"),
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["source"],
            ["source.key"],
            name=op.f("fk_evidence_source_source"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_evidence")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_owner"), ["owner"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_source"), ["source"], unique=False)

    # The one row that every writer locks; version 0 is the empty store.
    op.execute("INSERT INTO head (id, version) VALUES (1, 0)")


def downgrade() -> None:
    """Take this migration back."""
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_source"))
        batch_op.drop_index(batch_op.f("ix_evidence_owner"))

    op.drop_table("evidence")
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_owner"))

    op.drop_table("review")
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_claim_owner"))

    op.drop_table("claim")
    with op.batch_alter_table("resultitem", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_resultitem_parent"))
        batch_op.drop_index(batch_op.f("ix_resultitem_owner"))

    op.drop_table("resultitem")
    with op.batch_alter_table("project_sources", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_sources_target"))

    op.drop_table("project_sources")
    with op.batch_alter_table("project_member_states", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_member_states_target"))

    op.drop_table("project_member_states")
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_link_updated_at"))
        batch_op.drop_index(batch_op.f("ix_link_target"))
        batch_op.drop_index(batch_op.f("ix_link_status"))
        batch_op.drop_index(batch_op.f("ix_link_project"))

    op.drop_table("link")
    with op.batch_alter_table("fieldprovenance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fieldprovenance_source"))
        batch_op.drop_index(batch_op.f("ix_fieldprovenance_owner"))

    op.drop_table("fieldprovenance")
    with op.batch_alter_table("conflict", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_conflict_source"))
        batch_op.drop_index(batch_op.f("ix_conflict_owner"))

    op.drop_table("conflict")
    with op.batch_alter_table("coding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_coding_updated_at"))
        batch_op.drop_index(batch_op.f("ix_coding_project"))

    op.drop_table("coding")
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_year"))
        batch_op.drop_index(batch_op.f("ix_project_updated_at"))
        batch_op.drop_index(batch_op.f("ix_project_type"))
        batch_op.drop_index(batch_op.f("ix_project_status"))
        batch_op.drop_index(batch_op.f("ix_project_start_year"))
        batch_op.drop_index(batch_op.f("ix_project_region"))
        batch_op.drop_index(batch_op.f("ix_project_project_id"))
        batch_op.drop_index(batch_op.f("ix_project_prima_id"))
        batch_op.drop_index(batch_op.f("ix_project_end_year"))
        batch_op.drop_index(batch_op.f("ix_project_coverage"))
        batch_op.drop_index(batch_op.f("ix_project_budget_usd"))

    op.drop_table("project")
    with op.batch_alter_table("sdgtarget", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sdgtarget_updated_at"))
        batch_op.drop_index(batch_op.f("ix_sdgtarget_goal"))

    op.drop_table("sdgtarget")
    with op.batch_alter_table("network_states", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_network_states_target"))

    op.drop_table("network_states")
    with op.batch_alter_table("nationalinstrument", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_nationalinstrument_updated_at"))
        batch_op.drop_index(batch_op.f("ix_nationalinstrument_state"))

    op.drop_table("nationalinstrument")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_membership_owner"))

    op.drop_table("membership")
    with op.batch_alter_table("codeentry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_codeentry_updated_at"))
        batch_op.drop_index(batch_op.f("ix_codeentry_scheme"))

    op.drop_table("codeentry")
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_source_url"))
        batch_op.drop_index(batch_op.f("ix_source_updated_at"))

    op.drop_table("source")
    with op.batch_alter_table("sdggoal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sdggoal_updated_at"))

    op.drop_table("sdggoal")
    with op.batch_alter_table("scheme", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scheme_updated_at"))

    op.drop_table("scheme")
    with op.batch_alter_table("resource", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_resource_version"))
        batch_op.drop_index(batch_op.f("ix_resource_alias_of"))

    op.drop_table("resource")
    with op.batch_alter_table("objective", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_objective_updated_at"))

    op.drop_table("objective")
    with op.batch_alter_table("network", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_network_updated_at"))
        batch_op.drop_index(batch_op.f("ix_network_parent"))

    op.drop_table("network")
    with op.batch_alter_table("memberstate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_memberstate_updated_at"))
        batch_op.drop_index(batch_op.f("ix_memberstate_iso2"))

    op.drop_table("memberstate")
    op.drop_table("head")
    with op.batch_alter_table("guidingprinciple", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_guidingprinciple_updated_at"))

    op.drop_table("guidingprinciple")
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.drop_index("ix_change_class_key_version")

    op.drop_table("change")

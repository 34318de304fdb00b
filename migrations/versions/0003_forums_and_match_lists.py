"""forums and match lists.

Revision: 0003
Follows: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "forum",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("host_country", sa.String(length=2), nullable=False),
        sa.Column("city", sa.String(length=120), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_forum_ends_after_start")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forum")),
        sa.UniqueConstraint("code", name=op.f("uq_forum_code")),
    )
    op.create_table(
        "match_list",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("forum_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("k", sa.Integer(), nullable=False),
        sa.Column("matcher_version", sa.Integer(), nullable=False),
        sa.Column("index_version", sa.BigInteger(), nullable=False),
        sa.Column("config", sa.JSON(), nullable=False),
        sa.Column("config_digest", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("participants", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'published', 'superseded')", name=op.f("ck_match_list_state_known")
        ),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name=op.f("fk_match_list_forum_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_list")),
        sa.UniqueConstraint("forum_id", "number", name=op.f("uq_match_list_forum_id_number")),
    )
    op.create_table(
        "forum_participant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("forum_id", sa.Uuid(), nullable=False),
        sa.Column("entrepreneur_id", sa.Uuid(), nullable=True),
        sa.Column("exporter_id", sa.Uuid(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.String(length=80), nullable=False),
        sa.Column("by_filter", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(entrepreneur_id IS NULL) <> (exporter_id IS NULL)", name=op.f("ck_forum_participant_one_side")
        ),
        sa.ForeignKeyConstraint(
            ["entrepreneur_id"],
            ["entrepreneur.id"],
            name=op.f("fk_forum_participant_entrepreneur_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["exporter_id"],
            ["exporter.id"],
            name=op.f("fk_forum_participant_exporter_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["forum_id"], ["forum.id"], name=op.f("fk_forum_participant_forum_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forum_participant")),
        sa.UniqueConstraint(
            "forum_id", "entrepreneur_id", name=op.f("uq_forum_participant_forum_id_entrepreneur_id")
        ),
        sa.UniqueConstraint(
            "forum_id", "exporter_id", name=op.f("uq_forum_participant_forum_id_exporter_id")
        ),
    )
    op.create_table(
        "match_list_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("match_list_id", sa.Uuid(), nullable=False),
        sa.Column("entrepreneur_id", sa.Uuid(), nullable=False),
        sa.Column("exporter_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("rank_for_entrepreneur", sa.Integer(), nullable=True),
        sa.Column("rank_for_exporter", sa.Integer(), nullable=True),
        sa.Column("explanation", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "rank_for_entrepreneur IS NOT NULL OR rank_for_exporter IS NOT NULL",
            name=op.f("ck_match_list_entry_ranked_for_one"),
        ),
        sa.CheckConstraint(
            "score >= 0 AND score <= 1.000001", name=op.f("ck_match_list_entry_score_in_range")
        ),
        sa.ForeignKeyConstraint(
            ["entrepreneur_id"], ["entrepreneur.id"], name=op.f("fk_match_list_entry_entrepreneur_id")
        ),
        sa.ForeignKeyConstraint(
            ["exporter_id"], ["exporter.id"], name=op.f("fk_match_list_entry_exporter_id")
        ),
        sa.ForeignKeyConstraint(
            ["match_list_id"],
            ["match_list.id"],
            name=op.f("fk_match_list_entry_match_list_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_list_entry")),
        sa.UniqueConstraint(
            "match_list_id",
            "entrepreneur_id",
            "exporter_id",
            name=op.f("uq_match_list_entry_match_list_id_entrepreneur_id_exporter_id"),
        ),
    )
    op.create_table(
        "match_list_exclusion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("match_list_id", sa.Uuid(), nullable=False),
        sa.Column("entrepreneur_id", sa.Uuid(), nullable=True),
        sa.Column("exporter_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=30), nullable=False),
        sa.CheckConstraint(
            "entrepreneur_id IS NOT NULL OR exporter_id IS NOT NULL",
            name=op.f("ck_match_list_exclusion_concerns_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["entrepreneur_id"], ["entrepreneur.id"], name=op.f("fk_match_list_exclusion_entrepreneur_id")
        ),
        sa.ForeignKeyConstraint(
            ["exporter_id"], ["exporter.id"], name=op.f("fk_match_list_exclusion_exporter_id")
        ),
        sa.ForeignKeyConstraint(
            ["match_list_id"],
            ["match_list.id"],
            name=op.f("fk_match_list_exclusion_match_list_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_list_exclusion")),
    )
    op.create_index("ix_match_list_exclusion_match_list_id", "match_list_exclusion", ["match_list_id"])

    op.create_table(
        "pair_exclusion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("forum_id", sa.Uuid(), nullable=False),
        sa.Column("entrepreneur_id", sa.Uuid(), nullable=False),
        sa.Column("exporter_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.CheckConstraint(
            "reason IN ('organiser', 'said_no', 'has_met')", name=op.f("ck_pair_exclusion_reason_known")
        ),
        sa.ForeignKeyConstraint(
            ["entrepreneur_id"],
            ["entrepreneur.id"],
            name=op.f("fk_pair_exclusion_entrepreneur_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["exporter_id"], ["exporter.id"], name=op.f("fk_pair_exclusion_exporter_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["forum_id"], ["forum.id"], name=op.f("fk_pair_exclusion_forum_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pair_exclusion")),
        sa.UniqueConstraint(
            "forum_id",
            "entrepreneur_id",
            "exporter_id",
            name=op.f("uq_pair_exclusion_forum_id_entrepreneur_id_exporter_id"),
        ),
    )


def downgrade() -> None:
    op.drop_table("pair_exclusion")
    op.drop_index("ix_match_list_exclusion_match_list_id", "match_list_exclusion")

    op.drop_table("match_list_exclusion")
    op.drop_table("match_list_entry")
    op.drop_table("forum_participant")
    op.drop_table("match_list")
    op.drop_table("forum")

"""forum set up.

Revision: 0004
Follows: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "forum_session",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("meeting_minutes", sa.Integer(), nullable=False),
        sa.Column("buffer_minutes", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("forum_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "meeting_minutes > 0 AND buffer_minutes >= 0", name=op.f("ck_forum_session_minutes_in_range")
        ),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_forum_session_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["forum_id"], ["forum.id"], name=op.f("fk_forum_session_forum_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forum_session")),
    )
    op.create_index("ix_forum_session_forum_id", "forum_session", ["forum_id"])
    op.create_table(
        "interpreter_shift",
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("interpreters", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("forum_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("interpreters > 0", name=op.f("ck_interpreter_shift_somebody_there")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_interpreter_shift_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["forum_id"], ["forum.id"], name=op.f("fk_interpreter_shift_forum_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interpreter_shift")),
    )
    op.create_index("ix_interpreter_shift_forum_id", "interpreter_shift", ["forum_id"])
    op.create_table(
        "meeting_rule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("forum_id", sa.Uuid(), nullable=False),
        sa.Column("effect", sa.String(length=20), nullable=False),
        sa.Column("entrepreneurs", sa.JSON(), nullable=False),
        sa.Column("exporters", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "effect IN ('never', 'entrepreneurs_only', 'exporters_only')",
            name=op.f("ck_meeting_rule_effect_known"),
        ),
        sa.ForeignKeyConstraint(
            ["forum_id"], ["forum.id"], name=op.f("fk_meeting_rule_forum_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_rule")),
    )
    op.create_index("ix_meeting_rule_forum_id", "meeting_rule", ["forum_id"])
    op.create_table(
        "meeting_table",
        sa.Column("label", sa.String(length=20), nullable=False),
        sa.Column("location", sa.String(length=80), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("forum_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["forum_id"], ["forum.id"], name=op.f("fk_meeting_table_forum_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_table")),
        sa.UniqueConstraint("forum_id", "label", name=op.f("uq_meeting_table_forum_id_label")),
    )
    op.create_table(
        "reserved_share",
        sa.Column("criterion", sa.String(length=12), nullable=False),
        sa.Column("value", sa.String(length=120), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("forum_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "criterion IN ('programme', 'kandas_owned', 'rural', 'region')",
            name=op.f("ck_reserved_share_criterion_known"),
        ),
        sa.CheckConstraint("percent BETWEEN 1 AND 100", name=op.f("ck_reserved_share_percent_in_range")),
        sa.ForeignKeyConstraint(
            ["forum_id"], ["forum.id"], name=op.f("fk_reserved_share_forum_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reserved_share")),
        sa.UniqueConstraint(
            "forum_id", "criterion", "value", name=op.f("uq_reserved_share_forum_id_criterion_value")
        ),
    )
    op.create_table(
        "pair_override",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("forum_id", sa.Uuid(), nullable=False),
        sa.Column("entrepreneur_id", sa.Uuid(), nullable=False),
        sa.Column("exporter_id", sa.Uuid(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["entrepreneur_id"],
            ["entrepreneur.id"],
            name=op.f("fk_pair_override_entrepreneur_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["exporter_id"], ["exporter.id"], name=op.f("fk_pair_override_exporter_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["forum_id"], ["forum.id"], name=op.f("fk_pair_override_forum_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pair_override")),
        sa.UniqueConstraint(
            "forum_id",
            "entrepreneur_id",
            "exporter_id",
            name=op.f("uq_pair_override_forum_id_entrepreneur_id_exporter_id"),
        ),
    )
    op.create_table(
        "preference",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("forum_id", sa.Uuid(), nullable=False),
        sa.Column("entrepreneur_id", sa.Uuid(), nullable=False),
        sa.Column("exporter_id", sa.Uuid(), nullable=False),
        sa.Column("said_by", sa.String(length=12), nullable=False),
        sa.Column("wish", sa.String(length=4), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.CheckConstraint("said_by IN ('entrepreneur', 'exporter')", name=op.f("ck_preference_side_known")),
        sa.CheckConstraint("wish IN ('must', 'want', 'no')", name=op.f("ck_preference_wish_known")),
        sa.ForeignKeyConstraint(
            ["entrepreneur_id"],
            ["entrepreneur.id"],
            name=op.f("fk_preference_entrepreneur_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["exporter_id"], ["exporter.id"], name=op.f("fk_preference_exporter_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["forum_id"], ["forum.id"], name=op.f("fk_preference_forum_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preference")),
        sa.UniqueConstraint(
            "forum_id",
            "entrepreneur_id",
            "exporter_id",
            "said_by",
            name=op.f("uq_preference_forum_id_entrepreneur_id_exporter_id_said_by"),
        ),
    )
    op.create_table(
        "slot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("forum_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_slot_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["forum_id"], ["forum.id"], name=op.f("fk_slot_forum_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["forum_session.id"], name=op.f("fk_slot_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot")),
        sa.UniqueConstraint("forum_id", "starts_at", name=op.f("uq_slot_forum_id_starts_at")),
    )
    op.create_index("ix_slot_session_id", "slot", ["session_id"])
    op.create_table(
        "pinned_pair",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("forum_id", sa.Uuid(), nullable=False),
        sa.Column("entrepreneur_id", sa.Uuid(), nullable=False),
        sa.Column("exporter_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("slot_id", sa.Uuid(), nullable=True),
        sa.Column("table_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.CheckConstraint("reason IN ('organiser', 'accepted')", name=op.f("ck_pinned_pair_reason_known")),
        sa.ForeignKeyConstraint(
            ["entrepreneur_id"],
            ["entrepreneur.id"],
            name=op.f("fk_pinned_pair_entrepreneur_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["exporter_id"], ["exporter.id"], name=op.f("fk_pinned_pair_exporter_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["forum_id"], ["forum.id"], name=op.f("fk_pinned_pair_forum_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["slot_id"], ["slot.id"], name=op.f("fk_pinned_pair_slot_id")),
        sa.ForeignKeyConstraint(["table_id"], ["meeting_table.id"], name=op.f("fk_pinned_pair_table_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pinned_pair")),
        sa.UniqueConstraint(
            "forum_id",
            "entrepreneur_id",
            "exporter_id",
            name=op.f("uq_pinned_pair_forum_id_entrepreneur_id_exporter_id"),
        ),
    )
    op.create_table(
        "availability",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_availability_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["forum_participant.id"],
            name=op.f("fk_availability_participant_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_availability")),
    )
    op.create_index("ix_availability_participant_id", "availability", ["participant_id"])
    # Rows that are there already get what the program gives to new ones.
    for column, value in (
        ("entrepreneur_min", 1),
        ("entrepreneur_max", 8),
        ("exporter_min", 1),
        ("exporter_max", 8),
    ):
        op.add_column("forum", sa.Column(column, sa.Integer(), nullable=False, server_default=str(value)))
    op.add_column(
        "forum", sa.Column("phase", sa.String(length=12), nullable=False, server_default="registration")
    )
    with op.batch_alter_table("forum") as batch:
        batch.create_check_constraint(
            op.f("ck_forum_phase_known"),
            "phase IN ('registration', 'preferences', 'draft', 'published', 'live', 'follow_up')",
        )
        for side in ("entrepreneur", "exporter"):
            batch.create_check_constraint(
                op.f(f"ck_forum_{side}_limits"), f"0 <= {side}_min AND {side}_min <= {side}_max"
            )
    for column in ("min_meetings", "max_meetings"):
        op.add_column("forum_participant", sa.Column(column, sa.Integer(), nullable=True))
    op.add_column("forum_participant", sa.Column("time_zone", sa.String(length=60), nullable=True))
    op.add_column(
        "forum_participant", sa.Column("revision", sa.Integer(), nullable=False, server_default="1")
    )
    with op.batch_alter_table("forum_participant") as batch:
        batch.create_check_constraint(
            op.f("ck_forum_participant_limits_not_negative"), "min_meetings >= 0 AND max_meetings >= 0"
        )
    op.add_column("match_list", sa.Column("allocation", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("match_list", sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table("match_list") as batch:
        batch.drop_constraint(op.f("ck_match_list_state_known"), type_="check")
        batch.create_check_constraint(
            op.f("ck_match_list_state_known"), "state IN ('draft', 'reviewed', 'published', 'superseded')"
        )
    op.add_column(
        "match_list_entry", sa.Column("chosen", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    op.add_column(
        "match_list_entry",
        sa.Column("standing", sa.String(length=10), nullable=False, server_default="allocated"),
    )
    op.add_column(
        "match_list_entry", sa.Column("note", sa.String(length=500), nullable=False, server_default="")
    )
    op.add_column("match_list_entry", sa.Column("decided_by", sa.String(length=80), nullable=True))
    with op.batch_alter_table("match_list_entry") as batch:
        batch.drop_constraint(op.f("ck_match_list_entry_ranked_for_one"), type_="check")
        batch.create_check_constraint(
            op.f("ck_match_list_entry_standing_known"),
            "standing IN ('allocated', 'pinned', 'added', 'removed')",
        )


def downgrade() -> None:
    # What the older program cannot hold: pairs that are not proposed or only an organiser named, and lists
    # under review.
    op.execute(
        "DELETE FROM match_list_entry"
        " WHERE NOT chosen OR (rank_for_entrepreneur IS NULL AND rank_for_exporter IS NULL)"
    )
    op.execute("UPDATE match_list SET state = 'draft' WHERE state = 'reviewed'")
    with op.batch_alter_table("match_list_entry") as batch:
        batch.drop_constraint(op.f("ck_match_list_entry_standing_known"), type_="check")
        batch.create_check_constraint(
            op.f("ck_match_list_entry_ranked_for_one"),
            "rank_for_entrepreneur IS NOT NULL OR rank_for_exporter IS NOT NULL",
        )
        for column in ("decided_by", "note", "standing", "chosen"):
            batch.drop_column(column)
    with op.batch_alter_table("match_list") as batch:
        batch.drop_constraint(op.f("ck_match_list_state_known"), type_="check")
        batch.create_check_constraint(
            op.f("ck_match_list_state_known"), "state IN ('draft', 'published', 'superseded')"
        )
        for column in ("revision", "allocation"):
            batch.drop_column(column)
    with op.batch_alter_table("forum_participant") as batch:
        batch.drop_constraint(op.f("ck_forum_participant_limits_not_negative"), type_="check")
        for column in ("revision", "time_zone", "max_meetings", "min_meetings"):
            batch.drop_column(column)
    with op.batch_alter_table("forum") as batch:
        for name in ("exporter_limits", "entrepreneur_limits", "phase_known"):
            batch.drop_constraint(op.f(f"ck_forum_{name}"), type_="check")
        for column in ("phase", "exporter_max", "exporter_min", "entrepreneur_max", "entrepreneur_min"):
            batch.drop_column(column)
    op.drop_index("ix_availability_participant_id", "availability")
    op.drop_table("availability")
    op.drop_table("pinned_pair")
    op.drop_index("ix_slot_session_id", "slot")
    op.drop_table("slot")
    op.drop_table("preference")
    op.drop_table("pair_override")
    op.drop_table("reserved_share")
    op.drop_table("meeting_table")
    op.drop_index("ix_meeting_rule_forum_id", "meeting_rule")
    op.drop_table("meeting_rule")
    op.drop_index("ix_interpreter_shift_forum_id", "interpreter_shift")
    op.drop_table("interpreter_shift")
    op.drop_index("ix_forum_session_forum_id", "forum_session")
    op.drop_table("forum_session")

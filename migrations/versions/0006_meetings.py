"""meetings.

Revision: 0006
Follows: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "day_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("forum_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_by", sa.String(length=80), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(length=80), nullable=True),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_by IS NULL)", name=op.f("ck_day_step_undone_by_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["forum_id"], ["forum.id"], name=op.f("fk_day_step_forum_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_step")),
        sa.UniqueConstraint("forum_id", "number", name=op.f("uq_day_step_forum_id_number")),
    )
    op.create_table(
        "printing_lock",
        sa.Column("forum_id", sa.Uuid(), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_by", sa.String(length=80), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["forum_id"], ["forum.id"], name=op.f("fk_printing_lock_forum_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("forum_id", name=op.f("pk_printing_lock")),
    )
    op.create_table(
        "timetable",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("forum_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("base_id", sa.Uuid(), nullable=True),
        sa.Column("base_revision", sa.Integer(), nullable=True),
        sa.Column("only_accepted", sa.Boolean(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_by", sa.String(length=80), nullable=True),
        sa.CheckConstraint(
            "state <> 'draft' OR number IS NULL", name=op.f("ck_timetable_draft_has_no_number")
        ),
        sa.CheckConstraint(
            "state <> 'released' OR number IS NOT NULL", name=op.f("ck_timetable_release_has_a_number")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'released', 'superseded')", name=op.f("ck_timetable_state_known")
        ),
        sa.CheckConstraint(
            "(number IS NULL) = (released_at IS NULL)", name=op.f("ck_timetable_releases_are_numbered")
        ),
        sa.ForeignKeyConstraint(["base_id"], ["timetable.id"], name=op.f("fk_timetable_base_id")),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name=op.f("fk_timetable_forum_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timetable")),
        sa.UniqueConstraint("forum_id", "number", name=op.f("uq_timetable_forum_id_number")),
    )
    op.create_index(
        "uq_timetable_draft",
        "timetable",
        ["forum_id"],
        unique=True,
        sqlite_where=sa.text("state = 'draft'"),
        postgresql_where=sa.text("state = 'draft'"),
    )
    op.create_index(
        "uq_timetable_release",
        "timetable",
        ["forum_id"],
        unique=True,
        sqlite_where=sa.text("state = 'released'"),
        postgresql_where=sa.text("state = 'released'"),
    )
    op.create_table(
        "meeting_feedback",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("forum_id", sa.Uuid(), nullable=False),
        sa.Column("entrepreneur_id", sa.Uuid(), nullable=False),
        sa.Column("exporter_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.String(length=12), nullable=False),
        sa.Column("verdict", sa.String(length=7), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said_by", sa.String(length=80), nullable=False),
        sa.CheckConstraint(
            "rating IS NULL OR verdict = 'held'", name=op.f("ck_meeting_feedback_rated_when_held")
        ),
        sa.CheckConstraint(
            "side IN ('entrepreneur', 'exporter')", name=op.f("ck_meeting_feedback_side_known")
        ),
        sa.CheckConstraint("verdict IN ('held', 'no_show')", name=op.f("ck_meeting_feedback_verdict_known")),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name=op.f("ck_meeting_feedback_rating_in_range")),
        sa.ForeignKeyConstraint(
            ["entrepreneur_id"], ["entrepreneur.id"], name=op.f("fk_meeting_feedback_entrepreneur_id")
        ),
        sa.ForeignKeyConstraint(
            ["exporter_id"], ["exporter.id"], name=op.f("fk_meeting_feedback_exporter_id")
        ),
        sa.ForeignKeyConstraint(
            ["forum_id"], ["forum.id"], name=op.f("fk_meeting_feedback_forum_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_feedback")),
        sa.UniqueConstraint(
            "forum_id",
            "entrepreneur_id",
            "exporter_id",
            "side",
            name=op.f("uq_meeting_feedback_forum_id_entrepreneur_id_exporter_id_side"),
        ),
    )
    op.create_table(
        "next_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("forum_id", sa.Uuid(), nullable=False),
        sa.Column("entrepreneur_id", sa.Uuid(), nullable=False),
        sa.Column("exporter_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("owner", sa.String(length=12), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.String(length=80), nullable=True),
        sa.CheckConstraint(
            "owner IN ('entrepreneur', 'exporter', 'organiser')", name=op.f("ck_next_step_owner_known")
        ),
        sa.ForeignKeyConstraint(
            ["entrepreneur_id"], ["entrepreneur.id"], name=op.f("fk_next_step_entrepreneur_id")
        ),
        sa.ForeignKeyConstraint(["exporter_id"], ["exporter.id"], name=op.f("fk_next_step_exporter_id")),
        sa.ForeignKeyConstraint(
            ["forum_id"], ["forum.id"], name=op.f("fk_next_step_forum_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_next_step")),
    )
    op.create_index("ix_next_step_pair", "next_step", ["forum_id", "entrepreneur_id", "exporter_id"])
    op.create_table(
        "timetable_place",
        sa.Column("timetable_id", sa.Uuid(), nullable=False),
        sa.Column("table_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(length=20), nullable=False),
        sa.Column("location", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["timetable_id"],
            ["timetable.id"],
            name=op.f("fk_timetable_place_timetable_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("timetable_id", "table_id", name=op.f("pk_timetable_place")),
    )
    op.create_table(
        "timetable_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("forum_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("only_accepted", sa.Boolean(), nullable=False),
        sa.Column("meetings", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(length=80), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("timetable_id", sa.Uuid(), nullable=True),
        sa.Column("problem", sa.JSON(), nullable=True),
        sa.CheckConstraint(
            "state IN ('queued', 'working', 'done', 'failed')", name=op.f("ck_timetable_run_state_known")
        ),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name=op.f("fk_timetable_run_forum_id")),
        sa.ForeignKeyConstraint(
            ["timetable_id"],
            ["timetable.id"],
            name=op.f("fk_timetable_run_timetable_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timetable_run")),
    )
    op.create_index(
        "uq_timetable_run_under_way",
        "timetable_run",
        ["forum_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('queued', 'working')"),
        postgresql_where=sa.text("state IN ('queued', 'working')"),
    )
    op.create_table(
        "timetable_slot",
        sa.Column("timetable_id", sa.Uuid(), nullable=False),
        sa.Column("slot_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("session_name", sa.String(length=120), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_timetable_slot_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["timetable_id"],
            ["timetable.id"],
            name=op.f("fk_timetable_slot_timetable_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("timetable_id", "slot_id", name=op.f("pk_timetable_slot")),
    )
    op.create_table(
        "arrival",
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["forum_participant.id"],
            name=op.f("fk_arrival_participant_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("participant_id", name=op.f("pk_arrival")),
    )
    op.create_table(
        "change_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("forum_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=6), nullable=False),
        sa.Column("slot_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=7), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(length=80), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(length=80), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "(partner_id IS NULL) = (kind = 'other')", name=op.f("ck_change_request_names_the_partner")
        ),
        sa.CheckConstraint(
            "(state = 'open') = (answered_at IS NULL)", name=op.f("ck_change_request_answered_once")
        ),
        sa.CheckConstraint(
            "kind IN ('move', 'cancel', 'meet', 'other')", name=op.f("ck_change_request_kind_known")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'granted', 'refused')", name=op.f("ck_change_request_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["forum_id"], ["forum.id"], name=op.f("fk_change_request_forum_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["forum_participant.id"],
            name=op.f("fk_change_request_participant_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_request")),
    )
    op.create_index("ix_change_request_forum_id", "change_request", ["forum_id"])
    op.create_index("ix_change_request_participant_id", "change_request", ["participant_id"])
    op.create_table(
        "meeting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("timetable_id", sa.Uuid(), nullable=False),
        sa.Column("entrepreneur_id", sa.Uuid(), nullable=False),
        sa.Column("exporter_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("slot_id", sa.Uuid(), nullable=True),
        sa.Column("table_id", sa.Uuid(), nullable=True),
        sa.Column("released_slot_id", sa.Uuid(), nullable=True),
        sa.Column("released_table_id", sa.Uuid(), nullable=True),
        sa.Column("language", sa.String(length=20), nullable=True),
        sa.Column("pinned_slot", sa.Boolean(), nullable=False),
        sa.Column("pinned_table", sa.Boolean(), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=30), nullable=True),
        sa.Column("reason_side", sa.String(length=12), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("entrepreneur_present", sa.Boolean(), nullable=True),
        sa.Column("exporter_present", sa.Boolean(), nullable=True),
        sa.Column("presence_by", sa.String(length=80), nullable=True),
        sa.CheckConstraint(
            "reason_side IN ('entrepreneur', 'exporter')", name=op.f("ck_meeting_reason_side_known")
        ),
        sa.CheckConstraint(
            "state <> 'no_show' OR entrepreneur_present = false OR exporter_present = false",
            name=op.f("ck_meeting_somebody_absent"),
        ),
        sa.CheckConstraint(
            "state <> 'unplaced' OR slot_id IS NULL", name=op.f("ck_meeting_unplaced_has_no_place")
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'unplaced', 'held', 'no_show', 'cancelled')",
            name=op.f("ck_meeting_state_known"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('planned', 'held', 'no_show') OR slot_id IS NOT NULL",
            name=op.f("ck_meeting_placed"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('unplaced', 'cancelled') OR reason IS NOT NULL", name=op.f("ck_meeting_says_why")
        ),
        sa.CheckConstraint("(slot_id IS NULL) = (table_id IS NULL)", name=op.f("ck_meeting_whole_place")),
        sa.CheckConstraint(
            "NOT pinned_slot OR slot_id IS NOT NULL", name=op.f("ck_meeting_pinned_where_it_is")
        ),
        sa.ForeignKeyConstraint(
            ["entrepreneur_id"], ["entrepreneur.id"], name=op.f("fk_meeting_entrepreneur_id")
        ),
        sa.ForeignKeyConstraint(["exporter_id"], ["exporter.id"], name=op.f("fk_meeting_exporter_id")),
        sa.ForeignKeyConstraint(
            ["timetable_id", "slot_id"],
            ["timetable_slot.timetable_id", "timetable_slot.slot_id"],
            name=op.f("fk_meeting_timetable_id_slot_id"),
        ),
        sa.ForeignKeyConstraint(
            ["timetable_id", "table_id"],
            ["timetable_place.timetable_id", "timetable_place.table_id"],
            name="fk_meeting_table_id",
        ),
        sa.ForeignKeyConstraint(
            ["timetable_id"], ["timetable.id"], name=op.f("fk_meeting_timetable_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint(
            "timetable_id",
            "entrepreneur_id",
            "exporter_id",
            name=op.f("uq_meeting_timetable_id_entrepreneur_id_exporter_id"),
        ),
    )
    op.create_index(
        "uq_meeting_entrepreneur_id_a_slot",
        "meeting",
        ["timetable_id", "slot_id", "entrepreneur_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('planned', 'held')"),
        postgresql_where=sa.text("state IN ('planned', 'held')"),
    )
    op.create_index(
        "uq_meeting_exporter_id_a_slot",
        "meeting",
        ["timetable_id", "slot_id", "exporter_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('planned', 'held')"),
        postgresql_where=sa.text("state IN ('planned', 'held')"),
    )
    op.create_index(
        "uq_meeting_table_id_a_slot",
        "meeting",
        ["timetable_id", "slot_id", "table_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('planned', 'held')"),
        postgresql_where=sa.text("state IN ('planned', 'held')"),
    )
    op.create_table(
        "withdrawal",
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by", sa.String(length=80), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["forum_participant.id"],
            name=op.f("fk_withdrawal_participant_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("participant_id", name=op.f("pk_withdrawal")),
    )


def downgrade() -> None:
    op.drop_table("withdrawal")
    op.drop_index("uq_meeting_table_id_a_slot", "meeting")
    op.drop_index("uq_meeting_exporter_id_a_slot", "meeting")
    op.drop_index("uq_meeting_entrepreneur_id_a_slot", "meeting")
    op.drop_table("meeting")
    op.drop_index("ix_change_request_participant_id", "change_request")
    op.drop_index("ix_change_request_forum_id", "change_request")
    op.drop_table("change_request")
    op.drop_table("arrival")
    op.drop_table("timetable_slot")
    op.drop_index("uq_timetable_run_under_way", "timetable_run")
    op.drop_table("timetable_run")
    op.drop_table("timetable_place")
    op.drop_index("ix_next_step_pair", "next_step")
    op.drop_table("next_step")
    op.drop_table("meeting_feedback")
    op.drop_index("uq_timetable_release", "timetable")
    op.drop_index("uq_timetable_draft", "timetable")
    op.drop_table("timetable")
    op.drop_table("printing_lock")
    op.drop_table("day_step")

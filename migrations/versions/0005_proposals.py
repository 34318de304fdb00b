"""proposals and the outbox of letters.

Revision: 0005
Follows: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "letter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("about", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.String(length=40), nullable=False),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_letter_attempts_not_negative")),
        sa.CheckConstraint("sent_at IS NULL OR failed_at IS NULL", name=op.f("ck_letter_sent_or_failed")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
    )
    op.create_index("ix_letter_subject_id", "letter", ["subject_id"])
    op.create_index("ix_letter_next_try_at", "letter", ["next_try_at"])
    op.create_table(
        "proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("forum_id", sa.Uuid(), nullable=False),
        sa.Column("entrepreneur_id", sa.Uuid(), nullable=False),
        sa.Column("exporter_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by", sa.String(length=80), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('proposed', 'accepted', 'declined', 'expired', 'withdrawn')",
            name=op.f("ck_proposal_state_known"),
        ),
        sa.CheckConstraint(
            "(state = 'proposed') = (closed_at IS NULL)", name=op.f("ck_proposal_closed_unless_proposed")
        ),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name=op.f("fk_proposal_forum_id")),
        sa.ForeignKeyConstraint(
            ["entrepreneur_id"], ["entrepreneur.id"], name=op.f("fk_proposal_entrepreneur_id")
        ),
        sa.ForeignKeyConstraint(["exporter_id"], ["exporter.id"], name=op.f("fk_proposal_exporter_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["match_list_entry.id"], name=op.f("fk_proposal_entry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint(
            "forum_id",
            "entrepreneur_id",
            "exporter_id",
            name=op.f("uq_proposal_forum_id_entrepreneur_id_exporter_id"),
        ),
    )
    op.create_table(
        "proposal_side",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.String(length=12), nullable=False),
        sa.Column("answer", sa.String(length=8), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(length=80), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notice", sa.String(length=8), nullable=True),
        sa.Column("contact_letter_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("side IN ('entrepreneur', 'exporter')", name=op.f("ck_proposal_side_side_known")),
        sa.CheckConstraint("answer IN ('accepted', 'declined')", name=op.f("ck_proposal_side_answer_known")),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_proposal_side_answered_at_some_time")
        ),
        sa.CheckConstraint(
            "notice IN ('proposed', 'reminder', 'accepted', 'closed')",
            name=op.f("ck_proposal_side_notice_known"),
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_side_proposal_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("proposal_id", "side", name=op.f("pk_proposal_side")),
    )
    op.create_index("ix_proposal_side_notice", "proposal_side", ["notice"])


def downgrade() -> None:
    op.drop_index("ix_proposal_side_notice", "proposal_side")
    op.drop_table("proposal_side")
    op.drop_table("proposal")
    op.drop_index("ix_letter_next_try_at", "letter")
    op.drop_index("ix_letter_subject_id", "letter")
    op.drop_table("letter")

"""index versions.

Revision: 0007
Follows: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "index_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("config_digest", sa.String(length=64), nullable=False),
        sa.Column("matcher_version", sa.Integer(), nullable=False),
        sa.Column("statistics_version", sa.BigInteger(), nullable=False),
        sa.Column("n_profiles", sa.Integer(), nullable=False),
        sa.Column("statistics", sa.LargeBinary(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_index_version")),
        sa.UniqueConstraint(
            "config_digest",
            "matcher_version",
            "statistics_version",
            name="uq_index_version_statistics",
        ),
    )
    with op.batch_alter_table("match_list") as batch:
        # Lists of the time before have none: their statistics were those of their index version.
        batch.add_column(sa.Column("statistics_version", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("match_list") as batch:
        batch.drop_column("statistics_version")
    op.drop_table("index_version")

"""first tables.

Revision: 0001
Follows: nothing
"""

import sqlalchemy as sa
from alembic import op

from service.platform.database import ExactDecimal

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_client",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("agency", sa.String(length=32), nullable=True),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("key_prefix", sa.String(length=12), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_client")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_api_client_key_hash")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index("ix_audit_entry_subject_id", "audit_entry", ["subject_id"])

    op.create_table(
        "centre",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("city", sa.String(length=120), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_centre")),
        sa.UniqueConstraint("code", name=op.f("uq_centre_code")),
    )
    op.create_table(
        "change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("document", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
    )
    op.create_index("ix_change_subject_version", "change", ["subject_kind", "subject_id", "version"])
    op.create_index("ix_change_version", "change", ["version"])

    op.create_table(
        "change_counter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_change_counter_single_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_counter")),
    )
    op.create_table(
        "exporter",
        sa.Column("external_id", sa.String(length=60), nullable=False),
        sa.Column("display_name", sa.String(length=200), nullable=False),
        sa.Column("legal_name", sa.String(length=200), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("region", sa.String(length=120), nullable=True),
        sa.Column("city", sa.String(length=120), nullable=True),
        sa.Column("website", sa.String(length=300), nullable=True),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("size_band", sa.String(length=10), nullable=True),
        sa.Column("founded_year", sa.Integer(), nullable=True),
        sa.Column("activity_scheme", sa.String(length=10), nullable=True),
        sa.Column("activity_code", sa.String(length=10), nullable=True),
        sa.Column("certifications", sa.JSON(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("bin", sa.String(length=12), nullable=True),
        sa.Column("export_experience_years", sa.Integer(), nullable=True),
        sa.Column("export_markets", sa.JSON(), nullable=False),
        sa.Column("kandas_owned", sa.Boolean(), nullable=True),
        sa.Column("rural", sa.Boolean(), nullable=True),
        sa.Column("programme", sa.String(length=20), nullable=True),
        sa.Column("contact_name", sa.String(length=120), nullable=True),
        sa.Column("contact_email", sa.String(length=254), nullable=True),
        sa.Column("contact_phone", sa.String(length=20), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source_agency", sa.String(length=32), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("content_digest", sa.String(length=64), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("review_status", sa.String(length=10), nullable=False),
        sa.Column("rejection_reason", sa.String(length=1000), nullable=True),
        sa.Column("sanction_note", sa.String(length=1000), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "activity_scheme IN ('oked', 'nace', 'isic')", name=op.f("ck_exporter_activity_scheme_known")
        ),
        sa.CheckConstraint(
            "programme IN ('qazaq_house', 'turakty_auyl', 'bereke', 'otandastar')",
            name=op.f("ck_exporter_programme_known"),
        ),
        sa.CheckConstraint(
            "review_status <> 'rejected' OR rejection_reason IS NOT NULL",
            name=op.f("ck_exporter_rejection_has_reason"),
        ),
        sa.CheckConstraint(
            "review_status IN ('submitted', 'approved', 'rejected', 'expired')",
            name=op.f("ck_exporter_review_status_known"),
        ),
        sa.CheckConstraint(
            "size_band IN ('micro', 'small', 'medium', 'large')", name=op.f("ck_exporter_size_band_known")
        ),
        sa.CheckConstraint(
            "(activity_code IS NULL) OR (activity_scheme IS NOT NULL)",
            name=op.f("ck_exporter_activity_has_scheme"),
        ),
        sa.CheckConstraint("bin IS NULL OR length(bin) = 12", name=op.f("ck_exporter_bin_has_twelve_digits")),
        sa.CheckConstraint("length(country) = 2", name=op.f("ck_exporter_country_is_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exporter")),
        sa.UniqueConstraint(
            "source_agency", "external_id", name=op.f("uq_exporter_source_agency_external_id")
        ),
    )
    op.create_index("ix_exporter_review_status", "exporter", ["review_status"])

    op.create_table(
        "job",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_job_attempts_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index("ix_job_run_at", "job", ["run_at"])

    op.create_table(
        "account",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("centre_id", sa.Uuid(), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("failed_sign_ins", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("language IN ('kk', 'ru', 'en')", name=op.f("ck_account_language_known")),
        sa.CheckConstraint(
            "role IN ('administrator', 'coordinator', 'organiser')", name=op.f("ck_account_role_known")
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_account_centre_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
    )
    op.create_table(
        "entrepreneur",
        sa.Column("external_id", sa.String(length=60), nullable=False),
        sa.Column("display_name", sa.String(length=200), nullable=False),
        sa.Column("legal_name", sa.String(length=200), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("region", sa.String(length=120), nullable=True),
        sa.Column("city", sa.String(length=120), nullable=True),
        sa.Column("website", sa.String(length=300), nullable=True),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("size_band", sa.String(length=10), nullable=True),
        sa.Column("founded_year", sa.Integer(), nullable=True),
        sa.Column("activity_scheme", sa.String(length=10), nullable=True),
        sa.Column("activity_code", sa.String(length=10), nullable=True),
        sa.Column("certifications", sa.JSON(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("residence_country", sa.String(length=2), nullable=True),
        sa.Column("centre", sa.String(length=32), nullable=True),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("markets_served", sa.JSON(), nullable=False),
        sa.Column("registration_number", sa.String(length=40), nullable=True),
        sa.Column("contact_name", sa.String(length=120), nullable=True),
        sa.Column("contact_email", sa.String(length=254), nullable=True),
        sa.Column("contact_phone", sa.String(length=20), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source_agency", sa.String(length=32), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("content_digest", sa.String(length=64), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("review_status", sa.String(length=10), nullable=False),
        sa.Column("rejection_reason", sa.String(length=1000), nullable=True),
        sa.Column("sanction_note", sa.String(length=1000), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "activity_scheme IN ('oked', 'nace', 'isic')", name=op.f("ck_entrepreneur_activity_scheme_known")
        ),
        sa.CheckConstraint(
            "review_status <> 'rejected' OR rejection_reason IS NOT NULL",
            name=op.f("ck_entrepreneur_rejection_has_reason"),
        ),
        sa.CheckConstraint(
            "review_status IN ('submitted', 'approved', 'rejected', 'expired')",
            name=op.f("ck_entrepreneur_review_status_known"),
        ),
        sa.CheckConstraint(
            "size_band IN ('micro', 'small', 'medium', 'large')", name=op.f("ck_entrepreneur_size_band_known")
        ),
        sa.CheckConstraint(
            "(activity_code IS NULL) OR (activity_scheme IS NOT NULL)",
            name=op.f("ck_entrepreneur_activity_has_scheme"),
        ),
        sa.CheckConstraint("length(country) = 2", name=op.f("ck_entrepreneur_country_is_code")),
        sa.ForeignKeyConstraint(["centre"], ["centre.code"], name=op.f("fk_entrepreneur_centre")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entrepreneur")),
        sa.UniqueConstraint(
            "source_agency", "external_id", name=op.f("uq_entrepreneur_source_agency_external_id")
        ),
    )
    op.create_index("ix_entrepreneur_centre", "entrepreneur", ["centre"])
    op.create_index("ix_entrepreneur_review_status", "entrepreneur", ["review_status"])

    op.create_table(
        "exporter_consent",
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("wording_version", sa.String(length=20), nullable=False),
        sa.Column("wording_language", sa.String(length=20), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "purpose IN ('matching', 'kandas_status')", name=op.f("ck_exporter_consent_purpose_known")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["exporter.id"], name=op.f("fk_exporter_consent_owner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exporter_consent")),
        sa.UniqueConstraint(
            "owner_id",
            "purpose",
            "wording_version",
            "given_on",
            name=op.f("uq_exporter_consent_owner_id_purpose_wording_version_given_on"),
        ),
    )
    op.create_table(
        "exporter_statement",
        sa.Column("text", sa.String(length=4000), nullable=False),
        sa.Column("text_language", sa.String(length=20), nullable=True),
        sa.Column("hs_codes", sa.JSON(), nullable=False),
        sa.Column("hs_edition", sa.String(length=4), nullable=False),
        sa.Column("partnership_types", sa.JSON(), nullable=False),
        sa.Column("target_countries", sa.JSON(), nullable=False),
        sa.Column("capacity", ExactDecimal(), nullable=True),
        sa.Column("capacity_unit", sa.String(length=40), nullable=True),
        sa.Column("capacity_period", sa.String(length=10), nullable=True),
        sa.Column("minimum_order", ExactDecimal(), nullable=True),
        sa.Column("minimum_order_unit", sa.String(length=40), nullable=True),
        sa.Column("price_min", ExactDecimal(), nullable=True),
        sa.Column("price_max", ExactDecimal(), nullable=True),
        sa.Column("price_currency", sa.String(length=3), nullable=True),
        sa.Column("price_unit", sa.String(length=40), nullable=True),
        sa.Column("incoterm", sa.String(length=3), nullable=True),
        sa.Column("incoterm_place", sa.String(length=120), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.String(length=6), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "capacity_period IN ('day', 'week', 'month', 'quarter', 'year')",
            name=op.f("ck_exporter_statement_capacity_period_known"),
        ),
        sa.CheckConstraint("side IN ('offers', 'seeks')", name=op.f("ck_exporter_statement_side_known")),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["exporter.id"], name=op.f("fk_exporter_statement_owner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exporter_statement")),
        sa.UniqueConstraint(
            "owner_id", "side", "position", name=op.f("uq_exporter_statement_owner_id_side_position")
        ),
    )
    op.create_table(
        "entrepreneur_consent",
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("wording_version", sa.String(length=20), nullable=False),
        sa.Column("wording_language", sa.String(length=20), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "purpose IN ('matching', 'kandas_status')", name=op.f("ck_entrepreneur_consent_purpose_known")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["entrepreneur.id"],
            name=op.f("fk_entrepreneur_consent_owner_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entrepreneur_consent")),
        sa.UniqueConstraint(
            "owner_id",
            "purpose",
            "wording_version",
            "given_on",
            name=op.f("uq_entrepreneur_consent_owner_id_purpose_wording_version_given_on"),
        ),
    )
    op.create_table(
        "entrepreneur_statement",
        sa.Column("text", sa.String(length=4000), nullable=False),
        sa.Column("text_language", sa.String(length=20), nullable=True),
        sa.Column("hs_codes", sa.JSON(), nullable=False),
        sa.Column("hs_edition", sa.String(length=4), nullable=False),
        sa.Column("partnership_types", sa.JSON(), nullable=False),
        sa.Column("target_countries", sa.JSON(), nullable=False),
        sa.Column("capacity", ExactDecimal(), nullable=True),
        sa.Column("capacity_unit", sa.String(length=40), nullable=True),
        sa.Column("capacity_period", sa.String(length=10), nullable=True),
        sa.Column("minimum_order", ExactDecimal(), nullable=True),
        sa.Column("minimum_order_unit", sa.String(length=40), nullable=True),
        sa.Column("price_min", ExactDecimal(), nullable=True),
        sa.Column("price_max", ExactDecimal(), nullable=True),
        sa.Column("price_currency", sa.String(length=3), nullable=True),
        sa.Column("price_unit", sa.String(length=40), nullable=True),
        sa.Column("incoterm", sa.String(length=3), nullable=True),
        sa.Column("incoterm_place", sa.String(length=120), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.String(length=6), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "capacity_period IN ('day', 'week', 'month', 'quarter', 'year')",
            name=op.f("ck_entrepreneur_statement_capacity_period_known"),
        ),
        sa.CheckConstraint("side IN ('offers', 'seeks')", name=op.f("ck_entrepreneur_statement_side_known")),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["entrepreneur.id"],
            name=op.f("fk_entrepreneur_statement_owner_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entrepreneur_statement")),
        sa.UniqueConstraint(
            "owner_id", "side", "position", name=op.f("uq_entrepreneur_statement_owner_id_side_position")
        ),
    )
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_in_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_token_hash")),
    )
    op.create_index("ix_sign_in_account_id", "sign_in", ["account_id"])
    op.create_index("ix_sign_in_expires_at", "sign_in", ["expires_at"])

    op.execute("INSERT INTO change_counter (id, version) VALUES (1, 0)")


def downgrade() -> None:
    op.drop_index("ix_sign_in_expires_at", "sign_in")
    op.drop_index("ix_sign_in_account_id", "sign_in")

    op.drop_table("sign_in")
    op.drop_table("entrepreneur_statement")
    op.drop_table("entrepreneur_consent")
    op.drop_table("exporter_statement")
    op.drop_table("exporter_consent")
    op.drop_index("ix_entrepreneur_review_status", "entrepreneur")
    op.drop_index("ix_entrepreneur_centre", "entrepreneur")

    op.drop_table("entrepreneur")
    op.drop_table("account")
    op.drop_index("ix_job_run_at", "job")

    op.drop_table("job")
    op.drop_index("ix_exporter_review_status", "exporter")

    op.drop_table("exporter")
    op.drop_table("change_counter")
    op.drop_index("ix_change_version", "change")
    op.drop_index("ix_change_subject_version", "change")

    op.drop_table("change")
    op.drop_table("centre")
    op.drop_index("ix_audit_entry_subject_id", "audit_entry")

    op.drop_table("audit_entry")
    op.drop_table("api_client")

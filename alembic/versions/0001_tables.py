"""Every table of the five rooms."""

import sqlalchemy as sa
import sqlmodel
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0001"
down_revision = "0000"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the schemas and their tables."""
    for name in ("identity", "network", "cases", "billing", "medical"):
        op.execute(f"CREATE SCHEMA {name}")
    op.create_table(
        "charge_rehearsal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rehearsed_by", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("credit_notes", sa.Integer(), nullable=False),
        sa.Column("total_cents", sa.BigInteger(), nullable=False),
        sa.Column("mark", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charge_rehearsal")),
        schema="billing",
    )
    op.create_index(
        op.f("ix_charge_rehearsal_tenant_id"), "charge_rehearsal", ["tenant_id"], unique=False, schema="billing"
    )
    op.create_table(
        "charge_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("run_by", sa.Uuid(), nullable=False),
        sa.Column("carried_over", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charge_run")),
        schema="billing",
    )
    op.create_index(op.f("ix_charge_run_tenant_id"), "charge_run", ["tenant_id"], unique=False, schema="billing")
    op.create_table(
        "difference",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("gateway_cents", sa.BigInteger(), nullable=False),
        sa.Column("ledger_cents", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "timing",
                "fee",
                "by_hand",
                "provider_fault",
                "our_fault",
                name="differencereason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("num_nulls(closed_at, closed_by, reason) IN (0, 3)", name=op.f("ck_difference_explained")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_difference")),
        schema="billing",
    )
    op.create_index(op.f("ix_difference_tenant_id"), "difference", ["tenant_id"], unique=False, schema="billing")
    op.create_index(
        "uq_difference_open",
        "difference",
        ["tenant_id", "subject"],
        unique=True,
        schema="billing",
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "gateway_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reference", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("gross_cents", sa.BigInteger(), nullable=False),
        sa.Column("fee_cents", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gateway_line")),
        schema="billing",
    )
    op.create_index(
        op.f("ix_gateway_line_document_id"), "gateway_line", ["document_id"], unique=False, schema="billing"
    )
    op.create_index(op.f("ix_gateway_line_tenant_id"), "gateway_line", ["tenant_id"], unique=False, schema="billing")
    op.create_index(
        "uq_gateway_line_reference", "gateway_line", ["tenant_id", "reference"], unique=True, schema="billing"
    )
    op.create_table(
        "gateway_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=True),
        sa.Column("reference", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("names", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "received",
                "handled",
                "failed",
                "ignored",
                name="eventstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("fault", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=True),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gateway_message")),
        sa.UniqueConstraint("reference", name=op.f("uq_gateway_message_reference")),
        schema="billing",
    )
    op.create_index(
        op.f("ix_gateway_message_tenant_id"), "gateway_message", ["tenant_id"], unique=False, schema="billing"
    )
    op.create_table(
        "ledger_closing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_closing")),
        schema="billing",
    )
    op.create_index(
        op.f("ix_ledger_closing_tenant_id"), "ledger_closing", ["tenant_id"], unique=False, schema="billing"
    )
    op.create_index("uq_ledger_closing", "ledger_closing", ["tenant_id", "month"], unique=True, schema="billing")
    op.create_table(
        "ledger_proof",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("differences", sa.Integer(), nullable=False),
        sa.Column("left_over_cents", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_proof")),
        schema="billing",
    )
    op.create_index(op.f("ix_ledger_proof_tenant_id"), "ledger_proof", ["tenant_id"], unique=False, schema="billing")
    op.create_table(
        "ledger_transaction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("sides", sa.Integer(), nullable=False),
        sa.CheckConstraint("sides >= 2", name=op.f("ck_ledger_transaction_sides")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_transaction")),
        schema="billing",
    )
    op.create_index(
        op.f("ix_ledger_transaction_document_id"), "ledger_transaction", ["document_id"], unique=False, schema="billing"
    )
    op.create_index(
        op.f("ix_ledger_transaction_tenant_id"), "ledger_transaction", ["tenant_id"], unique=False, schema="billing"
    )
    op.create_table(
        "number_series",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "year", name=op.f("pk_number_series")),
        schema="billing",
    )
    op.create_table(
        "allowance",
        sa.Column("place", sa.LargeBinary(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("granted", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_allowance")),
        schema="identity",
        prefixes=["UNLOGGED"],
    )
    op.create_table(
        "answered_act",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("asked", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("key_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "key_hash", name=op.f("pk_answered_act")),
        schema="identity",
    )
    op.create_index(op.f("ix_answered_act_at"), "answered_act", ["at"], unique=False, schema="identity")
    op.create_table(
        "audit_anchor",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "position", name=op.f("pk_audit_anchor")),
        schema="identity",
    )
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tag", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column(
            "role",
            sa.Enum(
                "physician",
                "delegate",
                "secretary",
                "provider",
                "network_manager",
                "case_manager",
                "employer",
                "insurer",
                "employee",
                "auditor",
                "system",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("responsible_account_id", sa.Uuid(), nullable=True),
        sa.Column("subject_kind", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("data_subject_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=True),
        sa.Column(
            "ground",
            sa.Enum(
                "physician",
                "delegation",
                "mandate",
                "secretariat",
                "addressee",
                "own",
                "office",
                "oversight",
                "job",
                "emergency",
                name="ground",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("emergency_id", sa.Uuid(), nullable=True),
        sa.Column("client", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=True),
        sa.CheckConstraint(
            "(ground = 'emergency') = (emergency_id IS NOT NULL)", name=op.f("ck_audit_event_emergency")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
        schema="identity",
    )
    op.create_index(
        op.f("ix_audit_event_data_subject_id"), "audit_event", ["data_subject_id"], unique=False, schema="identity"
    )
    op.create_index(
        "ix_audit_event_emergency",
        "audit_event",
        ["tenant_id", "seq"],
        unique=False,
        schema="identity",
        postgresql_where=sa.text("emergency_id IS NOT NULL"),
    )
    op.create_index(
        "ix_audit_event_tenant_id_seq", "audit_event", ["tenant_id", "seq"], unique=False, schema="identity"
    )
    op.create_table(
        "audit_link",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "position", name=op.f("pk_audit_link")),
        sa.UniqueConstraint("event_id", name=op.f("uq_audit_link_event_id")),
        schema="identity",
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "arbodienst",
                "provider",
                "employer",
                "insurer",
                "case_management",
                name="organisationkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        schema="identity",
    )
    op.create_index(op.f("ix_organisation_tenant_id"), "organisation", ["tenant_id"], unique=False, schema="identity")
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        schema="identity",
    )
    op.create_table(
        "removal_certificate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "kept",
            sa.Enum(
                "medical",
                "absence",
                "absence_wga",
                "absence_zw",
                "paper",
                "invoice",
                "log",
                "account",
                "person",
                name="kept",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("years", sa.SmallInteger(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("things", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.Column("key_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=True),
        sa.Column("signature", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_removal_certificate")),
        schema="identity",
    )
    op.create_index(
        "ix_removal_certificate_position",
        "removal_certificate",
        ["tenant_id", "position"],
        unique=False,
        schema="identity",
    )
    op.create_index(
        op.f("ix_removal_certificate_tenant_id"), "removal_certificate", ["tenant_id"], unique=False, schema="identity"
    )
    op.create_table(
        "retention_term",
        sa.Column(
            "kept",
            sa.Enum(
                "medical",
                "absence",
                "absence_wga",
                "absence_zw",
                "paper",
                "invoice",
                "log",
                "account",
                "person",
                name="kept",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("years", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kept", name=op.f("pk_retention_term")),
        schema="identity",
    )
    op.create_table(
        "slot",
        sa.Column("place", sa.LargeBinary(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_slot")),
        schema="identity",
    )
    op.create_table(
        "answered_act",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("asked", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("key_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "key_hash", name=op.f("pk_answered_act")),
        schema="medical",
    )
    op.create_index(op.f("ix_answered_act_at"), "answered_act", ["at"], unique=False, schema="medical")
    op.create_table(
        "tenant_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.Column("stands", sa.Boolean(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("stands = (wrapped IS NOT NULL)", name=op.f("ck_tenant_key_destroyed_or_not")),
        sa.CheckConstraint("stands OR retired_at IS NOT NULL", name=op.f("ck_tenant_key_retired_before_destroyed")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenant_key")),
        schema="medical",
    )
    op.create_index(op.f("ix_tenant_key_tenant_id"), "tenant_key", ["tenant_id"], unique=False, schema="medical")
    op.create_index(
        "uq_tenant_key_newest",
        "tenant_key",
        ["tenant_id"],
        unique=True,
        schema="medical",
        postgresql_where=sa.text("retired_at IS NULL"),
    )
    op.create_index("uq_tenant_key_stands", "tenant_key", ["id", "tenant_id", "stands"], unique=True, schema="medical")
    op.create_table(
        "measured_intervention",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("intervention", sqlmodel.sql.sqltypes.AutoString(length=8), nullable=False),
        sa.Column("median_days", sa.Integer(), nullable=True),
        sa.Column("p80_days", sa.Integer(), nullable=True),
        sa.Column("wait_n", sa.Integer(), nullable=True),
        sa.Column("reached_percent", sa.Integer(), nullable=True),
        sa.Column("outcome_n", sa.Integer(), nullable=True),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "outcome_n >= 10 AND num_nulls(outcome_n, reached_percent) IN (0, 2)",
            name=op.f("ck_measured_intervention_outcome"),
        ),
        sa.CheckConstraint("reached_percent BETWEEN 0 AND 100", name=op.f("ck_measured_intervention_percent")),
        sa.CheckConstraint(
            "wait_n >= 6 AND num_nulls(wait_n, median_days, p80_days) IN (0, 3)",
            name=op.f("ck_measured_intervention_wait"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "intervention", name=op.f("pk_measured_intervention")),
        schema="network",
    )
    op.create_table(
        "slot_question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("intervention", sqlmodel.sql.sqltypes.AutoString(length=8), nullable=False),
        sa.Column("region", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=True),
        sa.Column(
            "urgency",
            sa.Enum("normal", "soon", "urgent", name="urgency", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "held",
                "used",
                "lapsed",
                "expired",
                "closed",
                name="slotstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("held_until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(state IN ('held', 'used', 'lapsed')) <= (held_until IS NOT NULL)",
            name=op.f("ck_slot_question_held_until_a_day"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot_question")),
        schema="network",
    )
    op.create_index(op.f("ix_slot_question_tenant_id"), "slot_question", ["tenant_id"], unique=False, schema="network")
    op.create_index(
        "ix_slot_question_waiting",
        "slot_question",
        ["tenant_id", "state"],
        unique=False,
        schema="network",
        postgresql_where=sa.text("state IN ('open', 'held')"),
    )
    op.create_table(
        "synonym_group",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("preferred", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("others", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_synonym_group")),
        schema="network",
    )
    op.create_index(op.f("ix_synonym_group_tenant_id"), "synonym_group", ["tenant_id"], unique=False, schema="network")
    op.create_index("uq_synonym_group", "synonym_group", ["tenant_id", "preferred"], unique=True, schema="network")
    op.create_table(
        "budget_mandate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("per_case_cents", sa.Integer(), nullable=True),
        sa.Column("per_year_cents", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint("per_case_cents >= 0 AND per_year_cents >= 0", name=op.f("ck_budget_mandate_amounts")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["identity.organisation.id"], name=op.f("fk_budget_mandate_employer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_mandate")),
        schema="billing",
    )
    op.create_index(
        "ix_budget_mandate_latest", "budget_mandate", ["employer_id", "valid_from"], unique=False, schema="billing"
    )
    op.create_index(
        op.f("ix_budget_mandate_tenant_id"), "budget_mandate", ["tenant_id"], unique=False, schema="billing"
    )
    op.create_table(
        "direct_contract",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("provider_name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("kvk", sqlmodel.sql.sqltypes.AutoString(length=8), nullable=False),
        sa.Column("email", sqlmodel.sql.sqltypes.AutoString(length=254), nullable=False),
        sa.Column("registered_by", sa.Uuid(), nullable=False),
        sa.Column("connected_on", sa.Date(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["identity.organisation.id"], name=op.f("fk_direct_contract_employer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_direct_contract")),
        schema="billing",
    )
    op.create_index(
        op.f("ix_direct_contract_tenant_id"), "direct_contract", ["tenant_id"], unique=False, schema="billing"
    )
    op.create_index(
        "uq_direct_contract",
        "direct_contract",
        ["employer_id", "kvk"],
        unique=True,
        schema="billing",
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "insurance_policy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("insurer_id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "absence",
                "wga",
                "zw",
                "wia",
                "health",
                name="policykind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("percentage", sa.Integer(), nullable=False),
        sa.Column("cap_cents", sa.Integer(), nullable=True),
        sa.Column("budget_cents", sa.Integer(), nullable=True),
        sa.Column("interventions", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("rules", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("registered_by", sa.Uuid(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("budget_cents >= 0", name=op.f("ck_insurance_policy_budget")),
        sa.CheckConstraint("percentage BETWEEN 1 AND 100", name=op.f("ck_insurance_policy_percentage")),
        sa.CheckConstraint("valid_until >= valid_from", name=op.f("ck_insurance_policy_period")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["identity.organisation.id"], name=op.f("fk_insurance_policy_employer_id")
        ),
        sa.ForeignKeyConstraint(
            ["insurer_id"], ["identity.organisation.id"], name=op.f("fk_insurance_policy_insurer_id")
        ),
        sa.ForeignKeyConstraint(["line_id"], ["billing.insurance_policy.id"], name=op.f("fk_insurance_policy_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_insurance_policy")),
        schema="billing",
    )
    op.create_index(
        op.f("ix_insurance_policy_employer_id"), "insurance_policy", ["employer_id"], unique=False, schema="billing"
    )
    op.create_index(
        op.f("ix_insurance_policy_insurer_id"), "insurance_policy", ["insurer_id"], unique=False, schema="billing"
    )
    op.create_index(
        op.f("ix_insurance_policy_line_id"), "insurance_policy", ["line_id"], unique=False, schema="billing"
    )
    op.create_index(
        op.f("ix_insurance_policy_tenant_id"), "insurance_policy", ["tenant_id"], unique=False, schema="billing"
    )
    op.create_table(
        "invoice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("invoice", "credit_note", name="invoicekind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("issue_date", sa.Date(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("net_cents", sa.Integer(), nullable=False),
        sa.Column("vat_cents", sa.Integer(), nullable=False),
        sa.Column("total_cents", sa.Integer(), nullable=False),
        sa.Column("document", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("corrects_id", sa.Uuid(), nullable=True),
        sa.Column(
            "credit_reason",
            sa.Enum(
                "wrong_amount",
                "wrong_vat",
                "wrong_buyer",
                "not_owed",
                "goodwill",
                "provider_credit",
                name="creditreason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("charge_anew", sa.Boolean(), nullable=False),
        sa.Column("charge_run_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'credit_note') = (corrects_id IS NOT NULL) AND (kind = 'credit_note') = (credit_reason IS NOT NULL) AND (kind = 'credit_note' OR NOT charge_anew)",
            name=op.f("ck_invoice_a_credit_note_corrects"),
        ),
        sa.CheckConstraint("total_cents = net_cents + vat_cents", name=op.f("ck_invoice_sum")),
        sa.ForeignKeyConstraint(["buyer_id"], ["identity.organisation.id"], name=op.f("fk_invoice_buyer_id")),
        sa.ForeignKeyConstraint(["charge_run_id"], ["billing.charge_run.id"], name=op.f("fk_invoice_charge_run_id")),
        sa.ForeignKeyConstraint(["corrects_id"], ["billing.invoice.id"], name=op.f("fk_invoice_corrects_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice")),
        schema="billing",
    )
    op.create_index(op.f("ix_invoice_buyer_id"), "invoice", ["buyer_id"], unique=False, schema="billing")
    op.create_index(op.f("ix_invoice_corrects_id"), "invoice", ["corrects_id"], unique=False, schema="billing")
    op.create_index(op.f("ix_invoice_tenant_id"), "invoice", ["tenant_id"], unique=False, schema="billing")
    op.create_index("uq_invoice_number", "invoice", ["tenant_id", "number"], unique=True, schema="billing")
    op.create_table(
        "ledger_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("transaction_id", sa.Uuid(), nullable=False),
        sa.Column("account", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=True),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["party_id"], ["identity.organisation.id"], name=op.f("fk_ledger_entry_party_id")),
        sa.ForeignKeyConstraint(
            ["transaction_id"], ["billing.ledger_transaction.id"], name=op.f("fk_ledger_entry_transaction_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entry")),
        schema="billing",
    )
    op.create_index(
        "ix_ledger_entry_account",
        "ledger_entry",
        ["tenant_id", "account", "created_at"],
        unique=False,
        schema="billing",
    )
    op.create_index(op.f("ix_ledger_entry_party_id"), "ledger_entry", ["party_id"], unique=False, schema="billing")
    op.create_index(op.f("ix_ledger_entry_tenant_id"), "ledger_entry", ["tenant_id"], unique=False, schema="billing")
    op.create_index(
        op.f("ix_ledger_entry_transaction_id"), "ledger_entry", ["transaction_id"], unique=False, schema="billing"
    )
    op.create_table(
        "ledger_month",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("account", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=True),
        sa.Column("debit_cents", sa.BigInteger(), nullable=False),
        sa.Column("credit_cents", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("debit_cents >= 0 AND credit_cents >= 0", name=op.f("ck_ledger_month_two_sides")),
        sa.ForeignKeyConstraint(["party_id"], ["identity.organisation.id"], name=op.f("fk_ledger_month_party_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_month")),
        schema="billing",
    )
    op.create_index(op.f("ix_ledger_month_tenant_id"), "ledger_month", ["tenant_id"], unique=False, schema="billing")
    op.create_index(
        "uq_ledger_month",
        "ledger_month",
        ["tenant_id", "month", "account", "party_id"],
        unique=True,
        schema="billing",
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "payout",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("account", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "sent",
                "refused",
                "reversed",
                name="payoutstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("gateway_reference", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=True),
        sa.Column("fault", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=True),
        sa.Column("planned_by", sa.Uuid(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("cents > 0", name=op.f("ck_payout_positive")),
        sa.ForeignKeyConstraint(["provider_id"], ["identity.organisation.id"], name=op.f("fk_payout_provider_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout")),
        sa.UniqueConstraint("gateway_reference", name=op.f("uq_payout_gateway_reference")),
        schema="billing",
    )
    op.create_index(op.f("ix_payout_provider_id"), "payout", ["provider_id"], unique=False, schema="billing")
    op.create_index(op.f("ix_payout_tenant_id"), "payout", ["tenant_id"], unique=False, schema="billing")
    op.create_table(
        "payout_account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("gateway_reference", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("is_ready", sa.Boolean(), nullable=False),
        sa.Column("needs", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["identity.organisation.id"], name=op.f("fk_payout_account_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_account")),
        sa.UniqueConstraint("gateway_reference", name=op.f("uq_payout_account_gateway_reference")),
        schema="billing",
    )
    op.create_index(
        op.f("ix_payout_account_tenant_id"), "payout_account", ["tenant_id"], unique=False, schema="billing"
    )
    op.create_index(
        "uq_payout_account_provider", "payout_account", ["tenant_id", "provider_id"], unique=True, schema="billing"
    )
    op.create_table(
        "portfolio_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("insurer_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("k", sa.Integer(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["insurer_id"], ["identity.organisation.id"], name=op.f("fk_portfolio_report_insurer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portfolio_report")),
        schema="billing",
    )
    op.create_index(
        op.f("ix_portfolio_report_tenant_id"), "portfolio_report", ["tenant_id"], unique=False, schema="billing"
    )
    op.create_index("uq_portfolio_report", "portfolio_report", ["insurer_id", "year"], unique=True, schema="billing")
    op.create_table(
        "rehearsed_page",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rehearsal_id", sa.Uuid(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("documents", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["rehearsal_id"], ["billing.charge_rehearsal.id"], name=op.f("fk_rehearsed_page_rehearsal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rehearsed_page")),
        sa.UniqueConstraint("rehearsal_id", "page", name=op.f("uq_rehearsed_page_rehearsal_id_page")),
        schema="billing",
    )
    op.create_index(
        op.f("ix_rehearsed_page_tenant_id"), "rehearsed_page", ["tenant_id"], unique=False, schema="billing"
    )
    op.create_table(
        "employee",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("employed_until", sa.Date(), nullable=True),
        sa.Column(
            "own_risk",
            sa.Enum("wga", "zw", name="ownrisk", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("absence_removed_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["employer_id"], ["identity.organisation.id"], name=op.f("fk_employee_employer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employee")),
        schema="cases",
    )
    op.create_index(op.f("ix_employee_tenant_id"), "employee", ["tenant_id"], unique=False, schema="cases")
    op.create_index("uq_employee_reference", "employee", ["employer_id", "reference"], unique=True, schema="cases")
    op.create_table(
        "intervention_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("k", sa.Integer(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["identity.organisation.id"], name=op.f("fk_intervention_report_employer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intervention_report")),
        schema="cases",
    )
    op.create_index(
        op.f("ix_intervention_report_tenant_id"), "intervention_report", ["tenant_id"], unique=False, schema="cases"
    )
    op.create_index(
        "uq_intervention_report",
        "intervention_report",
        ["tenant_id", "employer_id", "year"],
        unique=True,
        schema="cases",
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("email", sqlmodel.sql.sqltypes.AutoString(length=254), nullable=False),
        sa.Column("password_hash", sqlmodel.sql.sqltypes.AutoString(length=255), nullable=True),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(length=2), nullable=False),
        sa.Column("reminders", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("access_removed_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["identity.person.id"], name=op.f("fk_account_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
        schema="identity",
    )
    op.create_index(op.f("ix_account_person_id"), "account", ["person_id"], unique=False, schema="identity")
    op.create_table(
        "data_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.LargeBinary(), nullable=False),
        sa.Column("tenant_key_id", sa.Uuid(), nullable=True),
        sa.Column("tenant_key_stands", sa.Boolean(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(destroyed_at IS NULL) = (wrapped IS NOT NULL) AND (wrapped IS NULL) = (tenant_key_id IS NULL)",
            name=op.f("ck_data_key_destroyed_or_not"),
        ),
        sa.CheckConstraint("tenant_key_stands", name=op.f("ck_data_key_rests_on_one_that_stands")),
        sa.ForeignKeyConstraint(
            ["tenant_key_id", "tenant_id", "tenant_key_stands"],
            ["medical.tenant_key.id", "medical.tenant_key.tenant_id", "medical.tenant_key.stands"],
            name="fk_data_key_stands",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_key")),
        schema="medical",
    )
    op.create_index(op.f("ix_data_key_tenant_id"), "data_key", ["tenant_id"], unique=False, schema="medical")
    op.create_index(op.f("ix_data_key_tenant_key_id"), "data_key", ["tenant_key_id"], unique=False, schema="medical")
    op.create_index("uq_data_key_handle", "data_key", ["handle"], unique=True, schema="medical")
    op.create_index(
        "uq_data_key_subject",
        "data_key",
        ["subject_id"],
        unique=True,
        schema="medical",
        postgresql_where=sa.text("destroyed_at IS NULL"),
    )
    op.create_table(
        "arbodienst_settings",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("suppression_k", sa.Integer(), nullable=False),
        sa.Column("onward_vat_rate", sa.Integer(), nullable=False),
        sa.Column("payment_days", sa.Integer(), nullable=False),
        sa.Column("reminds", sa.Boolean(), nullable=False),
        sa.Column("first_reminder_days", sa.Integer(), nullable=False),
        sa.Column("second_reminder_days", sa.Integer(), nullable=False),
        sa.Column("last_reminder_days", sa.Integer(), nullable=False),
        sa.Column("money_version", sa.Integer(), nullable=False),
        sa.Column("payable_days", sa.Integer(), nullable=False),
        sa.Column("four_eyes_cents", sa.Integer(), nullable=False),
        sa.Column("four_eyes_asked_cents", sa.Integer(), nullable=True),
        sa.Column("four_eyes_asked_by", sa.Uuid(), nullable=True),
        sa.Column("sign_working_days", sa.Integer(), nullable=False),
        sa.Column("revise_working_days", sa.Integer(), nullable=False),
        sa.Column("answer_working_days", sa.Integer(), nullable=False),
        sa.Column("start_working_days", sa.Integer(), nullable=False),
        sa.Column("inform_working_days", sa.Integer(), nullable=False),
        sa.Column("report_working_days", sa.Integer(), nullable=False),
        sa.Column("close_working_days", sa.Integer(), nullable=False),
        sa.Column("choose_again_working_days", sa.Integer(), nullable=False),
        sa.Column("terms_version", sa.Integer(), nullable=False),
        sa.Column("invoice_check_working_days", sa.Integer(), nullable=False),
        sa.Column("invoice_exception_working_days", sa.Integer(), nullable=False),
        sa.Column("provider_access_days", sa.Integer(), nullable=False),
        sa.Column("cofinancing_working_days", sa.Integer(), nullable=False),
        sa.Column("budget_working_days", sa.Integer(), nullable=False),
        sa.Column("slot_answer_working_days", sa.Integer(), nullable=False),
        sa.Column("slot_hold_working_days", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "1 <= first_reminder_days AND first_reminder_days < second_reminder_days AND second_reminder_days < last_reminder_days AND last_reminder_days <= 180",
            name=op.f("ck_arbodienst_settings_reminders"),
        ),
        sa.CheckConstraint(
            "1 <= least(sign_working_days, revise_working_days, answer_working_days, start_working_days, inform_working_days, report_working_days, close_working_days, choose_again_working_days) AND 60 >= greatest(sign_working_days, revise_working_days, answer_working_days, start_working_days, inform_working_days, report_working_days, close_working_days, choose_again_working_days)",
            name=op.f("ck_arbodienst_settings_terms"),
        ),
        sa.CheckConstraint(
            "cofinancing_working_days BETWEEN 1 AND 60 AND budget_working_days BETWEEN 1 AND 60",
            name=op.f("ck_arbodienst_settings_answering"),
        ),
        sa.CheckConstraint("onward_vat_rate IN (0, 9, 21)", name=op.f("ck_arbodienst_settings_onward_vat_rate")),
        sa.CheckConstraint(
            "payable_days BETWEEN 0 AND 60 AND four_eyes_cents >= 0", name=op.f("ck_arbodienst_settings_paying")
        ),
        sa.CheckConstraint("payment_days BETWEEN 1 AND 90", name=op.f("ck_arbodienst_settings_payment_days")),
        sa.CheckConstraint("suppression_k BETWEEN 5 AND 10", name=op.f("ck_arbodienst_settings_suppression_k")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["identity.organisation.id"], name=op.f("fk_arbodienst_settings_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("pk_arbodienst_settings")),
        schema="network",
    )
    op.create_table(
        "contract",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("own_organisation", sa.Boolean(), nullable=False),
        sa.Column("no_show_percent", sa.Integer(), nullable=False),
        sa.Column("cancelled_late_percent", sa.Integer(), nullable=False),
        sa.Column("most_missed", sa.Integer(), nullable=False),
        sa.CheckConstraint("cancelled_late_percent BETWEEN 0 AND 100", name=op.f("ck_contract_cancelled_late_percent")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_contract_order")),
        sa.CheckConstraint("most_missed BETWEEN 0 AND 100", name=op.f("ck_contract_most_missed")),
        sa.CheckConstraint("no_show_percent BETWEEN 0 AND 100", name=op.f("ck_contract_no_show_percent")),
        sa.ForeignKeyConstraint(["provider_id"], ["identity.organisation.id"], name=op.f("fk_contract_provider_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract")),
        schema="network",
    )
    op.create_index(op.f("ix_contract_provider_id"), "contract", ["provider_id"], unique=False, schema="network")
    op.create_index(op.f("ix_contract_tenant_id"), "contract", ["tenant_id"], unique=False, schema="network")
    op.create_table(
        "measured_answers",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("answered_percent", sa.Integer(), nullable=False),
        sa.Column("declined_percent", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("answered_percent BETWEEN 0 AND 100", name=op.f("ck_measured_answers_answered_percent")),
        sa.CheckConstraint(
            "declined_percent BETWEEN 0 AND answered_percent", name=op.f("ck_measured_answers_declined_percent")
        ),
        sa.CheckConstraint("n >= 10", name=op.f("ck_measured_answers_n_large_enough")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["identity.organisation.id"], name=op.f("fk_measured_answers_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_measured_answers")),
        schema="network",
    )
    op.create_index(
        op.f("ix_measured_answers_tenant_id"), "measured_answers", ["tenant_id"], unique=False, schema="network"
    )
    op.create_table(
        "measured_experience",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("in_time_percent", sa.Integer(), nullable=True),
        sa.Column("in_time_n", sa.Integer(), nullable=True),
        sa.Column("satisfied_percent", sa.Integer(), nullable=True),
        sa.Column("satisfied_n", sa.Integer(), nullable=True),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "in_time_n >= 10 AND num_nulls(in_time_percent, in_time_n) IN (0, 2)",
            name=op.f("ck_measured_experience_in_time"),
        ),
        sa.CheckConstraint("in_time_percent BETWEEN 0 AND 100", name=op.f("ck_measured_experience_in_time_percent")),
        sa.CheckConstraint(
            "satisfied_n >= 10 AND num_nulls(satisfied_percent, satisfied_n) IN (0, 2)",
            name=op.f("ck_measured_experience_satisfied"),
        ),
        sa.CheckConstraint(
            "satisfied_percent BETWEEN 0 AND 100", name=op.f("ck_measured_experience_satisfied_percent")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["identity.organisation.id"], name=op.f("fk_measured_experience_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_measured_experience")),
        schema="network",
    )
    op.create_index(
        op.f("ix_measured_experience_tenant_id"), "measured_experience", ["tenant_id"], unique=False, schema="network"
    )
    op.create_table(
        "offering",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=160), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("intervention", sqlmodel.sql.sqltypes.AutoString(length=8), nullable=False),
        sa.Column("causes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("sickness_years", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.Column("nationwide", sa.Boolean(), nullable=False),
        sa.Column("radius_km", sa.Integer(), nullable=False),
        sa.Column("postcode", sqlmodel.sql.sqltypes.AutoString(length=4), nullable=True),
        sa.Column("region", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("price_cents", sa.Integer(), nullable=False),
        sa.Column(
            "price_unit",
            sa.Enum(
                "session",
                "hour",
                "report",
                "trajectory",
                name="priceunit",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("vat_rate", sa.Integer(), nullable=False),
        sa.Column("price_valid_from", sa.Date(), nullable=False),
        sa.Column("price_valid_until", sa.Date(), nullable=True),
        sa.Column("programme_weeks", sa.Integer(), nullable=False),
        sa.Column(
            "evidence",
            sa.Enum(
                "guideline",
                "outcome",
                "practice",
                name="evidence",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("languages", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("genders", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("stated_wait_days", sa.Integer(), nullable=False),
        sa.Column("stated_on", sa.Date(), nullable=False),
        sa.Column("accepts_new", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "submitted",
                "approved",
                "rejected",
                "withdrawn",
                name="offeringstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "rejection_reason",
            sa.Enum(
                "incomplete",
                "evidence",
                "price",
                "registration",
                "not_needed",
                "personal_data",
                "double",
                name="rejectionreason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'rejected') = (rejection_reason IS NOT NULL)", name=op.f("ck_offering_rejected_with_reason")
        ),
        sa.CheckConstraint("genders <@ ARRAY['female', 'male']", name=op.f("ck_offering_genders")),
        sa.CheckConstraint("price_cents > 0", name=op.f("ck_offering_price_positive")),
        sa.CheckConstraint("price_valid_until >= price_valid_from", name=op.f("ck_offering_price_validity")),
        sa.CheckConstraint("stated_wait_days BETWEEN 0 AND 730", name=op.f("ck_offering_stated_wait")),
        sa.CheckConstraint("vat_rate IN (0, 9, 21)", name=op.f("ck_offering_vat_rate")),
        sa.ForeignKeyConstraint(["provider_id"], ["identity.organisation.id"], name=op.f("fk_offering_provider_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offering")),
        schema="network",
    )
    op.create_index(op.f("ix_offering_intervention"), "offering", ["intervention"], unique=False, schema="network")
    op.create_index(op.f("ix_offering_provider_id"), "offering", ["provider_id"], unique=False, schema="network")
    op.create_index(op.f("ix_offering_tenant_id"), "offering", ["tenant_id"], unique=False, schema="network")
    op.create_index("ix_offering_tenant_state", "offering", ["tenant_id", "state"], unique=False, schema="network")
    op.create_table(
        "organisation_profile",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("kvk", sqlmodel.sql.sqltypes.AutoString(length=8), nullable=True),
        sa.Column("vat_id", sqlmodel.sql.sqltypes.AutoString(length=14), nullable=True),
        sa.Column("iban", sqlmodel.sql.sqltypes.AutoString(length=34), nullable=True),
        sa.Column("agb", sqlmodel.sql.sqltypes.AutoString(length=8), nullable=True),
        sa.Column("street", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("postcode", sqlmodel.sql.sqltypes.AutoString(length=7), nullable=False),
        sa.Column("city", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("email", sqlmodel.sql.sqltypes.AutoString(length=254), nullable=True),
        sa.Column("name_reveals_care", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["identity.organisation.id"], name=op.f("fk_organisation_profile_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_organisation_profile")),
        schema="network",
    )
    op.create_index(
        op.f("ix_organisation_profile_tenant_id"), "organisation_profile", ["tenant_id"], unique=False, schema="network"
    )
    op.create_table(
        "registration",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "big",
                "agb",
                "sra",
                "mfn",
                "rsc",
                "blik_op_werk",
                "oval",
                "nip",
                "noloc",
                "nobco",
                "registerplein",
                "nvvk",
                "hfnl",
                "insurance",
                name="registrationkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("holder", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["identity.organisation.id"], name=op.f("fk_registration_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration")),
        schema="network",
    )
    op.create_index(
        op.f("ix_registration_provider_id"), "registration", ["provider_id"], unique=False, schema="network"
    )
    op.create_index(op.f("ix_registration_tenant_id"), "registration", ["tenant_id"], unique=False, schema="network")
    op.create_table(
        "charge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "open",
                "own_line",
                "pooled",
                "service",
                name="chargekind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("intervention", sqlmodel.sql.sqltypes.AutoString(length=8), nullable=True),
        sa.Column("employee_reference", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=True),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("net_cents", sa.Integer(), nullable=False),
        sa.Column("insurer_cents", sa.Integer(), nullable=False),
        sa.Column("vat_rate", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=True),
        sa.Column("corrects_id", sa.Uuid(), nullable=True),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'open') = (intervention IS NOT NULL)", name=op.f("ck_charge_only_open_names_a_type")
        ),
        sa.CheckConstraint(
            "kind = 'open' OR employee_reference IS NULL", name=op.f("ck_charge_only_open_names_somebody")
        ),
        sa.CheckConstraint(
            "(corrects_id IS NULL) = (net_cents > 0)", name=op.f("ck_charge_only_a_correction_gives_back")
        ),
        sa.CheckConstraint(
            "insurer_cents BETWEEN least(net_cents, 0) AND greatest(net_cents, 0)", name=op.f("ck_charge_shares")
        ),
        sa.ForeignKeyConstraint(["corrects_id"], ["billing.charge.id"], name=op.f("fk_charge_corrects_id")),
        sa.ForeignKeyConstraint(["employer_id"], ["identity.organisation.id"], name=op.f("fk_charge_employer_id")),
        sa.ForeignKeyConstraint(["invoice_id"], ["billing.invoice.id"], name=op.f("fk_charge_invoice_id")),
        sa.ForeignKeyConstraint(["replaces_id"], ["billing.charge.id"], name=op.f("fk_charge_replaces_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charge")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_charge_replaces_id")),
        schema="billing",
    )
    op.create_index(op.f("ix_charge_corrects_id"), "charge", ["corrects_id"], unique=False, schema="billing")
    op.create_index(op.f("ix_charge_employer_id"), "charge", ["employer_id"], unique=False, schema="billing")
    op.create_index(op.f("ix_charge_invoice_id"), "charge", ["invoice_id"], unique=False, schema="billing")
    op.create_index(op.f("ix_charge_tenant_id"), "charge", ["tenant_id"], unique=False, schema="billing")
    op.create_index(
        "ix_charge_without_invoice",
        "charge",
        ["tenant_id", "month"],
        unique=False,
        schema="billing",
        postgresql_where=sa.text("invoice_id IS NULL"),
    )
    op.create_table(
        "direct_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_reference", sqlmodel.sql.sqltypes.AutoString(length=30), nullable=False),
        sa.Column("total_cents", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "agreed",
                "not_agreed",
                "question",
                name="directoutcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "invoice_reference ~ '^((F|FA|FAC|FACT|FACTUUR|INV|INVOICE|NR|VF|VK)[-./ ]?)?[0-9]([0-9./-]{0,20}[0-9])?$'",
            name=op.f("ck_direct_answer_clean_reference"),
        ),
        sa.CheckConstraint("total_cents > 0", name=op.f("ck_direct_answer_positive")),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["billing.direct_contract.id"], name=op.f("fk_direct_answer_contract_id")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["identity.organisation.id"], name=op.f("fk_direct_answer_employer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_direct_answer")),
        schema="billing",
    )
    op.create_index(
        op.f("ix_direct_answer_contract_id"), "direct_answer", ["contract_id"], unique=False, schema="billing"
    )
    op.create_index(
        op.f("ix_direct_answer_employer_id"), "direct_answer", ["employer_id"], unique=False, schema="billing"
    )
    op.create_index(op.f("ix_direct_answer_tenant_id"), "direct_answer", ["tenant_id"], unique=False, schema="billing")
    op.create_table(
        "payable",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=False),
        sa.Column("approved_person_id", sa.Uuid(), nullable=False),
        sa.Column("needs_second", sa.Boolean(), nullable=False),
        sa.Column("agreed_by", sa.Uuid(), nullable=True),
        sa.Column("agreed_person_id", sa.Uuid(), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("payout_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(agreed_by IS NULL) = (agreed_person_id IS NULL) AND (agreed_by IS NULL) = (agreed_at IS NULL) AND agreed_person_id IS DISTINCT FROM approved_person_id",
            name=op.f("ck_payable_four_eyes"),
        ),
        sa.CheckConstraint("cents <> 0", name=op.f("ck_payable_something")),
        sa.ForeignKeyConstraint(["payout_id"], ["billing.payout.id"], name=op.f("fk_payable_payout_id")),
        sa.ForeignKeyConstraint(["provider_id"], ["identity.organisation.id"], name=op.f("fk_payable_provider_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payable")),
        schema="billing",
    )
    op.create_index(op.f("ix_payable_payout_id"), "payable", ["payout_id"], unique=False, schema="billing")
    op.create_index(op.f("ix_payable_provider_id"), "payable", ["provider_id"], unique=False, schema="billing")
    op.create_index(op.f("ix_payable_tenant_id"), "payable", ["tenant_id"], unique=False, schema="billing")
    op.create_table(
        "payment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum("gateway", "bank", name="paymentchannel", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("gateway_reference", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("intent_reference", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=True),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "processing",
                "paid",
                "failed",
                "reversed",
                name="paymentstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_cents", sa.Integer(), nullable=False),
        sa.Column("fee_cents", sa.Integer(), nullable=False),
        sa.Column("refunded_cents", sa.Integer(), nullable=False),
        sa.Column("held_cents", sa.Integer(), nullable=False),
        sa.Column("lost_cents", sa.Integer(), nullable=False),
        sa.CheckConstraint("cents > 0", name=op.f("ck_payment_positive")),
        sa.CheckConstraint(
            "least(received_cents, refunded_cents, held_cents, lost_cents) >= 0", name=op.f("ck_payment_never_less")
        ),
        sa.ForeignKeyConstraint(["buyer_id"], ["identity.organisation.id"], name=op.f("fk_payment_buyer_id")),
        sa.ForeignKeyConstraint(["invoice_id"], ["billing.invoice.id"], name=op.f("fk_payment_invoice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("gateway_reference", name=op.f("uq_payment_gateway_reference")),
        sa.UniqueConstraint("intent_reference", name=op.f("uq_payment_intent_reference")),
        schema="billing",
    )
    op.create_index(op.f("ix_payment_invoice_id"), "payment", ["invoice_id"], unique=False, schema="billing")
    op.create_index(op.f("ix_payment_tenant_id"), "payment", ["tenant_id"], unique=False, schema="billing")
    op.create_index(
        "uq_payment_running",
        "payment",
        ["invoice_id"],
        unique=True,
        schema="billing",
        postgresql_where=sa.text("state IN ('open', 'processing')"),
    )
    op.create_table(
        "portfolio_count",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("insurer_id", sa.Uuid(), nullable=False),
        sa.Column(
            "disclosure",
            sa.Enum("OPEN", "CONF", name="disclosure", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("intervention", sqlmodel.sql.sqltypes.AutoString(length=8), nullable=True),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "disclosure = 'OPEN' OR intervention IS NULL", name=op.f("ck_portfolio_count_confidential_names_no_type")
        ),
        sa.CheckConstraint("persons >= 5", name=op.f("ck_portfolio_count_persons_enough")),
        sa.ForeignKeyConstraint(
            ["insurer_id"], ["identity.organisation.id"], name=op.f("fk_portfolio_count_insurer_id")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["billing.portfolio_report.id"], name=op.f("fk_portfolio_count_report_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portfolio_count")),
        schema="billing",
    )
    op.create_index(
        op.f("ix_portfolio_count_tenant_id"), "portfolio_count", ["tenant_id"], unique=False, schema="billing"
    )
    op.create_index(
        "uq_portfolio_count",
        "portfolio_count",
        ["report_id", "disclosure", "intervention"],
        unique=True,
        schema="billing",
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "reminder",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "first", "second", "last", name="reminderstep", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("open_cents", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "sent",
                "refused",
                "dropped",
                name="reminderoutcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.CheckConstraint("(done_at IS NULL) = (outcome IS NULL)", name=op.f("ck_reminder_done_with_outcome")),
        sa.CheckConstraint("open_cents > 0", name=op.f("ck_reminder_something_open")),
        sa.ForeignKeyConstraint(["buyer_id"], ["identity.organisation.id"], name=op.f("fk_reminder_buyer_id")),
        sa.ForeignKeyConstraint(["invoice_id"], ["billing.invoice.id"], name=op.f("fk_reminder_invoice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        schema="billing",
    )
    op.create_index(op.f("ix_reminder_buyer_id"), "reminder", ["buyer_id"], unique=False, schema="billing")
    op.create_index(op.f("ix_reminder_tenant_id"), "reminder", ["tenant_id"], unique=False, schema="billing")
    op.create_index("uq_reminder_step", "reminder", ["invoice_id", "step"], unique=True, schema="billing")
    op.create_table(
        "reminder_hold",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=True),
        sa.Column(
            "reason",
            sa.Enum(
                "disputed",
                "payment_plan",
                "settled",
                "bankrupt",
                "other",
                name="holdreason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("held_by", sa.Uuid(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["buyer_id"], ["identity.organisation.id"], name=op.f("fk_reminder_hold_buyer_id")),
        sa.ForeignKeyConstraint(["invoice_id"], ["billing.invoice.id"], name=op.f("fk_reminder_hold_invoice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_hold")),
        schema="billing",
    )
    op.create_index(
        op.f("ix_reminder_hold_invoice_id"), "reminder_hold", ["invoice_id"], unique=False, schema="billing"
    )
    op.create_index(op.f("ix_reminder_hold_tenant_id"), "reminder_hold", ["tenant_id"], unique=False, schema="billing")
    op.create_index(
        "uq_reminder_hold",
        "reminder_hold",
        ["buyer_id", "invoice_id"],
        unique=True,
        schema="billing",
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "absence_case",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("postcode", sqlmodel.sql.sqltypes.AutoString(length=4), nullable=True),
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("liable_party", sa.Boolean(), nullable=False),
        sa.Column("absence_removed_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["employee_id"], ["cases.employee.id"], name=op.f("fk_absence_case_employee_id")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["identity.organisation.id"], name=op.f("fk_absence_case_employer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence_case")),
        schema="cases",
    )
    op.create_index(op.f("ix_absence_case_employee_id"), "absence_case", ["employee_id"], unique=False, schema="cases")
    op.create_index(op.f("ix_absence_case_employer_id"), "absence_case", ["employer_id"], unique=False, schema="cases")
    op.create_index(op.f("ix_absence_case_tenant_id"), "absence_case", ["tenant_id"], unique=False, schema="cases")
    op.create_index("uq_absence_case_number", "absence_case", ["tenant_id", "number"], unique=True, schema="cases")
    op.create_index(
        "uq_absence_case_running",
        "absence_case",
        ["employee_id"],
        unique=True,
        schema="cases",
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "authorised_doctor",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("register_number", sqlmodel.sql.sqltypes.AutoString(length=11), nullable=False),
        sa.Column("named_by", sa.Uuid(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["employee_id"], ["cases.employee.id"], name=op.f("fk_authorised_doctor_employee_id")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["identity.organisation.id"], name=op.f("fk_authorised_doctor_employer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authorised_doctor")),
        schema="cases",
    )
    op.create_index(
        op.f("ix_authorised_doctor_tenant_id"), "authorised_doctor", ["tenant_id"], unique=False, schema="cases"
    )
    op.create_index(
        "uq_authorised_doctor",
        "authorised_doctor",
        ["employee_id", "register_number"],
        unique=True,
        schema="cases",
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "intervention_count",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=True),
        sa.Column(
            "disclosure",
            sa.Enum("OPEN", "CONF", name="disclosure", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("intervention", sqlmodel.sql.sqltypes.AutoString(length=8), nullable=True),
        sa.Column("sickness_year", sa.Integer(), nullable=True),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "disclosure = 'OPEN' OR intervention IS NULL", name=op.f("ck_intervention_count_confidential_names_no_type")
        ),
        sa.CheckConstraint("persons >= 5", name=op.f("ck_intervention_count_persons_enough")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["identity.organisation.id"], name=op.f("fk_intervention_count_employer_id")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["cases.intervention_report.id"], name=op.f("fk_intervention_count_report_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intervention_count")),
        schema="cases",
    )
    op.create_index(
        op.f("ix_intervention_count_tenant_id"), "intervention_count", ["tenant_id"], unique=False, schema="cases"
    )
    op.create_index(
        "uq_intervention_count",
        "intervention_count",
        ["report_id", "disclosure", "intervention", "sickness_year"],
        unique=True,
        schema="cases",
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "mandate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("physician_account_id", sa.Uuid(), nullable=False),
        sa.Column("holder_account_id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("interventions", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("valid_until >= valid_from", name=op.f("ck_mandate_order")),
        sa.ForeignKeyConstraint(["employer_id"], ["identity.organisation.id"], name=op.f("fk_mandate_employer_id")),
        sa.ForeignKeyConstraint(
            ["holder_account_id"], ["identity.account.id"], name=op.f("fk_mandate_holder_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["physician_account_id"], ["identity.account.id"], name=op.f("fk_mandate_physician_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandate")),
        schema="cases",
    )
    op.create_index(op.f("ix_mandate_employer_id"), "mandate", ["employer_id"], unique=False, schema="cases")
    op.create_index(
        op.f("ix_mandate_holder_account_id"), "mandate", ["holder_account_id"], unique=False, schema="cases"
    )
    op.create_index(
        op.f("ix_mandate_physician_account_id"), "mandate", ["physician_account_id"], unique=False, schema="cases"
    )
    op.create_index(op.f("ix_mandate_tenant_id"), "mandate", ["tenant_id"], unique=False, schema="cases")
    op.create_table(
        "digest",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["identity.account.id"], name=op.f("fk_digest_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest")),
        schema="identity",
    )
    op.create_index(op.f("ix_digest_tenant_id"), "digest", ["tenant_id"], unique=False, schema="identity")
    op.create_index("uq_digest_day", "digest", ["account_id", "day"], unique=True, schema="identity")
    op.create_table(
        "known_device",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["identity.account.id"], name=op.f("fk_known_device_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_device")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_known_device_token_hash")),
        schema="identity",
    )
    op.create_index(op.f("ix_known_device_account_id"), "known_device", ["account_id"], unique=False, schema="identity")
    op.create_table(
        "membership",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "physician",
                "delegate",
                "secretary",
                "provider",
                "network_manager",
                "case_manager",
                "employer",
                "insurer",
                "employee",
                "auditor",
                "system",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("registration_number", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=True),
        sa.Column("registered_until", sa.Date(), nullable=True),
        sa.Column("responsible_account_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(role = 'delegate') = (responsible_account_id IS NOT NULL)",
            name=op.f("ck_membership_delegate_has_physician"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["identity.account.id"], name=op.f("fk_membership_account_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["identity.organisation.id"], name=op.f("fk_membership_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["responsible_account_id"], ["identity.account.id"], name=op.f("fk_membership_responsible_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        schema="identity",
    )
    op.create_index(
        op.f("ix_membership_organisation_id"), "membership", ["organisation_id"], unique=False, schema="identity"
    )
    op.create_index(op.f("ix_membership_tenant_id"), "membership", ["tenant_id"], unique=False, schema="identity")
    op.create_index(
        "uq_membership_role", "membership", ["account_id", "organisation_id", "role"], unique=True, schema="identity"
    )
    op.create_table(
        "one_time_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "invitation", "anew", "reset", name="linkkind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("email", sqlmodel.sql.sqltypes.AutoString(length=254), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column(
            "role",
            sa.Enum(
                "physician",
                "delegate",
                "secretary",
                "provider",
                "network_manager",
                "case_manager",
                "employer",
                "insurer",
                "employee",
                "auditor",
                "system",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=True),
        sa.Column("invited_by", sa.Uuid(), nullable=True),
        sa.Column("registration_number", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=True),
        sa.Column("registered_until", sa.Date(), nullable=True),
        sa.Column("responsible_account_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'reset') = (tenant_id IS NULL) AND (kind = 'reset') = (role IS NULL)",
            name=op.f("ck_one_time_link_invited_somewhere"),
        ),
        sa.ForeignKeyConstraint(["invited_by"], ["identity.account.id"], name=op.f("fk_one_time_link_invited_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["identity.organisation.id"], name=op.f("fk_one_time_link_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["responsible_account_id"], ["identity.account.id"], name=op.f("fk_one_time_link_responsible_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_link")),
        schema="identity",
    )
    op.create_index(
        op.f("ix_one_time_link_organisation_id"), "one_time_link", ["organisation_id"], unique=False, schema="identity"
    )
    op.create_table(
        "owner_notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "happened",
            sa.Enum(
                "new_device",
                "factor_added",
                "factor_removed",
                "codes_renewed",
                "password_changed",
                "token_made",
                "provider_linked",
                "provider_unlinked",
                name="happened",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["identity.account.id"], name=op.f("fk_owner_notice_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_owner_notice")),
        schema="identity",
    )
    op.create_index(op.f("ix_owner_notice_account_id"), "owner_notice", ["account_id"], unique=False, schema="identity")
    op.create_table(
        "provider_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sqlmodel.sql.sqltypes.AutoString(length=255), nullable=False),
        sa.Column("subject", sqlmodel.sql.sqltypes.AutoString(length=255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["identity.account.id"], name=op.f("fk_provider_link_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_link")),
        schema="identity",
    )
    op.create_index(
        op.f("ix_provider_link_account_id"), "provider_link", ["account_id"], unique=False, schema="identity"
    )
    op.create_index(
        "uq_provider_link_kept",
        "provider_link",
        ["issuer", "subject"],
        unique=True,
        schema="identity",
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["identity.account.id"], name=op.f("fk_recovery_code_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_recovery_code_code_hash")),
        schema="identity",
    )
    op.create_index(
        op.f("ix_recovery_code_account_id"), "recovery_code", ["account_id"], unique=False, schema="identity"
    )
    op.create_table(
        "retention_hold",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "dispute",
                "complaint",
                "authority",
                "request",
                name="holdreason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("held_by", sa.Uuid(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["held_by"], ["identity.account.id"], name=op.f("fk_retention_hold_held_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_hold")),
        schema="identity",
    )
    op.create_index(
        op.f("ix_retention_hold_tenant_id"), "retention_hold", ["tenant_id"], unique=False, schema="identity"
    )
    op.create_index(
        "uq_retention_hold_running",
        "retention_hold",
        ["employee_id"],
        unique=True,
        schema="identity",
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "second_factor",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("passkey", "totp", name="factorkind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("credential_id", sa.LargeBinary(), nullable=True),
        sa.Column("public_key", sa.LargeBinary(), nullable=True),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("key_id", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'passkey') = (credential_id IS NOT NULL AND public_key IS NOT NULL)",
            name=op.f("ck_second_factor_passkey_has_key"),
        ),
        sa.CheckConstraint(
            "(kind = 'totp') = (secret IS NOT NULL AND key_id IS NOT NULL)",
            name=op.f("ck_second_factor_app_has_secret"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["identity.account.id"], name=op.f("fk_second_factor_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_factor")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_second_factor_credential_id")),
        schema="identity",
    )
    op.create_index(
        op.f("ix_second_factor_account_id"), "second_factor", ["account_id"], unique=False, schema="identity"
    )
    op.create_table(
        "direct_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("connected_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["billing.direct_contract.id"], name=op.f("fk_direct_link_contract_id")
        ),
        sa.ForeignKeyConstraint(["provider_id"], ["identity.organisation.id"], name=op.f("fk_direct_link_provider_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_direct_link")),
        schema="medical",
    )
    op.create_index(op.f("ix_direct_link_provider_id"), "direct_link", ["provider_id"], unique=False, schema="medical")
    op.create_index(op.f("ix_direct_link_tenant_id"), "direct_link", ["tenant_id"], unique=False, schema="medical")
    op.create_index("uq_direct_link", "direct_link", ["contract_id"], unique=True, schema="medical")
    op.create_table(
        "direct_specification",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("provider_name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("invoice_reference", sqlmodel.sql.sqltypes.AutoString(length=30), nullable=False),
        sa.Column("total_cents", sa.Integer(), nullable=False),
        sa.Column("employee_reference", sa.LargeBinary(), nullable=True),
        sa.Column("specification", sa.LargeBinary(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "sent",
                "question",
                "agreed",
                "not_agreed",
                name="specificationstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("sent_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'not_agreed') = (reason IS NOT NULL)", name=op.f("ck_direct_specification_reason_of_disagreement")
        ),
        sa.CheckConstraint(
            "(state IN ('sent', 'question')) = (due_on IS NOT NULL)",
            name=op.f("ck_direct_specification_term_while_it_waits"),
        ),
        sa.CheckConstraint("total_cents > 0", name=op.f("ck_direct_specification_positive")),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["billing.direct_contract.id"], name=op.f("fk_direct_specification_contract_id")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["identity.organisation.id"], name=op.f("fk_direct_specification_employer_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["identity.organisation.id"], name=op.f("fk_direct_specification_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_direct_specification")),
        schema="medical",
    )
    op.create_index(
        op.f("ix_direct_specification_provider_id"),
        "direct_specification",
        ["provider_id"],
        unique=False,
        schema="medical",
    )
    op.create_index(
        "ix_direct_specification_state", "direct_specification", ["tenant_id", "state"], unique=False, schema="medical"
    )
    op.create_index(
        op.f("ix_direct_specification_tenant_id"), "direct_specification", ["tenant_id"], unique=False, schema="medical"
    )
    op.create_index(
        "uq_direct_specification",
        "direct_specification",
        ["contract_id", "invoice_reference"],
        unique=True,
        schema="medical",
    )
    op.create_table(
        "favourite",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("offering_id", sa.Uuid(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["identity.account.id"], name=op.f("fk_favourite_account_id")),
        sa.ForeignKeyConstraint(["offering_id"], ["network.offering.id"], name=op.f("fk_favourite_offering_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_favourite")),
        schema="network",
    )
    op.create_index(op.f("ix_favourite_tenant_id"), "favourite", ["tenant_id"], unique=False, schema="network")
    op.create_index(
        "uq_favourite_kept",
        "favourite",
        ["account_id", "offering_id"],
        unique=True,
        schema="network",
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.create_table(
        "measured_outcome",
        sa.Column("offering_id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("reached_percent", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("n >= 10", name=op.f("ck_measured_outcome_n_large_enough")),
        sa.CheckConstraint("reached_percent BETWEEN 0 AND 100", name=op.f("ck_measured_outcome_percent")),
        sa.ForeignKeyConstraint(["offering_id"], ["network.offering.id"], name=op.f("fk_measured_outcome_offering_id")),
        sa.PrimaryKeyConstraint("offering_id", name=op.f("pk_measured_outcome")),
        schema="network",
    )
    op.create_index(
        op.f("ix_measured_outcome_tenant_id"), "measured_outcome", ["tenant_id"], unique=False, schema="network"
    )
    op.create_table(
        "measured_wait",
        sa.Column("offering_id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("median_days", sa.Integer(), nullable=False),
        sa.Column("p80_days", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("n >= 6", name=op.f("ck_measured_wait_n_large_enough")),
        sa.ForeignKeyConstraint(["offering_id"], ["network.offering.id"], name=op.f("fk_measured_wait_offering_id")),
        sa.PrimaryKeyConstraint("offering_id", name=op.f("pk_measured_wait")),
        schema="network",
    )
    op.create_index(op.f("ix_measured_wait_tenant_id"), "measured_wait", ["tenant_id"], unique=False, schema="network")
    op.create_table(
        "saved_search",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("filters", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("warns", sa.Boolean(), nullable=False),
        sa.Column("seen", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("news_id", sa.Uuid(), nullable=True),
        sa.Column("news_on", sa.Date(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "NOT filters ?| ARRAY['dossier', 'vervangt', 'case_id', 'employee_id', 'week']",
            name=op.f("ck_saved_search_of_nobody"),
        ),
        sa.CheckConstraint("jsonb_typeof(filters) = 'object'", name=op.f("ck_saved_search_filters")),
        sa.ForeignKeyConstraint(["account_id"], ["identity.account.id"], name=op.f("fk_saved_search_account_id")),
        sa.ForeignKeyConstraint(["news_id"], ["network.offering.id"], name=op.f("fk_saved_search_news_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search")),
        schema="network",
    )
    op.create_index(
        "ix_saved_search_account_id_kept",
        "saved_search",
        ["account_id"],
        unique=False,
        schema="network",
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.create_index(op.f("ix_saved_search_tenant_id"), "saved_search", ["tenant_id"], unique=False, schema="network")
    op.create_table(
        "slot_ask",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("offering_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("declined", sa.Boolean(), nullable=False),
        sa.Column("is_first", sa.Boolean(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(answered_at IS NOT NULL) = (declined OR day IS NOT NULL)", name=op.f("ck_slot_ask_answered")
        ),
        sa.CheckConstraint(
            "NOT is_first OR (day IS NOT NULL AND NOT declined)", name=op.f("ck_slot_ask_first_with_a_day")
        ),
        sa.ForeignKeyConstraint(["offering_id"], ["network.offering.id"], name=op.f("fk_slot_ask_offering_id")),
        sa.ForeignKeyConstraint(["provider_id"], ["identity.organisation.id"], name=op.f("fk_slot_ask_provider_id")),
        sa.ForeignKeyConstraint(["question_id"], ["network.slot_question.id"], name=op.f("fk_slot_ask_question_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot_ask")),
        schema="network",
    )
    op.create_index(op.f("ix_slot_ask_provider_id"), "slot_ask", ["provider_id"], unique=False, schema="network")
    op.create_index(op.f("ix_slot_ask_tenant_id"), "slot_ask", ["tenant_id"], unique=False, schema="network")
    op.create_index(
        "uq_slot_ask_first",
        "slot_ask",
        ["question_id"],
        unique=True,
        schema="network",
        postgresql_where=sa.text("is_first"),
    )
    op.create_index("uq_slot_ask_offering", "slot_ask", ["question_id", "offering_id"], unique=True, schema="network")
    op.create_table(
        "budget_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("disclosure", sqlmodel.sql.sqltypes.AutoString(length=4), nullable=False),
        sa.Column("intervention", sqlmodel.sql.sqltypes.AutoString(length=8), nullable=True),
        sa.Column("price_cents", sa.Integer(), nullable=False),
        sa.Column("expected_weeks", sa.Integer(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "agreed",
                "refused",
                "lapsed",
                name="budgetstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "reason",
            sa.Enum(
                "too_expensive",
                "not_now",
                "other_solution",
                "doubts_advice",
                name="budgetrefusal",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(disclosure = 'OPEN') = (intervention IS NOT NULL)", name=op.f("ck_budget_request_only_open_names_a_type")
        ),
        sa.CheckConstraint(
            "(state = 'refused') = (reason IS NOT NULL)", name=op.f("ck_budget_request_refused_with_a_reason")
        ),
        sa.CheckConstraint(
            "(state IN ('agreed', 'refused')) = (answered_at IS NOT NULL)", name=op.f("ck_budget_request_answered")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.absence_case.id"], name=op.f("fk_budget_request_case_id")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["identity.organisation.id"], name=op.f("fk_budget_request_employer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_request")),
        sa.UniqueConstraint("number", name=op.f("uq_budget_request_number")),
        schema="billing",
    )
    op.create_index(op.f("ix_budget_request_case_id"), "budget_request", ["case_id"], unique=False, schema="billing")
    op.create_index(
        op.f("ix_budget_request_employer_id"), "budget_request", ["employer_id"], unique=False, schema="billing"
    )
    op.create_index(
        op.f("ix_budget_request_tenant_id"), "budget_request", ["tenant_id"], unique=False, schema="billing"
    )
    op.create_table(
        "cofinancing_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("insurer_id", sa.Uuid(), nullable=False),
        sa.Column("policy_id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("disclosure", sqlmodel.sql.sqltypes.AutoString(length=4), nullable=False),
        sa.Column("intervention", sqlmodel.sql.sqltypes.AutoString(length=8), nullable=True),
        sa.Column("sickness_year", sa.Integer(), nullable=False),
        sa.Column("sickness_week", sa.Integer(), nullable=False),
        sa.Column("price_cents", sa.Integer(), nullable=False),
        sa.Column("expected_days", sa.Integer(), nullable=False),
        sa.Column("percentage", sa.Integer(), nullable=False),
        sa.Column("requested_cents", sa.Integer(), nullable=False),
        sa.Column("daily_cost_cents", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "prepared",
                "submitted",
                "approved",
                "partial",
                "declined",
                "lapsed",
                name="cofinancingstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("submitted_by", sa.Uuid(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decide_by", sa.Date(), nullable=True),
        sa.Column("budget_year", sa.Integer(), nullable=True),
        sa.Column("decided_cents", sa.Integer(), nullable=True),
        sa.Column(
            "decision_reason",
            sa.Enum(
                "not_covered",
                "budget_spent",
                "cost_benefit",
                "too_late",
                "other_insurance",
                name="declinereason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("charged_month", sa.Date(), nullable=True),
        sa.Column("charged_cents", sa.Integer(), nullable=False),
        sa.Column("closed_month", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(disclosure = 'OPEN') = (intervention IS NOT NULL)",
            name=op.f("ck_cofinancing_request_only_open_names_a_type"),
        ),
        sa.CheckConstraint(
            "charged_cents BETWEEN 0 AND coalesce(decided_cents, 0)",
            name=op.f("ck_cofinancing_request_charged_at_most_decided"),
        ),
        sa.CheckConstraint(
            "decided_cents BETWEEN 0 AND requested_cents", name=op.f("ck_cofinancing_request_decided_at_most_requested")
        ),
        sa.CheckConstraint(
            "requested_cents BETWEEN 0 AND price_cents", name=op.f("ck_cofinancing_request_requested_at_most_price")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.absence_case.id"], name=op.f("fk_cofinancing_request_case_id")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["identity.organisation.id"], name=op.f("fk_cofinancing_request_employer_id")
        ),
        sa.ForeignKeyConstraint(
            ["insurer_id"], ["identity.organisation.id"], name=op.f("fk_cofinancing_request_insurer_id")
        ),
        sa.ForeignKeyConstraint(
            ["matter_id"], ["billing.cofinancing_request.id"], name=op.f("fk_cofinancing_request_matter_id")
        ),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["billing.insurance_policy.id"], name=op.f("fk_cofinancing_request_policy_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cofinancing_request")),
        sa.UniqueConstraint("number", name=op.f("uq_cofinancing_request_number")),
        schema="billing",
    )
    op.create_index(
        op.f("ix_cofinancing_request_case_id"), "cofinancing_request", ["case_id"], unique=False, schema="billing"
    )
    op.create_index(
        op.f("ix_cofinancing_request_employer_id"),
        "cofinancing_request",
        ["employer_id"],
        unique=False,
        schema="billing",
    )
    op.create_index(
        op.f("ix_cofinancing_request_insurer_id"), "cofinancing_request", ["insurer_id"], unique=False, schema="billing"
    )
    op.create_index(
        op.f("ix_cofinancing_request_matter_id"), "cofinancing_request", ["matter_id"], unique=False, schema="billing"
    )
    op.create_index(
        op.f("ix_cofinancing_request_tenant_id"), "cofinancing_request", ["tenant_id"], unique=False, schema="billing"
    )
    op.create_index(
        "uq_cofinancing_request_undecided",
        "cofinancing_request",
        ["matter_id"],
        unique=True,
        schema="billing",
        postgresql_where=sa.text("state IN ('prepared', 'submitted')"),
    )
    op.create_table(
        "refund",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum("credited", "overpaid", name="refundreason", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "asked", "sent", "refused", name="refundstate", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("gateway_reference", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=True),
        sa.Column("fault", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=True),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("cents > 0", name=op.f("ck_refund_positive")),
        sa.ForeignKeyConstraint(["payment_id"], ["billing.payment.id"], name=op.f("fk_refund_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund")),
        schema="billing",
    )
    op.create_index(op.f("ix_refund_payment_id"), "refund", ["payment_id"], unique=False, schema="billing")
    op.create_index(op.f("ix_refund_tenant_id"), "refund", ["tenant_id"], unique=False, schema="billing")
    op.create_table(
        "service_amount",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column(
            "basis",
            sa.Enum("by_use", "fixed", name="servicebasis", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("net_cents", sa.Integer(), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("charge_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("net_cents > 0", name=op.f("ck_service_amount_positive")),
        sa.ForeignKeyConstraint(["charge_id"], ["billing.charge.id"], name=op.f("fk_service_amount_charge_id")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["identity.organisation.id"], name=op.f("fk_service_amount_employer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_amount")),
        sa.UniqueConstraint("charge_id", name=op.f("uq_service_amount_charge_id")),
        schema="billing",
    )
    op.create_index(
        op.f("ix_service_amount_tenant_id"), "service_amount", ["tenant_id"], unique=False, schema="billing"
    )
    op.create_index("uq_service_amount", "service_amount", ["employer_id", "month"], unique=True, schema="billing")
    op.create_table(
        "consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column(
            "scope",
            sa.Enum(
                "provider",
                "employer",
                "insurer",
                "report_back",
                name="consentscope",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "form",
            sa.Enum("written", "oral", name="consentform", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("text_version", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("text_language", sqlmodel.sql.sqltypes.AutoString(length=2), nullable=False),
        sa.Column("told_of_forwarding", sa.Boolean(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column(
            "recorded_role",
            sa.Enum(
                "physician",
                "delegate",
                "secretary",
                "provider",
                "network_manager",
                "case_manager",
                "employer",
                "insurer",
                "employee",
                "auditor",
                "system",
                name="recorded_role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column(
            "withdrawn_role",
            sa.Enum(
                "physician",
                "delegate",
                "secretary",
                "provider",
                "network_manager",
                "case_manager",
                "employer",
                "insurer",
                "employee",
                "auditor",
                "system",
                name="withdrawn_role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.absence_case.id"], name=op.f("fk_consent_case_id")),
        sa.ForeignKeyConstraint(["employee_id"], ["cases.employee.id"], name=op.f("fk_consent_employee_id")),
        sa.ForeignKeyConstraint(["employer_id"], ["identity.organisation.id"], name=op.f("fk_consent_employer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        schema="cases",
    )
    op.create_index(op.f("ix_consent_case_id"), "consent", ["case_id"], unique=False, schema="cases")
    op.create_index(op.f("ix_consent_tenant_id"), "consent", ["tenant_id"], unique=False, schema="cases")
    op.create_index(
        "uq_consent_in_force",
        "consent",
        ["case_id", "scope"],
        unique=True,
        schema="cases",
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "emergency_access",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("told_account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "cover",
                "contact",
                "deadline",
                name="emergencyreason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by", sa.Uuid(), nullable=True),
        sa.Column(
            "verdict",
            sa.Enum(
                "justified",
                "unjustified",
                name="emergencyverdict",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.CheckConstraint(
            "until > created_at AND until <= created_at + interval '60 minutes'",
            name=op.f("ck_emergency_access_an_hour_at_most"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(reviewed_at, reviewed_by, verdict) IN (0, 3)",
            name=op.f("ck_emergency_access_reviewed_by_somebody"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["identity.account.id"], name=op.f("fk_emergency_access_account_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.absence_case.id"], name=op.f("fk_emergency_access_case_id")),
        sa.ForeignKeyConstraint(["employee_id"], ["cases.employee.id"], name=op.f("fk_emergency_access_employee_id")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["identity.organisation.id"], name=op.f("fk_emergency_access_employer_id")
        ),
        sa.ForeignKeyConstraint(["reviewed_by"], ["identity.account.id"], name=op.f("fk_emergency_access_reviewed_by")),
        sa.ForeignKeyConstraint(
            ["told_account_id"], ["identity.account.id"], name=op.f("fk_emergency_access_told_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_access")),
        schema="cases",
    )
    op.create_index(
        op.f("ix_emergency_access_account_id"), "emergency_access", ["account_id"], unique=False, schema="cases"
    )
    op.create_index(op.f("ix_emergency_access_case_id"), "emergency_access", ["case_id"], unique=False, schema="cases")
    op.create_index(
        op.f("ix_emergency_access_tenant_id"), "emergency_access", ["tenant_id"], unique=False, schema="cases"
    )
    op.create_table(
        "intervention_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("offering_id", sa.Uuid(), nullable=False),
        sa.Column("intervention", sqlmodel.sql.sqltypes.AutoString(length=8), nullable=False),
        sa.Column("goal", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "granted",
                "refused",
                name="requeststate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.absence_case.id"], name=op.f("fk_intervention_request_case_id")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["identity.organisation.id"], name=op.f("fk_intervention_request_employer_id")
        ),
        sa.ForeignKeyConstraint(
            ["offering_id"], ["network.offering.id"], name=op.f("fk_intervention_request_offering_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intervention_request")),
        schema="cases",
    )
    op.create_index(
        op.f("ix_intervention_request_case_id"), "intervention_request", ["case_id"], unique=False, schema="cases"
    )
    op.create_index(
        op.f("ix_intervention_request_tenant_id"), "intervention_request", ["tenant_id"], unique=False, schema="cases"
    )
    op.create_index(
        "uq_intervention_request_pending",
        "intervention_request",
        ["case_id", "offering_id"],
        unique=True,
        schema="cases",
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_table(
        "open_progress",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("intervention", sqlmodel.sql.sqltypes.AutoString(length=8), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "requested",
                "running",
                "completed",
                "stopped",
                name="progressstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.absence_case.id"], name=op.f("fk_open_progress_case_id")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["identity.organisation.id"], name=op.f("fk_open_progress_employer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_progress")),
        schema="cases",
    )
    op.create_index(op.f("ix_open_progress_case_id"), "open_progress", ["case_id"], unique=False, schema="cases")
    op.create_index(op.f("ix_open_progress_tenant_id"), "open_progress", ["tenant_id"], unique=False, schema="cases")
    op.create_table(
        "sick_spell",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("first_sick_day", sa.Date(), nullable=False),
        sa.Column("recovered_on", sa.Date(), nullable=True),
        sa.CheckConstraint("recovered_on > first_sick_day", name=op.f("ck_sick_spell_order")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.absence_case.id"], name=op.f("fk_sick_spell_case_id")),
        sa.ForeignKeyConstraint(["employer_id"], ["identity.organisation.id"], name=op.f("fk_sick_spell_employer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sick_spell")),
        schema="cases",
    )
    op.create_index(op.f("ix_sick_spell_case_id"), "sick_spell", ["case_id"], unique=False, schema="cases")
    op.create_index(op.f("ix_sick_spell_tenant_id"), "sick_spell", ["tenant_id"], unique=False, schema="cases")
    op.create_index(
        "uq_sick_spell_running",
        "sick_spell",
        ["case_id"],
        unique=True,
        schema="cases",
        postgresql_where=sa.text("recovered_on IS NULL"),
    )
    op.create_table(
        "step_done",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("week", sa.Integer(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("done_by", sa.Uuid(), nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cleared_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("step NOT IN (8, 9, 10, 12)", name=op.f("ck_step_done_tells_nothing_of_health")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.absence_case.id"], name=op.f("fk_step_done_case_id")),
        sa.ForeignKeyConstraint(["employer_id"], ["identity.organisation.id"], name=op.f("fk_step_done_employer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_done")),
        schema="cases",
    )
    op.create_index(op.f("ix_step_done_tenant_id"), "step_done", ["tenant_id"], unique=False, schema="cases")
    op.create_index(
        "uq_step_done",
        "step_done",
        ["case_id", "step", "week"],
        unique=True,
        schema="cases",
        postgresql_where=sa.text("cleared_at IS NULL"),
    )
    op.create_table(
        "api_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["membership_id"], ["identity.membership.id"], name=op.f("fk_api_token_membership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
        schema="identity",
    )
    op.create_index(op.f("ix_api_token_membership_id"), "api_token", ["membership_id"], unique=False, schema="identity")
    op.create_table(
        "assignment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "physician",
                "delegate",
                "secretary",
                "provider",
                "network_manager",
                "case_manager",
                "employer",
                "insurer",
                "employee",
                "auditor",
                "system",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["identity.account.id"], name=op.f("fk_assignment_account_id")),
        sa.ForeignKeyConstraint(["employer_id"], ["identity.organisation.id"], name=op.f("fk_assignment_employer_id")),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["identity.membership.id"], name=op.f("fk_assignment_membership_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["identity.person.id"], name=op.f("fk_assignment_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        schema="identity",
    )
    op.create_index(op.f("ix_assignment_account_id"), "assignment", ["account_id"], unique=False, schema="identity")
    op.create_index(
        op.f("ix_assignment_membership_id"), "assignment", ["membership_id"], unique=False, schema="identity"
    )
    op.create_index(op.f("ix_assignment_tenant_id"), "assignment", ["tenant_id"], unique=False, schema="identity")
    op.create_index(
        "uq_assignment_one_side",
        "assignment",
        ["employer_id", "person_id"],
        unique=True,
        schema="identity",
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "calendar_address",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["identity.membership.id"], name=op.f("fk_calendar_address_membership_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_address")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_address_token_hash")),
        schema="identity",
    )
    op.create_index(
        "uq_calendar_address_kept",
        "calendar_address",
        ["membership_id"],
        unique=True,
        schema="identity",
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_table(
        "web_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("idle_minutes", sa.Integer(), nullable=False),
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("browser", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=True),
        sa.Column("challenge", sa.LargeBinary(), nullable=True),
        sa.Column("challenge_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["identity.membership.id"], name=op.f("fk_web_session_membership_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_web_session_token_hash")),
        schema="identity",
    )
    op.create_index(
        op.f("ix_web_session_membership_id"), "web_session", ["membership_id"], unique=False, schema="identity"
    )
    op.create_table(
        "assessment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("cause", sa.LargeBinary(), nullable=False),
        sa.Column("medical", sa.Boolean(), nullable=False),
        sa.Column("assessed_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["assessed_by"], ["identity.account.id"], name=op.f("fk_assessment_assessed_by")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.absence_case.id"], name=op.f("fk_assessment_case_id")),
        sa.ForeignKeyConstraint(["employee_id"], ["cases.employee.id"], name=op.f("fk_assessment_employee_id")),
        sa.ForeignKeyConstraint(["employer_id"], ["identity.organisation.id"], name=op.f("fk_assessment_employer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        schema="medical",
    )
    op.create_index(op.f("ix_assessment_case_id"), "assessment", ["case_id"], unique=False, schema="medical")
    op.create_index(op.f("ix_assessment_employee_id"), "assessment", ["employee_id"], unique=False, schema="medical")
    op.create_index(op.f("ix_assessment_tenant_id"), "assessment", ["tenant_id"], unique=False, schema="medical")
    op.create_table(
        "attachment_content",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.absence_case.id"], name=op.f("fk_attachment_content_case_id")),
        sa.ForeignKeyConstraint(["employee_id"], ["cases.employee.id"], name=op.f("fk_attachment_content_employee_id")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["identity.organisation.id"], name=op.f("fk_attachment_content_employer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment_content")),
        schema="medical",
    )
    op.create_index(
        op.f("ix_attachment_content_case_id"), "attachment_content", ["case_id"], unique=False, schema="medical"
    )
    op.create_index(
        op.f("ix_attachment_content_employee_id"), "attachment_content", ["employee_id"], unique=False, schema="medical"
    )
    op.create_index(
        op.f("ix_attachment_content_tenant_id"), "attachment_content", ["tenant_id"], unique=False, schema="medical"
    )
    op.create_index(
        "uq_attachment_content_case", "attachment_content", ["id", "case_id"], unique=True, schema="medical"
    )
    op.create_table(
        "direct_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("specification_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "question", "answer", name="directmessagekind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "physician",
                "delegate",
                "secretary",
                "provider",
                "network_manager",
                "case_manager",
                "employer",
                "insurer",
                "employee",
                "auditor",
                "system",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["identity.organisation.id"], name=op.f("fk_direct_message_provider_id")
        ),
        sa.ForeignKeyConstraint(
            ["specification_id"], ["medical.direct_specification.id"], name=op.f("fk_direct_message_specification_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_direct_message")),
        schema="medical",
    )
    op.create_index(
        op.f("ix_direct_message_specification_id"),
        "direct_message",
        ["specification_id"],
        unique=False,
        schema="medical",
    )
    op.create_index(
        op.f("ix_direct_message_tenant_id"), "direct_message", ["tenant_id"], unique=False, schema="medical"
    )
    op.create_table(
        "direct_naming",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("specification_id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["employee_id"], ["cases.employee.id"], name=op.f("fk_direct_naming_employee_id")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["identity.organisation.id"], name=op.f("fk_direct_naming_employer_id")
        ),
        sa.ForeignKeyConstraint(
            ["specification_id"], ["medical.direct_specification.id"], name=op.f("fk_direct_naming_specification_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_direct_naming")),
        schema="medical",
    )
    op.create_index(
        op.f("ix_direct_naming_employee_id"), "direct_naming", ["employee_id"], unique=False, schema="medical"
    )
    op.create_index(op.f("ix_direct_naming_tenant_id"), "direct_naming", ["tenant_id"], unique=False, schema="medical")
    op.create_index("uq_direct_naming", "direct_naming", ["specification_id"], unique=True, schema="medical")
    op.create_table(
        "insurer_share",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("insurer_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("net_cents", sa.Integer(), nullable=False),
        sa.Column("vat_rate", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=True),
        sa.Column("corrects_id", sa.Uuid(), nullable=True),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(corrects_id IS NULL) = (net_cents > 0)", name=op.f("ck_insurer_share_only_a_correction_gives_back")
        ),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["billing.insurer_share.id"], name=op.f("fk_insurer_share_corrects_id")
        ),
        sa.ForeignKeyConstraint(["insurer_id"], ["identity.organisation.id"], name=op.f("fk_insurer_share_insurer_id")),
        sa.ForeignKeyConstraint(["invoice_id"], ["billing.invoice.id"], name=op.f("fk_insurer_share_invoice_id")),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["billing.insurer_share.id"], name=op.f("fk_insurer_share_replaces_id")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["billing.cofinancing_request.id"], name=op.f("fk_insurer_share_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_insurer_share")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_insurer_share_replaces_id")),
        schema="billing",
    )
    op.create_index(
        op.f("ix_insurer_share_corrects_id"), "insurer_share", ["corrects_id"], unique=False, schema="billing"
    )
    op.create_index(
        op.f("ix_insurer_share_insurer_id"), "insurer_share", ["insurer_id"], unique=False, schema="billing"
    )
    op.create_index(
        op.f("ix_insurer_share_invoice_id"), "insurer_share", ["invoice_id"], unique=False, schema="billing"
    )
    op.create_index(
        op.f("ix_insurer_share_request_id"), "insurer_share", ["request_id"], unique=False, schema="billing"
    )
    op.create_index(op.f("ix_insurer_share_tenant_id"), "insurer_share", ["tenant_id"], unique=False, schema="billing")
    op.create_index(
        "ix_insurer_share_without_invoice",
        "insurer_share",
        ["tenant_id", "month"],
        unique=False,
        schema="billing",
        postgresql_where=sa.text("invoice_id IS NULL"),
    )
    op.create_table(
        "withdrawal_seen",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["identity.account.id"], name=op.f("fk_withdrawal_seen_account_id")),
        sa.ForeignKeyConstraint(["consent_id"], ["cases.consent.id"], name=op.f("fk_withdrawal_seen_consent_id")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["identity.organisation.id"], name=op.f("fk_withdrawal_seen_employer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawal_seen")),
        sa.UniqueConstraint("consent_id", name=op.f("uq_withdrawal_seen_consent_id")),
        schema="cases",
    )
    op.create_index(
        op.f("ix_withdrawal_seen_tenant_id"), "withdrawal_seen", ["tenant_id"], unique=False, schema="cases"
    )
    op.create_table(
        "emergency_words",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("access_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["access_id"], ["cases.emergency_access.id"], name=op.f("fk_emergency_words_access_id")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["identity.account.id"], name=op.f("fk_emergency_words_account_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.absence_case.id"], name=op.f("fk_emergency_words_case_id")),
        sa.ForeignKeyConstraint(["employee_id"], ["cases.employee.id"], name=op.f("fk_emergency_words_employee_id")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["identity.organisation.id"], name=op.f("fk_emergency_words_employer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_words")),
        sa.UniqueConstraint("access_id", name=op.f("uq_emergency_words_access_id")),
        schema="medical",
    )
    op.create_index(
        op.f("ix_emergency_words_tenant_id"), "emergency_words", ["tenant_id"], unique=False, schema="medical"
    )
    op.create_table(
        "referral",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("offering_id", sa.Uuid(), nullable=False),
        sa.Column("intervention", sqlmodel.sql.sqltypes.AutoString(length=8), nullable=False),
        sa.Column(
            "disclosure",
            sa.Enum("OPEN", "CONF", name="disclosure", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "referral_class",
            sa.Enum("M", "NM", name="referralclass", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "returned",
                "issued",
                "accepted",
                "declined",
                "scheduled",
                "running",
                "interrupted",
                "reported",
                "completed",
                "withdrawn",
                "expired",
                name="referralstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("drafted_by", sa.Uuid(), nullable=False),
        sa.Column("issued_by", sa.Uuid(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("physician_account_id", sa.Uuid(), nullable=True),
        sa.Column("mandate_id", sa.Uuid(), nullable=True),
        sa.Column("consent_id", sa.Uuid(), nullable=True),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("unit_price_cents", sa.Integer(), nullable=False),
        sa.Column(
            "price_unit",
            sa.Enum(
                "session",
                "hour",
                "report",
                "trajectory",
                name="priceunit",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("vat_rate", sa.Integer(), nullable=False),
        sa.Column("price_from", sa.Date(), nullable=True),
        sa.Column("price_until", sa.Date(), nullable=True),
        sa.Column("sickness_week", sa.Integer(), nullable=False),
        sa.Column("sickness_year", sa.Integer(), nullable=False),
        sa.Column("request_cofinancing", sa.Boolean(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("start_by", sa.Date(), nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column("scheduled_for", sa.Date(), nullable=True),
        sa.Column("interrupted_until", sa.Date(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("access_until", sa.Date(), nullable=True),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("units > 0", name=op.f("ck_referral_units_positive")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.absence_case.id"], name=op.f("fk_referral_case_id")),
        sa.ForeignKeyConstraint(["consent_id"], ["cases.consent.id"], name=op.f("fk_referral_consent_id")),
        sa.ForeignKeyConstraint(["drafted_by"], ["identity.account.id"], name=op.f("fk_referral_drafted_by")),
        sa.ForeignKeyConstraint(["employee_id"], ["cases.employee.id"], name=op.f("fk_referral_employee_id")),
        sa.ForeignKeyConstraint(["employer_id"], ["identity.organisation.id"], name=op.f("fk_referral_employer_id")),
        sa.ForeignKeyConstraint(["issued_by"], ["identity.account.id"], name=op.f("fk_referral_issued_by")),
        sa.ForeignKeyConstraint(["mandate_id"], ["cases.mandate.id"], name=op.f("fk_referral_mandate_id")),
        sa.ForeignKeyConstraint(["offering_id"], ["network.offering.id"], name=op.f("fk_referral_offering_id")),
        sa.ForeignKeyConstraint(
            ["physician_account_id"], ["identity.account.id"], name=op.f("fk_referral_physician_account_id")
        ),
        sa.ForeignKeyConstraint(["provider_id"], ["identity.organisation.id"], name=op.f("fk_referral_provider_id")),
        sa.ForeignKeyConstraint(["replaces_id"], ["medical.referral.id"], name=op.f("fk_referral_replaces_id")),
        sa.ForeignKeyConstraint(["request_id"], ["cases.intervention_request.id"], name=op.f("fk_referral_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
        schema="medical",
    )
    op.create_index(op.f("ix_referral_case_id"), "referral", ["case_id"], unique=False, schema="medical")
    op.create_index(op.f("ix_referral_employee_id"), "referral", ["employee_id"], unique=False, schema="medical")
    op.create_index("ix_referral_employer_state", "referral", ["employer_id", "state"], unique=False, schema="medical")
    op.create_index(op.f("ix_referral_offering_id"), "referral", ["offering_id"], unique=False, schema="medical")
    op.create_index("ix_referral_provider_state", "referral", ["provider_id", "state"], unique=False, schema="medical")
    op.create_index(op.f("ix_referral_tenant_id"), "referral", ["tenant_id"], unique=False, schema="medical")
    op.create_index("ix_referral_tenant_state", "referral", ["tenant_id", "state"], unique=False, schema="medical")
    op.create_index("uq_referral_number", "referral", ["tenant_id", "number"], unique=True, schema="medical")
    op.create_index("uq_referral_replaces", "referral", ["replaces_id"], unique=True, schema="medical")
    op.create_index("uq_referral_request", "referral", ["request_id"], unique=True, schema="medical")
    op.create_table(
        "attachment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("content_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("pdf", "png", "jpeg", name="filekind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("size > 0", name=op.f("ck_attachment_size_positive")),
        sa.ForeignKeyConstraint(["added_by"], ["identity.account.id"], name=op.f("fk_attachment_added_by")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.absence_case.id"], name=op.f("fk_attachment_case_id")),
        sa.ForeignKeyConstraint(
            ["content_id", "case_id"],
            ["medical.attachment_content.id", "medical.attachment_content.case_id"],
            name="fk_attachment_content",
        ),
        sa.ForeignKeyConstraint(["employee_id"], ["cases.employee.id"], name=op.f("fk_attachment_employee_id")),
        sa.ForeignKeyConstraint(["employer_id"], ["identity.organisation.id"], name=op.f("fk_attachment_employer_id")),
        sa.ForeignKeyConstraint(["provider_id"], ["identity.organisation.id"], name=op.f("fk_attachment_provider_id")),
        sa.ForeignKeyConstraint(["referral_id"], ["medical.referral.id"], name=op.f("fk_attachment_referral_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        schema="medical",
    )
    op.create_index(op.f("ix_attachment_case_id"), "attachment", ["case_id"], unique=False, schema="medical")
    op.create_index(op.f("ix_attachment_content_id"), "attachment", ["content_id"], unique=False, schema="medical")
    op.create_index(op.f("ix_attachment_employee_id"), "attachment", ["employee_id"], unique=False, schema="medical")
    op.create_index(op.f("ix_attachment_referral_id"), "attachment", ["referral_id"], unique=False, schema="medical")
    op.create_index(op.f("ix_attachment_tenant_id"), "attachment", ["tenant_id"], unique=False, schema="medical")
    op.create_table(
        "budget_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.absence_case.id"], name=op.f("fk_budget_link_case_id")),
        sa.ForeignKeyConstraint(["employee_id"], ["cases.employee.id"], name=op.f("fk_budget_link_employee_id")),
        sa.ForeignKeyConstraint(["employer_id"], ["identity.organisation.id"], name=op.f("fk_budget_link_employer_id")),
        sa.ForeignKeyConstraint(["referral_id"], ["medical.referral.id"], name=op.f("fk_budget_link_referral_id")),
        sa.ForeignKeyConstraint(["request_id"], ["billing.budget_request.id"], name=op.f("fk_budget_link_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_link")),
        sa.UniqueConstraint("request_id", name=op.f("uq_budget_link_request_id")),
        schema="medical",
    )
    op.create_index(op.f("ix_budget_link_case_id"), "budget_link", ["case_id"], unique=False, schema="medical")
    op.create_index(op.f("ix_budget_link_employee_id"), "budget_link", ["employee_id"], unique=False, schema="medical")
    op.create_index(op.f("ix_budget_link_referral_id"), "budget_link", ["referral_id"], unique=False, schema="medical")
    op.create_index(op.f("ix_budget_link_tenant_id"), "budget_link", ["tenant_id"], unique=False, schema="medical")
    op.create_table(
        "cofinancing_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.absence_case.id"], name=op.f("fk_cofinancing_link_case_id")),
        sa.ForeignKeyConstraint(["employee_id"], ["cases.employee.id"], name=op.f("fk_cofinancing_link_employee_id")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["identity.organisation.id"], name=op.f("fk_cofinancing_link_employer_id")
        ),
        sa.ForeignKeyConstraint(["referral_id"], ["medical.referral.id"], name=op.f("fk_cofinancing_link_referral_id")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["billing.cofinancing_request.id"], name=op.f("fk_cofinancing_link_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cofinancing_link")),
        sa.UniqueConstraint("request_id", name=op.f("uq_cofinancing_link_request_id")),
        schema="medical",
    )
    op.create_index(
        op.f("ix_cofinancing_link_case_id"), "cofinancing_link", ["case_id"], unique=False, schema="medical"
    )
    op.create_index(
        op.f("ix_cofinancing_link_employee_id"), "cofinancing_link", ["employee_id"], unique=False, schema="medical"
    )
    op.create_index(
        op.f("ix_cofinancing_link_tenant_id"), "cofinancing_link", ["tenant_id"], unique=False, schema="medical"
    )
    op.create_index("uq_cofinancing_link", "cofinancing_link", ["referral_id"], unique=True, schema="medical")
    op.create_table(
        "content_seen",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.absence_case.id"], name=op.f("fk_content_seen_case_id")),
        sa.ForeignKeyConstraint(["employee_id"], ["cases.employee.id"], name=op.f("fk_content_seen_employee_id")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["identity.organisation.id"], name=op.f("fk_content_seen_employer_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["identity.organisation.id"], name=op.f("fk_content_seen_provider_id")
        ),
        sa.ForeignKeyConstraint(["referral_id"], ["medical.referral.id"], name=op.f("fk_content_seen_referral_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_seen")),
        schema="medical",
    )
    op.create_index(op.f("ix_content_seen_case_id"), "content_seen", ["case_id"], unique=False, schema="medical")
    op.create_index(
        op.f("ix_content_seen_employee_id"), "content_seen", ["employee_id"], unique=False, schema="medical"
    )
    op.create_index(
        op.f("ix_content_seen_referral_id"), "content_seen", ["referral_id"], unique=False, schema="medical"
    )
    op.create_index(op.f("ix_content_seen_tenant_id"), "content_seen", ["tenant_id"], unique=False, schema="medical")
    op.create_index(
        "uq_content_seen", "content_seen", ["referral_id", "account_id", "version"], unique=True, schema="medical"
    )
    op.create_table(
        "content_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("goal", sa.LargeBinary(), nullable=False),
        sa.Column("question", sa.LargeBinary(), nullable=False),
        sa.Column("expected_result", sa.LargeBinary(), nullable=False),
        sa.Column("abilities", sa.LargeBinary(), nullable=False),
        sa.Column("expected_days_saved", sa.Integer(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("request_cofinancing", sa.Boolean(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column(
            "role",
            sa.Enum(
                "physician",
                "delegate",
                "secretary",
                "provider",
                "network_manager",
                "case_manager",
                "employer",
                "insurer",
                "employee",
                "auditor",
                "system",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.absence_case.id"], name=op.f("fk_content_version_case_id")),
        sa.ForeignKeyConstraint(["employee_id"], ["cases.employee.id"], name=op.f("fk_content_version_employee_id")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["identity.organisation.id"], name=op.f("fk_content_version_employer_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["identity.organisation.id"], name=op.f("fk_content_version_provider_id")
        ),
        sa.ForeignKeyConstraint(["referral_id"], ["medical.referral.id"], name=op.f("fk_content_version_referral_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_version")),
        schema="medical",
    )
    op.create_index(op.f("ix_content_version_case_id"), "content_version", ["case_id"], unique=False, schema="medical")
    op.create_index(
        op.f("ix_content_version_employee_id"), "content_version", ["employee_id"], unique=False, schema="medical"
    )
    op.create_index(
        op.f("ix_content_version_referral_id"), "content_version", ["referral_id"], unique=False, schema="medical"
    )
    op.create_index(
        op.f("ix_content_version_tenant_id"), "content_version", ["tenant_id"], unique=False, schema="medical"
    )
    op.create_index("uq_content_version", "content_version", ["referral_id", "version"], unique=True, schema="medical")
    op.create_table(
        "days_estimate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("estimated_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint("days BETWEEN 1 AND 730", name=op.f("ck_days_estimate_days")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.absence_case.id"], name=op.f("fk_days_estimate_case_id")),
        sa.ForeignKeyConstraint(["employee_id"], ["cases.employee.id"], name=op.f("fk_days_estimate_employee_id")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["identity.organisation.id"], name=op.f("fk_days_estimate_employer_id")
        ),
        sa.ForeignKeyConstraint(["estimated_by"], ["identity.account.id"], name=op.f("fk_days_estimate_estimated_by")),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["identity.organisation.id"], name=op.f("fk_days_estimate_provider_id")
        ),
        sa.ForeignKeyConstraint(["referral_id"], ["medical.referral.id"], name=op.f("fk_days_estimate_referral_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_days_estimate")),
        schema="medical",
    )
    op.create_index(op.f("ix_days_estimate_case_id"), "days_estimate", ["case_id"], unique=False, schema="medical")
    op.create_index(
        op.f("ix_days_estimate_employee_id"), "days_estimate", ["employee_id"], unique=False, schema="medical"
    )
    op.create_index(
        op.f("ix_days_estimate_referral_id"), "days_estimate", ["referral_id"], unique=False, schema="medical"
    )
    op.create_index(op.f("ix_days_estimate_tenant_id"), "days_estimate", ["tenant_id"], unique=False, schema="medical")
    op.create_table(
        "disclosure_made",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column(
            "what",
            sa.Enum(
                "referral",
                "attachment",
                "answer",
                "functional_report",
                "clinical_report",
                "progress",
                "own_line",
                "request_prepared",
                "request_submitted",
                "budget_asked",
                name="disclosed",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "recipient",
            sa.Enum(
                "provider",
                "physician",
                "employer",
                "case_manager",
                "insurer",
                name="disclosedto",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("consent_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column(
            "role",
            sa.Enum(
                "physician",
                "delegate",
                "secretary",
                "provider",
                "network_manager",
                "case_manager",
                "employer",
                "insurer",
                "employee",
                "auditor",
                "system",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.absence_case.id"], name=op.f("fk_disclosure_made_case_id")),
        sa.ForeignKeyConstraint(["consent_id"], ["cases.consent.id"], name=op.f("fk_disclosure_made_consent_id")),
        sa.ForeignKeyConstraint(["employee_id"], ["cases.employee.id"], name=op.f("fk_disclosure_made_employee_id")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["identity.organisation.id"], name=op.f("fk_disclosure_made_employer_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["identity.organisation.id"], name=op.f("fk_disclosure_made_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["identity.organisation.id"], name=op.f("fk_disclosure_made_provider_id")
        ),
        sa.ForeignKeyConstraint(["referral_id"], ["medical.referral.id"], name=op.f("fk_disclosure_made_referral_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure_made")),
        schema="medical",
    )
    op.create_index(op.f("ix_disclosure_made_case_id"), "disclosure_made", ["case_id"], unique=False, schema="medical")
    op.create_index(
        op.f("ix_disclosure_made_employee_id"), "disclosure_made", ["employee_id"], unique=False, schema="medical"
    )
    op.create_index(
        op.f("ix_disclosure_made_referral_id"), "disclosure_made", ["referral_id"], unique=False, schema="medical"
    )
    op.create_index(
        op.f("ix_disclosure_made_tenant_id"), "disclosure_made", ["tenant_id"], unique=False, schema="medical"
    )
    op.create_table(
        "progress_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("progress_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.absence_case.id"], name=op.f("fk_progress_link_case_id")),
        sa.ForeignKeyConstraint(["employee_id"], ["cases.employee.id"], name=op.f("fk_progress_link_employee_id")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["identity.organisation.id"], name=op.f("fk_progress_link_employer_id")
        ),
        sa.ForeignKeyConstraint(["progress_id"], ["cases.open_progress.id"], name=op.f("fk_progress_link_progress_id")),
        sa.ForeignKeyConstraint(["referral_id"], ["medical.referral.id"], name=op.f("fk_progress_link_referral_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_link")),
        sa.UniqueConstraint("progress_id", name=op.f("uq_progress_link_progress_id")),
        sa.UniqueConstraint("referral_id", name=op.f("uq_progress_link_referral_id")),
        schema="medical",
    )
    op.create_index(op.f("ix_progress_link_case_id"), "progress_link", ["case_id"], unique=False, schema="medical")
    op.create_index(
        op.f("ix_progress_link_employee_id"), "progress_link", ["employee_id"], unique=False, schema="medical"
    )
    op.create_index(op.f("ix_progress_link_tenant_id"), "progress_link", ["tenant_id"], unique=False, schema="medical")
    op.create_table(
        "provider_invoice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=True),
        sa.Column("employee_id", sa.Uuid(), nullable=True),
        sa.Column("referral_number", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "invoice", "credit_note", name="providerdocument", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("corrects_id", sa.Uuid(), nullable=True),
        sa.Column("corrects_number", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("supersedes_id", sa.Uuid(), nullable=True),
        sa.Column("invoice_number", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("invoice_date", sa.Date(), nullable=False),
        sa.Column("net_cents", sa.Integer(), nullable=False),
        sa.Column("vat_cents", sa.Integer(), nullable=False),
        sa.Column("gross_cents", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "received",
                "exception",
                "disputed",
                "contested",
                "superseded",
                "withdrawn",
                "approved",
                name="providerinvoicestate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("dispute_reason", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("climbed_on", sa.Date(), nullable=True),
        sa.Column("source", sa.LargeBinary(), nullable=True),
        sa.Column("lines_digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("judged_by", sa.Uuid(), nullable=True),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind = 'credit_note' OR corrects_id IS NULL", name=op.f("ck_provider_invoice_only_a_credit_note_corrects")
        ),
        sa.CheckConstraint(
            "kind = 'invoice' OR supersedes_id IS NULL", name=op.f("ck_provider_invoice_only_an_invoice_supersedes")
        ),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["medical.provider_invoice.id"], name=op.f("fk_provider_invoice_corrects_id")
        ),
        sa.ForeignKeyConstraint(["employee_id"], ["cases.employee.id"], name=op.f("fk_provider_invoice_employee_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["identity.account.id"], name=op.f("fk_provider_invoice_owner_id")),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["identity.organisation.id"], name=op.f("fk_provider_invoice_provider_id")
        ),
        sa.ForeignKeyConstraint(["referral_id"], ["medical.referral.id"], name=op.f("fk_provider_invoice_referral_id")),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["medical.provider_invoice.id"], name=op.f("fk_provider_invoice_supersedes_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_invoice")),
        sa.UniqueConstraint("supersedes_id", name=op.f("uq_provider_invoice_supersedes_id")),
        schema="medical",
    )
    op.create_index(
        op.f("ix_provider_invoice_corrects_id"), "provider_invoice", ["corrects_id"], unique=False, schema="medical"
    )
    op.create_index(
        op.f("ix_provider_invoice_employee_id"), "provider_invoice", ["employee_id"], unique=False, schema="medical"
    )
    op.create_index(
        "ix_provider_invoice_lines", "provider_invoice", ["provider_id", "lines_digest"], unique=False, schema="medical"
    )
    op.create_index(
        op.f("ix_provider_invoice_owner_id"), "provider_invoice", ["owner_id"], unique=False, schema="medical"
    )
    op.create_index(
        op.f("ix_provider_invoice_provider_id"), "provider_invoice", ["provider_id"], unique=False, schema="medical"
    )
    op.create_index(
        op.f("ix_provider_invoice_referral_id"), "provider_invoice", ["referral_id"], unique=False, schema="medical"
    )
    op.create_index(
        "ix_provider_invoice_state", "provider_invoice", ["tenant_id", "state"], unique=False, schema="medical"
    )
    op.create_index(
        op.f("ix_provider_invoice_tenant_id"), "provider_invoice", ["tenant_id"], unique=False, schema="medical"
    )
    op.create_index(
        "uq_provider_invoice_number",
        "provider_invoice",
        ["tenant_id", "provider_id", "kind", "invoice_number"],
        unique=True,
        schema="medical",
    )
    op.create_table(
        "provider_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("clinical", sa.LargeBinary(), nullable=False),
        sa.Column("functional", sa.LargeBinary(), nullable=False),
        sa.Column(
            "goal_reached",
            sa.Enum(
                "reached",
                "partly",
                "not_reached",
                name="goalreached",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reported_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.absence_case.id"], name=op.f("fk_provider_report_case_id")),
        sa.ForeignKeyConstraint(["employee_id"], ["cases.employee.id"], name=op.f("fk_provider_report_employee_id")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["identity.organisation.id"], name=op.f("fk_provider_report_employer_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["identity.organisation.id"], name=op.f("fk_provider_report_provider_id")
        ),
        sa.ForeignKeyConstraint(["referral_id"], ["medical.referral.id"], name=op.f("fk_provider_report_referral_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_report")),
        schema="medical",
    )
    op.create_index(op.f("ix_provider_report_case_id"), "provider_report", ["case_id"], unique=False, schema="medical")
    op.create_index(
        op.f("ix_provider_report_employee_id"), "provider_report", ["employee_id"], unique=False, schema="medical"
    )
    op.create_index(
        op.f("ix_provider_report_referral_id"), "provider_report", ["referral_id"], unique=False, schema="medical"
    )
    op.create_index(
        op.f("ix_provider_report_tenant_id"), "provider_report", ["tenant_id"], unique=False, schema="medical"
    )
    op.create_index("uq_provider_report", "provider_report", ["referral_id"], unique=True, schema="medical")
    op.create_table(
        "referral_basis",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("cause", sa.LargeBinary(), nullable=True),
        sa.Column("medical", sa.Boolean(), nullable=True),
        sa.Column("assessment_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["medical.assessment.id"], name=op.f("fk_referral_basis_assessment_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.absence_case.id"], name=op.f("fk_referral_basis_case_id")),
        sa.ForeignKeyConstraint(["employee_id"], ["cases.employee.id"], name=op.f("fk_referral_basis_employee_id")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["identity.organisation.id"], name=op.f("fk_referral_basis_employer_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["identity.organisation.id"], name=op.f("fk_referral_basis_provider_id")
        ),
        sa.ForeignKeyConstraint(["referral_id"], ["medical.referral.id"], name=op.f("fk_referral_basis_referral_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_basis")),
        schema="medical",
    )
    op.create_index(op.f("ix_referral_basis_case_id"), "referral_basis", ["case_id"], unique=False, schema="medical")
    op.create_index(
        op.f("ix_referral_basis_employee_id"), "referral_basis", ["employee_id"], unique=False, schema="medical"
    )
    op.create_index(
        op.f("ix_referral_basis_referral_id"), "referral_basis", ["referral_id"], unique=False, schema="medical"
    )
    op.create_index(
        op.f("ix_referral_basis_tenant_id"), "referral_basis", ["tenant_id"], unique=False, schema="medical"
    )
    op.create_index("uq_referral_basis", "referral_basis", ["referral_id"], unique=True, schema="medical")
    op.create_table(
        "referral_content",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("goal", sa.LargeBinary(), nullable=False),
        sa.Column("question", sa.LargeBinary(), nullable=False),
        sa.Column("expected_result", sa.LargeBinary(), nullable=False),
        sa.Column("abilities", sa.LargeBinary(), nullable=False),
        sa.Column("postcode", sa.LargeBinary(), nullable=True),
        sa.Column("expected_days_saved", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.absence_case.id"], name=op.f("fk_referral_content_case_id")),
        sa.ForeignKeyConstraint(["employee_id"], ["cases.employee.id"], name=op.f("fk_referral_content_employee_id")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["identity.organisation.id"], name=op.f("fk_referral_content_employer_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["identity.organisation.id"], name=op.f("fk_referral_content_provider_id")
        ),
        sa.ForeignKeyConstraint(["referral_id"], ["medical.referral.id"], name=op.f("fk_referral_content_referral_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_content")),
        schema="medical",
    )
    op.create_index(
        op.f("ix_referral_content_case_id"), "referral_content", ["case_id"], unique=False, schema="medical"
    )
    op.create_index(
        op.f("ix_referral_content_employee_id"), "referral_content", ["employee_id"], unique=False, schema="medical"
    )
    op.create_index(
        op.f("ix_referral_content_referral_id"), "referral_content", ["referral_id"], unique=False, schema="medical"
    )
    op.create_index(
        op.f("ix_referral_content_tenant_id"), "referral_content", ["tenant_id"], unique=False, schema="medical"
    )
    op.create_index("uq_referral_content", "referral_content", ["referral_id"], unique=True, schema="medical")
    op.create_table(
        "referral_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("action", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column(
            "from_state",
            sa.Enum(
                "draft",
                "returned",
                "issued",
                "accepted",
                "declined",
                "scheduled",
                "running",
                "interrupted",
                "reported",
                "completed",
                "withdrawn",
                "expired",
                name="from_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "to_state",
            sa.Enum(
                "draft",
                "returned",
                "issued",
                "accepted",
                "declined",
                "scheduled",
                "running",
                "interrupted",
                "reported",
                "completed",
                "withdrawn",
                "expired",
                name="to_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column(
            "role",
            sa.Enum(
                "physician",
                "delegate",
                "secretary",
                "provider",
                "network_manager",
                "case_manager",
                "employer",
                "insurer",
                "employee",
                "auditor",
                "system",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.absence_case.id"], name=op.f("fk_referral_event_case_id")),
        sa.ForeignKeyConstraint(["employee_id"], ["cases.employee.id"], name=op.f("fk_referral_event_employee_id")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["identity.organisation.id"], name=op.f("fk_referral_event_employer_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["identity.organisation.id"], name=op.f("fk_referral_event_provider_id")
        ),
        sa.ForeignKeyConstraint(["referral_id"], ["medical.referral.id"], name=op.f("fk_referral_event_referral_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_event")),
        schema="medical",
    )
    op.create_index(op.f("ix_referral_event_case_id"), "referral_event", ["case_id"], unique=False, schema="medical")
    op.create_index(
        op.f("ix_referral_event_employee_id"), "referral_event", ["employee_id"], unique=False, schema="medical"
    )
    op.create_index(
        op.f("ix_referral_event_referral_id"), "referral_event", ["referral_id"], unique=False, schema="medical"
    )
    op.create_index(
        op.f("ix_referral_event_tenant_id"), "referral_event", ["tenant_id"], unique=False, schema="medical"
    )
    op.create_table(
        "referral_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "return", "question", "answer", name="messagekind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "physician",
                "delegate",
                "secretary",
                "provider",
                "network_manager",
                "case_manager",
                "employer",
                "insurer",
                "employee",
                "auditor",
                "system",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.absence_case.id"], name=op.f("fk_referral_message_case_id")),
        sa.ForeignKeyConstraint(["employee_id"], ["cases.employee.id"], name=op.f("fk_referral_message_employee_id")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["identity.organisation.id"], name=op.f("fk_referral_message_employer_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["identity.organisation.id"], name=op.f("fk_referral_message_provider_id")
        ),
        sa.ForeignKeyConstraint(["referral_id"], ["medical.referral.id"], name=op.f("fk_referral_message_referral_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_message")),
        schema="medical",
    )
    op.create_index(
        op.f("ix_referral_message_case_id"), "referral_message", ["case_id"], unique=False, schema="medical"
    )
    op.create_index(
        op.f("ix_referral_message_employee_id"), "referral_message", ["employee_id"], unique=False, schema="medical"
    )
    op.create_index(
        op.f("ix_referral_message_referral_id"), "referral_message", ["referral_id"], unique=False, schema="medical"
    )
    op.create_index(
        op.f("ix_referral_message_tenant_id"), "referral_message", ["tenant_id"], unique=False, schema="medical"
    )
    op.create_index(
        "uq_referral_message", "referral_message", ["referral_id", "version"], unique=True, schema="medical"
    )
    op.create_table(
        "referral_result",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column(
            "goal_reached",
            sa.Enum(
                "reached",
                "partly",
                "not_reached",
                name="goalreached",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "work_resumed",
            sa.Enum(
                "fully",
                "partly",
                "not_resumed",
                name="workresumed",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("hours_per_week", sa.Integer(), nullable=True),
        sa.Column("judged_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(work_resumed = 'partly') <= (hours_per_week IS NOT NULL)", name=op.f("ck_referral_result_partly_in_hours")
        ),
        sa.CheckConstraint(
            "work_resumed <> 'not_resumed' OR hours_per_week IS NULL", name=op.f("ck_referral_result_none_without_work")
        ),
        sa.CheckConstraint("hours_per_week BETWEEN 1 AND 60", name=op.f("ck_referral_result_hours")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.absence_case.id"], name=op.f("fk_referral_result_case_id")),
        sa.ForeignKeyConstraint(["employee_id"], ["cases.employee.id"], name=op.f("fk_referral_result_employee_id")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["identity.organisation.id"], name=op.f("fk_referral_result_employer_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["identity.organisation.id"], name=op.f("fk_referral_result_provider_id")
        ),
        sa.ForeignKeyConstraint(["referral_id"], ["medical.referral.id"], name=op.f("fk_referral_result_referral_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_result")),
        schema="medical",
    )
    op.create_index(op.f("ix_referral_result_case_id"), "referral_result", ["case_id"], unique=False, schema="medical")
    op.create_index(
        op.f("ix_referral_result_employee_id"), "referral_result", ["employee_id"], unique=False, schema="medical"
    )
    op.create_index(
        op.f("ix_referral_result_referral_id"), "referral_result", ["referral_id"], unique=False, schema="medical"
    )
    op.create_index(
        op.f("ix_referral_result_tenant_id"), "referral_result", ["tenant_id"], unique=False, schema="medical"
    )
    op.create_index("uq_referral_result", "referral_result", ["referral_id"], unique=True, schema="medical")
    op.create_table(
        "registered_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("units", sa.Numeric(precision=12, scale=4), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "delivered",
                "no_show",
                "cancelled_late",
                name="serviceoutcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("registered_by", sa.Uuid(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("units > 0", name=op.f("ck_registered_session_units_positive")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.absence_case.id"], name=op.f("fk_registered_session_case_id")),
        sa.ForeignKeyConstraint(["employee_id"], ["cases.employee.id"], name=op.f("fk_registered_session_employee_id")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["identity.organisation.id"], name=op.f("fk_registered_session_employer_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["identity.organisation.id"], name=op.f("fk_registered_session_provider_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["medical.referral.id"], name=op.f("fk_registered_session_referral_id")
        ),
        sa.ForeignKeyConstraint(
            ["registered_by"], ["identity.account.id"], name=op.f("fk_registered_session_registered_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registered_session")),
        schema="medical",
    )
    op.create_index(
        op.f("ix_registered_session_case_id"), "registered_session", ["case_id"], unique=False, schema="medical"
    )
    op.create_index(
        op.f("ix_registered_session_employee_id"), "registered_session", ["employee_id"], unique=False, schema="medical"
    )
    op.create_index(
        op.f("ix_registered_session_referral_id"), "registered_session", ["referral_id"], unique=False, schema="medical"
    )
    op.create_index(
        op.f("ix_registered_session_tenant_id"), "registered_session", ["tenant_id"], unique=False, schema="medical"
    )
    op.create_index(
        "uq_registered_session",
        "registered_session",
        ["referral_id", "day", "outcome"],
        unique=True,
        schema="medical",
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "satisfaction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name=op.f("ck_satisfaction_score")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.absence_case.id"], name=op.f("fk_satisfaction_case_id")),
        sa.ForeignKeyConstraint(["employee_id"], ["cases.employee.id"], name=op.f("fk_satisfaction_employee_id")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["identity.organisation.id"], name=op.f("fk_satisfaction_employer_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["identity.organisation.id"], name=op.f("fk_satisfaction_provider_id")
        ),
        sa.ForeignKeyConstraint(["referral_id"], ["medical.referral.id"], name=op.f("fk_satisfaction_referral_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_satisfaction")),
        schema="medical",
    )
    op.create_index(op.f("ix_satisfaction_case_id"), "satisfaction", ["case_id"], unique=False, schema="medical")
    op.create_index(
        op.f("ix_satisfaction_employee_id"), "satisfaction", ["employee_id"], unique=False, schema="medical"
    )
    op.create_index(
        op.f("ix_satisfaction_referral_id"), "satisfaction", ["referral_id"], unique=False, schema="medical"
    )
    op.create_index(op.f("ix_satisfaction_tenant_id"), "satisfaction", ["tenant_id"], unique=False, schema="medical")
    op.create_index("uq_satisfaction", "satisfaction", ["referral_id"], unique=True, schema="medical")
    op.create_table(
        "slot_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["identity.account.id"], name=op.f("fk_slot_link_asked_by")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.absence_case.id"], name=op.f("fk_slot_link_case_id")),
        sa.ForeignKeyConstraint(["employee_id"], ["cases.employee.id"], name=op.f("fk_slot_link_employee_id")),
        sa.ForeignKeyConstraint(["employer_id"], ["identity.organisation.id"], name=op.f("fk_slot_link_employer_id")),
        sa.ForeignKeyConstraint(["question_id"], ["network.slot_question.id"], name=op.f("fk_slot_link_question_id")),
        sa.ForeignKeyConstraint(["referral_id"], ["medical.referral.id"], name=op.f("fk_slot_link_referral_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot_link")),
        sa.UniqueConstraint("question_id", name=op.f("uq_slot_link_question_id")),
        schema="medical",
    )
    op.create_index(op.f("ix_slot_link_case_id"), "slot_link", ["case_id"], unique=False, schema="medical")
    op.create_index(op.f("ix_slot_link_employee_id"), "slot_link", ["employee_id"], unique=False, schema="medical")
    op.create_index(op.f("ix_slot_link_tenant_id"), "slot_link", ["tenant_id"], unique=False, schema="medical")
    op.create_table(
        "invoice_check",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("detail", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["medical.provider_invoice.id"], name=op.f("fk_invoice_check_invoice_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["identity.organisation.id"], name=op.f("fk_invoice_check_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_check")),
        schema="medical",
    )
    op.create_index(
        op.f("ix_invoice_check_invoice_id"), "invoice_check", ["invoice_id"], unique=False, schema="medical"
    )
    op.create_index(op.f("ix_invoice_check_tenant_id"), "invoice_check", ["tenant_id"], unique=False, schema="medical")
    op.create_table(
        "invoice_talk",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "disputed",
                "credit_asked",
                "answered",
                "superseded",
                "credited",
                name="invoicetalkkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=True),
        sa.Column("other_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "physician",
                "delegate",
                "secretary",
                "provider",
                "network_manager",
                "case_manager",
                "employer",
                "insurer",
                "employee",
                "auditor",
                "system",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["medical.provider_invoice.id"], name=op.f("fk_invoice_talk_invoice_id")
        ),
        sa.ForeignKeyConstraint(["other_id"], ["medical.provider_invoice.id"], name=op.f("fk_invoice_talk_other_id")),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["identity.organisation.id"], name=op.f("fk_invoice_talk_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_talk")),
        schema="medical",
    )
    op.create_index(op.f("ix_invoice_talk_invoice_id"), "invoice_talk", ["invoice_id"], unique=False, schema="medical")
    op.create_index(op.f("ix_invoice_talk_tenant_id"), "invoice_talk", ["tenant_id"], unique=False, schema="medical")
    op.create_table(
        "payable_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payable_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("provider_invoice_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["payable_id"], ["billing.payable.id"], name=op.f("fk_payable_link_payable_id")),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["identity.organisation.id"], name=op.f("fk_payable_link_provider_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_invoice_id"], ["medical.provider_invoice.id"], name=op.f("fk_payable_link_provider_invoice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payable_link")),
        sa.UniqueConstraint("payable_id", name=op.f("uq_payable_link_payable_id")),
        sa.UniqueConstraint("provider_invoice_id", name=op.f("uq_payable_link_provider_invoice_id")),
        schema="medical",
    )
    op.create_index(
        op.f("ix_payable_link_provider_id"), "payable_link", ["provider_id"], unique=False, schema="medical"
    )
    op.create_index(op.f("ix_payable_link_tenant_id"), "payable_link", ["tenant_id"], unique=False, schema="medical")
    op.create_table(
        "provider_invoice_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("description", sa.LargeBinary(), nullable=False),
        sa.Column("service_date", sa.Date(), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=12, scale=4), nullable=False),
        sa.Column("unit_price_cents", sa.Integer(), nullable=False),
        sa.Column("vat_rate", sa.Integer(), nullable=False),
        sa.Column("net_cents", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "delivered",
                "no_show",
                "cancelled_late",
                name="serviceoutcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["medical.provider_invoice.id"], name=op.f("fk_provider_invoice_line_invoice_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["identity.organisation.id"], name=op.f("fk_provider_invoice_line_provider_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["medical.registered_session.id"], name=op.f("fk_provider_invoice_line_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_invoice_line")),
        schema="medical",
    )
    op.create_index(
        op.f("ix_provider_invoice_line_invoice_id"),
        "provider_invoice_line",
        ["invoice_id"],
        unique=False,
        schema="medical",
    )
    op.create_index(
        op.f("ix_provider_invoice_line_session_id"),
        "provider_invoice_line",
        ["session_id"],
        unique=False,
        schema="medical",
    )
    op.create_index(
        op.f("ix_provider_invoice_line_tenant_id"),
        "provider_invoice_line",
        ["tenant_id"],
        unique=False,
        schema="medical",
    )
    op.create_table(
        "release",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("provider_invoice_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column(
            "disclosure",
            sa.Enum("OPEN", "CONF", name="disclosure", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("corrects_id", sa.Uuid(), nullable=True),
        sa.Column("net_cents", sa.Integer(), nullable=False),
        sa.Column("supplied_on", sa.Date(), nullable=False),
        sa.Column("charge_id", sa.Uuid(), nullable=True),
        sa.Column(
            "ended",
            sa.Enum("netted", "borne", "moot", name="releaseend", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(corrects_id IS NULL) = (net_cents > 0)", name=op.f("ck_release_only_a_correction_gives_back")
        ),
        sa.CheckConstraint("charge_id IS NULL OR ended IS NULL", name=op.f("ck_release_charged_or_ended")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.absence_case.id"], name=op.f("fk_release_case_id")),
        sa.ForeignKeyConstraint(["charge_id"], ["billing.charge.id"], name=op.f("fk_release_charge_id")),
        sa.ForeignKeyConstraint(["corrects_id"], ["medical.release.id"], name=op.f("fk_release_corrects_id")),
        sa.ForeignKeyConstraint(["employee_id"], ["cases.employee.id"], name=op.f("fk_release_employee_id")),
        sa.ForeignKeyConstraint(["employer_id"], ["identity.organisation.id"], name=op.f("fk_release_employer_id")),
        sa.ForeignKeyConstraint(
            ["provider_invoice_id"], ["medical.provider_invoice.id"], name=op.f("fk_release_provider_invoice_id")
        ),
        sa.ForeignKeyConstraint(["referral_id"], ["medical.referral.id"], name=op.f("fk_release_referral_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
        sa.UniqueConstraint("provider_invoice_id", name=op.f("uq_release_provider_invoice_id")),
        schema="medical",
    )
    op.create_index(op.f("ix_release_case_id"), "release", ["case_id"], unique=False, schema="medical")
    op.create_index(op.f("ix_release_charge_id"), "release", ["charge_id"], unique=False, schema="medical")
    op.create_index(op.f("ix_release_corrects_id"), "release", ["corrects_id"], unique=False, schema="medical")
    op.create_index(op.f("ix_release_employee_id"), "release", ["employee_id"], unique=False, schema="medical")
    op.create_index(op.f("ix_release_referral_id"), "release", ["referral_id"], unique=False, schema="medical")
    op.create_index(op.f("ix_release_tenant_id"), "release", ["tenant_id"], unique=False, schema="medical")
    op.create_index(
        "ix_release_waiting", "release", ["tenant_id", "employer_id", "charge_id"], unique=False, schema="medical"
    )
    op.create_table(
        "release_share",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.CheckConstraint("cents <> 0", name=op.f("ck_release_share_something")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.absence_case.id"], name=op.f("fk_release_share_case_id")),
        sa.ForeignKeyConstraint(["employee_id"], ["cases.employee.id"], name=op.f("fk_release_share_employee_id")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["identity.organisation.id"], name=op.f("fk_release_share_employer_id")
        ),
        sa.ForeignKeyConstraint(["release_id"], ["medical.release.id"], name=op.f("fk_release_share_release_id")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["billing.cofinancing_request.id"], name=op.f("fk_release_share_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_share")),
        schema="medical",
    )
    op.create_index(op.f("ix_release_share_case_id"), "release_share", ["case_id"], unique=False, schema="medical")
    op.create_index(
        op.f("ix_release_share_employee_id"), "release_share", ["employee_id"], unique=False, schema="medical"
    )
    op.create_index(
        op.f("ix_release_share_request_id"), "release_share", ["request_id"], unique=False, schema="medical"
    )
    op.create_index(op.f("ix_release_share_tenant_id"), "release_share", ["tenant_id"], unique=False, schema="medical")
    op.create_index("uq_release_share", "release_share", ["release_id", "request_id"], unique=True, schema="medical")


def downgrade() -> None:
    """Drop them, with all that is in them."""
    for name in ("medical", "billing", "cases", "network", "identity"):
        op.execute(f"DROP SCHEMA {name} CASCADE")

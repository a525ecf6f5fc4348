"""Every tables module of the house, named once, so that the metadata is whole wherever it is needed."""

from types import ModuleType

from sqlmodel import SQLModel

import billing.budget_tables
import billing.direct_tables
import billing.dunning_tables
import billing.insurer_report_tables
import billing.ledger_tables
import billing.payable_tables
import billing.payment_tables
import billing.rehearsal_tables
import billing.service_tables
import billing.tables
import cases.emergency_tables
import cases.tables
import identity.allowance_tables
import identity.answered_tables
import identity.audit_tables
import identity.link_tables
import identity.notice_tables
import identity.provider_link_tables
import identity.retention_tables
import identity.second_factor_tables
import identity.tables
import medical.answered_tables
import medical.direct_tables
import medical.disclosed_tables
import medical.emergency_tables
import medical.estimate_tables
import medical.invoice_tables
import medical.key_tables
import medical.payable_tables
import medical.satisfaction_tables
import medical.slot_tables
import medical.tables
import network.experience_tables
import network.slot_tables
import network.tables

MODULES: tuple[ModuleType, ...] = (
    identity.tables,
    identity.second_factor_tables,
    identity.link_tables,
    identity.notice_tables,
    identity.provider_link_tables,
    identity.audit_tables,
    identity.retention_tables,
    identity.allowance_tables,
    identity.answered_tables,
    network.tables,
    network.slot_tables,
    network.experience_tables,
    cases.tables,
    cases.emergency_tables,
    billing.tables,
    billing.budget_tables,
    billing.ledger_tables,
    billing.insurer_report_tables,
    billing.service_tables,
    billing.rehearsal_tables,
    billing.direct_tables,
    billing.dunning_tables,
    billing.payment_tables,
    billing.payable_tables,
    medical.tables,
    medical.invoice_tables,
    medical.key_tables,
    medical.slot_tables,
    medical.disclosed_tables,
    medical.estimate_tables,
    medical.emergency_tables,
    medical.payable_tables,
    medical.direct_tables,
    medical.satisfaction_tables,
    medical.answered_tables,
)
SCHEMAS = ("identity", "network", "cases", "billing", "medical")
metadata = SQLModel.metadata

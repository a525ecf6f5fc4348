"""Which invoice a payable pays: known on the medical side only."""

from typing import ClassVar
from uuid import UUID

from sqlmodel import Field

from core.columns import Row
from core.privacy import PrivacyClass

SCHEMA = {"schema": "medical"}


class PayableLink(Row, table=True):
    """The provider invoice behind a payable."""

    __tablename__ = "payable_link"
    __table_args__ = SCHEMA
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.HEALTH

    payable_id: UUID = Field(foreign_key="billing.payable.id", unique=True)
    provider_id: UUID = Field(foreign_key="identity.organisation.id", index=True)
    provider_invoice_id: UUID = Field(foreign_key="medical.provider_invoice.id", unique=True)

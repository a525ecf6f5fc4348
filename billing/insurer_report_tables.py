"""What the hatch published for an insurer about a year: how many employees were helped, no small number (R62)."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from billing.tables import SCHEMA
from core.columns import Row, choice
from core.privacy import PrivacyClass
from network.taxonomy import Disclosure


class PortfolioReport(Row, table=True):
    """The report of a year about the employers that an insurer insures; made once."""

    __tablename__ = "portfolio_report"
    __table_args__ = (Index("uq_portfolio_report", "insurer_id", "year", unique=True), SCHEMA)
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.BUSINESS

    insurer_id: UUID = Field(foreign_key="identity.organisation.id")
    year: int
    k: int  # persons behind the smallest number in it, beside those whom the insurer knows of
    published_on: date


class PortfolioCount(Row, table=True):
    """A number of such a report; what is hidden never leaves the medical room, so it is not here."""

    __tablename__ = "portfolio_count"
    __table_args__ = (
        Index(
            "uq_portfolio_count",
            "report_id",
            "disclosure",
            "intervention",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("persons >= 5", name="persons_enough"),
        CheckConstraint("disclosure = 'OPEN' OR intervention IS NULL", name="confidential_names_no_type"),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.BUSINESS

    report_id: UUID = Field(foreign_key="billing.portfolio_report.id")
    insurer_id: UUID = Field(foreign_key="identity.organisation.id")
    disclosure: Disclosure = Field(sa_type=choice(Disclosure))
    intervention: str | None = Field(default=None, max_length=8)  # none: all of them together
    persons: int

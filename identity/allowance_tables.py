"""The table in which requests are counted; what it holds is worth nothing a minute later."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import DateTime, LargeBinary
from sqlmodel import Field, SQLModel

from core.clock import now
from core.privacy import PrivacyClass


class Allowance(SQLModel, table=True):
    """How many requests were granted at one place in the minute that began at `began_at`, and how many just now.

    A place is an account, a token, an address, or an account for one kind of work, as a keyed hash: it tells of none.
    """

    __tablename__ = "allowance"
    # Unlogged: counting costs no write to the log, and after a crash everybody begins anew.
    __table_args__ = {"schema": "identity", "prefixes": ["UNLOGGED"]}
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.CREDENTIAL

    place: bytes = Field(sa_type=LargeBinary, primary_key=True)
    began_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    taken: int
    granted: int

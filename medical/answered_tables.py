"""The table of answers that are kept for a day, on the medical side, for a client that did not get them."""

from typing import ClassVar

from core.privacy import PrivacyClass
from identity.answered_tables import AnsweredBase


class AnsweredMedicalAct(AnsweredBase, table=True):
    """An answer of the medical side."""

    __tablename__ = "answered_act"
    __table_args__ = {"schema": "medical"}
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.HEALTH

"""Every column of a health table that holds words is sealed, or stands here with the reason why it is not."""

from types import MappingProxyType

from sqlalchemy import JSON, LargeBinary, String, TypeDecorator
from sqlalchemy.dialects.postgresql import ARRAY

import schema
from core.sealed import Sealed
from tests.house.sources import ROOT

WEIGHED = "the database weighs it, in policies and triggers"
COUNTED = "the database counts by it: outcomes over at least ten people, by night"
NUMBER = "a number without a word in it, by which an invoice is found and told apart"
WHO = "who acted, by role"
OF_AN_INVOICE = "a code about an invoice, in which nothing of anybody's health can be said"
KEY = "a key that is wrapped, or by what it is known"
KEPT_FOR_A_DAY = "an answer that is sealed where it is kept (identity/once.py), emptied after a day"
PLAIN = MappingProxyType(
    {
        "answered_act.asked": KEPT_FOR_A_DAY,
        "answered_act.key_hash": KEPT_FOR_A_DAY,
        "answered_act.key_id": KEPT_FOR_A_DAY,
        "answered_act.sealed": KEPT_FOR_A_DAY,
        "attachment.kind": "PDF, PNG or JPEG: nothing of what is in it",
        "content_version.role": WHO,
        "data_key.handle": KEY,
        "data_key.wrapped": KEY,
        "direct_message.kind": WEIGHED,
        "direct_message.role": WHO,
        "direct_specification.invoice_reference": NUMBER,
        "direct_specification.provider_name": "the provider as the employer named him, who has his invoice",
        "direct_specification.state": WEIGHED,
        "disclosure_made.recipient": "that something was told, not what: the auditor's side of a disclosure",
        "disclosure_made.role": WHO,
        "disclosure_made.what": "that something was told, not what: the auditor's side of a disclosure",
        "invoice_check.code": OF_AN_INVOICE,
        "invoice_talk.code": OF_AN_INVOICE,
        "invoice_talk.kind": WEIGHED,
        "invoice_talk.role": WHO,
        "provider_invoice.corrects_number": NUMBER,
        "provider_invoice.dispute_reason": OF_AN_INVOICE,
        "provider_invoice.invoice_number": NUMBER,
        "provider_invoice.kind": WEIGHED,
        "provider_invoice.lines_digest": "a digest of days, units and amounts, which stand beside it",
        "provider_invoice.referral_number": NUMBER,
        "provider_invoice.state": WEIGHED,
        "provider_invoice_line.outcome": WEIGHED,
        "provider_report.goal_reached": COUNTED,
        "referral.disclosure": WEIGHED,
        "referral.intervention": WEIGHED + "; the offering beside it, whose title is public, says the same",
        "referral.number": NUMBER,
        "referral.price_unit": "how a price is counted",
        "referral.referral_class": WEIGHED,
        "referral.state": WEIGHED,
        "referral_event.action": "the name of an act; why it was done is sealed",
        "referral_event.from_state": WEIGHED,
        "referral_event.role": WHO,
        "referral_event.to_state": WEIGHED,
        "referral_message.kind": WEIGHED,
        "referral_message.role": WHO,
        "referral_result.goal_reached": COUNTED,
        "referral_result.work_resumed": "a CHECK weighs it against the hours of work beside it",
        "registered_session.outcome": WEIGHED,
        "release.disclosure": WEIGHED,
        "release.ended": WEIGHED,
        "tenant_key.wrapped": KEY,
    }
)
"""What a stolen copy of the database tells is the sum of this list; docs/wall.md and ADR 0019 say it in words."""


def _columns() -> dict[str, object]:
    return {
        f"{table.name}.{column.name}": column.type
        for table in schema.metadata.sorted_tables
        if table.schema == "medical"
        for column in table.columns
    }


def test_every_word_of_the_medical_room_is_sealed_or_has_a_reason() -> None:
    words = {
        name
        for name, kind in _columns().items()
        if not isinstance(kind, Sealed)
        and isinstance(kind.impl if isinstance(kind, TypeDecorator) else kind, String | JSON | LargeBinary | ARRAY)
    }
    assert len(words) > 20
    assert sorted(words - PLAIN.keys()) == []
    assert sorted(PLAIN.keys() - words) == []


def test_a_sealed_column_knows_its_own_place_and_the_subject_of_its_key() -> None:
    sealed = {name: kind for name, kind in _columns().items() if isinstance(kind, Sealed)}
    assert len(sealed) > 20
    assert {name: kind.place for name, kind in sealed.items()} == {name: name for name in sealed}
    for name, kind in sealed.items():
        assert f"{name.split('.')[0]}.{kind.subject}" in _columns()


def test_the_medical_side_alone_is_given_a_keyring() -> None:
    code = (ROOT / "core" / "database.py").read_text(encoding="utf-8")
    assert code.count("give_ring(") == 1
    assert "if door in (Door.CARE, Door.SYSTEM_CARE):\n                give_ring(" in code

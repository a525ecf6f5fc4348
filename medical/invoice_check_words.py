"""What the result of a check says to a person: the facts are kept, the sentence is made when somebody reads it."""

import json
from collections.abc import Mapping
from datetime import date

from babel.dates import format_date
from babel.numbers import format_currency

from core.language import _, language
from core.money import euros
from medical.invoice_checks import AGAINST_AGREEMENT, CheckCode, CheckResult

MONEY = frozenset({CheckCode.AGREED_PRICE})
DAYS = frozenset({CheckCode.NOT_BEFORE_ISSUE, CheckCode.DATES_PLAUSIBLE})


def kept(result: CheckResult) -> str:
    """Return the facts of a result as they are kept beside it."""
    return json.dumps(dict(result.facts), separators=(",", ":")) if result.facts else ""


def sentence(code: CheckCode, *, passed: bool, detail: str) -> str:
    """Return what a check found, in the language of the person, from the facts that were kept."""
    facts: Mapping[str, str] = json.loads(detail) if detail else {}
    if not facts and code in AGAINST_AGREEMENT:
        return _("Niet te controleren: er is geen verwijzing aan deze provider met dit nummer.")
    template = _passed(code) if passed else _failed(code)
    return template % {name: _shown(code, value) for name, value in facts.items()}


def _shown(code: CheckCode, value: str) -> str:
    if code in MONEY:
        return str(format_currency(euros(int(value)), "EUR", locale=language()))
    if code in DAYS:
        return format_date(date.fromisoformat(value), "d MMMM yyyy", locale=language())
    return value


def _passed(code: CheckCode) -> str:
    return {
        CheckCode.KNOWN_REFERRAL: _("Er is een verwijzing aan deze provider met dit nummer."),
        CheckCode.SAME_PROVIDER: _("De factuur is van de provider die hem stuurt."),
        CheckCode.BILLABLE_STATE: _("De verwijzing is aangenomen."),
        CheckCode.NOT_BEFORE_ISSUE: _("Geleverd vanaf %(first)s, na de verwijzing van %(issued)s."),
        CheckCode.DATES_PLAUSIBLE: _("Laatst geleverd op %(last)s, gefactureerd op %(invoiced)s."),
        CheckCode.UNITS_LEFT: _("Gevraagd: %(asked)s eenheden. Nog over: %(left)s."),
        CheckCode.AGREED_PRICE: _("De prijs per eenheid is %(asked)s. Afgesproken is %(agreed)s."),
        CheckCode.VAT_AS_AGREED: _("De btw is %(agreed)s procent, zoals afgesproken."),
        CheckCode.SUMS_RIGHT: _("De bedragen tellen goed op."),
        CheckCode.INVOICE_IN_EUROS: _("Het is een factuur in euro's."),
    }[code]


def _failed(code: CheckCode) -> str:
    return {
        CheckCode.KNOWN_REFERRAL: _("Er is geen verwijzing aan deze provider met dit nummer."),
        CheckCode.SAME_PROVIDER: _("De factuur noemt een andere verkoper dan de provider die hem stuurt."),
        CheckCode.BILLABLE_STATE: _("De verwijzing is niet aangenomen, of is ingetrokken of verlopen."),
        CheckCode.NOT_BEFORE_ISSUE: _("Geleverd op %(first)s: dat is vóór de verwijzing van %(issued)s."),
        CheckCode.DATES_PLAUSIBLE: _("Geleverd op %(last)s en gefactureerd op %(invoiced)s: dat kan niet kloppen."),
        CheckCode.UNITS_LEFT: _("Gevraagd: %(asked)s eenheden. Er zijn er nog %(left)s over."),
        CheckCode.AGREED_PRICE: _("De prijs is %(asked)s of in totaal te hoog. Afgesproken is %(agreed)s per eenheid."),
        CheckCode.VAT_AS_AGREED: _("De btw is %(asked)s procent. Afgesproken is %(agreed)s procent."),
        CheckCode.SUMS_RIGHT: _("De bedragen tellen niet goed op (%(where)s)."),
        CheckCode.INVOICE_IN_EUROS: _("Dit is geen factuur in euro's."),
    }[code]

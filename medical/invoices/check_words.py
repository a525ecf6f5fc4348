"""What the result of a check says to a person: the facts are kept, the sentence is made when somebody reads it."""

import json
from collections.abc import Mapping
from datetime import date

from babel.dates import format_date
from babel.numbers import format_currency

from core.language import _, language
from core.money import euros
from medical.invoice_tables import ProviderDocument
from medical.invoices.checks import NEEDS, CheckCode, CheckResult

MONEY = frozenset({CheckCode.AGREED_PRICE, CheckCode.CREDIT_LEFT})
DAYS = frozenset(
    {
        CheckCode.NOT_BEFORE_ISSUE,
        CheckCode.WITHIN_RUNNING,
        CheckCode.DATES_PLAUSIBLE,
        CheckCode.REGISTRATION_VALID,
        CheckCode.PRICE_VALID,
    }
)


def kept(result: CheckResult) -> str:
    """Return the facts of a result as they are kept beside it."""
    return json.dumps(dict(result.facts), separators=(",", ":")) if result.facts else ""


def sentence(code: CheckCode, *, passed: bool, detail: str) -> str:
    """Return what a check found, in the language of the person, from the facts that were kept."""
    facts: Mapping[str, str] = json.loads(detail) if detail else {}
    if not facts and code in NEEDS:
        return _without(NEEDS[code])
    template = _passed(code, facts) if passed else _failed(code, facts)
    return template % {name: _shown(code, value) for name, value in facts.items()}


def _shown(code: CheckCode, value: str) -> str:
    if code in MONEY:
        return str(format_currency(euros(int(value)), "EUR", locale=language()))
    if code in DAYS:
        return format_date(date.fromisoformat(value), "d MMMM yyyy", locale=language())
    return value


def _without(needed: ProviderDocument) -> str:
    if needed is ProviderDocument.INVOICE:
        return _("Niet te controleren: er is geen verwijzing aan deze provider met dit nummer.")
    return _("Niet te controleren: er is geen factuur van deze provider met dit nummer.")


def _passed(code: CheckCode, facts: Mapping[str, str]) -> str:
    return {
        CheckCode.KNOWN_REFERRAL: _("Er is een verwijzing aan deze provider met dit nummer."),
        CheckCode.KNOWN_INVOICE: _("Er is een factuur van deze provider met dit nummer."),
        CheckCode.INVOICE_RELEASED: _("Factuur %(number)s is vrijgegeven."),
        CheckCode.SAME_PROVIDER: _("De factuur is van de provider die hem stuurt."),
        CheckCode.ADDRESSED_TO_US: _("De factuur is aan de arbodienst gericht."),
        CheckCode.BILLABLE_STATE: _("De verwijzing is aangenomen."),
        CheckCode.NOT_BEFORE_ISSUE: _("Geleverd vanaf %(first)s, na de verwijzing van %(issued)s."),
        CheckCode.WITHIN_RUNNING: _("Geleverd van %(first)s tot en met %(last)s, terwijl de verwijzing liep."),
        CheckCode.DATES_PLAUSIBLE: _("Laatst geleverd op %(last)s, gefactureerd op %(invoiced)s.")
        if "last" in facts
        else _("De factuur is van %(corrected)s, de creditnota van %(invoiced)s."),
        CheckCode.REGISTRATION_VALID: _("De registratie van de provider gold op %(last)s, de laatste dag."),
        CheckCode.UNITS_LEFT: _("Gevraagd: %(asked)s eenheden. Nog over: %(left)s."),
        CheckCode.MISSED_AS_AGREED: _("Er staat geen gemiste afspraak op.")
        if facts.get("asked") == "0"
        else _("Gemiste afspraken: %(asked)s. Volgens het contract mogen er nog %(left)s."),
        CheckCode.PRICE_VALID: _("De prijs gold vanaf %(since)s en is vastgelegd bij de verwijzing van %(issued)s."),
        CheckCode.AGREED_PRICE: _("De prijs per eenheid is %(asked)s. Afgesproken is %(agreed)s."),
        CheckCode.VAT_AS_AGREED: _("De btw is %(agreed)s procent, zoals afgesproken."),
        CheckCode.CREDIT_LEFT: _("Terug: %(asked)s. Van de factuur was nog %(left)s over."),
        CheckCode.SUMS_RIGHT: _("De bedragen tellen goed op."),
        CheckCode.IN_EUROS: _("De bedragen zijn in euro's."),
        CheckCode.NOT_SEEN_BEFORE: _("Dezelfde regels zijn niet eerder gestuurd."),
    }[code]


def _failed(code: CheckCode, facts: Mapping[str, str]) -> str:
    return {
        CheckCode.KNOWN_REFERRAL: _("Er is geen verwijzing aan deze provider met dit nummer."),
        CheckCode.KNOWN_INVOICE: _("Er is geen factuur van deze provider met dit nummer."),
        CheckCode.INVOICE_RELEASED: _("Factuur %(number)s is niet vrijgegeven: daar is niets van terug te geven."),
        CheckCode.SAME_PROVIDER: _("De factuur noemt een andere verkoper dan de provider die hem stuurt."),
        CheckCode.ADDRESSED_TO_US: _("De factuur noemt een andere koper dan de arbodienst."),
        CheckCode.BILLABLE_STATE: _("De verwijzing is niet aangenomen, of is ingetrokken of verlopen."),
        CheckCode.NOT_BEFORE_ISSUE: _("Geleverd op %(first)s: dat is vóór de verwijzing van %(issued)s."),
        CheckCode.WITHIN_RUNNING: _(
            "Geleverd van %(first)s tot en met %(last)s. De verwijzing liep van %(begin)s tot en met %(end)s."
        )
        if "end" in facts
        else _("Geleverd vanaf %(first)s, maar de verwijzing begon op %(begin)s."),
        CheckCode.DATES_PLAUSIBLE: _("Geleverd op %(last)s en gefactureerd op %(invoiced)s: dat kan niet kloppen.")
        if "last" in facts
        else _("De factuur is van %(corrected)s en de creditnota van %(invoiced)s: dat kan niet kloppen."),
        CheckCode.REGISTRATION_VALID: _(
            "Geleverd op %(last)s. De registratie van de provider gold tot en met %(through)s."
        )
        if "through" in facts
        else _("Geleverd op %(last)s, maar de provider heeft de registratie niet die hiervoor nodig is."),
        CheckCode.UNITS_LEFT: _("Gevraagd: %(asked)s eenheden. Er zijn er nog %(left)s over."),
        CheckCode.MISSED_AS_AGREED: _(
            "Gemiste afspraken: %(asked)s. Volgens het contract mogen er nog %(left)s, tegen een deel van de prijs."
        ),
        CheckCode.PRICE_VALID: _("De prijs gold pas vanaf %(since)s of niet meer bij de verwijzing van %(issued)s."),
        CheckCode.AGREED_PRICE: _("De prijs is %(asked)s of in totaal te hoog. Afgesproken is %(agreed)s per eenheid."),
        CheckCode.VAT_AS_AGREED: _(
            "De btw is %(asked)s procent of van een andere soort. Afgesproken is %(agreed)s procent."
        ),
        CheckCode.CREDIT_LEFT: _("Terug: %(asked)s. Van de factuur is bij dit btw-tarief nog hooguit %(left)s over."),
        CheckCode.SUMS_RIGHT: _("De bedragen tellen niet goed op (%(where)s)."),
        CheckCode.IN_EUROS: _("De bedragen zijn niet in euro's."),
        CheckCode.NOT_SEEN_BEFORE: _("Dezelfde regels stuurde deze provider al, met nummer %(number)s."),
    }[code]

"""A provider invoice on its way through the hatch, field by field: what came in, and exactly what leaves (R43-R48).

What leaves is read from the lines that the hatch itself would make; nothing here works it out once more.
"""

from collections.abc import Iterable

from billing.tables import ChargeKind
from core.language import _
from medical.hatch.preview import PreviewCharge
from medical.hatch.preview_invoice import ReleasePreview
from medical.invoices.credit import CreditPreview, Way
from medical.invoices.read import InvoiceLineView, InvoiceView
from network.taxonomy import Disclosure, interventions
from portal.blocks import Crossing
from portal.presenters import day, money, month, number, percent

MOST_NAMED = 4
"""So many different values of lines are written out; the rest stand in the list of lines."""


def crossings(invoice: InvoiceView, leaving: ReleasePreview | None) -> tuple[Crossing, ...]:
    """Return every field of an invoice with what leaves of it; nothing leaves before `leaving` has a charge."""
    charge = leaving.charge if leaving else None
    header, lines = invoice.header, invoice.lines
    return (
        _kind(invoice, charge),
        _amount(header.net_cents, leaving),
        *_contribution(charge),
        _vat(invoice, leaving),
        _day(lines, leaving),
        _employee(invoice, charge),
        Crossing(_("Provider"), header.provider_name, None),
        Crossing(_("Omschrijving van de provider"), _several(line.description for line in lines), None),
        Crossing(_("Aantal"), number(sum(line.quantity for line in lines)), None),
        Crossing(_("Prijs per eenheid"), _several(money(line.unit_price_cents) for line in lines), None),
        Crossing(
            _("Factuurnummer"),
            header.invoice_number,
            None,
            _("De werkgever krijgt een eigen nummer, uit één reeks.") if charge else "",
        ),
        Crossing(_("Factuurdatum"), day(header.invoice_date), None),
        Crossing(_("Nummer van de verwijzing"), header.referral_number or None, None),
    )


def credit_crossings(invoice: InvoiceView, leaving: CreditPreview | None) -> tuple[Crossing, ...]:
    """Return every field of a credit note with what leaves of it."""
    header = invoice.header
    amount, why = _credited(leaving) if leaving else (None, "")
    return (
        Crossing(_("Terug, zonder btw"), money(-header.net_cents), amount, why),
        _vat(invoice, None),
        _day(invoice.lines, None),
        Crossing(_("Provider"), header.provider_name, None),
        Crossing(_("Omschrijving van de provider"), _several(line.description for line in invoice.lines), None),
        Crossing(_("Factuurnummer"), header.invoice_number, None),
        Crossing(_("Factuur"), header.corrects_number, None),
        Crossing(_("Nummer van de verwijzing"), header.referral_number or None, None),
    )


def _credited(leaving: CreditPreview) -> tuple[str, str]:
    amount = money(-leaving.cents)
    if leaving.way is Way.POOLED:
        return _("Alleen als deel van één som"), _("Het gaat af van een latere som, zodat niemand ziet van wie het is.")
    if leaving.way is Way.NETTED:
        why = _("Het gaat af van het bedrag van de factuur, dat nog niet is doorbelast.")
        return f"{_('Minder op dezelfde factuur')}: {amount}", why
    why = _("De werkgever krijgt een eigen creditnota van de arbodienst, uit dezelfde reeks.")
    return f"{_('Een creditnota aan de werkgever')}: {amount}", why


def _kind(invoice: InvoiceView, charge: PreviewCharge | None) -> Crossing:
    referral = invoice.referral
    came_in = interventions()[referral.intervention].name if referral else None
    confidential = referral is not None and referral.disclosure is Disclosure.CONF
    why = _("Eén vaste tekst voor elke vertrouwelijke interventie.") if charge and confidential else ""
    return Crossing(_("Soort interventie"), came_in, charge.lines[0].description if charge else None, why)


def _amount(net_cents: int, leaving: ReleasePreview | None) -> Crossing:
    label, came_in = _("Bedrag zonder btw"), money(net_cents)
    if leaving is None or leaving.charge is None:
        return Crossing(label, came_in, None)
    leaves = money(leaving.charge.lines[0].net_cents)
    if leaving.charge.kind is not ChargeKind.POOLED:
        return Crossing(label, came_in, leaves)
    why = _("Hiervan telt %(amount)s mee. De som gaat pas uit bij ten minste %(k)s personen.")
    return Crossing(label, came_in, _("Alleen als deel van één som"), why % {"amount": leaves, "k": leaving.k})


def _contribution(charge: PreviewCharge | None) -> Iterable[Crossing]:
    """What an insurer pays is no part of what came in: it is put on the employer's invoice here (R51)."""
    for line in charge.lines[1:] if charge else ():
        yield Crossing(line.description, None, money(line.net_cents), _("Dit betaalt de verzekeraar."))


def _vat(invoice: InvoiceView, leaving: ReleasePreview | None) -> Crossing:
    rates = _several(percent(line.vat_rate) for line in invoice.lines)
    came_in = f"{rates}: {money(invoice.header.vat_cents)}"
    if leaving is None or leaving.charge is None:
        return Crossing(_("Btw"), came_in, None)
    leaves = percent(leaving.vat_rate) if leaving.vat_rate else _("Vrijgesteld van btw")
    return Crossing(_("Btw"), came_in, leaves, _("Eén tarief voor alles wat wordt doorbelast."))


def _day(lines: Iterable[InvoiceLineView], leaving: ReleasePreview | None) -> Crossing:
    came_in = _several(day(line.service_date) for line in lines)
    leaves = month(leaving.month) if leaving and leaving.charge else None
    return Crossing(_("Dag van levering"), came_in, leaves, _("Alleen de maand van doorbelasten.") if leaves else "")


def _employee(invoice: InvoiceView, charge: PreviewCharge | None) -> Crossing:
    known = _("Bekend via de verwijzing") if invoice.referral else None
    return Crossing(_("Werknemer"), known, charge.lines[0].reference if charge else None)


def _several(values: Iterable[str]) -> str:
    """Write different values after each other, each once; of many only how many there are more."""
    different = list(dict.fromkeys(values))
    shown = " · ".join(different[:MOST_NAMED])
    left = len(different) - MOST_NAMED
    return shown if left <= 0 else _("%(shown)s en nog %(n)s") % {"shown": shown, "n": left}

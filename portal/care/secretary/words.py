"""The words in which the secretariat reads what the rooms keep as codes."""

from billing.tables import CreditReason
from core.language import _
from medical.hatch.plan import CarryReason
from medical.invoice_tables import InvoiceTalkKind, ProviderInvoiceState
from medical.invoices.answer import Answer
from medical.invoices.checks import CheckCode
from medical.invoices.judge import DisputeReason
from medical.invoices.read import TalkView


def state_label(state: ProviderInvoiceState) -> str:
    """Return where a provider invoice stands."""
    return {
        ProviderInvoiceState.RECEIVED: _("Alle controles goed"),
        ProviderInvoiceState.EXCEPTION: _("Afwijking"),
        ProviderInvoiceState.DISPUTED: _("Teruggestuurd"),
        ProviderInvoiceState.CONTESTED: _("Provider houdt vast"),
        ProviderInvoiceState.SUPERSEDED: _("Vervangen"),
        ProviderInvoiceState.WITHDRAWN: _("Ingetrokken"),
        ProviderInvoiceState.APPROVED: _("Vrijgegeven"),
    }[state]


TONES = {
    ProviderInvoiceState.RECEIVED: "good",
    ProviderInvoiceState.EXCEPTION: "warn",
    ProviderInvoiceState.DISPUTED: "quiet",
    ProviderInvoiceState.CONTESTED: "warn",
    ProviderInvoiceState.SUPERSEDED: "quiet",
    ProviderInvoiceState.WITHDRAWN: "quiet",
    ProviderInvoiceState.APPROVED: "side",
}
"""The tone of the tag of a state."""


def check_label(code: CheckCode) -> str:
    """Return what a check is called."""
    return {
        CheckCode.KNOWN_REFERRAL: _("Verwijzing"),
        CheckCode.KNOWN_INVOICE: _("Factuur"),
        CheckCode.INVOICE_RELEASED: _("Stand van de factuur"),
        CheckCode.SAME_PROVIDER: _("Verkoper"),
        CheckCode.ADDRESSED_TO_US: _("Koper"),
        CheckCode.BILLABLE_STATE: _("Stand van de verwijzing"),
        CheckCode.NOT_BEFORE_ISSUE: _("Eerste dag van levering"),
        CheckCode.WITHIN_RUNNING: _("Looptijd van de verwijzing"),
        CheckCode.DATES_PLAUSIBLE: _("Datums"),
        CheckCode.REGISTRATION_VALID: _("Registratie van de provider"),
        CheckCode.UNITS_LEFT: _("Aantal"),
        CheckCode.MISSED_AS_AGREED: _("Gemiste afspraken"),
        CheckCode.PRICE_VALID: _("Geldigheid van de prijs"),
        CheckCode.AGREED_PRICE: _("Prijs"),
        CheckCode.VAT_AS_AGREED: _("Btw"),
        CheckCode.CREDIT_LEFT: _("Wat er terug kan"),
        CheckCode.SUMS_RIGHT: _("Optelling"),
        CheckCode.IN_EUROS: _("Valuta"),
        CheckCode.NOT_SEEN_BEFORE: _("Niet eerder gestuurd"),
    }[code]


def dispute_label(reason: DisputeReason) -> str:
    """Return why an invoice goes back, as the provider reads it."""
    return {
        DisputeReason.REFERRAL: _("De verwijzing klopt niet"),
        DisputeReason.INVOICE: _("De factuur waarover de creditnota gaat klopt niet"),
        DisputeReason.PARTIES: _("De verkoper of de koper klopt niet"),
        DisputeReason.REGISTRATION: _("De registratie was verlopen"),
        DisputeReason.MISSED: _("De gemiste afspraken kloppen niet"),
        DisputeReason.UNITS: _("Het aantal klopt niet"),
        DisputeReason.PRICE: _("De prijs klopt niet"),
        DisputeReason.VAT: _("De btw klopt niet"),
        DisputeReason.DATES: _("De datums kloppen niet"),
        DisputeReason.SUMS: _("Het document of de optelling klopt niet"),
        DisputeReason.NOT_DELIVERED: _("Niet geleverd"),
        DisputeReason.OTHER: _("Iets anders"),
    }[reason]


def dispute_meaning(reason: DisputeReason) -> str:
    """Return what the provider can do about it."""
    return {
        DisputeReason.REFERRAL: _("Er is geen verwijzing met dit nummer, of er kan niet voor worden gefactureerd."),
        DisputeReason.INVOICE: _("Die factuur is er niet, is niet vrijgegeven, of er is niet zoveel van over."),
        DisputeReason.PARTIES: _("Het document noemt een andere provider, of een andere koper dan de arbodienst."),
        DisputeReason.REGISTRATION: _("Op de dag van levering gold de registratie van de provider niet."),
        DisputeReason.MISSED: _("Meer gemiste afspraken, of tegen een hogere prijs, dan het contract toelaat."),
        DisputeReason.UNITS: _("Meer dan is afgesproken, of al eerder gefactureerd."),
        DisputeReason.PRICE: _("Anders dan in de verwijzing is vastgelegd."),
        DisputeReason.VAT: _("Een ander tarief dan is afgesproken."),
        DisputeReason.DATES: _("Geleverd vóór de verwijzing, of na de factuurdatum."),
        DisputeReason.SUMS: _("Bedragen tellen niet op, of het is geen factuur in euro's."),
        DisputeReason.NOT_DELIVERED: _("Volgens de bedrijfsarts of de werknemer ging het niet door."),
        DisputeReason.OTHER: _("Bel de provider: een toelichting schrijven kan hier niet."),
    }[reason]


def talk_label(word: TalkView) -> str:
    """Return one word in the talk about an invoice, as the secretariat reads it."""
    answers = {
        Answer.DELIVERED: _("het is geleverd, en dat kan de provider laten zien"),
        Answer.AS_AGREED: _("het is zoals afgesproken"),
        Answer.WITHDRAWN: _("de provider trekt de factuur in"),
    }
    said = {
        InvoiceTalkKind.DISPUTED: _("Teruggestuurd"),
        InvoiceTalkKind.CREDIT_ASKED: _("Creditnota gevraagd"),
        InvoiceTalkKind.ANSWERED: _("De provider antwoordde"),
        InvoiceTalkKind.SUPERSEDED: _("De provider stuurde een verbeterde factuur"),
        InvoiceTalkKind.CREDITED: _("De provider stuurde een creditnota"),
    }[word.kind]
    if word.code is None:
        return said
    is_answer = word.kind is InvoiceTalkKind.ANSWERED
    return f"{said}: {answers[Answer(word.code)] if is_answer else dispute_label(DisputeReason(word.code))}"


REASON_OF_CHECK = {
    CheckCode.KNOWN_REFERRAL: DisputeReason.REFERRAL,
    CheckCode.KNOWN_INVOICE: DisputeReason.INVOICE,
    CheckCode.INVOICE_RELEASED: DisputeReason.INVOICE,
    CheckCode.SAME_PROVIDER: DisputeReason.PARTIES,
    CheckCode.ADDRESSED_TO_US: DisputeReason.PARTIES,
    CheckCode.BILLABLE_STATE: DisputeReason.REFERRAL,
    CheckCode.NOT_BEFORE_ISSUE: DisputeReason.DATES,
    CheckCode.WITHIN_RUNNING: DisputeReason.DATES,
    CheckCode.DATES_PLAUSIBLE: DisputeReason.DATES,
    CheckCode.REGISTRATION_VALID: DisputeReason.REGISTRATION,
    CheckCode.UNITS_LEFT: DisputeReason.UNITS,
    CheckCode.MISSED_AS_AGREED: DisputeReason.MISSED,
    CheckCode.PRICE_VALID: DisputeReason.PRICE,
    CheckCode.AGREED_PRICE: DisputeReason.PRICE,
    CheckCode.VAT_AS_AGREED: DisputeReason.VAT,
    CheckCode.CREDIT_LEFT: DisputeReason.INVOICE,
    CheckCode.SUMS_RIGHT: DisputeReason.SUMS,
    CheckCode.IN_EUROS: DisputeReason.SUMS,
    CheckCode.NOT_SEEN_BEFORE: DisputeReason.UNITS,
}
"""The reason that fits a check that failed; offered beforehand, the secretariat decides."""


def carry_label(reason: CarryReason) -> str:
    """Return why an amount is not charged yet."""
    return {
        CarryReason.DECISION: _("Wacht op een besluit van de verzekeraar"),
        CarryReason.POOL: _("Nog te weinig personen om het bedrag in te verbergen"),
        CarryReason.BACK: _("Terug van de provider, wacht op een som of factuur om het van af te halen"),
    }[reason]


def credit_label(reason: CreditReason) -> str:
    """Return why an invoice is given back."""
    return {
        CreditReason.WRONG_AMOUNT: _("Het bedrag klopt niet"),
        CreditReason.WRONG_VAT: _("De btw klopt niet"),
        CreditReason.WRONG_BUYER: _("De koper klopt niet"),
        CreditReason.NOT_OWED: _("Dit hoeft niet te worden betaald"),
        CreditReason.GOODWILL: _("Uit coulance"),
        CreditReason.PROVIDER_CREDIT: _("De provider crediteerde"),
    }[reason]

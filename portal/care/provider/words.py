"""The words in which a provider reads what the medical room keeps as codes."""

from core.language import _
from medical.invoice_tables import InvoiceTalkKind, ProviderInvoiceState, ServiceOutcome
from medical.invoices.answer import Answer
from medical.invoices.judge import DisputeReason
from medical.invoices.read import TalkView
from medical.referrals.reasons import state_label
from medical.referrals.states import Action
from medical.tables import GoalReached, ReferralState

TONES = {
    ReferralState.ISSUED: "warn",
    ReferralState.ACCEPTED: "warn",
    ReferralState.SCHEDULED: "side",
    ReferralState.RUNNING: "side",
    ReferralState.INTERRUPTED: "warn",
    ReferralState.REPORTED: "good",
    ReferralState.COMPLETED: "good",
}
INVOICE_TONES = {
    ProviderInvoiceState.RECEIVED: "side",
    ProviderInvoiceState.EXCEPTION: "warn",
    ProviderInvoiceState.DISPUTED: "bad",
    ProviderInvoiceState.CONTESTED: "side",
    ProviderInvoiceState.SUPERSEDED: "quiet",
    ProviderInvoiceState.WITHDRAWN: "quiet",
    ProviderInvoiceState.APPROVED: "good",
}


def state_tone(state: ReferralState) -> str:
    """Return the tone of the tag of a referral; what ended without the provider's help is quiet."""
    return TONES.get(state, "quiet")


def state_words(state: ReferralState) -> str:
    """Return where a referral stands, as its provider says it."""
    return {ReferralState.ISSUED: _("nieuw"), ReferralState.DECLINED: _("niet aangenomen")}.get(
        state, state_label(state)
    )


def next_act(state: ReferralState) -> str:
    """Return what the button of a referral on the worklist says."""
    return {
        ReferralState.ISSUED: _("Beantwoord"),
        ReferralState.ACCEPTED: _("Plan in"),
        ReferralState.SCHEDULED: _("Begin"),
        ReferralState.RUNNING: _("Rapporteer"),
        ReferralState.INTERRUPTED: _("Ga weer door"),
    }.get(state, _("Bekijk"))


def act_words(action: Action) -> str:
    """Return an act of a provider as it is named in a sentence about what is possible."""
    return {
        Action.ACCEPT: _("De verwijzing aannemen"),
        Action.DECLINE: _("De verwijzing niet aannemen"),
        Action.SCHEDULE: _("De eerste afspraak plannen of verzetten"),
        Action.START: _("Vastleggen dat het begint"),
        Action.ASK: _("De bedrijfsarts iets vragen"),
        Action.INTERRUPT: _("Onderbreken"),
        Action.RESUME: _("Weer doorgaan"),
        Action.REPORT: _("Het verslag sturen"),
    }.get(action, "")


def goal_choices() -> list[tuple[str, str]]:
    """Return the results to choose from (R75)."""
    return [
        (GoalReached.REACHED.value, _("Ja")),
        (GoalReached.PARTLY.value, _("Voor een deel")),
        (GoalReached.NOT_REACHED.value, _("Nee")),
    ]


def invoice_state_words(state: ProviderInvoiceState) -> str:
    """Return where an invoice stands."""
    return {
        ProviderInvoiceState.RECEIVED: _("Wordt nagekeken"),
        ProviderInvoiceState.EXCEPTION: _("Niet door de controle"),
        ProviderInvoiceState.DISPUTED: _("Teruggestuurd"),
        ProviderInvoiceState.CONTESTED: _("Wordt opnieuw nagekeken"),
        ProviderInvoiceState.SUPERSEDED: _("Vervangen"),
        ProviderInvoiceState.WITHDRAWN: _("Ingetrokken"),
        ProviderInvoiceState.APPROVED: _("Goedgekeurd"),
    }[state]


def outcome_words(outcome: ServiceOutcome) -> str:
    """Return what became of a session."""
    return {
        ServiceOutcome.DELIVERED: _("Geweest"),
        ServiceOutcome.NO_SHOW: _("Niet verschenen"),
        ServiceOutcome.CANCELLED_LATE: _("Te laat afgezegd"),
    }[outcome]


def answer_words(answer: Answer) -> str:
    """Return what a provider can say of an invoice."""
    return {
        Answer.DELIVERED: _("Het is geleverd, en dat kan ik laten zien"),
        Answer.AS_AGREED: _("Het is zoals afgesproken"),
        Answer.WITHDRAWN: _("Ik trek de factuur in"),
    }[answer]


def talk_words(word: TalkView) -> str:
    """Return one word in the talk about an invoice."""
    said = {
        InvoiceTalkKind.DISPUTED: _("Het secretariaat stuurde hem terug"),
        InvoiceTalkKind.CREDIT_ASKED: _("Het secretariaat vraagt een creditnota"),
        InvoiceTalkKind.ANSWERED: _("De provider antwoordde"),
        InvoiceTalkKind.SUPERSEDED: _("De provider stuurde een verbeterde factuur"),
        InvoiceTalkKind.CREDITED: _("De provider stuurde een creditnota"),
    }[word.kind]
    if word.code is None:
        return said
    is_answer = word.kind is InvoiceTalkKind.ANSWERED
    return f"{said}: {answer_words(Answer(word.code)) if is_answer else dispute_words(word.code)}"


def dispute_words(reason: str) -> str:
    """Return why an invoice was sent back, and what to do about it; an unknown code stands for itself."""
    return {
        DisputeReason.REFERRAL.value: _("Er is geen verwijzing die bij deze factuur past. Kijk het nummer na."),
        DisputeReason.INVOICE.value: _("Er is geen vrijgegeven factuur die past, of er is niet zoveel van over."),
        DisputeReason.PARTIES.value: _(
            "Het document noemt een andere verkoper, of een andere koper dan de arbodienst."
        ),
        DisputeReason.REGISTRATION.value: _("Op de dag van levering gold uw registratie niet."),
        DisputeReason.MISSED.value: _("Uw contract laat deze gemiste afspraken niet toe, of niet tegen deze prijs."),
        DisputeReason.UNITS.value: _("Er staan meer eenheden op dan afgesproken, of ze zijn al eens gefactureerd."),
        DisputeReason.PRICE.value: _("De prijs is hoger dan afgesproken."),
        DisputeReason.VAT.value: _("De btw is anders dan afgesproken."),
        DisputeReason.DATES.value: _("De data kunnen niet kloppen."),
        DisputeReason.SUMS.value: _("De bedragen tellen niet goed op."),
        DisputeReason.NOT_DELIVERED.value: _("Volgens de arts of de werknemer is dit niet geleverd."),
        DisputeReason.OTHER.value: _("Er is iets anders mis. Bel het medisch secretariaat."),
    }.get(reason, reason)

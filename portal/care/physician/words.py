"""The words in which physician and delegate read what the rooms keep as codes."""

from collections.abc import Iterable

from cases.poortwachter import Condition
from cases.tables import ConsentForm, ConsentScope
from core.language import _
from medical.referrals.versions import FieldChange
from medical.tables import ReferralState
from network.taxonomy import causes


def consent_label(scope: ConsentScope) -> str:
    """Return what a consent is called."""
    return {
        ConsentScope.PROVIDER: _("Gegevens naar de provider"),
        ConsentScope.EMPLOYER: _("De werkgever weet dat er iets loopt"),
        ConsentScope.INSURER: _("Aanvraag bij de verzekeraar"),
        ConsentScope.REPORT_BACK: _("Verslag terug aan de bedrijfsarts"),
    }[scope]


def consent_meaning(scope: ConsentScope) -> str:
    """Return what a consent allows, and what not."""
    return {
        ConsentScope.PROVIDER: _(
            "Uw doel en vraag gaan naar de provider."
            " Zonder deze toestemming gaat een vertrouwelijke verwijzing niet weg."
        ),
        ConsentScope.EMPLOYER: _(
            "De werkgever mag weten dát er een interventie is."
            " Welke, dat hoort hij bij een vertrouwelijke interventie nooit."
        ),
        ConsentScope.INSURER: _("De verzekeraar mag een neutrale aanvraag krijgen, zonder naam, oorzaak of provider."),
        ConsentScope.REPORT_BACK: _("De provider mag u ook inhoudelijk terugschrijven. Zonder dit alleen functioneel."),
    }[scope]


def consent_form_label(form: ConsentForm) -> str:
    """Return how a consent was given."""
    return {ConsentForm.WRITTEN: _("schriftelijk"), ConsentForm.ORAL: _("mondeling")}[form]


def condition_label(condition: Condition) -> str:
    """Return when a step has to be done at all."""
    return {
        Condition.INFORMATION_REQUESTED: _("bij opvragen van informatie"),
        Condition.PSYCHOLOGICAL: _("bij psychische klachten"),
        Condition.DURABLE_NONE: _("als er duurzaam geen mogelijkheden zijn"),
        Condition.CHANGE_OR_STAGNATION: _("bij verandering of stilstand"),
        Condition.NO_SUITABLE_WORK: _("als er geen passend werk is"),
        Condition.DISAGREEMENT: _("bij verschil van mening"),
        Condition.ZW_OWN_RISK: _("bij een eigenrisicodrager voor de Ziektewet"),
        Condition.UNLESS_WORK_WITHIN_3_MONTHS: _("tenzij er binnen 3 maanden werk is"),
        Condition.NO_DECISION: _("als een beslissing uitblijft"),
        Condition.WIA_DECISION: _("na de WIA-beslissing"),
    }[condition]


TONES = {
    ReferralState.DRAFT: "",
    ReferralState.RETURNED: "warn",
    ReferralState.ISSUED: "warn",
    ReferralState.ACCEPTED: "good",
    ReferralState.DECLINED: "bad",
    ReferralState.SCHEDULED: "good",
    ReferralState.RUNNING: "side",
    ReferralState.INTERRUPTED: "warn",
    ReferralState.REPORTED: "warn",
    ReferralState.EXPIRED: "bad",
}


def state_tone(state: ReferralState) -> str:
    """Return the tone of the tag of a state; what is over is quiet."""
    return TONES.get(state, "quiet")


def change_rows(changes: Iterable[FieldChange]) -> list[tuple[str, str, str]]:
    """Return what changed in a draft: the name of each field, what it said and what it says."""
    return [(_field(change.field), _said(change.before), _said(change.after)) for change in changes]


def _field(name: str) -> str:
    return {
        "goal": _("Doel"),
        "question": _("Vraag"),
        "expected_result": _("Verwacht resultaat"),
        "abilities": _("Functionele informatie"),
        "units": _("Aantal"),
        "expected_days_saved": _("Verwachte winst in dagen"),
        "request_cofinancing": _("Bijdrage verzekeraar"),
    }[name]


def _said(value: str | int | bool) -> str:
    if isinstance(value, bool):
        return _("Gevraagd") if value else _("Niet gevraagd")
    return str(value)


def cause_choices() -> list[tuple[str, str]]:
    """Return the causes to choose from: the code, and the label."""
    return [(cause.code, f"{cause.name} ({cause.code})") for cause in causes().values()]

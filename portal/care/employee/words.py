"""The words in which an employee reads what the rooms keep as codes."""

from cases.tables import ConsentScope
from core.language import _
from medical.referrals.views import ReferralLine
from medical.tables import ReferralState
from portal.presenters import day

TONES = {
    ReferralState.ISSUED: "warn",
    ReferralState.ACCEPTED: "warn",
    ReferralState.SCHEDULED: "side",
    ReferralState.RUNNING: "side",
    ReferralState.INTERRUPTED: "warn",
    ReferralState.REPORTED: "good",
    ReferralState.COMPLETED: "good",
}


def state_tone(state: ReferralState) -> str:
    """Return the tone of the tag of a state; what ended early is quiet, for it is nobody's fault."""
    return TONES.get(state, "quiet")


def state_words(state: ReferralState) -> str:
    """Return where an intervention stands, in two or three words."""
    return {
        ReferralState.ISSUED: _("Wacht op antwoord"),
        ReferralState.ACCEPTED: _("Afspraak wordt gemaakt"),
        ReferralState.SCHEDULED: _("Afspraak gemaakt"),
        ReferralState.RUNNING: _("Loopt"),
        ReferralState.INTERRUPTED: _("Staat even stil"),
        ReferralState.REPORTED: _("Verslag is er"),
        ReferralState.COMPLETED: _("Klaar"),
        ReferralState.DECLINED: _("Kon niet"),
        ReferralState.EXPIRED: _("Geen antwoord"),
        ReferralState.WITHDRAWN: _("Gestopt"),
    }.get(state, "")


def what_now(line: ReferralLine) -> str:
    """Return in a sentence what happens now, and until when that may take."""
    template = {
        ReferralState.ISSUED: _("%(who)s antwoordt uiterlijk op %(due)s."),
        ReferralState.ACCEPTED: _("%(who)s helpt u, en maakt uiterlijk op %(due)s een afspraak met u."),
        ReferralState.SCHEDULED: _("Uw eerste afspraak bij %(who)s is op %(planned)s."),
        ReferralState.RUNNING: _("U bent op %(started)s begonnen bij %(who)s."),
        ReferralState.INTERRUPTED: _("Uw traject bij %(who)s staat stil, naar verwachting tot %(until)s."),
        ReferralState.REPORTED: _("%(who)s stuurde een verslag. De bedrijfsarts leest het."),
        ReferralState.COMPLETED: _("Dit is klaar. Vragen? Stel ze aan uw bedrijfsarts."),
        ReferralState.DECLINED: _("%(who)s kan u niet helpen. De bedrijfsarts zoekt met u naar iets anders."),
        ReferralState.EXPIRED: _("%(who)s antwoordde niet op tijd. De bedrijfsarts zoekt met u naar iets anders."),
        ReferralState.WITHDRAWN: _("Dit gaat niet door. Vragen? Stel ze aan uw bedrijfsarts."),
    }.get(line.state, "")
    if line.asked_on:
        template = _("%(who)s stelde de bedrijfsarts een vraag. Die antwoordt uiterlijk op %(due)s.")
    return template % {
        "who": line.provider_name,
        "due": day(line.due_on) if line.due_on else "",
        "planned": day(line.scheduled_for) if line.scheduled_for else "",
        "until": day(line.interrupted_until) if line.interrupted_until else "",
        "started": day(line.started_on) if line.started_on else "",
    }


def consent_title(scope: ConsentScope) -> str:
    """Return what a consent is called."""
    return {
        ConsentScope.PROVIDER: _("Mijn gegevens gaan naar wie mij helpt"),
        ConsentScope.EMPLOYER: _("Mijn werkgever mag weten dat er iets loopt"),
        ConsentScope.INSURER: _("De verzekeraar mag een aanvraag krijgen"),
        ConsentScope.REPORT_BACK: _("Wie mij helpt, schrijft de bedrijfsarts terug"),
    }[scope]


def when_withdrawn(scope: ConsentScope) -> str:
    """Return what happens when a consent is taken back."""
    return {
        ConsentScope.PROVIDER: _(
            "Vertrouwelijke interventies die nog lopen, stoppen. Uw hulpverlener ziet uw gegevens meteen niet meer."
            " Uw werkgever hoort niet dat u dit deed."
        ),
        ConsentScope.EMPLOYER: _(
            "Op nieuwe facturen staat geen eigen regel meer voor u. Een aanvraag bij de verzekeraar waarover nog niet"
            " is beslist, stopt. Wat uw werkgever al weet, kunnen wij niet terughalen."
        ),
        ConsentScope.INSURER: _(
            "Er gaat geen aanvraag meer naar de verzekeraar, en een aanvraag waarover nog niet is beslist, stopt."
        ),
        ConsentScope.REPORT_BACK: _(
            "Nieuwe verslagen zijn alleen nog functioneel. Wat de bedrijfsarts al heeft, blijft in uw dossier."
        ),
    }[scope]


def score_words(score: int) -> str:
    """Return how satisfied somebody is who gave this score out of 5."""
    return {
        1: _("Helemaal niet tevreden"),
        2: _("Niet tevreden"),
        3: _("Gaat wel"),
        4: _("Tevreden"),
        5: _("Heel tevreden"),
    }[score]

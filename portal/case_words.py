"""An absence case in the words of the portal, the same for whoever reads it: its year, and what is asked and runs."""

from cases.tables import ProgressState, RequestState
from cases.warnings import Missing, Warned
from core.language import _


def year_words(year: int) -> str:
    """Return the name of a year of sickness."""
    return _("eerste ziektejaar") if year == 1 else _("tweede ziektejaar")


def request_words(state: RequestState) -> str:
    """Return where a request for an intervention stands."""
    return {
        RequestState.PENDING: _("Ligt bij de bedrijfsarts"),
        RequestState.GRANTED: _("Toegekend"),
        RequestState.REFUSED: _("Niet toegekend"),
    }[state]


REQUEST_TONES = {RequestState.PENDING: "warn", RequestState.GRANTED: "good", RequestState.REFUSED: "bad"}


def progress_words(state: ProgressState) -> str:
    """Return how far an open intervention is."""
    return {
        ProgressState.REQUESTED: _("Aangevraagd"),
        ProgressState.RUNNING: _("Loopt"),
        ProgressState.COMPLETED: _("Klaar"),
        ProgressState.STOPPED: _("Gestopt"),
    }[state]


PROGRESS_TONES = {
    ProgressState.REQUESTED: "warn",
    ProgressState.RUNNING: "side",
    ProgressState.COMPLETED: "good",
    ProgressState.STOPPED: "quiet",
}


def missing_words(warned: Warned) -> str:
    """Return what is missing in a case (R66)."""
    return {
        Missing.LABOUR_EXPERT: _("Nog geen arbeidsdeskundig onderzoek"),
        Missing.SECOND_TRACK: _("Spoor 2 is nog niet gestart"),
    }[warned.missing]


def missing_until(warned: Warned) -> str:
    """Return until when it is in time, and what depends on that."""
    last = {"week": warned.last_week}
    if warned.missing is Missing.SECOND_TRACK:
        return _("Het begint uiterlijk in week %(week)s, anders kan UWV een loonsanctie opleggen.") % last
    return _("Het hoort er te zijn voor het einde van week %(week)s, anders kan UWV een loonsanctie opleggen.") % last

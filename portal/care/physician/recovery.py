"""Recovery: it closes the case, and offers the referrals that still go on, to close them too (R67)."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from cases.cases_read import CaseView, get_case
from cases.cases_recovery import Recovery, record_recovery
from core.clock import today
from core.language import _, ngettext
from core.routing import Section
from identity.guard import Work
from medical.referrals.reasons import state_label
from medical.referrals.recovered import TAKEN_BACK, list_recovered, referrals_to_close, withdraw_recovered
from medical.referrals.views import ReferralLine
from portal import flash
from portal.attempts import attempt
from portal.blocks import Task
from portal.care.physician.guards import Referrer
from portal.care.show import show
from portal.forms import Form, FormFields, blank, parse

router = Section(prefix="/dossiers/{case_id}")
MOST_ON_WORKLIST = 10


class Chosen(BaseModel):
    """Which referrals are taken back."""

    referral: list[UUID] = Field(default=[], max_length=50)


@router.get("/herstel")
def recovery_page(request: Request, work: Referrer, case_id: UUID) -> Response:
    """Ask from which day on the employee is no longer sick."""
    case = get_case(work.session, work.actor, case_id)
    return _recovery(request, work, case, blank(recovered_on=today()))


@router.post("/herstel")
def recover(request: Request, work: Referrer, case_id: UUID, data: FormFields) -> Response:
    """Close the case; what still goes on for it comes next."""
    case = get_case(work.session, work.actor, case_id)
    tried = attempt(
        work.session,
        parse(Recovery, data),
        lambda typed: record_recovery(work.session, work.actor, case_id, typed.recovered_on),
    )
    if tried.done is None:
        return _recovery(request, work, case, tried.form, tried.status)
    goes_on = referrals_to_close(work.session, work.actor, case_id)
    onward = f"/arts/dossiers/{case_id}{'/afsluiten' if goes_on else ''}"
    return flash.redirect(request, onward, _("Het herstel is vastgelegd. Het dossier is gesloten."))


@router.get("/afsluiten")
def closing_page(request: Request, work: Referrer, case_id: UUID) -> Response:
    """Offer the referrals that go on, each of them ticked."""
    case = get_case(work.session, work.actor, case_id)
    lines = referrals_to_close(work.session, work.actor, case_id)
    return _closing(request, work, case, lines, blank(referral=[line.id for line in lines]))


@router.post("/afsluiten")
def close(request: Request, work: Referrer, case_id: UUID, data: FormFields) -> Response:
    """Take back what was ticked."""
    case = get_case(work.session, work.actor, case_id)
    tried = attempt(
        work.session,
        parse(Chosen, data),
        lambda typed: str(withdraw_recovered(work.session, work.actor, case_id, typed.referral)),
    )
    if tried.done is None:
        lines = referrals_to_close(work.session, work.actor, case_id)
        return _closing(request, work, case, lines, tried.form, tried.status)
    count = int(tried.done)
    said = ngettext("%(num)s verwijzing is ingetrokken.", "%(num)s verwijzingen zijn ingetrokken.", count)
    return flash.redirect(request, f"/arts/dossiers/{case_id}", said % {"num": count})


def recovered_tasks(work: Work) -> list[Task]:
    """Return the referrals that go on after recovery as tasks, a few of them."""
    found = list_recovered(work.session, work.actor, page_size=MOST_ON_WORKLIST)
    return [_task(line) for line in found.items]


def _task(line: ReferralLine) -> Task:
    about = _("%(who)s, %(employer)s. Provider: %(provider)s") % {
        "who": line.employee_name or line.employee_reference,
        "employer": line.employer_name,
        "provider": line.provider_name,
    }
    return Task(
        title=_("%(intervention)s: loopt nog na herstel") % {"intervention": line.intervention_label},
        href=f"/arts/dossiers/{line.case_id}/afsluiten",
        act=_("Sluit af"),
        about=about,
    )


def _recovery(request: Request, work: Work, case: CaseView, form: Form[Recovery], status: int = 200) -> Response:
    return show(request, work, "care/physician/case_recovery.html", status=status, case=case, form=form)


def _closing(
    request: Request,
    work: Work,
    case: CaseView,
    lines: Sequence[ReferralLine],
    form: Form[Chosen],
    status: int = 200,
) -> Response:
    return show(
        request,
        work,
        "care/physician/case_close.html",
        status=status,
        case=case,
        form=form,
        taken_back=[(line.id, line.intervention_label, _hint(line)) for line in lines if line.state in TAKEN_BACK],
        to_read=[line for line in lines if line.state not in TAKEN_BACK],
        state_label=state_label,
    )


def _hint(line: ReferralLine) -> str:
    return _("%(provider)s · %(state)s") % {"provider": line.provider_name, "state": state_label(line.state)}

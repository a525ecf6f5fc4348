"""Referrals over JSON: refer, read, and whatever can be done to one as it stands."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Body, Depends, Header, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from api.care.referral_out import (
    OutcomeOut,
    ReferralOut,
    ReferralsOut,
    TasksOut,
    line_out,
    outcome_out,
    referral_out,
    task_out,
)
from api.paged import PageQuery
from core.errors import FieldError, Invalid
from core.language import _
from core.routing import Section
from core.validation import Day
from identity.guard import Work, care
from identity.policy import Permission
from medical.referrals.answer import accept_referral, decline_referral
from medical.referrals.ask import answer_question, ask_information
from medical.referrals.complete import complete_referral
from medical.referrals.draft import revise_draft
from medical.referrals.forms import (
    Asked,
    InterruptForm,
    ReferralForm,
    ReportForm,
    ResultForm,
    ReturnForm,
    Units,
    WordsForm,
)
from medical.referrals.hand_back import return_draft
from medical.referrals.interrupt import interrupt_referral, resume_referral
from medical.referrals.issue import issue_referral, refer
from medical.referrals.list import ReferralFilter, list_referrals, worklist
from medical.referrals.read import read_referral, referral_actions
from medical.referrals.reasons import DeclineReason, WithdrawReason
from medical.referrals.redirect import redirect_referral
from medical.referrals.reports import report_on_referral
from medical.referrals.run import schedule_referral, start_referral, withdraw_referral
from medical.referrals.views import ReferralHeader
from medical.tables import ReferralState

router = Section(prefix="/referrals", tags=["referrals"])
Reader = Annotated[Work, care(Permission.SEE_REFERRALS, Permission.SEE_REFERRAL_HEADERS)]
Doer = Annotated[Work, care(Permission.ACT_ON_REFERRAL)]
LARGEST_VERSION = 2**31 - 1


class ReferralsQuery(PageQuery):
    """Which referrals; `q` is a part of the number, the employee's reference or name, or the provider's name."""

    state: ReferralState | None = None
    case_id: UUID | None = None
    q: str | None = Field(default=None, max_length=100)


class Act(BaseModel):
    """An act on a referral; with `version` only if nobody did anything to it since it was read."""

    model_config = ConfigDict(extra="forbid")

    version: int | None = Field(default=None, ge=1, le=LARGEST_VERSION)


class Decline(Act):
    """Why the provider does not take it (R10)."""

    reason: DeclineReason


class Withdraw(Act):
    """Why it is taken back."""

    reason: WithdrawReason


class Schedule(Act):
    """The day of the first appointment."""

    date: Day


class Redirect(Act):
    """Where to instead (R11); `units` where the other offering counts otherwise."""

    offering_id: UUID
    units: Units | None = None


class Report(ReportForm, Act):
    """The report, in two parts: `functional` holds no health data."""


class Return(ReturnForm, Act):
    """Why a draft goes back to who prepared it."""


class Words(WordsForm, Act):
    """What is asked, or answered."""


class Interrupt(InterruptForm, Act):
    """Why it stands still, and until when."""


class Complete(ResultForm, Act):
    """What it has brought (R75)."""


class Revise(Asked, Act):
    """What a draft asks instead."""


def expected_version(if_match: Annotated[str | None, Header()] = None) -> int | None:
    """Return the version that the caller read, from the header If-Match with the ETag of the answer."""
    if if_match is None or if_match.strip() == "*":
        return None
    tag = if_match.strip().removeprefix("W/").strip('"')
    if not tag.isascii() or not tag.isdigit() or not 1 <= int(tag[:12]) <= LARGEST_VERSION:
        raise Invalid(
            _("Dit is geen versie van een verwijzing."), [FieldError("If-Match", _("Geef de ETag van het antwoord."))]
        )
    return int(tag)


Expected = Annotated[int | None, Depends(expected_version)]
JustDo = Annotated[Act, Body()]
NOTHING = Act()


@router.post("", status_code=201, responses={200: {"description": "The same form came just before."}})
def referred(
    work: Annotated[Work, care(Permission.DRAFT_REFERRAL)], body: ReferralForm, response: Response
) -> OutcomeOut:
    """Refer: issued at once by a physician, a draft by a delegate; twice the same form is one referral."""
    done = refer(work.session, work.actor, body)
    if done.known:
        response.status_code = 200
    return outcome_out(done)


@router.get("")
def referrals(work: Reader, query: Annotated[ReferralsQuery, Query()]) -> ReferralsOut:
    """Return the referrals that the caller may see."""
    wanted = ReferralFilter(query.state, query.case_id, query.q)
    found = list_referrals(work.session, work.actor, wanted, query.page, query.page_size)
    return ReferralsOut(
        total=found.total, page=found.page, page_size=found.page_size, results=[line_out(line) for line in found.items]
    )


@router.get("/worklist")
def waiting(work: Doer, query: Annotated[PageQuery, Query()]) -> TasksOut:
    """Return what waits for the caller, the oldest term first."""
    found = worklist(work.session, work.actor, query.page, query.page_size)
    return TasksOut(
        total=found.total, page=found.page, page_size=found.page_size, results=[task_out(task) for task in found.items]
    )


@router.get("/{referral_id}")
def referral(work: Reader, referral_id: UUID, response: Response) -> ReferralOut:
    """Return a referral as far as the caller may see it; the ETag is for the If-Match of an act."""
    view = read_referral(work.session, work.actor, referral_id)
    header = view if isinstance(view, ReferralHeader) else view.header
    response.headers["ETag"] = f'"{header.line.version}"'
    return referral_out(view)


@router.get("/{referral_id}/actions")
def actions(work: Reader, referral_id: UUID) -> OutcomeOut:
    """Return how a referral stands and what the caller can do to it now."""
    return outcome_out(referral_actions(work.session, work.actor, referral_id))


@router.post("/{referral_id}/revise")
def revised(work: Doer, referral_id: UUID, body: Revise, seen: Expected) -> OutcomeOut:
    """Change what a draft asks."""
    asked = Asked.model_validate(body.model_dump(exclude={"version"}))
    return outcome_out(revise_draft(work.session, work.actor, referral_id, asked, body.version or seen))


@router.post("/{referral_id}/return")
def returned(work: Doer, referral_id: UUID, body: Return, seen: Expected) -> OutcomeOut:
    """Send a draft back to the delegate who prepared it; for the physician."""
    form = ReturnForm.model_validate(body.model_dump(exclude={"version"}))
    return outcome_out(return_draft(work.session, work.actor, referral_id, form, body.version or seen))


@router.post("/{referral_id}/issue")
def issued(
    work: Annotated[Work, care(Permission.ISSUE_REFERRAL)], referral_id: UUID, seen: Expected, body: JustDo = NOTHING
) -> OutcomeOut:
    """Issue a draft, as the physician or under his mandate."""
    return outcome_out(issue_referral(work.session, work.actor, referral_id, body.version or seen))


@router.post("/{referral_id}/accept")
def accepted(work: Doer, referral_id: UUID, seen: Expected, body: JustDo = NOTHING) -> OutcomeOut:
    """Take a referral."""
    return outcome_out(accept_referral(work.session, work.actor, referral_id, body.version or seen))


@router.post("/{referral_id}/decline")
def declined(work: Doer, referral_id: UUID, body: Decline, seen: Expected) -> OutcomeOut:
    """Turn a referral down."""
    return outcome_out(decline_referral(work.session, work.actor, referral_id, body.reason, body.version or seen))


@router.post("/{referral_id}/redirect")
def redirected(work: Doer, referral_id: UUID, body: Redirect, seen: Expected) -> OutcomeOut:
    """Refer to another offering instead; `replaced_by` is the new referral."""
    return outcome_out(
        redirect_referral(work.session, work.actor, referral_id, body.offering_id, body.units, body.version or seen)
    )


@router.post("/{referral_id}/schedule")
def scheduled(work: Doer, referral_id: UUID, body: Schedule, seen: Expected) -> OutcomeOut:
    """Plan the first appointment, or move it."""
    day: date = body.date
    return outcome_out(schedule_referral(work.session, work.actor, referral_id, day, body.version or seen))


@router.post("/{referral_id}/start")
def started(work: Doer, referral_id: UUID, seen: Expected, body: JustDo = NOTHING) -> OutcomeOut:
    """Say that the intervention begins today."""
    return outcome_out(start_referral(work.session, work.actor, referral_id, body.version or seen))


@router.post("/{referral_id}/ask")
def asked(work: Doer, referral_id: UUID, body: Words, seen: Expected) -> OutcomeOut:
    """Ask whoever referred for information; for the provider."""
    form = WordsForm(words=body.words)
    return outcome_out(ask_information(work.session, work.actor, referral_id, form, body.version or seen))


@router.post("/{referral_id}/answer")
def answered(work: Doer, referral_id: UUID, body: Words, seen: Expected) -> OutcomeOut:
    """Answer what the provider asks."""
    form = WordsForm(words=body.words)
    return outcome_out(answer_question(work.session, work.actor, referral_id, form, body.version or seen))


@router.post("/{referral_id}/interrupt")
def interrupted(work: Doer, referral_id: UUID, body: Interrupt, seen: Expected) -> OutcomeOut:
    """Let a running intervention stand still until a day."""
    form = InterruptForm.model_validate(body.model_dump(exclude={"version"}))
    return outcome_out(interrupt_referral(work.session, work.actor, referral_id, form, body.version or seen))


@router.post("/{referral_id}/resume")
def resumed(work: Doer, referral_id: UUID, seen: Expected, body: JustDo = NOTHING) -> OutcomeOut:
    """Let an interrupted intervention go on."""
    return outcome_out(resume_referral(work.session, work.actor, referral_id, body.version or seen))


@router.post("/{referral_id}/report")
def reported(work: Doer, referral_id: UUID, body: Report, seen: Expected) -> OutcomeOut:
    """Report, once; clinical words are kept only with the employee's consent, and `notices` says so."""
    form = ReportForm.model_validate(body.model_dump(exclude={"version"}))
    return outcome_out(report_on_referral(work.session, work.actor, referral_id, form, body.version or seen))


@router.post("/{referral_id}/complete")
def completed(work: Doer, referral_id: UUID, body: Complete, seen: Expected) -> OutcomeOut:
    """Close a referral whose report was read, with its result."""
    result = ResultForm.model_validate(body.model_dump(exclude={"version"}))
    return outcome_out(complete_referral(work.session, work.actor, referral_id, result, body.version or seen))


@router.post("/{referral_id}/withdraw")
def withdrawn(work: Doer, referral_id: UUID, body: Withdraw, seen: Expected) -> OutcomeOut:
    """Take a referral back."""
    return outcome_out(withdraw_referral(work.session, work.actor, referral_id, body.reason, body.version or seen))

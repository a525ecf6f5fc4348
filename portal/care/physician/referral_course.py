"""What physician and delegate do while a referral is under way: send a draft back, answer, interrupt, and complete."""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from pydantic import Field
from starlette.responses import Response

from core.errors import Conflict
from core.language import _
from core.routing import Section
from identity.guard import Work
from medical.referrals.ask import answer_question
from medical.referrals.complete import complete_referral
from medical.referrals.forms import InterruptForm, LimitedProse, ResultForm, ReturnForm, WordsForm
from medical.referrals.hand_back import return_draft
from medical.referrals.interrupt import interrupt_referral, resume_referral
from medical.referrals.moves import Outcome
from medical.referrals.reasons import ReturnReason, action_label, goal_label, reason_label, state_label, work_label
from medical.referrals.states import Action
from medical.referrals.views import CareReferral
from medical.tables import GoalReached, MessageKind, WorkResumed
from portal import flash
from portal.attempts import attempt
from portal.care.interruption import Interruption, interruption_choices
from portal.care.physician.guards import Referrer
from portal.care.physician.referral import read_for_care
from portal.care.physician.referral_acts import Version
from portal.care.show import show
from portal.forms import Form, FormFields, blank, parse

router = Section(prefix="/verwijzingen/{referral_id}")


class Return(Version):
    """Why a draft goes back, and what has to be done about it."""

    reason: ReturnReason
    words: LimitedProse


class Answer(Version):
    """What the provider is answered."""

    words: LimitedProse


class Result(Version):
    """What came of the goal and of the work (R75)."""

    goal_reached: GoalReached
    work_resumed: WorkResumed
    hours_per_week: Annotated[int, Field(ge=1, le=60)] | None = None


@router.get("/terugsturen")
def return_page(request: Request, work: Referrer, referral_id: UUID) -> Response:
    """Ask why a draft goes back."""
    return _open(request, work, referral_id, "return", Action.RETURN)


@router.post("/terugsturen")
def send_back(request: Request, work: Referrer, referral_id: UUID, data: FormFields) -> Response:
    """Send a draft back to the delegate."""

    def act(typed: Return) -> Outcome:
        form = ReturnForm(reason=typed.reason, words=typed.words)
        return return_draft(work.session, work.actor, referral_id, form, typed.version)

    return _do(request, work, referral_id, "return", parse(Return, data), act, _("Het concept is teruggestuurd."))


@router.get("/beantwoorden")
def answer_page(request: Request, work: Referrer, referral_id: UUID) -> Response:
    """Show what the provider asks, to answer it."""
    return _open(request, work, referral_id, "answer", Action.ANSWER)


@router.post("/beantwoorden")
def answer(request: Request, work: Referrer, referral_id: UUID, data: FormFields) -> Response:
    """Answer the provider."""

    def act(typed: Answer) -> Outcome:
        return answer_question(work.session, work.actor, referral_id, WordsForm(words=typed.words), typed.version)

    return _do(request, work, referral_id, "answer", parse(Answer, data), act, _("Uw antwoord is verstuurd."))


@router.get("/onderbreken")
def interrupt_page(request: Request, work: Referrer, referral_id: UUID) -> Response:
    """Ask why an intervention stands still, and until when."""
    return _open(request, work, referral_id, "interrupt", Action.INTERRUPT)


@router.post("/onderbreken")
def interrupt(request: Request, work: Referrer, referral_id: UUID, data: FormFields) -> Response:
    """Let a running intervention stand still for a time."""

    def act(typed: Interruption) -> Outcome:
        form = InterruptForm(reason=typed.reason, until=typed.until)
        return interrupt_referral(work.session, work.actor, referral_id, form, typed.version)

    said = _("De interventie is onderbroken.")
    return _do(request, work, referral_id, "interrupt", parse(Interruption, data), act, said)


@router.post("/hervatten")
def resume(request: Request, work: Referrer, referral_id: UUID) -> Response:
    """Let an interrupted intervention go on."""
    resume_referral(work.session, work.actor, referral_id)
    return flash.redirect(request, f"/arts/verwijzingen/{referral_id}", _("De interventie gaat weer door."))


@router.get("/afronden")
def complete_page(request: Request, work: Referrer, referral_id: UUID) -> Response:
    """Ask what the referral has brought; the goal as the provider reported it is filled in."""
    return _open(request, work, referral_id, "complete", Action.COMPLETE)


@router.post("/afronden")
def complete(request: Request, work: Referrer, referral_id: UUID, data: FormFields) -> Response:
    """Close a referral whose report was read, with its result."""

    def act(typed: Result) -> Outcome:
        result = ResultForm(**typed.model_dump(exclude={"version"}))
        return complete_referral(work.session, work.actor, referral_id, result, typed.version)

    said = _("De verwijzing is afgerond.")
    return _do(request, work, referral_id, "complete", parse(Result, data), act, said)


def _open(request: Request, work: Work, referral_id: UUID, name: str, action: Action) -> Response:
    """Show the form of an act; raises Conflict when it is not the reader's to do, or not now."""
    found = read_for_care(work.session, work.actor, referral_id)
    if action not in found.possible:
        possible = [action_label(other) for other in found.possible]
        state = state_label(found.header.line.state)
        raise Conflict(_("Dat kan nu niet: deze verwijzing is %(state)s.") % {"state": state}, possible=possible)
    reached = found.report.goal_reached if found.report else ""
    return _show(request, work, name, found, blank(goal_reached=reached))


def _do(
    request: Request,
    work: Work,
    referral_id: UUID,
    name: str,
    form: Form[Any],
    act: Callable[[Any], Outcome],
    said: str,
) -> Response:
    """Do what a form asks and go back to the referral, or show the form again with what is wrong."""
    tried = attempt(work.session, form, act)
    if tried.done is None:
        return _show(
            request, work, name, read_for_care(work.session, work.actor, referral_id), tried.form, tried.status
        )
    return flash.redirect(request, f"/arts/verwijzingen/{referral_id}", said)


def _show(request: Request, work: Work, name: str, found: CareReferral, form: Form[Any], status: int = 200) -> Response:
    return show(
        request,
        work,
        f"care/physician/referral_{name}.html",
        status=status,
        referral=found,
        line=found.header.line,
        asked=_last_question(found),
        returns=[(reason.value, reason_label(reason.value)) for reason in ReturnReason],
        interruptions=interruption_choices(),
        goals=[(goal.value, goal_label(goal)) for goal in GoalReached],
        works=[(resumed.value, work_label(resumed)) for resumed in WorkResumed],
        form=form,
    )


def _last_question(referral: CareReferral) -> str:
    asked = [message.words for message in referral.messages if message.kind is MessageKind.QUESTION]
    return asked[-1] if asked else ""

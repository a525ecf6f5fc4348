"""A provider asks for information, and physician or delegate answers, within the referral; its state stays as it is."""

from uuid import UUID

from sqlmodel import Session, select

from core.clock import today
from core.errors import Conflict
from core.language import _
from identity.actor import Actor
from identity.policy import Permission, require
from medical.cases.disclosures import write_disclosure
from medical.disclosed_tables import Disclosed, DisclosedTo
from medical.referrals.forms import WordsForm
from medical.referrals.messages import add_message
from medical.referrals.moves import Outcome, move, outcome, take
from medical.referrals.states import Action
from medical.tables import MessageKind, ReferralContent


def ask_information(
    session: Session, actor: Actor, referral_id: UUID, form: WordsForm, version: int | None = None
) -> Outcome:
    """Ask whoever referred; until he has answered the referral waits for him, and no term of the provider runs.

    Raises Conflict when the employee has just withdrawn the consent on which the referral rests.
    """
    require(actor, Permission.ACT_ON_REFERRAL)
    referral = take(session, referral_id, actor, Action.ASK, version)
    if session.exec(select(ReferralContent.id).where(ReferralContent.referral_id == referral_id)).first() is None:
        raise Conflict(_("De werknemer heeft zijn toestemming ingetrokken. U kunt hierover niets meer vragen."))
    add_message(session, referral, actor, MessageKind.QUESTION, form.words)
    referral.asked_on = today()
    move(session, referral, actor, Action.ASK)
    return outcome(referral, actor)


def answer_question(
    session: Session, actor: Actor, referral_id: UUID, form: WordsForm, version: int | None = None
) -> Outcome:
    """Answer the open question; the provider's term begins anew. Any delegate of the employer may answer."""
    require(actor, Permission.ACT_ON_REFERRAL)
    referral = take(session, referral_id, actor, Action.ANSWER, version)
    add_message(session, referral, actor, MessageKind.ANSWER, form.words)
    write_disclosure(session, referral, actor, Disclosed.ANSWER, DisclosedTo.PROVIDER, consent_id=referral.consent_id)
    referral.asked_on = None
    move(session, referral, actor, Action.ANSWER)
    return outcome(referral, actor)

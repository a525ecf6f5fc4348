"""The provider's report, in two parts: clinical for the physician with consent, functional without health data."""

from uuid import UUID

from sqlmodel import Session

from cases.consents import consent_in_force
from cases.tables import ConsentScope
from core.language import _
from core.rows import append
from identity.actor import Actor
from identity.policy import Permission, require
from medical.cases.disclosures import write_disclosure
from medical.disclosed_tables import Disclosed, DisclosedTo
from medical.referrals.forms import ReportForm
from medical.referrals.moves import Outcome, move, outcome, parties, take
from medical.referrals.states import Action
from medical.tables import ProviderReport


def report_on_referral(
    session: Session, actor: Actor, referral_id: UUID, form: ReportForm, version: int | None = None
) -> Outcome:
    """Report on a referral that runs, once, with a code for what came of its goal (R75).

    Clinical words need the employee's consent to report back (R24, scope d). Without it they are refused and kept
    nowhere, which the outcome says; the functional part and the result count all the same.
    """
    require(actor, Permission.ACT_ON_REFERRAL)
    referral = take(session, referral_id, actor, Action.REPORT, version)
    consent = consent_in_force(session, referral.case_id, ConsentScope.REPORT_BACK)
    clinical = form.clinical or "" if consent is not None else ""
    append(
        session,
        ProviderReport,
        **parties(referral),
        clinical=clinical,
        functional=form.functional,
        goal_reached=form.goal_reached,
        reported_by=actor.account,
    )
    write_disclosure(session, referral, actor, Disclosed.FUNCTIONAL_REPORT, DisclosedTo.PHYSICIAN)
    if consent is not None and clinical:
        write_disclosure(
            session, referral, actor, Disclosed.CLINICAL_REPORT, DisclosedTo.PHYSICIAN, consent_id=consent.id
        )
    move(session, referral, actor, Action.REPORT)
    return outcome(referral, actor, (_refused(),) if form.clinical and consent is None else ())


def _refused() -> str:
    return _(
        "Het medische deel is niet bewaard: de werknemer stemt er niet mee in dat u de bedrijfsarts inhoudelijk"
        " terugschrijft. Het functionele deel en het resultaat zijn wel verstuurd."
    )

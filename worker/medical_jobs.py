"""Jobs that go up through the wall: the one module of the worker that may import `medical`.

Each repeats safely: the use case looks first at how things stand.
"""

from functools import partial
from uuid import UUID

from billing.charging.rehearsals import forget_rehearsals
from cases.emergency_mail import tell_second_person
from core.database import Database, Door
from core.mail import post_for
from medical.cases.consents_withdrawn import stop_after_withdrawal
from medical.cases.disclosures import write_submission
from medical.cases.removal import remove_files as remove_past_files
from medical.cases.removal import remove_papers
from medical.direct.named import name_employee
from medical.invoices.desk import climb_invoices as overdue_invoices
from medical.referrals.expire import expire_referrals
from medical.referrals.requests import receive_request
from medical.referrals.slots import end_slots
from medical.release import (
    close_ended,
    lapse_after_withdrawal,
    lapse_budget_requests,
    lapse_ended,
    release_answers,
    release_experience,
    release_insurer_reports,
    release_outcomes,
    release_progress,
    release_reports,
    release_waits,
)
from worker.retention_jobs import PIECE, in_pieces
from worker.stage import acting, tenants


def progress(database: Database, *, referral_id: str, tenant_id: str) -> None:
    """Let out how far an open intervention is."""
    with acting(database, Door.CARE, tenant_id) as (session, actor):
        release_progress(session, actor, UUID(referral_id))


def request(database: Database, *, request_id: str, tenant_id: str) -> None:
    """Make a draft of what a case manager asked for."""
    with acting(database, Door.CARE, tenant_id) as (session, actor):
        receive_request(session, actor, UUID(request_id))


def consent_withdrawn(database: Database, *, consent_id: str, tenant_id: str) -> None:
    """Stop what a withdrawn consent no longer allows."""
    with acting(database, Door.CARE, tenant_id) as (session, actor):
        stop_after_withdrawal(session, actor, UUID(consent_id))
        lapse_after_withdrawal(session, actor, UUID(consent_id))


def request_submitted(database: Database, *, request_id: str, tenant_id: str) -> None:
    """Write down for the employee that a request about him went to an insurer."""
    with acting(database, Door.CARE, tenant_id) as (session, actor):
        write_submission(session, actor, UUID(request_id))


def employee_named(database: Database, *, specification_id: str, tenant_id: str) -> None:
    """Find out whom a specification of an employer's own provider names."""
    with acting(database, Door.CARE, tenant_id) as (session, actor):
        name_employee(session, actor, UUID(specification_id))


def emergency_opened(database: Database, *, emergency_id: str, tenant_id: str) -> None:
    """Tell the second person that somebody opened emergency access."""
    with acting(database, Door.CARE, tenant_id) as (session, _actor):
        tell_second_person(session, UUID(emergency_id), post_for(database.settings), database.settings)


def expire(database: Database) -> None:
    """Let referrals expire that nobody answered in time."""
    for tenant_id in tenants(database):
        with acting(database, Door.CARE, tenant_id) as (session, actor):
            expire_referrals(session, actor)


def lapse_requests(database: Database) -> None:
    """Let requests to insurers lapse whose referral came to nothing, and close those of which all is charged."""
    for tenant_id in tenants(database):
        with acting(database, Door.CARE, tenant_id) as (session, actor):
            lapse_ended(session, actor)
            close_ended(session, actor)
            lapse_budget_requests(session, actor)


def slots(database: Database) -> None:
    """End questions for a slot that nobody answered in time, and slots that were kept long enough."""
    for tenant_id in tenants(database):
        with acting(database, Door.CARE, tenant_id) as (session, actor):
            end_slots(session, actor)


def climb_invoices(database: Database) -> None:
    """Let invoices climb that the secretariat has left lying past their term."""
    for tenant_id in tenants(database):
        with acting(database, Door.CARE, tenant_id) as (session, actor):
            overdue_invoices(session, actor)


def rehearsals(database: Database) -> None:
    """Empty what charge runs would have made, as it was kept for a day."""
    for tenant_id in tenants(database):
        with acting(database, Door.CARE, tenant_id) as (session, _actor):
            forget_rehearsals(session)


def measurements(database: Database) -> None:
    """Let out the waits, the outcomes and the answers that were measured."""
    for tenant_id in tenants(database):
        with acting(database, Door.CARE, tenant_id) as (session, actor):
            release_waits(session, actor)
            release_outcomes(session, actor)
            release_answers(session, actor)
            release_experience(session, actor)


def reports(database: Database) -> None:
    """Publish the report of a year that is over."""
    for tenant_id in tenants(database):
        with acting(database, Door.CARE, tenant_id) as (session, actor):
            release_reports(session, actor)
            release_insurer_reports(session, actor)


def remove_files(database: Database) -> None:
    """Remove the medical files whose term is over, and papers that belong to none, a bounded piece at a time."""
    signer = database.settings.signer
    in_pieces(database, partial(remove_past_files, signer=signer, most=PIECE))
    in_pieces(database, partial(remove_papers, signer=signer, most=PIECE))

"""What whoever pays was told of an employee stands on the employee's own list, with its consent (R25, R27)."""

from datetime import datetime

from sqlalchemy import text

from billing.cofinancing.submit import submit_cofinancing
from cases.tables import ConsentScope
from core.database import Door
from identity.actor import Actor
from medical.cases.disclosures import list_disclosures
from medical.disclosed_tables import Disclosed, DisclosedTo
from tests.billing.office import CONF, OPEN, Office, Sick
from worker.tasks import JOBS

SUBMITTED = text(
    "SELECT args FROM jobs.procrastinate_jobs WHERE task_name = 'medical.request_submitted'"
    " AND args ->> 'tenant_id' = :tenant"
)

Told = tuple[Disclosed, DisclosedTo, ConsentScope | None]


def told(office: Office, sick: Sick) -> list[tuple[Told, datetime]]:
    with office.care(sick.actor) as session:
        found = list_disclosures(session, sick.actor, sick.case_id).items[::-1]
    return [((each.what, each.recipient, each.consent.scope if each.consent else None), each.at) for each in found]


def do_jobs(office: Office) -> int:
    with office.world.database.owner.connect() as connection:
        waiting = connection.execute(SUBMITTED, {"tenant": str(office.world.tenant_id)}).scalars().all()
    for arguments in waiting:
        JOBS["medical.request_submitted"](office.world.database, **arguments)
    return len(waiting)


def test_a_request_is_told_to_the_case_manager_and_then_to_the_insurer(office: Office, employer: Actor) -> None:
    """R25, R27."""
    office.insurer(employer)
    sick = office.sick(employer, ConsentScope.EMPLOYER, ConsentScope.INSURER)
    referred = office.referred(sick, CONF, 10, cofinancing=True)
    request, manager = office.request_of(referred), office.case_manager(employer)
    assert request is not None
    with office.world.acting(Door.OPEN, manager) as session:
        submit_cofinancing(session, manager, request.id, 340_00)
    for _time in range(2):  # a job may come twice
        assert do_jobs(office) == 1
    found = [each for each, _at in told(office, sick) if each[0] is not Disclosed.REFERRAL]
    assert found == [
        (Disclosed.REQUEST_PREPARED, DisclosedTo.CASE_MANAGER, ConsentScope.INSURER),
        (Disclosed.REQUEST_SUBMITTED, DisclosedTo.INSURER, ConsentScope.INSURER),
    ]


def test_an_own_line_is_told_under_consent_and_a_pooled_one_is_not_told_at_all(office: Office, employer: Actor) -> None:
    """R25, R27, R46."""
    known = office.supplied(employer, ConsentScope.EMPLOYER, units=2)
    hidden = [office.supplied(employer) for _person in range(5)]
    opened = office.supplied(employer, intervention=OPEN)
    office.run()

    def lines(sick: Sick) -> list[Told]:
        return [each for each, _at in told(office, sick) if each[0] is Disclosed.OWN_LINE]

    assert lines(known) == [(Disclosed.OWN_LINE, DisclosedTo.EMPLOYER, ConsentScope.EMPLOYER)]
    assert lines(opened) == [(Disclosed.OWN_LINE, DisclosedTo.EMPLOYER, None)]
    assert [lines(each) for each in hidden] == [[]] * 5

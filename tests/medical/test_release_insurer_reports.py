"""The report of an insurer's portfolio: what he knows already is no secret, and takes no hiding from the rest (R62)."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from billing.cofinancing.insurer_report import Helped, PortfolioView, portfolio_report
from billing.cofinancing.submit import submit_cofinancing
from cases.tables import ConsentScope
from core.clock import today
from core.errors import Forbidden, NotFound
from identity.actor import Actor
from medical.hatch.insurer_reports import Insured, portfolio
from medical.hatch.values import ReleasedPortfolioCount
from medical.release import release_insurer_reports
from network.taxonomy import Disclosure
from tests.billing.office import CONF, OPEN, Office, Sick
from tests.medical.test_release_reports import YEAR, begin

K = 5
BOTH = (ConsentScope.EMPLOYER, ConsentScope.INSURER)
TYPES = ("ADO", "SP2", "MED", "PSY")


def insured(office: Office, employer: Actor) -> Actor:
    """Return an insurer of an employer, from the beginning of last year on."""
    return office.insurer(employer, valid_from=date(YEAR, 1, 1))


def published(office: Office) -> int:
    with office.care(office.system) as session:
        return release_insurer_reports(session, office.system)


def seen(office: Office, insurer: Actor, year: int | None = YEAR) -> PortfolioView:
    with office.open(insurer) as session:
        return portfolio_report(session, insurer, year)


def helped(office: Office, insurer: Actor) -> Helped:
    found = seen(office, insurer).helped
    assert found is not None
    return found


def asked_for(office: Office, employer: Actor, intervention: str) -> Sick:
    """Return an employee for whom the insurer of the employer was asked to share in a cost."""
    sick = office.sick(employer, *BOTH)
    request = office.request_of(office.referred(sick, intervention, cofinancing=True))
    assert request is not None
    manager = office.case_manager(employer)
    with office.open(manager) as session:
        submit_cofinancing(session, manager, request.id, 340_00)
    return sick


def sick(office: Office, employer: Actor, number: int) -> Sequence[Sick]:
    return [office.sick(employer) for _each in range(number)]


def test_an_insurer_reads_his_portfolio(office: Office) -> None:
    """R62: over his employers together; another's employees and a year without a policy are not in it."""
    one, two, other = office.employer(), office.employer("Tweede"), office.employer("Van een ander")
    insurer, stranger = insured(office, one), insured(office, other)
    office.policy(two, insurer.organisation_id, valid_from=date(YEAR, 6, 1))
    begin(office, sick(office, one, 3), CONF)
    begin(office, sick(office, two, 2), CONF)
    begin(office, sick(office, two, 2), CONF, YEAR - 1)
    begin(office, sick(office, other, 4), CONF)
    assert published(office) == 2
    found = helped(office, insurer)
    assert (found.confidential.persons, found.open.persons, found.k) == (5, None, K)
    assert helped(office, stranger).confidential.persons is None


def test_who_is_known_by_a_request_hides_nobody(office: Office) -> None:
    """R62: of five one is known, and four are too few; of six five are left."""
    employer = office.employer()
    insurer = insured(office, employer)
    known = asked_for(office, employer, OPEN)
    begin(office, [known, *sick(office, employer, 4)], CONF)
    published(office)
    assert helped(office, insurer).confidential.persons is None
    view = seen(office, insurer, today().year)
    assert (view.all_requests.asked, view.all_requests.waiting, view.requests[0].intervention) == (1, 1, OPEN)


def test_a_year_is_published_once_and_only_when_it_is_over(office: Office) -> None:
    """R62: never of the running year, and no second edition to take from the first."""
    employer = office.employer()
    insurer = insured(office, employer)
    begin(office, sick(office, employer, 5), CONF)
    begin(office, sick(office, employer, 5), CONF, today().year)
    assert published(office) == 1
    before = helped(office, insurer)
    begin(office, sick(office, employer, 1), CONF)
    assert published(office) == 0
    assert helped(office, insurer) == before
    assert seen(office, insurer, None).helped is None
    with pytest.raises(NotFound):
        seen(office, insurer, YEAR - 1)


def test_it_is_his_alone_and_stays_as_it_is(office: Office) -> None:
    """R62, R70."""
    employer = office.employer()
    insurer, other = insured(office, employer), office.insurer(office.employer("Ander"))
    begin(office, sick(office, employer, 5), CONF)
    published(office)
    for reader in (employer, other, office.case_manager(employer)):
        with office.open(reader) as session:
            assert session.execute(text("SELECT count(*) FROM billing.portfolio_count")).scalar_one() == 0
    for who in (employer, office.physician):
        with office.open(who) as session, pytest.raises((Forbidden, NotFound)):
            portfolio_report(session, who, YEAR)
    with office.open(insurer) as session:
        assert session.execute(text("SELECT count(*) FROM billing.portfolio_count")).scalar_one() == 1
    for change in ("UPDATE billing.portfolio_count SET persons = 9", "DELETE FROM billing.portfolio_report"):
        with pytest.raises(DBAPIError), office.open(insurer) as session:
            session.execute(text(change))
    with pytest.raises((Forbidden, NotFound)), office.care(office.physician) as session:
        release_insurer_reports(session, office.physician)


def world(people: Sequence[Sequence[str]], *, known: bool) -> list[Insured]:
    """Return what was begun for some people, each with his own interventions."""
    return [
        Insured(YEAR, person, Disclosure.CONF if kind == "PSY" else Disclosure.OPEN, kind, known)
        for person, kinds in ((uuid4(), kinds) for kinds in people)
        for kind in kinds
    ]


def numbers(released: Sequence[ReleasedPortfolioCount]) -> dict[tuple[Disclosure, str | None], int]:
    return {(each.disclosure, each.intervention): each.persons for each in released}


PEOPLE = st.lists(st.lists(st.sampled_from(TYPES), min_size=1, max_size=3, unique=True), max_size=40)


@given(PEOPLE, PEOPLE)
def test_taking_off_what_he_knows_leaves_what_hides_the_rest(unknown: list[list[str]], asked: list[list[str]]) -> None:
    """R62: less those whom he knows, his report is to the number the report over those whom he does not know.

    So there is nothing to compute from his requests; that such a report gives no small number away is tested with the
    hiding itself. Of what is left, shown or hidden together, no number is about fewer than k people.
    """
    hidden, known = world(unknown, known=False), world(asked, known=True)
    found, alone = numbers(portfolio([*hidden, *known], K)), numbers(portfolio(hidden, K))
    own: Counter[tuple[Disclosure, str | None]] = Counter()
    for each in known:
        own[(each.disclosure, None)] += 1
        if each.disclosure is Disclosure.OPEN:
            own[(each.disclosure, each.intervention)] += 1
    assert {key: persons - own[key] for key, persons in found.items()} == alone
    assert all(persons >= K for persons in alone.values())
    if (Disclosure.OPEN, None) in alone:
        opened = [each for each in hidden if each.disclosure is Disclosure.OPEN]
        left = {each.employee_id for each in opened if (Disclosure.OPEN, each.intervention) not in alone}
        assert not left or len(left) >= K

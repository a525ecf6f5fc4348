"""Providers that an employer contracts itself: the specification stays, and one word crosses (R55)."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from billing.direct.contracts import end_direct, list_direct, list_direct_answers
from billing.direct.reference import clean_reference
from billing.direct_tables import DirectOutcome
from core.errors import Conflict, Forbidden, NotFound
from identity.actor import Actor
from identity.roles import Role
from identity.tables import AuditEvent
from medical.direct.connect import list_to_connect
from medical.direct.judge import Judgement
from medical.direct.named import list_named_in
from medical.direct.specifications import (
    answer_direct_question,
    count_specifications,
    direct_contracts_held,
    get_specification,
    list_specifications,
    send_specification,
)
from medical.direct_tables import DisagreementReason, SpecificationState
from medical.hatch.direct import ReleasedDirectAnswer
from network.taxonomy import causes, interventions
from tests.billing.office import Office
from tests.medical.direct import ANSWER, NAME, NUMBER, QUESTION, SECRET, TOTAL, connected, register
from tests.world import World

AGREED, NOT_AGREED, ASKED = DirectOutcome.AGREED, DirectOutcome.NOT_AGREED, DirectOutcome.QUESTION


def heard(office: Office, employer: Actor) -> list[tuple[str, int, DirectOutcome]]:
    """Return all that the employer heard, the oldest first."""
    with office.open(employer) as session:
        found = list_direct_answers(session, employer).items
    return [(each.invoice_reference, each.total_cents, each.outcome) for each in reversed(found)]


def test_the_employer_hears_one_word_a_number_and_a_total(office: Office, employer: Actor) -> None:
    """R55."""
    direct = connected(office, employer)
    sent = direct.send()
    assert heard(office, employer) == []
    direct.judge(sent, ASKED, question=QUESTION)
    direct.answer(sent)
    direct.judge(sent, AGREED)
    assert heard(office, employer) == [(NUMBER, TOTAL, ASKED), (NUMBER, TOTAL, AGREED)]
    with office.open(employer) as session:
        rows = session.execute(text("SELECT row_to_json(a)::text FROM billing.direct_answer a")).scalars().all()
    for secret in (SECRET, QUESTION, ANSWER, str(sent), str(office.provider_id), office.provider.name):
        assert all(secret not in row for row in rows)


def test_why_not_is_for_the_provider(office: Office, employer: Actor) -> None:
    """R55."""
    direct = connected(office, employer)
    sent = direct.send()
    direct.judge(sent, NOT_AGREED, reason=DisagreementReason.NOT_ADVISED)
    assert heard(office, employer) == [(NUMBER, TOTAL, NOT_AGREED)]
    with office.care(direct.provider) as session:
        view = get_specification(session, direct.provider, sent)
    assert (view.line.state, view.reason) == (SpecificationState.NOT_AGREED, DisagreementReason.NOT_ADVISED)


def test_two_specifications_that_differ_in_health_say_the_same(office: Office, employer: Actor) -> None:
    """R55."""
    direct = connected(office, employer)
    sick = office.sick(employer)
    for number, changes in (("1", {"specification": SECRET}), ("2", {"employee_reference": sick.reference})):
        direct.judge(direct.send(invoice_reference=number, **changes), AGREED)
    with office.open(employer) as session:
        told = (
            session.execute(
                text("SELECT to_jsonb(a) - 'id' - 'created_at' - 'invoice_reference' FROM billing.direct_answer a")
            )
            .scalars()
            .all()
        )
    assert told[0] == told[1]


@pytest.mark.parametrize("number", ["1", "2026-001", "F2026-017", "inv 2026/12", "FACT-1.2", " 20260001 "])
def test_a_number_of_figures_is_clean(number: str) -> None:
    assert clean_reference(number) == " ".join(number.split()).upper()


WORDS = [i.code for i in interventions().values()] + [c.code for c in causes().values()]


@pytest.mark.parametrize(
    "number", ["PSY-2026-3", "psycholoog 3", "F", "J. de Wit", "=1+1", "2026-001 6x", "1" * 31, "２"]
)
def test_a_number_with_words_of_ones_own_is_refused(number: str, office: Office) -> None:
    """R55."""
    with pytest.raises(ValidationError):
        ReleasedDirectAnswer(
            contract_id=uuid4(), employer_id=uuid4(), invoice_reference=number, total_cents=1, outcome=AGREED
        )


def test_no_code_of_the_taxonomy_is_a_clean_number() -> None:
    """R55."""
    assert len(WORDS) > 50
    for code in WORDS:
        for number in (code, f"{code}-2026-1", f"2026-{code}"):
            with pytest.raises(ValueError, match="cijfers"):
                clean_reference(number)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE billing.direct_answer SET outcome = 'agreed'",
        "DELETE FROM billing.direct_answer",
        "UPDATE medical.direct_specification SET specification = 'x'",
        "UPDATE medical.direct_specification SET state = 'agreed', due_on = NULL",
        "INSERT INTO billing.direct_answer SELECT gen_random_uuid(), tenant_id, now(), contract_id, employer_id,"
        " 'PSY-1', total_cents, outcome, answered_on FROM billing.direct_answer",
        "INSERT INTO billing.direct_answer SELECT gen_random_uuid(), tenant_id, now(), contract_id, employer_id,"
        " invoice_reference, total_cents, 'agreed', answered_on FROM billing.direct_answer",
    ],
)
def test_raw_sql_lets_nothing_else_cross(office: Office, employer: Actor, statement: str) -> None:
    """R55."""
    direct = connected(office, employer)
    direct.judge(direct.send(), ASKED, question=QUESTION)
    before = heard(office, employer)
    with pytest.raises(DBAPIError), office.care(office.secretary) as session:
        session.execute(text(statement))
    assert heard(office, employer) == before


@pytest.mark.parametrize("table", ["direct_link", "direct_specification", "direct_message", "direct_naming"])
def test_the_employers_door_does_not_lead_there(office: Office, employer: Actor, table: str) -> None:
    """R55."""
    with pytest.raises(DBAPIError, match="permission denied"), office.open(employer) as session:
        session.execute(text(f"SELECT * FROM medical.{table}"))


def test_registering_says_nothing_of_the_network(office: Office, employer: Actor) -> None:
    """R55: a provider that is in the network, and one that nobody knows, are one answer."""
    known_id, other = office.provider_id, office.employer("Andere firma")
    with office.open(employer) as session:
        assert (
            session.execute(
                text("SELECT count(*) FROM identity.organisation WHERE id = :id"), {"id": known_id}
            ).scalar_one()
            == 0
        )
    for who, kvk in ((employer, "12345678"), (other, "87654321")):
        register(office, who, kvk)
    told = []
    for who in (employer, other):
        with office.open(who) as session:
            (view,) = list_direct(session, who)
        told.append((view.provider_name, view.connected_on, view.ended))
    assert told[0] == told[1]


def test_the_secretariat_connects_by_number_and_once(office: Office, employer: Actor) -> None:
    assert office.provider_id
    direct = register(office, employer)
    stranger = register(office, office.employer("Andere firma"), "87654321")
    with office.care(office.secretary) as session:
        waiting = {each.contract_id: each for each in list_to_connect(session, office.secretary)}
    assert office.provider_id in {each.id for each in waiting[direct.contract_id].candidates}
    assert waiting[stranger.contract_id].candidates == ()
    with pytest.raises(Conflict):
        stranger.connect()
    direct.connect()
    with pytest.raises(NotFound):
        direct.connect()
    with office.care(direct.provider) as session:
        held = direct_contracts_held(session, direct.provider)
    assert [each.employer_name for each in held] == ["Bakkerij Zonneveld"]


def test_only_its_own_provider_sends_and_only_while_the_contract_holds(office: Office, employer: Actor) -> None:
    direct = connected(office, employer)
    stranger = office.world.actor(Role.PROVIDER, Office(office.world).provider_id)
    with pytest.raises(NotFound), office.care(stranger) as session:
        send_specification(session, stranger, direct.new())
    sent = direct.send()
    with pytest.raises(Conflict):
        direct.send()
    for who in (stranger, World(office.world.database).actor(Role.SECRETARY)):
        with pytest.raises(NotFound), office.care(who) as session:
            get_specification(session, who, sent)
    with office.open(employer) as session:
        end_direct(session, employer, direct.contract_id)
    with pytest.raises(NotFound):
        direct.send(invoice_reference="2")
    direct.judge(sent, AGREED)
    assert len(heard(office, employer)) == 1


def test_whoever_has_it_has_a_term_and_it_stands_on_his_list(office: Office, employer: Actor) -> None:
    direct = connected(office, employer)
    sent = direct.send()

    def waits(who: Actor) -> tuple[int, bool]:
        with office.care(who) as session:
            (line,) = list_specifications(session, who).items
            return count_specifications(session, who), line.due_on is not None

    assert (waits(office.secretary), waits(direct.provider)) == ((1, True), (0, True))
    direct.judge(sent, ASKED, question=QUESTION)
    assert (waits(office.secretary), waits(direct.provider)) == ((0, True), (1, True))
    direct.answer(sent)
    direct.judge(sent, AGREED)
    assert (waits(office.secretary), waits(direct.provider)) == ((0, False), (0, False))


def test_a_judgement_is_given_once_and_an_answer_only_to_a_question(office: Office, employer: Actor) -> None:
    direct = connected(office, employer)
    sent = direct.send()
    with pytest.raises(Conflict):
        direct.answer(sent)
    direct.judge(sent, AGREED)
    with pytest.raises(Conflict):
        direct.judge(sent, NOT_AGREED, reason=DisagreementReason.PRICE)


@pytest.mark.parametrize(
    "said",
    [
        {"outcome": "not_agreed"},
        {"outcome": "question"},
        {"outcome": "agreed", "reason": "price"},
        {"outcome": "agreed", "question": "Waarom?"},
        {"outcome": "perhaps"},
    ],
)
def test_a_judgement_has_what_belongs_to_it(said: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Judgement(**said)


def named_in(office: Office, who: Actor) -> list[str]:
    with office.care(who) as session:
        return [each.provider_name for each in list_named_in(session, who)]


def test_an_employee_who_is_named_sees_that(office: Office, employer: Actor) -> None:
    """R27, R55."""
    direct, sick = connected(office, employer), office.sick(employer)
    colleague, elsewhere = office.sick(employer), office.sick(office.employer("Andere firma"))
    sent = direct.send(employee_reference=sick.reference)
    direct.send(invoice_reference="2", employee_reference=elsewhere.reference)
    assert named_in(office, sick.actor) == [NAME]
    assert named_in(office, colleague.actor) == named_in(office, elsewhere.actor) == []
    with office.open(office.world.actor(Role.AUDITOR)) as session:
        about = select(AuditEvent.data_subject_id).where(
            AuditEvent.tag == "medical:specification:names", AuditEvent.subject_id == sent
        )
        assert session.exec(about).one() == sick.employee_id


def test_a_reference_that_is_known_and_one_that_is_not_are_one_answer_to_the_provider(
    office: Office, employer: Actor
) -> None:
    """R55."""
    direct, sick = connected(office, employer), office.sick(employer)
    seen = []
    for number, reference in (("1", sick.reference), ("2", "onbekend")):
        sent = direct.send(invoice_reference=number, employee_reference=reference)
        with office.care(direct.provider) as session:
            view = get_specification(session, direct.provider, sent)
        seen.append((view.line.state, view.line.due_on, view.messages, view.is_named))
    assert seen[0] == seen[1]


def test_nobody_else_takes_part(office: Office, employer: Actor) -> None:
    direct = connected(office, employer)
    sent = direct.send()
    physician = office.world.actor(Role.PHYSICIAN)
    for act in (get_specification, lambda s, a, i: answer_direct_question(s, a, i, "x")):
        with pytest.raises(Forbidden), office.care(physician) as session:
            act(session, physician, sent)
    with pytest.raises(Forbidden), office.care(direct.provider) as session:
        list_to_connect(session, direct.provider)
    other = office.employer("Andere firma")
    with office.open(other) as session:
        assert list_direct(session, other) == ()
        with pytest.raises(NotFound):
            end_direct(session, other, direct.contract_id)
    assert heard(office, other) == []
    assert isinstance(sent, UUID)

"""Who has the first firm slot: asked of several without identity, kept for the first, and the others released."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from core.clock import now, standing_at, today
from core.database import Door
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.working_days import add_working_days
from identity.actor import Actor
from identity.roles import Role
from medical.referrals.issue import refer
from medical.referrals.slots import (
    SlotForm,
    SlotQuestionView,
    ask_for_slot,
    close_slot_question,
    end_slots,
    list_slot_questions,
    read_slot_question,
    slots_to_settle,
)
from network.slot_tables import SlotAsk, SlotQuestion, SlotState, Urgency
from network.slots import MOVES, Standing, decline_slot, list_slot_asks, offer_slot, waiting_slot_asks
from tests.medical.stage import MEDICAL, OPEN, Stage
from tests.network.offers import add_offering, add_provider

SOON = timedelta(days=5)


@dataclass
class Market:
    """Providers with the same intervention, and a case for which they are asked."""

    stage: Stage
    providers: list[Actor] = field(default_factory=list)
    offerings: list[UUID] = field(default_factory=list)

    def join(self, intervention: str = OPEN) -> None:
        """Let one more provider offer it."""
        provider_id = add_provider(self.stage.world, f"Praktijk {len(self.providers) + 1}")
        self.providers.append(self.stage.world.actor(Role.PROVIDER, provider_id))
        self.offerings.append(add_offering(self.stage.world, provider_id, intervention=intervention))

    def ask(self, actor: Actor | None = None, **changes: object) -> SlotQuestionView:
        """Ask all of them."""
        facts: dict[str, object] = {"case_id": self.stage.case_id, "offering_ids": self.offerings, "urgency": "soon"}
        by = actor or self.stage.physician
        with self.stage.acting(by) as session:
            return ask_for_slot(session, by, SlotForm.model_validate(facts | changes))

    def asked(self, nth: int) -> UUID:
        """Return the id of the latest question as one provider has it."""
        return self.of(nth)[0][0]

    def of(self, nth: int) -> list[tuple[UUID, Standing]]:
        """Return what one provider is asked, and how it stands for him."""
        provider = self.providers[nth]
        with self.stage.acting(provider) as session:
            return [(each.id, each.standing) for each in list_slot_asks(session, provider).items]

    def offer(self, nth: int, days: timedelta = SOON) -> None:
        """Let one provider offer a slot."""
        ask_id, provider = self.asked(nth), self.providers[nth]
        with self.stage.acting(provider) as session:
            offer_slot(session, provider, ask_id, today() + days)

    def seen(self, question_id: UUID) -> SlotQuestionView:
        """Return a question as the physician sees it."""
        with self.stage.acting(self.stage.physician) as session:
            return read_slot_question(session, self.stage.physician, question_id)

    def ended(self) -> int:
        """Let the job come round."""
        with self.stage.acting(self.stage.system) as session:
            return end_slots(session, self.stage.system)


@pytest.fixture
def market(stage: Stage) -> Market:
    made = Market(stage)
    for _each in range(3):
        made.join()
    return made


def standings(market: Market) -> list[Standing]:
    return [market.of(nth)[0][1] for nth in range(3)]


def test_the_first_keeps_the_slot_and_the_others_are_released(market: Market) -> None:
    asked = market.ask()
    assert (asked.state, asked.region, asked.urgency) == (SlotState.OPEN, "Utrecht", Urgency.SOON)
    assert standings(market) == [Standing.ASKED] * 3
    market.offer(1)
    assert standings(market) == [Standing.NOT_NEEDED, Standing.FIRST, Standing.NOT_NEEDED]
    found = market.seen(asked.id)
    assert found.first is not None
    assert (found.state, found.first.offering_id, found.first.day) == (
        SlotState.HELD,
        market.offerings[1],
        today() + SOON,
    )
    assert found.held_until == add_working_days(today(), 2)
    with pytest.raises(Conflict, match="niet meer nodig"):
        market.offer(0)
    with pytest.raises(Conflict, match="al vrij"):
        market.offer(1)


def test_of_two_at_the_same_instant_exactly_one_is_first(market: Market) -> None:
    for _round in range(3):
        asked = market.ask()
        both, ids = Barrier(2), [market.asked(0), market.asked(1)]

        def offer(nth: int, both: Barrier = both, ids: list[UUID] = ids) -> bool:
            provider = market.providers[nth]
            try:
                with market.stage.acting(provider) as session:
                    both.wait(10)
                    offer_slot(session, provider, ids[nth], today() + SOON)
            except Conflict:
                return False
            return True

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(offer, (0, 1))) == [False, True]
        assert sorted(each.standing for each in market.seen(asked.id).asked) == ["first", "not_needed", "not_needed"]
        with market.stage.acting(market.stage.physician) as session:
            close_slot_question(session, market.stage.physician, asked.id)


def test_raw_sql_makes_no_second_first(market: Market) -> None:
    """Not by the provider who was too late, and not by the owner of the database."""
    market.ask()
    market.offer(0)
    second = "UPDATE network.slot_ask SET is_first = true, day = current_date, answered_at = now() WHERE id = :id"
    late, values = market.providers[1], {"id": market.asked(1)}
    with pytest.raises(DBAPIError, match="uq_slot_ask_first"), market.stage.acting(late) as session:
        session.execute(text(second), values)
    with market.stage.world.database.owner.begin() as owner, pytest.raises(DBAPIError, match="uq_slot_ask_first"):
        owner.execute(text(second), values)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE network.slot_question SET state = 'open', held_until = NULL",
        "UPDATE network.slot_question SET state = 'used'",
        "UPDATE network.slot_question SET region = 'Drenthe'",
        "UPDATE network.slot_ask SET day = current_date + 1",
        "UPDATE network.slot_ask SET declined = false, is_first = false, day = NULL, answered_at = NULL",
    ],
)
def test_a_provider_changes_nothing_else(market: Market, statement: str) -> None:
    market.ask()
    market.offer(0)
    with pytest.raises(DBAPIError), market.stage.acting(market.providers[0]) as session:
        session.execute(text(statement))


def test_the_database_keeps_the_same_list(stage: Stage) -> None:
    query = text("SELECT network.slot_may_become(:before, :after, :actor)")
    roles = {"physician": "referrer", "delegate": "referrer", "provider": "provider", "system": "system"}
    with Session(stage.world.database.owner) as session:
        for role in Role:
            for before in SlotState:
                for after in SlotState:
                    told = session.execute(query, {"before": before, "after": after, "actor": role.value}).scalar_one()
                    assert told == ((before, after) in MOVES.get(roles.get(role.value, ""), ())), (role, before, after)


def test_what_a_provider_gets_leads_to_no_case(market: Market) -> None:
    """R18, R20: nothing of case, employee, employer or who asks, in what he reads and in any row within his reach."""
    asked = market.ask()
    provider = market.providers[0]
    stage = market.stage
    hidden = [stage.case_id, stage.employee_id, stage.employer_id, stage.physician.account_id]
    with market.stage.acting(provider) as session:
        read = repr(list_slot_asks(session, provider))
        rows = [
            str(session.execute(text(f"SELECT json_agg(t) FROM {table} t")).scalar())
            for table in ("network.slot_question", "network.slot_ask", "medical.slot_link", "cases.employee")
        ]
    assert str(asked.id) in rows[0]
    for each in (*hidden, *market.offerings[1:]):
        assert str(each) not in read + "".join(rows)
    assert rows[2:] == ["None", "None"]


def test_the_open_side_knows_of_no_question(market: Market) -> None:
    """R18."""
    market.ask()
    for actor in (market.stage.case_manager, market.stage.world.actor(Role.NETWORK_MANAGER), market.providers[0]):
        for table in ("network.slot_question", "network.slot_ask"):
            refused = pytest.raises(DBAPIError, match="permission denied")
            with refused, market.stage.world.acting(Door.OPEN, actor) as session:
                session.execute(text(f"SELECT * FROM {table}"))


def test_a_referral_takes_the_slot(market: Market) -> None:
    asked = market.ask()
    market.offer(2)
    market.stage.consent()
    with market.stage.acting(market.stage.physician) as session:
        done = refer(session, market.stage.physician, market.stage.form(OPEN, offering_id=market.offerings[2]))
    found = market.seen(asked.id)
    assert (found.state, found.referral_id) == (SlotState.USED, done.id)
    assert standings(market) == [Standing.NOT_NEEDED, Standing.NOT_NEEDED, Standing.USED]


def test_a_referral_to_another_releases_who_kept_it(market: Market) -> None:
    asked = market.ask()
    market.offer(2)
    market.stage.issued(OPEN, offering_id=market.offerings[0])
    assert (market.seen(asked.id).state, market.seen(asked.id).referral_id) == (SlotState.CLOSED, None)
    assert standings(market) == [Standing.NOT_NEEDED] * 3


def test_time_ends_what_nobody_answered_and_what_was_kept_long_enough(market: Market) -> None:
    first = market.ask()
    assert market.ended() == 0
    with standing_at(now() + timedelta(days=7)):
        assert market.ended() == 1
        assert standings(market) == [Standing.NOT_NEEDED] * 3
        second = market.ask()
        market.offer(0)
        assert [each.id for each in waiting(market)] == [second.id, first.id]
    with standing_at(now() + timedelta(days=21)):
        assert market.ended() == 1
        assert market.of(0)[0][1] is Standing.LAPSED
    assert [market.seen(each.id).state for each in (first, second)] == [SlotState.EXPIRED, SlotState.LAPSED]


def waiting(market: Market) -> tuple[SlotQuestionView, ...]:
    with market.stage.acting(market.stage.physician) as session:
        return slots_to_settle(session, market.stage.physician, 10)


def test_it_stays_on_the_worklist_until_somebody_settles_it(market: Market) -> None:
    asked = market.ask()
    assert waiting(market) == ()
    market.offer(0)
    assert [each.id for each in waiting(market)] == [asked.id]
    with market.stage.acting(market.stage.physician) as session:
        close_slot_question(session, market.stage.physician, asked.id)
        with pytest.raises(Conflict):
            close_slot_question(session, market.stage.physician, asked.id)
    assert waiting(market) == ()


def test_declining_leaves_the_question_to_the_others(market: Market) -> None:
    market.ask()
    ask_id, provider = market.asked(0), market.providers[0]
    with market.stage.acting(provider) as session:
        decline_slot(session, provider, ask_id)
        with pytest.raises(Conflict):
            offer_slot(session, provider, ask_id, today())
        assert waiting_slot_asks(session, provider, 10) == ()
    assert standings(market) == [Standing.DECLINED, Standing.ASKED, Standing.ASKED]


def test_what_cannot_be_asked(market: Market) -> None:
    stage = market.stage
    with pytest.raises(Invalid, match="één soort"):
        market.ask(offering_ids=[market.offerings[0], stage.offering(MEDICAL)])
    with pytest.raises(ValueError, match="at most 5"):
        market.ask(offering_ids=[market.offerings[0]] * 6)
    with pytest.raises(NotFound):
        market.ask(case_id=market.offerings[0])
    market.ask()
    with pytest.raises(Conflict, match="loopt al"):
        market.ask()
    for actor in (stage.provider, stage.secretary, stage.employee):
        with pytest.raises(Forbidden):
            market.ask(actor)


@pytest.mark.parametrize("days", [-1, 200])
def test_a_slot_is_within_reach(market: Market, days: int) -> None:
    market.ask()
    with pytest.raises(Invalid):
        market.offer(0, timedelta(days=days))


def test_a_delegate_asks_for_his_own_employers_and_sees_no_others(market: Market) -> None:
    """R17."""
    asked = market.ask(market.stage.delegate)
    stranger = market.stage.elsewhere().delegate
    for delegate, seen in ((market.stage.delegate, 1), (stranger, 0)):
        with market.stage.acting(delegate) as session:
            assert list_slot_questions(session, delegate).total == seen
            assert len(session.exec(select(SlotQuestion)).all()) == len(session.exec(select(SlotAsk)).all()) / 3 == seen
    with pytest.raises(NotFound), market.stage.acting(stranger) as session:
        close_slot_question(session, stranger, asked.id)


def test_only_a_job_ends_them(market: Market) -> None:
    with pytest.raises(Forbidden), market.stage.acting(market.stage.physician) as session:
        end_slots(session, market.stage.physician)

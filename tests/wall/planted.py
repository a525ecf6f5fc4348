"""A network full of canaries: words and numbers in every health field that no open role may ever see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

import demo.network
import schema
from core.clock import today
from core.database import Database, Door
from core.received_files import receive
from core.settings import Settings
from demo.people import demo_id
from demo.play import Performance, play
from demo.stage import Stage
from demo.stories import Phase, Play, Story
from identity.actor import system
from identity.roles import Role
from medical.hatch.run import run_charging
from medical.referrals.attachments import add_attachment
from medical.tables import Referral, ReferralContent, ReferralState
from network.tables import Offering, OfferingState, PriceUnit
from network.taxonomy import Disclosure, causes, interventions
from tests.core.files import pdf
from tests.wall.fields import watching
from tests.wall.ways_played import play_ways
from worker.stage import tenants
from worker.tasks import JOBS

GOAL, QUESTION = "Kanariedoel-qx71", "Kanarievraag-qx72"
CLINICAL, FUNCTIONAL, LINE = "Kanarieklacht-qx73", "Kanarieverslag-qx74", "Kanarieregel-qx75"
RESULT, ABILITIES = "Kanarieuitkomst-qx77", "Kanariekunnen-qx78"
FILE_NAME, FILE_CONTENT = "Kanariebijlage-qx79.pdf", "Kanarieinhoud-qx80"
ASKED, ANSWERED, RETURNED = "Kanarievraagterug-qx81", "Kanarieantwoord-qx82", "Kanarieretour-qx83"
TITLE, PRICE_CENTS = "AAA Kanarieaanbod-qx76", 12_347
OPEN_ROLES = (Role.EMPLOYER, Role.INSURER, Role.CASE_MANAGER, Role.NETWORK_MANAGER, Role.AUDITOR)
PAYING = (Role.EMPLOYER, Role.INSURER, Role.CASE_MANAGER)
ACCOUNTS = {
    Role.EMPLOYER: "werkgever",
    Role.INSURER: "verzekeraar",
    Role.CASE_MANAGER: "cm",
    Role.NETWORK_MANAGER: "netwerk",
    Role.AUDITOR: "fg",
}


@dataclass(frozen=True)
class Planted:
    """What was planted: per role what it may never see, and ids of everything, to ask for."""

    stage: Stage
    needles: dict[Role, frozenset[str]]
    ids: tuple[UUID, ...]
    columns: frozenset[str]  # of the medical room in which a canary was put
    ways: dict[tuple[str, str], str]  # for each field of each way in, its canary
    talked: tuple[UUID, ...]  # the referrals of the stories, about which things were said


def plant(database: Database) -> Planted:
    """Load the demo, add cases with a canary in every health field, and charge the month."""
    demo.network.load(database, Settings(demo=True))
    play(database)
    _offer(database)
    stage = Stage(database)
    with watching() as columns:
        for story in STORIES:
            Performance(stage, story).run()
        _attach(database, stage)
        ways = play_ways(database, stage)
        _do_jobs(database)
    with stage.acting(stage.actors["secretariaat"]) as act:
        run_charging(act.session, act.actor, today())
    _do_jobs(database)
    needles = {role: _needles(database, role) | {*ways.values()} for role in OPEN_ROLES}
    return Planted(stage, needles, _ids(database), frozenset(columns), ways, _talked(database))


def _play(phase: Phase, cofinancing: str = "") -> Play:
    return Play(
        "TRM",
        3,
        phase,
        GOAL,
        QUESTION,
        3,
        "psy",
        27,
        cofinancing,
        line=LINE,
        clinical=CLINICAL,
        functional=FUNCTIONAL,
        expected_result=RESULT,
        abilities=ABILITIES,
    )


STORIES = (
    Story("zonneveld", "K-901", "Kas Kanarie", 20, "3811", "M03", True, "abcd", (_play(Phase.APPROVED, "approved"),)),
    Story("zonneveld", "K-902", "Kit Kanarie", 20, "3811", "M03", True, "ad", (_play(Phase.APPROVED),)),
    Story("zonneveld", "K-903", "Kor Kanarie", 20, "3811", "M03", True, "abcd", (_play(Phase.REPORTED, "submitted"),)),
    Story("zonneveld", "K-905", "Kai Kanarie", 20, "3811", "M03", True, "ad", (_play(Phase.RUNNING),)),
    Story("zonneveld", "K-904", "Kim Kanarie", 20, "3811", "M03", True, "abcd", (_play(Phase.INVOICED, "prepared"),)),
    Story("zonneveld", "K-907", "Kat Kanarie", 20, "3811", "M03", True, "abcd"),
    Story(
        "zonneveld",
        "K-906",
        "Kes Kanarie",
        20,
        "3811",
        "M03",
        True,
        "abcd",
        (
            Play("TRM", 3, Phase.RUNNING, GOAL, QUESTION, 3, "psy", 27, asked=ASKED, answered=ANSWERED),
            Play("PSY", 1, Phase.DRAFT, GOAL, QUESTION, 3, "psy", 27, returned=RETURNED),
        ),
    ),
)


def _offer(database: Database) -> None:
    offering = Offering(
        tenant_id=demo_id("organisation:arbo"),
        provider_id=demo_id("organisation:psy"),
        title=TITLE,
        intervention="TRM",
        causes=["M03"],
        sickness_years=[1, 2],
        postcode="3581",
        price_cents=PRICE_CENTS,
        price_unit=PriceUnit.SESSION,
        vat_rate=0,
        price_valid_from=today() - timedelta(days=300),
        stated_wait_days=7,
        stated_on=today(),
        state=OfferingState.APPROVED,
        decided_by=demo_id("account:netwerk"),
    )
    with database.owner.begin() as connection:
        connection.execute(Offering.__table__.insert(), [offering.model_dump()])  # type: ignore[attr-defined]


def _do_jobs(database: Database) -> None:
    """Do what waits in the queue, as the worker would."""
    with database.owner.connect() as connection:
        waiting = connection.execute(text("SELECT task_name, args FROM jobs.procrastinate_jobs ORDER BY id")).all()
    assert list(tenants(database))
    for name, arguments in waiting:
        if name.startswith("medical."):
            JOBS[name](database, **arguments)


def _attach(database: Database, stage: Stage) -> None:
    """Let a file go with the referral that runs."""
    content = pdf(lambda writer, _page: writer.add_metadata({"/Title": FILE_CONTENT}))
    with stage.acting(stage.actors["ba"]) as act:
        running = act.session.exec(
            select(Referral.id, ReferralContent.goal)
            .join(ReferralContent, col(ReferralContent.referral_id) == Referral.id)
            .where(Referral.state == ReferralState.RUNNING)
            .order_by(col(Referral.number))
        )
        planted = next(referral_id for referral_id, goal in running if goal == GOAL)
        file = receive(FILE_NAME, "application/pdf", content)
        add_attachment(act.session, act.actor, planted, file)


def _column(database: Database, query: str) -> set[str]:
    with database.owner.connect() as connection:
        return {str(value) for value in connection.execute(text(query)).scalars() if value}


def _needles(database: Database, role: Role) -> frozenset[str]:
    texts = {
        GOAL,
        QUESTION,
        RESULT,
        ABILITIES,
        CLINICAL,
        FUNCTIONAL,
        LINE,
        FILE_NAME,
        FILE_CONTENT,
        ASKED,
        ANSWERED,
        RETURNED,
    }
    texts |= _column(database, "SELECT number FROM medical.referral WHERE disclosure = 'CONF'")
    texts |= _column(database, "SELECT invoice_number FROM medical.provider_invoice")
    if role in PAYING:
        texts |= _of_the_provider(database) | _labels() | {"123,47", "123.47", "12347", TITLE}
        texts |= _medical_ids(database)
    if role == Role.AUDITOR:
        texts |= _labels() | {"123,47", "123.47", "12347", TITLE}
    return frozenset(texts)


def _of_the_provider(database: Database) -> set[str]:
    provider = demo_id("organisation:psy")
    profile = f"FROM network.organisation_profile WHERE organisation_id = '{provider}'"
    found = {"Heldere Lijn", "Petra Visser", "psycholoog@", "Maliebaan", str(provider)}
    for column in ("kvk", "vat_id", "iban", "agb", "email"):
        found |= _column(database, f"SELECT {column} {profile}")
    return found | _column(database, f"SELECT number FROM network.registration WHERE provider_id = '{provider}'")


def _labels() -> set[str]:
    """Return the names of confidential interventions and of causes, in both languages."""
    told = " ".join(f"{i.label} {i.label_en}" for i in interventions().values() if i.disclosure == Disclosure.OPEN)
    confidential = [i for i in interventions().values() if i.disclosure == Disclosure.CONF]
    named: Iterable[str] = [word for i in confidential for word in (i.label, i.label_en)]
    # "Coaching" is confidential, but part of "Conflictcoaching", which is not.
    hidden = {word for word in named if word.casefold() not in told.casefold()}
    return hidden | {word for cause in causes().values() for word in (cause.label, cause.label_en)}


def _medical_ids(database: Database) -> set[str]:
    medical = [table for table in schema.metadata.sorted_tables if table.schema == "medical"]
    tables = [table.name for table in medical if "id" in table.columns]
    return {value for name in tables for value in _column(database, f"SELECT id FROM medical.{name}")}


def _talked(database: Database) -> tuple[UUID, ...]:
    query = (
        "SELECT r.id FROM medical.referral r JOIN cases.absence_case c ON c.id = r.case_id"
        " JOIN cases.employee e ON e.id = c.employee_id WHERE e.reference LIKE 'K-90%' ORDER BY r.number"
    )
    return tuple(UUID(value) for value in sorted(_column(database, query)))


def _ids(database: Database) -> tuple[UUID, ...]:
    """Return the newest id of every table, and of what is the employer's own more than one."""
    found: dict[UUID, None] = {}
    for table in schema.metadata.sorted_tables:
        if "id" not in table.columns or "created_at" not in table.columns:
            continue
        query = f"SELECT id FROM {table.schema}.{table.name} ORDER BY created_at DESC, id LIMIT 1"
        found |= dict.fromkeys(UUID(value) for value in _column(database, query))
    for query in (
        "SELECT id FROM billing.invoice",
        "SELECT id FROM billing.cofinancing_request",
        "SELECT id FROM cases.absence_case WHERE number LIKE '%' ORDER BY created_at DESC LIMIT 4",
        "SELECT r.id FROM medical.referral r JOIN cases.absence_case c ON c.id = r.case_id"
        " JOIN cases.employee e ON e.id = c.employee_id WHERE e.reference LIKE 'K-90%'",
    ):
        found |= dict.fromkeys(UUID(value) for value in _column(database, query))
    return tuple(found | dict.fromkeys(_referred(database)))


def _referred(database: Database) -> list[UUID]:
    """Return the referrals with the canary; their words are sealed, so it takes the medical side to find them."""
    with database.transaction(Door.SYSTEM_CARE, system(demo_id("organisation:arbo")).context) as session:
        rows = session.exec(select(ReferralContent.referral_id, ReferralContent.goal)).all()
        return [referral_id for referral_id, goal in rows if goal == GOAL]

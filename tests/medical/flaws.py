"""Everything that takes a delegate's authority away, one at a time (R1, R2, R3, R6, R7, R17, R19)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from core.clock import now, standing_at, today
from identity.actor import Actor
from identity.roles import Role
from identity.tables import Assignment
from tests.medical.stage import CONF_NON_MEDICAL, MEDICAL, OPEN, Stage


@dataclass(frozen=True)
class Flaw:
    """What is wrong, how to bring it about (returning the mandate that there is), and what the refusal says."""

    name: str
    arrange: Callable[[Stage], UUID | None]
    says: str
    intervention: str = OPEN


def nothing(stage: Stage) -> UUID:
    """Arrange that all is in order."""
    stage.judge(medical=False, cause="W03")
    return stage.mandate(OPEN, CONF_NON_MEDICAL)


def not_judged(stage: Stage) -> UUID:
    return stage.mandate(OPEN)


def judged_medical(stage: Stage) -> UUID:
    stage.judge(medical=True)
    return stage.mandate(OPEN)


def judged_medical_later(stage: Stage) -> UUID:
    mandate_id = nothing(stage)
    stage.judge(medical=True)
    return mandate_id


def no_mandate(stage: Stage) -> None:
    stage.judge(medical=False, cause="W03")


def revoked(stage: Stage) -> UUID:
    mandate_id = nothing(stage)
    stage.revoke(mandate_id)
    return mandate_id


def expired(stage: Stage) -> UUID:
    stage.judge(medical=False, cause="W03")
    with standing_at(now() - timedelta(days=31)):
        return stage.mandate(OPEN)


def not_begun(stage: Stage) -> UUID:
    stage.judge(medical=False, cause="W03")
    return stage.mandate(OPEN, begins=today() + timedelta(days=1))


def other_intervention(stage: Stage) -> UUID:
    stage.judge(medical=False, cause="W03")
    return stage.mandate(CONF_NON_MEDICAL)


def other_employer(stage: Stage) -> UUID:
    stage.judge(medical=False, cause="W03")
    elsewhere = stage.elsewhere()
    assign(stage, stage.delegate, elsewhere.employer_id)
    return stage.mandate(OPEN, employer_id=elsewhere.employer_id)


def of_somebody_else(stage: Stage) -> UUID:
    stage.judge(medical=False, cause="W03")
    mine, stage.delegate = stage.delegate, stage.world.actor(Role.DELEGATE, employers=(stage.employer_id,))
    mandate_id = stage.mandate(OPEN)
    stage.delegate = mine
    return mandate_id


def registration_expired(stage: Stage) -> UUID:
    mandate_id = nothing(stage)
    stage.end_registration(stage.delegate)
    return mandate_id


def physician_registration_expired(stage: Stage) -> UUID:
    mandate_id = nothing(stage)
    stage.end_registration(stage.physician)
    return mandate_id


def physician_left(stage: Stage) -> UUID:
    mandate_id = nothing(stage)
    by_owner(stage, "UPDATE identity.membership SET ended_at = now() WHERE id = :id", stage.physician.membership_id)
    return mandate_id


def medical_intervention(stage: Stage) -> UUID:
    stage.judge(medical=False, cause="W03")
    mandate_id = stage.mandate(OPEN)
    # Nobody can sign such a mandate; whoever slips one in by SQL gains nothing by it.
    by_owner(
        stage,
        "ALTER TABLE cases.mandate DISABLE TRIGGER USER; UPDATE cases.mandate SET interventions = '{PSY}' "
        "WHERE id = :id; ALTER TABLE cases.mandate ENABLE TRIGGER USER",
        mandate_id,
    )
    return mandate_id


FLAWS = (
    Flaw("cause not judged", not_judged, "nog niet beoordeeld"),
    Flaw("cause medical", judged_medical, "De oorzaak is medisch"),
    Flaw("cause judged medical later", judged_medical_later, "De oorzaak is medisch"),
    Flaw("intervention medical", medical_intervention, "Deze interventie is medisch", MEDICAL),
    Flaw("no mandate", no_mandate, "geen geldig mandaat"),
    Flaw("mandate revoked", revoked, "geen geldig mandaat"),
    Flaw("mandate expired", expired, "geen geldig mandaat"),
    Flaw("mandate not begun", not_begun, "geen geldig mandaat"),
    Flaw("mandate for another intervention", other_intervention, "geen geldig mandaat"),
    Flaw("mandate for another employer", other_employer, "geen geldig mandaat"),
    Flaw("mandate of somebody else", of_somebody_else, "geen geldig mandaat"),
    Flaw("registration of the delegate expired", registration_expired, "Uw registratie is verlopen"),
    Flaw("registration of the physician expired", physician_registration_expired, "geen geldig mandaat"),
    Flaw("physician left", physician_left, "geen geldig mandaat"),
)


def assign(stage: Stage, actor: Actor, employer_id: UUID) -> None:
    """Let a delegate work for another employer too."""
    if actor.membership_id is None or actor.person_id is None:
        raise ValueError("a delegate is a person with a membership")
    stage.world.add(
        Assignment(
            tenant_id=stage.world.tenant_id,
            membership_id=actor.membership_id,
            account_id=actor.account,
            person_id=actor.person_id,
            role=actor.role,
            employer_id=employer_id,
        )
    )


def by_owner(stage: Stage, statements: str, subject: UUID | None) -> None:
    """Run statements about one row as the owner of the database."""
    with Session(stage.world.database.owner) as session:
        for statement in statements.split(";"):
            session.execute(text(statement), {"id": subject} if ":id" in statement else {})
        session.commit()

"""What was measured of a provider beside what was measured of the whole network (R32, R34, R75)."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from identity.actor import Actor
from identity.policy import Permission, require
from network.experience_tables import MeasuredExperience
from network.measured import Interval, interval
from network.tables import (
    MeasuredAnswers,
    MeasuredIntervention,
    MeasuredOutcome,
    MeasuredWait,
    Offering,
    OfferingState,
)

MOST_OFFERINGS = 500


@dataclass(frozen=True)
class WaitFigure:
    """The days within which half, and eight in ten, of `n` people started; who still waits counts too."""

    median_days: int
    p80_days: int
    n: int


@dataclass(frozen=True)
class OutcomeFigure:
    """How many per cent of `n` reached what was agreed, and between which bounds that lies."""

    reached_percent: int
    bounds: Interval
    n: int


@dataclass(frozen=True)
class AnswerFigure:
    """How many per cent of `n` referrals were answered in time, and declined."""

    answered_percent: int
    declined_percent: int
    n: int


@dataclass(frozen=True)
class ShareFigure:
    """How many per cent of `n`, and between which bounds that lies."""

    percent: int
    bounds: Interval
    n: int


@dataclass(frozen=True)
class ExperienceFigures:
    """How often a provider began within its term, and how many employees were satisfied; None where it is too few."""

    in_time: ShareFigure | None
    satisfied: ShareFigure | None


@dataclass(frozen=True)
class OfferingFigures:
    """One offering beside the network; None says that it is over too few to tell."""

    offering_id: UUID
    title: str
    intervention: str
    wait: WaitFigure | None
    network_wait: WaitFigure | None
    outcome: OutcomeFigure | None
    network_outcome: OutcomeFigure | None


@dataclass(frozen=True)
class ProviderFigures:
    """Everything that was measured of a provider, beside the network."""

    answers: AnswerFigure | None
    network_answers: AnswerFigure | None
    experience: ExperienceFigures
    network_experience: ExperienceFigures
    offerings: tuple[OfferingFigures, ...]


def own_figures(session: Session, actor: Actor) -> ProviderFigures:
    """Return what was measured of the actor's organisation, beside the network; four queries.

    The hatch lets out no figure of the network from which a provider could take his own and be left with a few.
    """
    require(actor, Permission.SEE_OWN_FIGURES)
    answered = (actor.organisation_id, actor.tenant_id)
    known = session.exec(select(MeasuredAnswers).where(col(MeasuredAnswers.organisation_id).in_(answered)))
    answers = {
        each.organisation_id: AnswerFigure(each.answered_percent, each.declined_percent, each.n) for each in known
    }
    experience = _experience(session, actor.organisation_id, actor.tenant_id)
    types = {each.intervention: each for each in session.exec(select(MeasuredIntervention))}
    rows = session.exec(
        select(Offering, MeasuredWait, MeasuredOutcome)
        .outerjoin(MeasuredWait, col(MeasuredWait.offering_id) == Offering.id)
        .outerjoin(MeasuredOutcome, col(MeasuredOutcome.offering_id) == Offering.id)
        .where(Offering.provider_id == actor.organisation_id, Offering.state == OfferingState.APPROVED)
        .order_by(col(Offering.title), col(Offering.id))
        .limit(MOST_OFFERINGS)
    )
    return ProviderFigures(
        answers=answers.get(actor.organisation_id),
        network_answers=answers.get(actor.tenant_id),
        experience=experience[actor.organisation_id],
        network_experience=experience[actor.tenant_id],
        offerings=tuple(_figures(*row, types.get(row[0].intervention)) for row in rows),
    )


def experience_of(session: Session, actor: Actor, provider_id: UUID) -> ExperienceFigures:
    """Return what was measured of the experience with a provider, for who looks for help."""
    require(actor, Permission.SEARCH_OFFERINGS)
    return _experience(session, provider_id)[provider_id]


def _experience(session: Session, *organisations: UUID | None) -> dict[UUID | None, ExperienceFigures]:
    rows = session.exec(select(MeasuredExperience).where(col(MeasuredExperience.organisation_id).in_(organisations)))
    known: dict[UUID | None, ExperienceFigures] = {
        row.organisation_id: ExperienceFigures(
            in_time=_share(row.in_time_percent, row.in_time_n), satisfied=_share(row.satisfied_percent, row.satisfied_n)
        )
        for row in rows
    }
    return {each: known.get(each, ExperienceFigures(None, None)) for each in organisations}


def _share(percent: int | None, n: int | None) -> ShareFigure | None:
    return None if percent is None or n is None else ShareFigure(percent, interval(percent, n), n)


def _figures(
    offering: Offering,
    wait: MeasuredWait | None,
    outcome: MeasuredOutcome | None,
    network: MeasuredIntervention | None,
) -> OfferingFigures:
    return OfferingFigures(
        offering_id=offering.id,
        title=offering.title,
        intervention=offering.intervention,
        wait=_wait(wait.median_days, wait.p80_days, wait.n) if wait else None,
        network_wait=_wait(network.median_days, network.p80_days, network.wait_n) if network else None,
        outcome=_outcome(outcome.reached_percent, outcome.n) if outcome else None,
        network_outcome=_outcome(network.reached_percent, network.outcome_n) if network else None,
    )


def _wait(median_days: int | None, p80_days: int | None, n: int | None) -> WaitFigure | None:
    if median_days is None or p80_days is None or n is None:
        return None
    return WaitFigure(median_days, p80_days, n)


def _outcome(reached_percent: int | None, n: int | None) -> OutcomeFigure | None:
    return (
        None
        if reached_percent is None or n is None
        else OutcomeFigure(reached_percent, interval(reached_percent, n), n)
    )

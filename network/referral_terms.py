"""The terms within which an arbodienst lets people act on a referral, in working days; a setting of its own (R10)."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session, select

from core.errors import Conflict
from core.language import _
from core.locks import take_turn
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require
from network.settings import arbodienst_settings
from network.tables import ArbodienstSettings

WorkingDays = Annotated[int, Field(ge=1, le=60)]


class Terms(BaseModel):
    """How many working days each has; `version` rises with every change."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    sign_working_days: WorkingDays
    revise_working_days: WorkingDays
    answer_working_days: WorkingDays
    start_working_days: WorkingDays
    inform_working_days: WorkingDays
    report_working_days: WorkingDays
    close_working_days: WorkingDays
    choose_again_working_days: WorkingDays
    terms_version: Annotated[int, Field(ge=1, le=2**31 - 1)]


def referral_terms(session: Session, actor: Actor) -> Terms:
    """Return the terms of the actor's arbodienst."""
    require(actor, Permission.SEE_TERMS)
    return Terms.model_validate(arbodienst_settings(session, actor))


def set_referral_terms(session: Session, actor: Actor, terms: Terms) -> Terms:
    """Set the terms; they count for whatever is done to a referral from now on, and what runs keeps its day.

    `terms_version` is the one that was read; raises Conflict when somebody changed the terms since.
    """
    require(actor, Permission.SET_TERMS)
    take_turn(session, "network.terms", actor.tenant_id)
    own = ArbodienstSettings.tenant_id == actor.tenant_id
    there = session.exec(select(ArbodienstSettings).where(own).execution_options(populate_existing=True)).one_or_none()
    settings = there or ArbodienstSettings(tenant_id=actor.tenant_id)
    if terms.terms_version != settings.terms_version:
        raise Conflict(_("Iemand heeft de termijnen gewijzigd sinds u ze zag. Bekijk ze opnieuw."), code="overtaken")
    settings.sqlmodel_update(terms.model_dump(exclude={"terms_version"}))
    settings.terms_version += 1
    session.add(settings)
    session.flush()
    record(session, actor, "network:terms:changed", actor.tenant_id)
    return Terms.model_validate(settings)

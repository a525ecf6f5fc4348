"""What the people of the demo who refer keep at hand, and the slots that they asked for."""

from datetime import timedelta
from uuid import UUID

from sqlmodel import col, select

from cases.tables import AbsenceCase
from core.clock import today
from demo.people import demo_id
from demo.stage import Stage
from identity.actor import Actor
from medical.referrals.slots import SlotForm, ask_for_slot
from network.favourites import star_offering
from network.slot_tables import Urgency
from network.slots import list_slot_asks, offer_slot
from search.engines import engine_for
from search.query import SearchFilters
from search.saved_searches import NewSearch, save_search

WHO = ("ba", "cmtd")
STARRED = ("ADO", "SP2", "MED")
SEARCHES = (
    ("Mediation rond Utrecht", {"intervention": ["MED"], "postcode": "3511", "radius_km": 40}),
    ("Snel een arbeidsdeskundige", {"intervention": ["ADO"], "max_wait_days": 10}),
)
ASKED = (("ba", "Z-103", "ADO", "ad", 2), ("ba", "D-205", "PSY", "psy", 1), ("cmtd", "Z-111", "WPO", "", 1))
"""Who asks, for whom, for what, of which provider he wants to know, and how many days ago."""


def keep_shortlists(stage: Stage) -> None:
    """Let those who refer keep favourites and searches, and ask for slots, of which the first is offered."""
    engine = engine_for(stage.database.settings)
    for name in WHO:
        actor = stage.actors[name]
        with stage.acting(actor, 12) as act:
            for intervention in STARRED:
                star_offering(act.session, act.actor, stage.offering(actor.tenant_id, intervention, ""))
            for called, filters in SEARCHES:
                new = NewSearch(name=called, filters=SearchFilters.model_validate(filters))
                save_search(act.session, act.actor, engine, new)
    for name, reference, intervention, provider, days_ago in ASKED:
        offering_id = stage.offering(stage.actors[name].tenant_id, intervention, provider)
        _ask(stage, stage.actors[name], reference, offering_id, days_ago)
    with stage.acting(stage.actors["arbeidsdeskundige"], 1) as act:
        asked = list_slot_asks(act.session, act.actor).items[0]
        offer_slot(act.session, act.actor, asked.id, today() + timedelta(days=4))


def _ask(stage: Stage, who: Actor, reference: str, offering_id: UUID, days_ago: int) -> None:
    with stage.acting(who, days_ago) as act:
        case_id = act.session.exec(
            select(col(AbsenceCase.id)).where(AbsenceCase.employee_id == demo_id(f"employee:{reference}"))
        ).one()
        form = SlotForm(case_id=case_id, offering_ids=[offering_id], urgency=Urgency.SOON)
        ask_for_slot(act.session, act.actor, form)

"""What was shared about an employee with whom: each provider by date, and what the others may know now (R27)."""

from datetime import date, timedelta

from fastapi import Request
from starlette.responses import Response

from cases.cases_read import CaseView, list_cases
from cases.tables import ConsentScope
from core.clock import AMSTERDAM, today
from core.paging import Page
from core.routing import Section
from medical.cases.disclosures import DisclosureView, list_disclosures
from medical.direct.named import list_named_in
from medical.referrals.list import list_referrals
from medical.referrals.terms import WITH_PROVIDER
from medical.referrals.views import ReferralLine
from medical.tables import ReferralState
from network.offerings_read import describe_offerings
from network.settings import arbodienst_settings
from network.taxonomy import Disclosure
from portal.care.disclosed import recipient_words, scope_words, what_words
from portal.care.employee.consents import MOST_CASES, switches
from portal.care.employee.recipients import as_it_stands
from portal.care.employee.work import Myself
from portal.care.show import show
from portal.open.employee.navigation import INTERVENTIONS, SHARED

router = Section(prefix=SHARED)
MOST_SHOWN = 100
REPORTED = frozenset({ReferralState.REPORTED, ReferralState.COMPLETED})
SEES_IT_NOW = WITH_PROVIDER | {ReferralState.REPORTED}


@router.get("")
def shared_page(request: Request, work: Myself) -> Response:
    """Show who was told what."""
    referrals = list_referrals(work.session, work.actor, page_size=MOST_SHOWN)
    offerings = describe_offerings(work.session, [line.offering_id for line in referrals.items])
    open_kinds = [
        line.intervention_label for line in referrals.items if offerings[line.offering_id].disclosure is Disclosure.OPEN
    ]
    given = _given(work)
    stays = timedelta(days=arbodienst_settings(work.session, work.actor).provider_access_days)
    return show(
        request,
        work,
        "care/employee/shared.html",
        referrals=referrals,
        recipients=as_it_stands(given, dict.fromkeys(open_kinds)) if given is not None else [],
        reported=REPORTED,
        sees_it_now=SEES_IT_NOW,
        sees_until={line.id: _sees_until(line, stays) for line in referrals.items},
        base=INTERVENTIONS,
        told=_told(work),
        named_in=list_named_in(work.session, work.actor),
        what_words=what_words,
        recipient_words=recipient_words,
        scope_words=scope_words,
    )


def _told(work: Myself) -> list[tuple[CaseView, Page[DisclosureView]]]:
    """Return for each absence what was told, the latest first."""
    cases = list_cases(work.session, work.actor, page_size=MOST_CASES).items
    told = [(case, list_disclosures(work.session, work.actor, case.id, page_size=MOST_SHOWN)) for case in cases]
    return [(case, found) for case, found in told if found.items]


def _given(work: Myself) -> set[ConsentScope] | None:
    """Return the scopes in which a consent holds for the absence that runs now or was the last; none without one."""
    latest = next(iter(list_cases(work.session, work.actor, page_size=1).items), None)
    return {switch.scope for switch in switches(work, latest.id) if switch.is_on} if latest else None


def _sees_until(line: ReferralLine, stays: timedelta) -> date | None:
    """Return until when a provider that is done still sees what it was told; none when it sees nothing any more."""
    if line.state is not ReferralState.COMPLETED:
        return None
    until = line.state_since.astimezone(AMSTERDAM).date() + stays
    return until if until >= today() else None

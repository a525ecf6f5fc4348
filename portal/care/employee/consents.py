"""The four consents as switches: what each means, and giving or withdrawing one after a look at what it does."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel
from starlette.responses import Response

from cases.cases_read import CaseView, get_case, list_cases
from cases.consent_texts import consent_text, current_version
from cases.consents import ConsentView, Given, NewConsent, give_consent, list_consents, withdraw_consent
from cases.tables import ConsentForm, ConsentScope
from core.clock import today
from core.language import _
from core.routing import Section
from medical.referrals.list import ReferralFilter, list_referrals
from medical.referrals.terms import WITH_PROVIDER
from network.offerings_read import describe_offerings
from network.taxonomy import Disclosure
from portal import flash
from portal.attempts import attempt
from portal.care.employee.recipients import of_giving, of_withdrawing
from portal.care.employee.words import consent_title, when_withdrawn
from portal.care.employee.work import Myself
from portal.care.show import show
from portal.forms import Form, FormFields, blank, parse
from portal.open.employee.navigation import CONSENTS

router = Section(prefix=CONSENTS)
MOST_SHOWN = 100
MOST_CASES = 10


class Yes(BaseModel):
    """The answer to a check page; `told_of_forwarding`: I know that my employer may pass it on (R26)."""

    told_of_forwarding: bool = False


@dataclass(frozen=True)
class Switch:
    """One consent as the page shows it; `latest` is the one in force or else the last one, none if never given."""

    scope: ConsentScope
    title: str
    meaning: str
    off: str
    latest: ConsentView | None

    @property
    def is_on(self) -> bool:
        """Whether it holds now."""
        return self.latest is not None and self.latest.in_force


def switches(work: Myself, case_id: UUID) -> tuple[Switch, ...]:
    """Return the four consents of an absence as they stand."""
    latest: dict[ConsentScope, ConsentView] = {}
    for consent in list_consents(work.session, work.actor, case_id, page_size=MOST_SHOWN).items:
        if consent.scope not in latest or consent.in_force:
            latest[consent.scope] = consent
    return tuple(_switch(scope, latest.get(scope)) for scope in ConsentScope)


@router.get("")
def consents_page(request: Request, work: Myself) -> Response:
    """Show the consents of every absence, the running one first."""
    cases = list_cases(work.session, work.actor, page_size=MOST_CASES).items
    return show(
        request,
        work,
        "care/employee/consents.html",
        absences=[(case, switches(work, case.id)) for case in cases],
        base=CONSENTS,
    )


@router.get("/{case_id}/geschiedenis")
def history_page(request: Request, work: Myself, case_id: UUID) -> Response:
    """Show every consent of an absence as it was given, with its words, and when it was taken back."""
    return show(
        request,
        work,
        "care/consents/history.html",
        case=get_case(work.session, work.actor, case_id),
        consents=list_consents(work.session, work.actor, case_id, page_size=MOST_SHOWN).items,
        title_of=consent_title,
        back=CONSENTS,
    )


@router.get("/{case_id}/{scope}/geven")
def give_page(request: Request, work: Myself, case_id: UUID, scope: ConsentScope) -> Response:
    """Say what will be shared with whom, before a consent is given."""
    return _give(request, work, get_case(work.session, work.actor, case_id), scope, blank())


@router.post("/{case_id}/{scope}/geven")
def give(request: Request, work: Myself, case_id: UUID, scope: ConsentScope, data: FormFields) -> Response:
    """Give a consent."""
    tried = attempt(work.session, parse(Yes, data), lambda yes: _given(work, case_id, scope, yes))
    if tried.done is None:
        return _give(request, work, get_case(work.session, work.actor, case_id), scope, tried.form, tried.status)
    told = _("Aan: %(consent)s") % {"consent": consent_title(scope)}
    return flash.redirect(request, CONSENTS, told)


@router.get("/{case_id}/{scope}/intrekken")
def withdraw_page(request: Request, work: Myself, case_id: UUID, scope: ConsentScope) -> Response:
    """Say what stops, before a consent is taken back."""
    case = get_case(work.session, work.actor, case_id)
    return show(
        request,
        work,
        "care/employee/consent_withdraw.html",
        case=case,
        switch=_of(work, case_id, scope),
        base=CONSENTS,
        form=blank(),
        recipients=of_withdrawing(scope, _providers_that_stop(work, case_id)),
    )


@router.post("/{case_id}/{scope}/intrekken")
def withdraw(request: Request, work: Myself, case_id: UUID, scope: ConsentScope) -> Response:
    """Take a consent back; what was off already stays off."""
    latest = _of(work, case_id, scope).latest
    if latest is not None and latest.in_force:
        withdraw_consent(work.session, work.actor, latest.id)
    told = _("Uit: %(consent)s") % {"consent": consent_title(scope)}
    return flash.redirect(request, CONSENTS, told)


def _given(work: Myself, case_id: UUID, scope: ConsentScope, yes: Yes) -> Given:
    new = NewConsent(scope=scope, form=ConsentForm.WRITTEN, given_on=today(), told_of_forwarding=yes.told_of_forwarding)
    return give_consent(work.session, work.actor, case_id, new)


def _give(
    request: Request, work: Myself, case: CaseView, scope: ConsentScope, form: Form[Any], status: int = 200
) -> Response:
    return show(
        request,
        work,
        "care/employee/consent_give.html",
        status=status,
        case=case,
        switch=_of(work, case.id, scope),
        base=CONSENTS,
        form=form,
        recipients=of_giving(scope),
        version=current_version(),
    )


def _of(work: Myself, case_id: UUID, scope: ConsentScope) -> Switch:
    return next(switch for switch in switches(work, case_id) if switch.scope is scope)


def _switch(scope: ConsentScope, latest: ConsentView | None) -> Switch:
    return Switch(scope, consent_title(scope), consent_text(scope), when_withdrawn(scope), latest)


def _providers_that_stop(work: Myself, case_id: UUID) -> list[str]:
    """Return the names of those whose help rests on the consent that the provider is told: what is confidential."""
    lines = list_referrals(work.session, work.actor, ReferralFilter(case_id=case_id), page_size=MOST_SHOWN).items
    running = [line for line in lines if line.state in WITH_PROVIDER]
    offerings = describe_offerings(work.session, [line.offering_id for line in running])
    return sorted({line.provider_name for line in running if offerings[line.offering_id].disclosure is Disclosure.CONF})

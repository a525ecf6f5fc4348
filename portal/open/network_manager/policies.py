"""Insurance policies: registered, changed in versions and ended by the network manager (R57, R61)."""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from billing.cofinancing.policies_keep import (
    MOST_CENTS,
    MOST_RULES,
    NewPolicy,
    Terms,
    change_policy,
    end_policy,
    register_policy,
)
from billing.cofinancing.policies_read import PolicyView, get_policy, list_policies, policy_parties, policy_versions
from billing.cofinancing.shares import PercentageRule
from billing.tables import PolicyKind
from core.clock import today
from core.language import _
from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission
from identity.roles import OrganisationKind
from network.taxonomy import Disclosure, interventions
from portal import flash
from portal.attempts import attempt
from portal.forms import Form, FormFields, blank, parse
from portal.open.cofinancing_words import policy_words
from portal.open.policy_terms import policy_facts, rule_words
from portal.open.show import show
from portal.two_steps import Step, pressed, reopened
from portal.typed import Euros, TypedDay, typed_euros

router = Section(prefix="/polissen")
PATH = "/netwerk/polissen"
PAGE_SIZE = 25
SPARE_RULES = 2
Manager = Annotated[Work, open_side(Permission.KEEP_POLICIES)]


class Place(BaseModel):
    """Which policies: of one employer, and only those that run, unless said."""

    werkgever: UUID | None = None
    alles: bool = False
    page: int = Field(default=1, ge=1, le=100_000)


class TypedTerms(Terms):
    """The same as billing asks, with amounts and days as people type them."""

    valid_from: TypedDay
    valid_until: TypedDay
    cap_cents: Annotated[Euros, Field(gt=0, le=MOST_CENTS)] | None = None
    budget_cents: Annotated[Euros, Field(ge=0, le=MOST_CENTS)] | None = None
    confidential: bool = False  # an unticked box sends nothing
    rules: Annotated[list[PercentageRule], Field(max_length=MOST_RULES)] = []  # type: ignore[assignment]


class TypedPolicy(TypedTerms):
    """A first version, with its parties."""

    insurer_id: UUID
    employer_id: UUID
    kind: PolicyKind


class Ending(BaseModel, extra="forbid"):
    """The last day on which a policy holds."""

    last_day: TypedDay


@router.get("")
def policies(request: Request, work: Manager) -> Response:
    """List the policies, by employer."""
    form = parse(Place, request.query_params)
    place = form.value or Place()
    found = list_policies(
        work.session,
        work.actor,
        employer_id=place.werkgever,
        running=not place.alles,
        page=place.page,
        page_size=PAGE_SIZE,
    )
    employers = policy_parties(work.session, work.actor, OrganisationKind.EMPLOYER)
    return show(
        request,
        work,
        "open/network_manager/policies.html",
        found=found,
        form=form,
        employers=[(str(each.id), each.name) for each in employers],
        policy_words=policy_words,
    )


@router.get("/nieuw")
def new_policy(request: Request, work: Manager) -> Response:
    """Show the form for another policy."""
    return _terms(request, work, blank(valid_from=today(), confidential=True), None)


@router.post("/nieuw")
def register(request: Request, work: Manager, data: FormFields) -> Response:
    """Register a policy."""
    return _kept(
        request,
        work,
        data,
        TypedPolicy,
        None,
        lambda typed: register_policy(work.session, work.actor, NewPolicy.model_validate(typed.model_dump())),
    )


@router.get("/{policy_id}")
def policy_page(request: Request, work: Manager, policy_id: UUID) -> Response:
    """Show a policy with all its versions, and ask for its last day."""
    return _one(request, work, policy_id, blank(last_day=today()))


@router.post("/{policy_id}/einde")
def end(request: Request, work: Manager, policy_id: UUID, data: FormFields) -> Response:
    """Let a policy end."""
    tried = attempt(
        work.session,
        parse(Ending, data),
        lambda ending: end_policy(work.session, work.actor, policy_id, ending.last_day),
    )
    if tried.done is None:
        return _one(request, work, policy_id, tried.form, tried.status)
    return flash.redirect(request, f"{PATH}/{policy_id}", _("De laatste dag van de polis is vastgelegd."))


@router.get("/{policy_id}/wijzigen")
def change_page(request: Request, work: Manager, policy_id: UUID) -> Response:
    """Show the form for other terms, filled with those of now."""
    policy = get_policy(work.session, work.actor, policy_id)
    return _terms(request, work, _as_form(policy), policy)


@router.post("/{policy_id}/wijzigen")
def change(request: Request, work: Manager, policy_id: UUID, data: FormFields) -> Response:
    """Let other terms hold from a day on."""
    return _kept(
        request,
        work,
        data,
        TypedTerms,
        get_policy(work.session, work.actor, policy_id),
        lambda typed: change_policy(work.session, work.actor, policy_id, Terms.model_validate(typed.model_dump())),
    )


def _kept(
    request: Request,
    work: Work,
    data: FormFields,
    model: type[TypedTerms],
    policy: PolicyView | None,
    keep: Callable[[Any], PolicyView],
) -> Response:
    """Keep what was typed as a first or another version, or show the form again with what is wrong or more room."""
    step, fields = pressed(data)
    form = parse(model, fields)
    if step is Step.MORE:
        return _terms(request, work, reopened(form), policy, more=SPARE_RULES)
    tried = attempt(work.session, form, keep)
    if tried.done is None:
        return _terms(request, work, tried.form, policy, status=tried.status)
    return flash.redirect(request, f"{PATH}/{tried.done.id}", _("De polis is vastgelegd."))


def _terms(
    request: Request, work: Work, form: Form[Any], policy: PolicyView | None, *, more: int = 0, status: int = 200
) -> Response:
    opened = [(each.code, each.name) for each in interventions().values() if each.disclosure is Disclosure.OPEN]
    return show(
        request,
        work,
        "open/network_manager/policy_form.html",
        status=status,
        form=form,
        policy=policy,
        rows=form.rows("rules", SPARE_RULES if not more else len(form.rows("rules")) + more),
        opened=opened,
        kinds=[(kind.value, policy_words(kind)) for kind in PolicyKind],
        insurers=_choices(work, OrganisationKind.INSURER),
        employers=_choices(work, OrganisationKind.EMPLOYER),
    )


def _one(request: Request, work: Work, policy_id: UUID, form: Form[Any], status: int = 200) -> Response:
    policy = get_policy(work.session, work.actor, policy_id)
    return show(
        request,
        work,
        "open/network_manager/policy.html",
        status=status,
        policy=policy,
        facts=policy_facts(policy),
        versions=policy_versions(work.session, work.actor, policy_id),
        form=form,
        rule_words=rule_words,
    )


def _choices(work: Work, kind: OrganisationKind) -> list[tuple[str, str]]:
    return [(str(each.id), each.name) for each in policy_parties(work.session, work.actor, kind)]


def _as_form(policy: PolicyView) -> Form[Any]:
    rules: dict[str, Any] = {}
    for nth, rule in enumerate(policy.rules):
        rules |= {f"rules.{nth}.{name}": value for name, value in rule.model_dump(exclude_none=True).items()}
    return blank(
        number=policy.number,
        valid_until=policy.valid_until,
        percentage=policy.percentage,
        cap_cents=typed_euros(policy.cap_cents) if policy.cap_cents is not None else "",
        budget_cents=typed_euros(policy.budget_cents) if policy.budget_cents is not None else "",
        confidential=policy.confidential,
        interventions=list(policy.interventions),
        **rules,
    )

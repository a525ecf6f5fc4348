"""Writes what a plan lets out: clean charges and shares, what is given back of them, and the links, which stay here."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlmodel import Session

from billing.books.ledger import BookingKind, book_all
from billing.books.ledger_accounts import borne_by_arbodienst, undone
from billing.charging.charges_left import write_charges_back, write_shares_back
from billing.cofinancing.lapse import UNDECIDED
from billing.tables import Charge, ChargeKind, CofinancingState, InsurerShare
from core.rows import append_all
from identity.actor import Actor
from identity.audit import About, record_all
from medical.cases.disclosures import write_lines
from medical.hatch.back import Back
from medical.hatch.plan import Plan, PlannedCharge, PlannedShare
from medical.hatch.values import ReleasedBack, ReleasedCharge, ReleasedShare, ReleasedShareBack
from medical.tables import ReleaseEnd, ReleaseShare

TELLS_OF_ONE = frozenset({ChargeKind.OPEN, ChargeKind.OWN_LINE})
"""Charges from which the employer can tell that there is something for one employee."""

LINK = text(
    "UPDATE medical.release r SET charge_id = v.charge_id"
    " FROM unnest(CAST(:releases AS uuid[]), CAST(:charges AS uuid[])) v (id, charge_id) WHERE r.id = v.id"
)
END = text("UPDATE medical.release SET ended = :ended WHERE id = ANY (CAST(:releases AS uuid[]))")
SERVICES = text(
    "UPDATE billing.service_amount s SET charge_id = v.charge_id"
    " FROM unnest(CAST(:services AS uuid[]), CAST(:charges AS uuid[])) v (id, charge_id) WHERE s.id = v.id"
)
REQUESTS = text(
    "UPDATE billing.cofinancing_request q SET charged_cents = q.charged_cents + v.cents,"
    " state = coalesce(v.state, q.state), charged_month = coalesce(q.charged_month, v.month)"
    " FROM unnest(CAST(:requests AS uuid[]), CAST(:cents AS integer[]), CAST(:states AS text[]),"
    " CAST(:months AS date[])) v (id, cents, state, month) WHERE q.id = v.id"
)


@dataclass(frozen=True)
class Occasion:
    """What everything that a run lets out has in common: the month of charging and the rate of VAT."""

    month: date
    vat_rate: int


def write_plans(session: Session, plans: Sequence[Plan], occasion: Occasion, actor: Actor) -> None:
    """Let out what the plans of some employers say; what they carry over is left as it is."""
    charges = [charge for plan in plans for charge in plan.charges]
    ids = _write_charges(session, actor, charges, occasion)
    became = [
        (release_id, charge_id) for charge_id, each in zip(ids, charges, strict=True) for release_id in _inside(each)
    ]
    became += _write_backs(session, actor, plans, occasion)
    _link(session, became)
    _write_shares(session, actor, plans, occasion)
    _end(session, actor, plans)
    _tell(session, actor, plans)


def clean(charge: PlannedCharge, occasion: Occasion) -> ReleasedCharge:
    """Return the value of a planned charge that goes out; of a confidential one nothing but sums (rules 2.2)."""
    is_open = charge.kind is ChargeKind.OPEN
    return ReleasedCharge(
        employer_id=charge.employer_id,
        kind=charge.kind,
        intervention=charge.releases[0].intervention if is_open else None,
        employee_reference=charge.releases[0].employee_reference if is_open else None,
        month=occasion.month,
        net_cents=charge.net_cents,
        insurer_cents=charge.insurer_cents,
        vat_rate=occasion.vat_rate,
    )


def _write_charges(session: Session, actor: Actor, charges: Sequence[PlannedCharge], occasion: Occasion) -> list[UUID]:
    ids = [uuid4() for _charge in charges]
    append_all(
        session,
        Charge,
        (
            {"id": charge_id, "tenant_id": actor.tenant_id} | clean(each, occasion).model_dump()
            for charge_id, each in zip(ids, charges, strict=True)
        ),
    )
    services = [(each.service_id, charge_id) for charge_id, each in zip(ids, charges, strict=True) if each.service_id]
    if services:
        values = {"services": [each for each, _id in services], "charges": [charge_id for _each, charge_id in services]}
        session.execute(SERVICES, values)
    return ids


def _inside(charge: PlannedCharge) -> Iterator[UUID]:
    """Yield the releases that a charge is made of, with what was taken off them and off it."""
    for each in charge.releases:
        yield each.release_id
        yield from each.given_back
    for back in charge.backs:
        yield back.release.release_id


def _write_backs(session: Session, actor: Actor, plans: Sequence[Plan], occasion: Occasion) -> list[tuple[UUID, UUID]]:
    """Let out what is given back of charges and of shares; returns which release became which charge."""
    backs = [back for plan in plans for back in plan.backs]
    for each in backs:
        ReleasedBack(charge_id=each.charge.id, net_cents=each.net_cents, insurer_cents=each.insurer_cents)
    amounts = ((each.charge, each.net_cents, each.insurer_cents) for each in backs)
    ids = write_charges_back(session, actor, occasion.month, amounts)
    shares = [each for plan in plans for each in plan.share_backs]
    for share, cents in shares:
        ReleasedShareBack(share_id=share.id, net_cents=cents)
    write_shares_back(session, actor, occasion.month, shares)
    return [
        (back.release.release_id, charge_id) for charge_id, each in zip(ids, backs, strict=True) for back in each.backs
    ]


def _link(session: Session, became: Sequence[tuple[UUID, UUID]]) -> None:
    if became:
        values = {"releases": [release for release, _id in became], "charges": [charge for _id, charge in became]}
        session.execute(LINK, values)


def _write_shares(session: Session, actor: Actor, plans: Sequence[Plan], occasion: Occasion) -> None:
    """Charge insurers their parts; from now on their decision is final (R59), and write down of what they paid.

    A decision that has not come lapses once nothing is left to decide on; until then it goes on about the rest.
    """
    shares = [share for plan in plans for share in plan.shares]
    paying = [share for share in shares if share.cents]
    append_all(
        session, InsurerShare, ({"tenant_id": actor.tenant_id} | _share(each, occasion).model_dump() for each in paying)
    )
    backs = [back for plan in plans for back in plan.settled_backs]
    append_all(session, ReleaseShare, _paid(actor, paying, backs))
    changes: dict[UUID, tuple[int, str | None, date | None]] = {}
    for each in shares:
        request = each.request
        if request.state in UNDECIDED and not each.is_last:
            continue
        lapsed = CofinancingState.LAPSED.value if request.state in UNDECIDED and not request.is_final else None
        changes[request.id] = (each.cents, lapsed, occasion.month)
    for back in backs:
        for request_id, cents in back.parts.items():
            before, state, month = changes.get(request_id, (0, None, None))
            changes[request_id] = (before - cents, state, month)
    if changes:
        cents_of, states, months = zip(*changes.values(), strict=True)
        values = {"requests": list(changes), "cents": list(cents_of), "states": list(states), "months": list(months)}
        session.execute(REQUESTS, values)


def _share(planned: PlannedShare, occasion: Occasion) -> ReleasedShare:
    return ReleasedShare(
        insurer_id=planned.request.insurer_id,
        request_id=planned.request.id,
        month=occasion.month,
        net_cents=planned.cents,
        vat_rate=occasion.vat_rate,
    )


def _paid(actor: Actor, shares: Iterable[PlannedShare], backs: Iterable[Back]) -> Iterator[Mapping[str, Any]]:
    """Yield what each insurer paid of each release, or got back of it, for the day that more of it is credited."""
    for share in shares:
        for waiting, cents in share.parts:
            if cents:
                yield _release_share(actor, waiting, share.request.id, cents)
    for back in backs:
        for request_id, cents in back.parts.items():
            yield _release_share(actor, back.release, request_id, -cents)


def _release_share(actor: Actor, release: Any, request_id: UUID, cents: int) -> Mapping[str, Any]:
    return {
        "tenant_id": actor.tenant_id,
        "employer_id": release.employer_id,
        "employee_id": release.employee_id,
        "case_id": release.case_id,
        "release_id": release.release_id,
        "request_id": request_id,
        "cents": cents,
    }


def _end(session: Session, actor: Actor, plans: Sequence[Plan]) -> None:
    """End what needs no charge: what was given back beforehand, and what gives back what nobody pays any more."""
    netted = [each for plan in plans for each in plan.netted]
    moot = [back.release for plan in plans for back in plan.moot]
    borne = [each for each in moot if each.is_borne]
    for end, releases in (
        (ReleaseEnd.NETTED, [one for each in netted for one in (each.release_id, *each.given_back)]),
        (ReleaseEnd.MOOT, [each.release_id for each in moot if not each.is_borne]),
        (ReleaseEnd.BORNE, [each.release_id for each in borne]),
    ):
        if releases:
            session.execute(END, {"ended": end.value, "releases": releases})
    own = ((each.release_id, undone(borne_by_arbodienst(each.cents))) for each in borne)
    book_all(session, actor, BookingKind.OWN_COST, own)
    record_all(
        session,
        actor,
        "medical:release:ended",
        [
            *(About(each.release_id, each.employee_id, reason=ReleaseEnd.NETTED.value) for each in netted),
            *(About(each.release_id, each.employee_id, reason=ReleaseEnd.MOOT.value) for each in moot),
        ],
    )


def _tell(session: Session, actor: Actor, plans: Sequence[Plan]) -> None:
    """Let every employee find in the audit trail that something about him went out, and how much it said (R27)."""
    charges = [charge for plan in plans for charge in plan.charges]
    backs = [back for plan in plans for back in plan.backs]
    record_all(
        session,
        actor,
        "medical:release:charged",
        (
            About(each.release_id, each.employee_id, reason=charge.kind.value)
            for charge in charges
            for each in charge.releases
        ),
    )
    record_all(
        session,
        actor,
        "medical:release:given_back",
        (
            About(each.release.release_id, each.release.employee_id, reason=kind.value)
            for kind, some in (
                *((back.charge.kind, back.backs) for back in backs),
                *((charge.kind, charge.backs) for charge in charges),
            )
            for each in some
        ),
    )
    told = {each.referral_id for charge in charges if charge.kind in TELLS_OF_ONE for each in charge.releases}
    told |= {each.release.referral_id for back in backs for each in back.backs}
    write_lines(session, told, actor)

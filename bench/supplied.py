"""A month to charge: employers by the thousand, their released invoices, and referrals that still wait for one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import Connection, text

from bench.network import TENANT
from cases.consent_texts import current_version
from cases.tables import AbsenceCase, Consent, ConsentForm, ConsentScope, Employee, SickSpell
from core.clock import today
from core.database import Database
from demo.bulk import Draft, copy, draft
from demo.people import demo_id
from identity.roles import OrganisationKind, Role
from identity.tables import Organisation
from medical.invoice_tables import ProviderInvoice, ProviderInvoiceLine, ProviderInvoiceState
from medical.tables import Referral, ReferralState, Release
from network.tables import OrganisationProfile
from network.taxonomy import interventions

PIECE = 5_000
A_MONTH_OF_ONE = 50
"""Releases of one employer; so 100,000 of them are of 2,000 employers."""

PHYSICIAN = demo_id("account:ba")
OFFERED = text(
    "SELECT DISTINCT ON (intervention) id, provider_id, intervention, price_cents, price_unit, vat_rate"
    " FROM network.offering WHERE provider_id = ANY(:providers) AND state = 'approved'"
    " AND intervention IN ('PSY', 'ADO') ORDER BY intervention, id"
)
PROVIDERS = [demo_id("organisation:psy"), demo_id("organisation:ad")]


@dataclass(frozen=True)
class Billable:
    """A referral for which the provider has still to send his invoice."""

    number: str
    provider_id: UUID
    unit_price_cents: int
    vat_rate: int


class _Supplied(NamedTuple):
    number: int
    employer_id: UUID
    offering: Any

    @property
    def day(self) -> Any:
        return today() - timedelta(days=self.number % 10)


def supplied(database: Database, released: int, billable: int) -> list[Billable]:
    """Write `released` releases that wait to be charged and `billable` referrals without an invoice; return the latter.

    A third of the employees agreed that the employer may know, so that all kinds of charges come about.
    """
    with database.owner.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        offerings = connection.execute(OFFERED, {"providers": PROVIDERS}).all()
        employers = [uuid4() for _nth in range(released // A_MONTH_OF_ONE)]
        copy(connection, _organisations(employers))
        all_of_them = [
            _Supplied(number, employers[number % len(employers)], offerings[number % len(offerings)])
            for number in range(released + billable)
        ]
        _write(connection, all_of_them[:released], _released)
        _write(connection, all_of_them[released:], _referred)
        connection.execute(text("ANALYZE"))
    return [
        Billable(f"VS-{each.number}", each.offering.provider_id, each.offering.price_cents, each.offering.vat_rate)
        for each in all_of_them[released:]
    ]


def _write(connection: Connection, many: list[_Supplied], rows_of: Any) -> None:
    for start in range(0, len(many), PIECE):
        rows = [row for each in many[start : start + PIECE] for row in rows_of(each)]
        copy(connection, sorted(rows, key=lambda row: row.table.__name__))


def _organisations(employers: list[UUID]) -> Iterator[Draft]:
    for number, employer_id in enumerate(employers):
        yield draft(
            Organisation, id=employer_id, tenant_id=TENANT, kind=OrganisationKind.EMPLOYER, name=f"Werkgever {number}"
        )
    for number, employer_id in enumerate(employers):
        yield draft(
            OrganisationProfile,
            organisation_id=employer_id,
            tenant_id=TENANT,
            kvk=f"{30_000_000 + number}",
            street="Fabrieksweg 1",
            postcode="3812 RE",
            city="Amersfoort",
        )


def _referred(each: _Supplied, referral_id: UUID | None = None, ids: dict[str, Any] | None = None) -> Iterator[Draft]:
    held = ids or _ids(each)
    ours = {"tenant_id": TENANT, "employer_id": each.employer_id}
    case_id, employee_id = held["case_id"], held["employee_id"]
    yield draft(Employee, **ours, id=employee_id, reference=f"S-{each.number}", name="Meting")
    yield draft(
        AbsenceCase, **ours, id=case_id, employee_id=employee_id, number=f"ZS-{each.number}", opened_by=PHYSICIAN
    )
    yield draft(SickSpell, **ours, case_id=case_id, first_sick_day=today() - timedelta(days=90))
    if each.number % 3 == 0:
        yield draft(
            Consent,
            **ours,
            case_id=case_id,
            employee_id=employee_id,
            scope=ConsentScope.EMPLOYER,
            form=ConsentForm.WRITTEN,
            given_on=today() - timedelta(days=60),
            recorded_by=PHYSICIAN,
            recorded_role=Role.PHYSICIAN,
            told_of_forwarding=True,
            text_version=current_version(),
            text_language="nl",
        )
    yield draft(Referral, **held, id=referral_id or uuid4(), **_header(each))


def _ids(each: _Supplied) -> dict[str, Any]:
    return {"tenant_id": TENANT, "employer_id": each.employer_id, "employee_id": uuid4(), "case_id": uuid4()}


def _header(each: _Supplied) -> dict[str, Any]:
    kind, offering = interventions()[each.offering.intervention], each.offering
    return {
        "number": f"VS-{each.number}",
        "provider_id": offering.provider_id,
        "offering_id": offering.id,
        "intervention": offering.intervention,
        "disclosure": kind.disclosure,
        "referral_class": kind.referral_class,
        "state": ReferralState.RUNNING,
        "drafted_by": PHYSICIAN,
        "issued_by": PHYSICIAN,
        "issued_on": today() - timedelta(days=40),
        "physician_account_id": PHYSICIAN,
        "units": 6,
        "unit_price_cents": offering.price_cents,
        "price_unit": offering.price_unit,
        "vat_rate": offering.vat_rate,
        "sickness_week": 6,
        "sickness_year": 1,
        "started_on": today() - timedelta(days=30),
    }


def _released(each: _Supplied) -> Iterator[Draft]:
    referral_id, invoice_id, held = uuid4(), uuid4(), _ids(each)
    yield from _referred(each, referral_id, held)
    offering, ours = each.offering, {"tenant_id": TENANT, "provider_id": each.offering.provider_id}
    vat_cents = offering.price_cents * offering.vat_rate // 100
    yield draft(
        ProviderInvoice,
        **ours,
        id=invoice_id,
        referral_id=referral_id,
        referral_number=f"VS-{each.number}",
        invoice_number=f"F-{each.number}",
        invoice_date=each.day,
        net_cents=offering.price_cents,
        vat_cents=vat_cents,
        gross_cents=offering.price_cents + vat_cents,
        state=ProviderInvoiceState.APPROVED,
        due_on=each.day,
    )
    yield draft(
        ProviderInvoiceLine,
        **ours,
        invoice_id=invoice_id,
        position=1,
        description="Meting",
        service_date=each.day,
        quantity=Decimal(1),
        unit_price_cents=offering.price_cents,
        vat_rate=offering.vat_rate,
        net_cents=offering.price_cents,
    )
    yield draft(
        Release,
        **held,
        provider_invoice_id=invoice_id,
        referral_id=referral_id,
        disclosure=interventions()[offering.intervention].disclosure,
        net_cents=offering.price_cents,
        supplied_on=each.day,
    )

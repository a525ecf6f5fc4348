"""What an auditfile says around the bookings: its journals, and the organisations that stand in them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from billing.books.ledger import BookingKind
from identity.roles import OrganisationKind
from identity.tables import Organisation
from network.tables import OrganisationProfile

BATCH = 500


@dataclass(frozen=True)
class Journal:
    """A book of bookings of one sort; `kind` is its code in the format: sales, purchases, bank or general."""

    identity: str
    name: str
    kind: str
    kinds: tuple[BookingKind, ...] = ()


JOURNALS = (
    Journal("VRK", "Verkopen", "S", (BookingKind.INVOICE, BookingKind.CREDIT_NOTE)),
    Journal("INK", "Inkopen", "P", (BookingKind.PROVIDER_INVOICE, BookingKind.PROVIDER_CREDIT_NOTE)),
    Journal("BNK", "Bank", "B", (BookingKind.BANK_RECEIPT, BookingKind.TO_BANK)),
    Journal("MEM", "Betaaldienst en memoriaal", "M"),  # whatever is in no other one
)


@dataclass(frozen=True)
class Customer:
    """An organisation on the account of which something was booked; `kind` is its code: customer or supplier."""

    identity: str
    name: str
    kvk: str | None
    vat_id: str | None
    kind: str


def kinds_of(journal: Journal) -> tuple[str, ...]:
    """Return what is booked in a journal; the last one takes every kind that no other names."""
    if journal.kinds:
        return tuple(kind.value for kind in journal.kinds)
    named = {kind for each in JOURNALS for kind in each.kinds}
    return tuple(kind.value for kind in BookingKind if kind not in named)


def customers_of(session: Session, ids: Sequence[UUID]) -> Iterator[Customer]:
    """Yield organisations with their numbers, by their id; a bounded number is read at a time."""
    wanted = sorted(ids)
    for start in range(0, len(wanted), BATCH):
        found = (
            select(Organisation, OrganisationProfile)
            .outerjoin(OrganisationProfile, col(OrganisationProfile.organisation_id) == Organisation.id)
            .where(col(Organisation.id).in_(wanted[start : start + BATCH]))
            .order_by(col(Organisation.id))
        )
        for organisation, profile in session.exec(found):
            supplies = organisation.kind is OrganisationKind.PROVIDER
            yield Customer(
                identity=organisation.id.hex,
                name=organisation.name,
                kvk=profile.kvk if profile else None,
                vat_id=profile.vat_id if profile else None,
                kind="S" if supplies else "C",
            )

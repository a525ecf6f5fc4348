"""The chart of accounts, and what every event with money posts: bookings in cents that add up to zero.

A debit is above zero and a credit below. Bookings are plain values; the database refuses one that does not add up.
"""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Account(StrEnum):
    """The accounts of an arbodienst's ledger, by the name under which entries are kept."""

    BANK = "bank"
    PAYMENTS_IN_TRANSIT = "payments_in_transit"
    DISPUTED = "disputed"
    RECEIVABLE_EMPLOYER = "receivable_employer"
    RECEIVABLE_INSURER = "receivable_insurer"
    VAT_RECEIVABLE = "vat_receivable"
    VAT_PAYABLE = "vat_payable"
    PAYABLE_PROVIDER = "payable_provider"
    PAYMENT_FEES = "payment_fees"
    COST_OF_INTERVENTIONS = "cost_of_interventions"
    OWN_COST_OF_INTERVENTIONS = "own_cost_of_interventions"
    REVENUE_OF_INTERVENTIONS = "revenue_of_interventions"
    REVENUE_OF_SERVICES = "revenue_of_services"


class Nature(StrEnum):
    """On which side of the books an account belongs."""

    ASSET = "asset"
    LIABILITY = "liability"
    EXPENSE = "expense"
    REVENUE = "revenue"


@dataclass(frozen=True)
class AccountFacts:
    """What bookkeeping wants to know of an account; `name` is Dutch, and `per_party` means: one for each party."""

    number: int
    name: str
    nature: Nature
    per_party: bool = False


CHART: dict[Account, AccountFacts] = {
    Account.BANK: AccountFacts(1100, "Bank", Nature.ASSET),
    Account.PAYMENTS_IN_TRANSIT: AccountFacts(1190, "Betalingen onderweg", Nature.ASSET),
    Account.DISPUTED: AccountFacts(1195, "Betwiste betalingen", Nature.ASSET),
    Account.RECEIVABLE_EMPLOYER: AccountFacts(1300, "Debiteuren werkgevers", Nature.ASSET, per_party=True),
    Account.RECEIVABLE_INSURER: AccountFacts(1310, "Debiteuren verzekeraars", Nature.ASSET, per_party=True),
    Account.VAT_RECEIVABLE: AccountFacts(1510, "Te vorderen btw", Nature.ASSET),
    Account.VAT_PAYABLE: AccountFacts(1520, "Af te dragen btw", Nature.LIABILITY),
    Account.PAYABLE_PROVIDER: AccountFacts(1600, "Crediteuren providers", Nature.LIABILITY, per_party=True),
    Account.PAYMENT_FEES: AccountFacts(7900, "Kosten van betalingsverkeer", Nature.EXPENSE),
    Account.COST_OF_INTERVENTIONS: AccountFacts(7000, "Kosten van interventies", Nature.EXPENSE),
    Account.OWN_COST_OF_INTERVENTIONS: AccountFacts(7100, "Interventies voor eigen rekening", Nature.EXPENSE),
    Account.REVENUE_OF_INTERVENTIONS: AccountFacts(8000, "Doorberekende interventies", Nature.REVENUE),
    Account.REVENUE_OF_SERVICES: AccountFacts(8100, "Dienstverlening", Nature.REVENUE),
}


@dataclass(frozen=True)
class Posting:
    """One side of a booking. Raises ValueError when a party is named where none belongs, or is missing."""

    account: Account
    party_id: UUID | None
    cents: int

    def __post_init__(self) -> None:
        if CHART[self.account].per_party != (self.party_id is not None):
            raise ValueError(f"account {self.account} is kept per party or it is not")


Booking = tuple[Posting, ...]


def provider_invoice_approved(
    provider_id: UUID, net_cents: int, vat_cents: int, *, vat_deductible: bool = True
) -> Booking:
    """A provider's invoice is approved: its cost, its VAT and the debt to the provider.

    VAT that may not be deducted, because what is on-charged is exempt, is part of the cost (rules 6.2).
    """
    deducted = vat_cents if vat_deductible else 0
    return _booking(
        Posting(Account.COST_OF_INTERVENTIONS, None, net_cents + vat_cents - deducted),
        Posting(Account.VAT_RECEIVABLE, None, deducted),
        Posting(Account.PAYABLE_PROVIDER, provider_id, -(net_cents + vat_cents)),
    )


def employer_invoice_issued(employer_id: UUID, net_cents: int, vat_cents: int, service_cents: int = 0) -> Booking:
    """An invoice goes out to an employer; `service_cents` of its `net_cents` stand on the line for services.

    Whatever was added to that line stays with it: in the books too, nothing tells how much that was (R46).
    """
    return _sale(Account.RECEIVABLE_EMPLOYER, employer_id, net_cents, vat_cents, service_cents)


def insurer_invoice_issued(insurer_id: UUID, net_cents: int, vat_cents: int) -> Booking:
    """An invoice for the shares that an insurer granted goes out to it."""
    return _sale(Account.RECEIVABLE_INSURER, insurer_id, net_cents, vat_cents)


def _sale(receivable: Account, buyer_id: UUID, net_cents: int, vat_cents: int, service_cents: int = 0) -> Booking:
    return _booking(
        Posting(receivable, buyer_id, net_cents + vat_cents),
        Posting(Account.REVENUE_OF_INTERVENTIONS, None, service_cents - net_cents),
        Posting(Account.REVENUE_OF_SERVICES, None, -service_cents),
        Posting(Account.VAT_PAYABLE, None, -vat_cents),
    )


def borne_by_arbodienst(cents: int) -> Booking:
    """The arbodienst bears what it cannot charge without telling of somebody: the cost becomes its own (R46)."""
    return _booking(
        Posting(Account.OWN_COST_OF_INTERVENTIONS, None, cents),
        Posting(Account.COST_OF_INTERVENTIONS, None, -cents),
    )


def undone(booking: Booking) -> Booking:
    """Return what undoes a booking: a credit note books the reverse of an invoice over the same amounts (R50)."""
    return tuple(Posting(posting.account, posting.party_id, -posting.cents) for posting in booking)


def _booking(*postings: Posting) -> Booking:
    """Leave out the sides on which nothing happens; a document of nothing books nothing."""
    return tuple(posting for posting in postings if posting.cents != 0)

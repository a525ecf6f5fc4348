"""What must hold of one office's money after anything that anybody did, read past row-level security."""

from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from billing.invoicing.invoices_read import InvoiceSummary, list_invoices
from core.paging import LARGEST_PAGE
from tests.billing.office import Office

NOT_ZERO = "SELECT transaction_id FROM billing.ledger_entry WHERE tenant_id = :tenant GROUP BY 1 HAVING sum(cents) <> 0"
IN_ALL = "SELECT coalesce(sum(cents), 0) FROM billing.ledger_entry WHERE tenant_id = :tenant"
RECEIVABLE = (
    "SELECT party_id, sum(cents) FROM billing.ledger_entry"
    " WHERE tenant_id = :tenant AND account LIKE 'receivable%' GROUP BY 1"
)
OWED_TO_PROVIDERS = (
    "SELECT -coalesce(sum(cents), 0) FROM billing.ledger_entry WHERE tenant_id = :tenant AND account = :account"
)
ASKED_BY_PROVIDERS = (
    "SELECT coalesce(sum(CASE kind WHEN 'invoice' THEN gross_cents ELSE -gross_cents END), 0)"
    " FROM medical.provider_invoice WHERE tenant_id = :tenant AND state = 'approved'"
)
OWN_COST = (
    "SELECT coalesce(sum(cents), 0), (SELECT coalesce(sum(net_cents), 0) FROM medical.release"
    " WHERE tenant_id = :tenant AND ended = 'borne')"
    " FROM billing.ledger_entry WHERE tenant_id = :tenant AND account = 'own_cost_of_interventions'"
)

# Every charge beside the releases that became it, what insurers paid of those, and the services in it.
CHARGES = """
SELECT c.kind, c.net_cents, c.insurer_cents, coalesce(r.cents, 0) AS released, coalesce(r.paid, 0) AS paid,
       coalesce(s.net_cents, 0) AS services
FROM billing.charge c
LEFT JOIN (
    SELECT charge_id, sum(net_cents) AS cents,
           sum((SELECT sum(p.cents) FROM medical.release_share p WHERE p.release_id = one.id)) AS paid
    FROM medical.release one WHERE tenant_id = :tenant GROUP BY 1
) r ON r.charge_id = c.id
LEFT JOIN billing.service_amount s ON s.charge_id = c.id
WHERE c.tenant_id = :tenant AND c.replaces_id IS NULL AND (c.corrects_id IS NULL OR r.cents IS NOT NULL)
"""
# Every request beside what insurers paid of its releases, and its shares but for what a credit note gave back whole.
REQUESTS = """
SELECT q.charged_cents, coalesce(q.decided_cents, 0) AS decided,
       (SELECT coalesce(sum(p.cents), 0) FROM medical.release_share p WHERE p.request_id = q.id) AS paid,
       (SELECT coalesce(sum(s.net_cents), 0) FROM billing.insurer_share s WHERE s.request_id = q.id) AS shares,
       EXISTS (SELECT 1 FROM billing.insurer_share s JOIN billing.invoice i ON i.id = s.invoice_id
               WHERE s.request_id = q.id AND i.credit_reason <> 'provider_credit') AS credited
FROM billing.cofinancing_request q WHERE q.tenant_id = :tenant
"""
# What stands on the documents of each buyer beside what was charged to it.
DOCUMENTS = """
SELECT buyer_id, sum(CASE kind WHEN 'invoice' THEN net_cents ELSE -net_cents END) FROM billing.invoice
WHERE tenant_id = :tenant GROUP BY 1
"""
CHARGED = """
SELECT payer, sum(cents) FROM (
    SELECT employer_id AS payer, net_cents - insurer_cents AS cents FROM billing.charge
    WHERE tenant_id = :tenant AND invoice_id IS NOT NULL
    UNION ALL SELECT insurer_id, net_cents FROM billing.insurer_share
    WHERE tenant_id = :tenant AND invoice_id IS NOT NULL
) every GROUP BY 1
"""
SERIES = """
SELECT left(number, 4), array_agg(right(number, 6)::integer ORDER BY number) FROM billing.invoice
WHERE tenant_id = :tenant GROUP BY 1
"""
LEFT_OUT = (
    "SELECT (SELECT count(*) FROM billing.charge WHERE tenant_id = :tenant AND invoice_id IS NULL)"
    " + (SELECT count(*) FROM billing.insurer_share WHERE tenant_id = :tenant AND invoice_id IS NULL)"
)
BELOW_ZERO = (
    "SELECT number FROM billing.invoice i WHERE i.tenant_id = :tenant AND kind = 'invoice' AND total_cents <"
    " (SELECT coalesce(sum(n.total_cents), 0) FROM billing.invoice n WHERE n.corrects_id = i.id)"
)


def everything_holds(office: Office) -> None:
    """See that the ledger is at zero and agrees with the documents, and that shares and numbers are whole."""
    with Session(office.world.database.owner) as session:
        _ledger(session, office)
        _charges(session, office)
        documents = _rows(session, office, DOCUMENTS)
        assert dict(map(tuple, documents)) == dict(map(tuple, _rows(session, office, CHARGED)))
        for _year, numbers in _rows(session, office, SERIES):
            assert numbers == list(range(1, len(numbers) + 1))
        assert _rows(session, office, BELOW_ZERO) == []


def nothing_is_left_out(office: Office) -> None:
    """See that what a run let out stands on a document."""
    with Session(office.world.database.owner) as session:
        assert _one(session, office, LEFT_OUT) == 0


def invoices_of(office: Office) -> list[InvoiceSummary]:
    """Return every document, as the secretariat sees it."""
    with office.care(office.secretary) as session:
        found = list_invoices(session, office.secretary, page_size=LARGEST_PAGE)
    assert found.total == len(found.items)
    return list(found.items)


def _ledger(session: Session, office: Office) -> None:
    assert _rows(session, office, NOT_ZERO) == []
    assert _one(session, office, IN_ALL) == 0
    open_of: dict[Any, int] = {}
    for each in invoices_of(office):
        open_of[each.buyer_id] = open_of.get(each.buyer_id, 0) + each.open_cents - each.give_back_cents
    booked = dict(map(tuple, _rows(session, office, RECEIVABLE)))
    assert {buyer: cents for buyer, cents in booked.items() if cents} == {
        buyer: cents for buyer, cents in open_of.items() if cents
    }
    owed = _one(session, office, OWED_TO_PROVIDERS, account="payable_provider")
    assert owed == _one(session, office, ASKED_BY_PROVIDERS)
    ((booked_cost, borne),) = _rows(session, office, OWN_COST)
    assert booked_cost == borne


def _charges(session: Session, office: Office) -> None:
    """Prices are shared out whole (R51), and nothing is charged of which nothing was released."""
    for charge in _rows(session, office, CHARGES):
        if charge.kind in ("open", "own_line"):
            assert (charge.net_cents, charge.insurer_cents, charge.services) == (charge.released, charge.paid, 0)
        else:
            assert charge.net_cents == charge.released - charge.paid + charge.services
            assert charge.insurer_cents == 0
    for request in _rows(session, office, REQUESTS):
        assert request.charged_cents == request.paid <= request.decided
        assert request.credited or request.shares == request.paid


def _one(session: Session, office: Office, query: str, **values: Any) -> int:
    ((found,),) = _rows(session, office, query, **values)
    return int(found)


def _rows(session: Session, office: Office, query: str, **values: Any) -> list[Any]:
    return list(session.execute(text(query), {"tenant": office.world.tenant_id, **values}))

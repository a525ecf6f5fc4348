"""Tables for the bookkeeper: the entries of the ledger and the invoices; for a buyer, the lines of his own invoices."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from billing.books.ledger_accounts import CHART
from billing.books.ledger_entries import Period, entries_within, entry_views
from billing.invoicing.documents import DocumentKind, InvoiceDocument
from billing.invoicing.invoices_read import InvoiceFile
from billing.tables import Invoice, InvoiceKind, LedgerEntry
from core.clock import AMSTERDAM
from core.errors import FieldError, Invalid
from core.language import _
from core.spreadsheets import MEDIA_TYPE, Cell, amount, write_csv
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require

MOST_ROWS = 50_000
"""Rows of one file: more is a file that no spreadsheet opens well. A shorter period gives a file each."""

BATCH = 2_000
ENTRIES = ("datum", "boeking", "soort", "rekening", "naam", "relatie", "factuurnummer", "debet", "credit")
INVOICES = (
    "factuurnummer", "soort", "factuurdatum", "vervaldatum", "periode", "klant", "kvk", "btw-nummer",
    "zonder btw", "btw", "met btw", "corrigeert",
)  # fmt: skip
LINES = (
    "factuurnummer", "soort", "factuurdatum", "vervaldatum", "periode", "omschrijving", "referentie",
    "btw-tarief", "zonder btw",
)  # fmt: skip
KINDS = {DocumentKind.INVOICE: "factuur", DocumentKind.CREDIT_NOTE: "creditnota"}


@dataclass(frozen=True)
class _Chosen:
    """The days of a file, for its name."""

    what: str
    period: Period

    @property
    def name(self) -> str:
        """What the file is called: what it holds and of which days, and nothing more (leak L10)."""
        first = f"{self.period.first:%Y%m%d}-" if self.period.first else "tot-en-met-"
        return f"{self.what}-{first}{self.period.last:%Y%m%d}.csv"


def entries_csv(session: Session, actor: Actor, period: Period) -> InvoiceFile:
    """Return every entry of a period, the earliest first, as CSV. Raises Invalid for a period of too many."""
    require(actor, Permission.KEEP_BOOKS)
    found = entries_within(period)
    _refuse_too_many(session.exec(select(func.count()).select_from(found.subquery())).one())
    record(session, actor, "billing:ledger:exported", actor.tenant_id)
    ordered = found.order_by(col(LedgerEntry.created_at), col(LedgerEntry.transaction_id), col(LedgerEntry.id))
    rows = session.exec(ordered).all()
    return _file(_Chosen("grootboek", period), ENTRIES, _entries(session, list(rows)))


def invoices_csv(session: Session, actor: Actor, period: Period) -> InvoiceFile:
    """Return every invoice and credit note issued in a period as CSV. Raises Invalid for a period of too many."""
    require(actor, Permission.KEEP_BOOKS)
    found = _issued(session, actor, period)
    record(session, actor, "billing:invoices:exported", actor.tenant_id)
    return _file(_Chosen("facturen", period), INVOICES, (_invoice(each) for each in found))


def invoice_lines_csv(session: Session, actor: Actor, period: Period) -> InvoiceFile:
    """Return the lines of the actor's own invoices as CSV: what stands on them and nothing else (R43, leak L10)."""
    require(actor, Permission.SEE_STATEMENT)
    found = _issued(session, actor, period, Invoice.buyer_id == actor.organisation_id)
    documents = (InvoiceDocument.model_validate(each.document) for each in found)
    return _file(_Chosen("factuurregels", period), LINES, (row for each in documents for row in _lines(each)))


def _issued(session: Session, actor: Actor, period: Period, *of: ColumnElement[bool] | bool) -> list[Invoice]:
    found = select(Invoice).where(Invoice.tenant_id == actor.tenant_id, Invoice.issue_date <= period.last, *of)
    if period.first is not None:
        found = found.where(Invoice.issue_date >= period.first)
    _refuse_too_many(session.exec(select(func.count()).select_from(found.subquery())).one())
    return list(session.exec(found.order_by(col(Invoice.number))).all())


def _entries(session: Session, rows: list[tuple[LedgerEntry, object]]) -> Iterator[tuple[Cell, ...]]:
    for start in range(0, len(rows), BATCH):
        for each in entry_views(session, rows[start : start + BATCH]):  # type: ignore[arg-type]
            yield (
                each.at.astimezone(AMSTERDAM).date(),
                str(each.transaction_id),
                each.kind,
                CHART[each.account].number,
                CHART[each.account].name,
                each.party_name,
                each.number,
                amount(each.cents) if each.cents > 0 else None,
                amount(-each.cents) if each.cents < 0 else None,
            )


def _invoice(invoice: Invoice) -> tuple[Cell, ...]:
    document = InvoiceDocument.model_validate(invoice.document)
    sign = -1 if invoice.kind is InvoiceKind.CREDIT_NOTE else 1
    return (
        *_head(document),
        document.buyer.name,
        document.buyer.kvk,
        document.buyer.vat_id,
        *(amount(sign * cents) for cents in (invoice.net_cents, invoice.vat_cents, invoice.total_cents)),
        document.corrects,
    )


def _lines(document: InvoiceDocument) -> Iterator[tuple[Cell, ...]]:
    sign = -1 if document.kind is DocumentKind.CREDIT_NOTE else 1
    for line in document.lines:
        yield (*_head(document), line.description, line.reference, line.vat_rate, amount(sign * line.net_cents))


def _head(document: InvoiceDocument) -> tuple[Cell, ...]:
    due: date | None = document.due_date
    return (document.number, KINDS[document.kind], document.issue_date, due, str(document.period))


def _refuse_too_many(count: int) -> None:
    if count > MOST_ROWS:
        sentence = _("Dat zijn er te veel voor één bestand. Kies een kortere periode.")
        raise Invalid(sentence, [FieldError("from", sentence)])


def _file(chosen: _Chosen, header: tuple[str, ...], rows: Iterator[tuple[Cell, ...]]) -> InvoiceFile:
    return InvoiceFile(chosen.name, MEDIA_TYPE, write_csv(header, rows))

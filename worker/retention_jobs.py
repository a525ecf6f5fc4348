"""The rounds that remove what has passed its term outside the medical room, a bounded piece at a time (R71)."""

from collections.abc import Callable
from functools import partial

from sqlmodel import Session

from billing.invoicing.references_removed import remove_references
from cases.employment import TERM_OF, remove_absences
from core.database import Database, Door
from identity.actor import Actor
from identity.retention import remove_accounts, remove_log, remove_persons
from worker.stage import acting, tenants

PIECE = 50
MOST_PIECES = 200
"""What one night removes of a kind at the most; the next goes on."""

Step = Callable[[Session, Actor], object]


def in_pieces(database: Database, step: Step) -> None:
    """Do `step` for each tenant, a transaction at a time, until it finds nothing more."""
    for tenant_id in tenants(database):
        for _nth in range(MOST_PIECES):
            with acting(database, Door.CARE, tenant_id) as (session, actor):
                if not step(session, actor):
                    break


def remove_past_term(database: Database) -> None:
    """Remove absences, references on invoices, and the oldest events of the trail."""
    signer = database.settings.signer
    for kept in TERM_OF.values():
        in_pieces(database, partial(remove_absences, signer=signer, kept=kept, most=PIECE))
    in_pieces(database, partial(remove_references, signer=signer, most=PIECE))
    in_pieces(database, partial(remove_log, signer=signer))


def remove_people(database: Database) -> None:
    """Remove what opened the accounts of who left, and at last their names; once a month, for it looks far back."""
    signer = database.settings.signer
    in_pieces(database, partial(remove_accounts, signer=signer, most=PIECE))
    in_pieces(database, partial(remove_persons, signer=signer, most=PIECE))

"""What stands in the way of asking an insurer to share in a cost (R25, R57)."""

from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from billing.cofinancing.policies import policies_covering
from cases.tables import Consent, ConsentScope
from core.clock import today
from core.language import _
from network.taxonomy import Disclosure


def cofinancing_hindrance(
    session: Session, case_id: UUID, employer_id: UUID, disclosure: Disclosure, on: date | None = None
) -> str | None:
    """Return why no insurer can be asked, in a sentence for the person who refers; None when one can.

    The consents are kept from being withdrawn until this transaction ends, so that no request slips out after that.
    """
    if not in_force(session, case_id, ConsentScope.INSURER):
        return _("Er is geen toestemming van de werknemer om een verzekeraar te vragen mee te betalen.")
    # The request passes through the hands of the employer's case manager, who thereby learns of the intervention.
    if disclosure is Disclosure.CONF and not in_force(session, case_id, ConsentScope.EMPLOYER):
        return _("Er is geen toestemming van de werknemer om de werkgever te laten weten dat er een interventie is.")
    if not policies_covering(session, employer_id, on or today()):
        return _("De werkgever heeft nu geen polis bij een verzekeraar in dit netwerk.")
    return None


def in_force(session: Session, case_id: UUID, scope: ConsentScope) -> bool:
    """Tell whether a consent holds, and keep it from being withdrawn until this transaction ends."""
    found = select(Consent.id).where(
        Consent.case_id == case_id, Consent.scope == scope, col(Consent.withdrawn_at).is_(None)
    )
    return session.exec(found.with_for_update(read=True)).first() is not None

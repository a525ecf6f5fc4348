"""Where the medical secretariat can go, and how much waits there."""

from sqlmodel import Session

from core.language import _
from identity.actor import Actor
from medical.cases.counts import count_invoices_to_judge
from medical.direct.specifications import count_specifications
from portal.page import NavItem

HOME = "/secretariaat"
CHARGING = f"{HOME}/doorbelasten"
ISSUED = f"{HOME}/verstuurd"
SERVICES = f"{CHARGING}/dienstverlening"
PAYING = f"{HOME}/betalen"
RECEIVING = f"{HOME}/ontvangen"
BOOKS = f"{HOME}/boeken"
SPECIFICATIONS = f"{HOME}/specificaties"
BALANCE = f"{BOOKS}/proefbalans"
SETTINGS = f"{HOME}/instellingen"
OPERATION = f"{HOME}/systeem"


def navigation(session: Session, actor: Actor) -> tuple[NavItem, ...]:
    """Return the places of the secretariat, with how many provider invoices wait to be judged."""
    return (
        NavItem(_("Facturen van providers"), HOME, count_invoices_to_judge(session, actor)),
        NavItem(_("Specificaties"), SPECIFICATIONS, count_specifications(session, actor)),
        NavItem(_("Doorbelasten"), CHARGING),
        NavItem(_("Verstuurd"), ISSUED),
        NavItem(_("Ontvangen"), RECEIVING),
        NavItem(_("Betalen"), PAYING),
        NavItem(_("Boeken"), BOOKS),
        NavItem(_("Instellingen"), SETTINGS),
        NavItem(_("Systeem"), OPERATION),
    )

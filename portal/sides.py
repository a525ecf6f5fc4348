"""On which side of the wall a role stands, what the role is called, and what it can see."""

from enum import StrEnum

from core.language import _
from identity.actor import Actor
from identity.roles import CARE, Role


class Side(StrEnum):
    """The side of the wall that a page is on; each has its own colour and name in the header."""

    CARE = "care"
    OPEN = "open"
    ACCOUNT = "account"


def side_of(actor: Actor | None) -> Side:
    """Return the side on which `actor` stands; nobody signed in stands before the door."""
    if actor is None:
        return Side.ACCOUNT
    return Side.CARE if actor.role in CARE else Side.OPEN


def side_name(side: Side) -> str:
    """Return the name of the side as people know it; before the door there is none."""
    return {Side.CARE: _("Medische kant"), Side.OPEN: _("Open kant"), Side.ACCOUNT: ""}[side]


def role_name(role: Role) -> str:
    """Return what people call the role."""
    return {
        Role.PHYSICIAN: _("Bedrijfsarts"),
        Role.DELEGATE: _("Casemanager taakdelegatie"),
        Role.SECRETARY: _("Medisch secretariaat"),
        Role.PROVIDER: _("Provider"),
        Role.NETWORK_MANAGER: _("Netwerkbeheer"),
        Role.CASE_MANAGER: _("Casemanager werkgeversregie"),
        Role.EMPLOYER: _("Werkgever"),
        Role.INSURER: _("Verzekeraar"),
        Role.EMPLOYEE: _("Werknemer"),
        Role.AUDITOR: _("Functionaris gegevensbescherming"),
        Role.SYSTEM: _("Systeem"),
    }[role]


def sees(role: Role) -> str:
    """Return the sentence at the foot of every page that says what this role can see, and what not."""
    return {
        Role.PHYSICIAN: _("U ziet de medische kant van de dossiers van uw eigen arbodienst."),
        Role.DELEGATE: _(
            "U ziet de medische kant van de dossiers van uw werkgevers. De bedrijfsarts oordeelt, u bereidt voor."
        ),
        Role.SECRETARY: _("U ziet facturen van providers en de kop van de verwijzing, zonder de medische inhoud."),
        Role.PROVIDER: _("U ziet alleen wat een bedrijfsarts u heeft gestuurd, zolang de verwijzing loopt."),
        Role.NETWORK_MANAGER: _("U ziet het netwerk van providers. U ziet geen dossiers en geen verwijzingen."),
        Role.CASE_MANAGER: _("U ziet de stappen in het dossier, zonder gezondheidsgegevens."),
        Role.EMPLOYER: _("U ziet uw kosten, uw facturen en uw stappen, zonder gezondheidsgegevens."),
        Role.INSURER: _("U ziet neutrale aanvragen onder uw eigen polissen, zonder gezondheidsgegevens."),
        Role.EMPLOYEE: _("U ziet alles over uzelf, en wie uw gegevens heeft bekeken."),
        Role.AUDITOR: _("U ziet wie wanneer wat deed. De inhoud ziet u niet."),
        Role.SYSTEM: "",
    }[role]

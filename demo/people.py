"""Who is in the demo: two arbodiensten, their employers and insurer, and one account for each role."""

from dataclasses import dataclass
from uuid import UUID, uuid5

from identity.roles import OrganisationKind, Role

NAMESPACE = UUID("5d0e2f3c-6f0b-4f57-9a57-0c2f1f8b7a11")
PASSWORD = "demo-wachtwoord"  # noqa: S105 -- printed for everybody; the demo answers on loopback only


def demo_id(key: str) -> UUID:
    """Return the id of a thing in the demo: the same every time."""
    return uuid5(NAMESPACE, key)


@dataclass(frozen=True)
class DemoOrganisation:
    """An organisation of the demo; `tenant` is the key of its arbodienst."""

    key: str
    tenant: str
    kind: OrganisationKind
    name: str
    street: str
    postcode: str
    city: str

    @property
    def id(self) -> UUID:
        """Return its id."""
        return demo_id(f"organisation:{self.key}")

    @property
    def tenant_id(self) -> UUID:
        """Return the id of its arbodienst."""
        return demo_id(f"organisation:{self.tenant}")


@dataclass(frozen=True)
class DemoAccount:
    """Somebody who can sign in as `email` and what he is."""

    key: str
    name: str
    role: Role
    organisation: str
    does: str
    employers: tuple[str, ...] = ()

    @property
    def email(self) -> str:
        """Return the address to sign in with."""
        return f"{self.key}@demo.test"

    @property
    def id(self) -> UUID:
        """Return the id of the account."""
        return demo_id(f"account:{self.key}")


ARBO, ARBO_2 = "arbo", "arbo2"
Kind = OrganisationKind

ORGANISATIONS = (
    DemoOrganisation(ARBO, ARBO, Kind.ARBODIENST, "Arbodienst De Boog", "Stationsplein 14", "3511 ED", "Utrecht"),
    DemoOrganisation("zonneveld", ARBO, Kind.EMPLOYER, "Bakkerij Zonneveld", "Ovenstraat 8", "3812 RE", "Amersfoort"),
    DemoOrganisation("duinwijk", ARBO, Kind.EMPLOYER, "Transport Duinwijk", "Havenweg 120", "3089 JK", "Rotterdam"),
    DemoOrganisation("polder", ARBO, Kind.INSURER, "Polder Verzekeringen", "Dijklaan 2", "8232 JN", "Lelystad"),
    DemoOrganisation("duinrand", ARBO, Kind.INSURER, "Duinrand Inkomen", "Strandweg 9", "2583 GL", "Den Haag"),
    DemoOrganisation("regie", ARBO, Kind.CASE_MANAGEMENT, "Regie op Werk", "Kanaalstraat 31", "3531 CA", "Utrecht"),
    DemoOrganisation("psy", ARBO, Kind.PROVIDER, "Praktijk De Heldere Lijn", "Maliebaan 40", "3581 CR", "Utrecht"),
    DemoOrganisation("ad", ARBO, Kind.PROVIDER, "Arbeidsdeskundig Bureau Kompas", "Molenweg 5", "3951 AB", "Maarn"),
    DemoOrganisation(ARBO_2, ARBO_2, Kind.ARBODIENST, "Arbodienst Waterland", "Kade 3", "1441 BA", "Purmerend"),
    DemoOrganisation("noorder", ARBO_2, Kind.EMPLOYER, "Drukkerij Noorderlicht", "Perslaan 17", "9723 BK", "Groningen"),
)

ACCOUNTS = (
    DemoAccount("ba", "Anna de Wit", Role.PHYSICIAN, ARBO, "bedrijfsarts: oordeelt, zoekt, verwijst"),
    DemoAccount("cmtd", "Cees Molenaar", Role.DELEGATE, ARBO, "casemanager taakdelegatie", ("zonneveld", "duinwijk")),
    DemoAccount("cmtd2", "Dora Peeters", Role.DELEGATE, ARBO, "een tweede, voor één werkgever", ("duinwijk",)),
    DemoAccount("secretariaat", "Sanne Kuipers", Role.SECRETARY, ARBO, "medisch secretariaat: facturen"),
    DemoAccount("betaler", "Bas Kuijper", Role.SECRETARY, ARBO, "een tweede in het secretariaat: betaalt"),
    DemoAccount("netwerk", "Nico Bos", Role.NETWORK_MANAGER, ARBO, "netwerkbeheer: providers en aanbod"),
    DemoAccount("psycholoog", "Petra Visser", Role.PROVIDER, "psy", "provider: psycholoog"),
    DemoAccount("arbeidsdeskundige", "Aart Hendriks", Role.PROVIDER, "ad", "provider: arbeidsdeskundige"),
    DemoAccount("cm", "Carla Smit", Role.CASE_MANAGER, "regie", "casemanager regie", ("zonneveld", "duinwijk")),
    DemoAccount("werkgever", "Willem Zonneveld", Role.EMPLOYER, "zonneveld", "werkgever: kosten en facturen"),
    DemoAccount("werkgever2", "Dirk Duinwijk", Role.EMPLOYER, "duinwijk", "een andere werkgever"),
    DemoAccount("verzekeraar", "Vera Polder", Role.INSURER, "polder", "verzekeraar: beslist over bijdragen"),
    DemoAccount("verzekeraar2", "Daan Duinrand", Role.INSURER, "duinrand", "een andere verzekeraar"),
    DemoAccount("werknemer", "Wendy Jansen", Role.EMPLOYEE, "zonneveld", "werknemer: toestemming en inzage"),
    DemoAccount("fg", "Fatima el Amrani", Role.AUDITOR, ARBO, "functionaris gegevensbescherming"),
    DemoAccount("ba2", "Bert Waterman", Role.PHYSICIAN, ARBO_2, "bedrijfsarts bij een andere arbodienst"),
    DemoAccount("secretariaat2", "Sofie Dam", Role.SECRETARY, ARBO_2, "medisch secretariaat daar"),
    DemoAccount("werkgever3", "Noor Lichtveld", Role.EMPLOYER, "noorder", "werkgever daar"),
)


def describe(base_url: str) -> str:
    """Return what the terminal says once the demo runs."""
    lines = [f"  {account.email:<30} {account.does}" for account in ACCOUNTS]
    return "\n".join(
        [f"\nProviderboog (demo) on {base_url}\n", *lines, f"\n  password: {PASSWORD}", "  Ctrl-C stops everything.\n"]
    )

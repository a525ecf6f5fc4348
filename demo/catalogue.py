"""What kinds of provider the demo knows: names, registers, what each offers and at which (fictional) prices."""

from dataclasses import dataclass

from network.tables import PriceUnit, RegistrationKind

R = RegistrationKind
CARE = (R.BIG, R.AGB)
TRACK = (R.BLIK_OP_WERK, R.OVAL)
SESSION, HOUR, REPORT, TRAJECTORY = PriceUnit.SESSION, PriceUnit.HOUR, PriceUnit.REPORT, PriceUnit.TRAJECTORY


@dataclass(frozen=True)
class Practice:
    """A kind of provider; `big` is the profession code that its BIG number ends with."""

    key: str
    names: tuple[str, ...]
    interventions: tuple[str, ...]
    registers: tuple[RegistrationKind, ...]
    big: str | None = None
    reveals_care: bool = False


@dataclass(frozen=True)
class Price:
    """What an intervention costs in the demo: from and to in euros, and how many weeks it takes."""

    unit: PriceUnit
    low: int
    high: int
    weeks: int
    vat_rate: int = 21


PRACTICES = (
    Practice(
        "psy",
        ("Psychologenpraktijk", "Psychologie"),
        ("PSY", "VCP", "TRM", "COA"),
        (R.BIG, R.AGB),
        "25",
        True,
    ),
    Practice("fys", ("Bedrijfsfysiotherapie", "Fysiotherapie"), ("FYS", "VCF", "WPO"), CARE, "04", True),
    Practice("ad", ("Arbeidsdeskundig Bureau", "Arbeidsdeskundigen"), ("ADO", "LWO", "HBO"), (R.SRA,)),
    Practice(
        "rei",
        ("Re-integratie", "Werk en Weg"),
        ("SP2", "HBO", "OUT", "WEP", "LPB", "PERSP"),
        TRACK,
    ),
    Practice("med", ("Mediation", "Mediators"), ("MED", "CNF"), (R.MFN,)),
    Practice("bmw", ("Maatschappelijk Werk", "Sociaal Werk"), ("BMW", "VTP", "SHV"), (R.REGISTERPLEIN,)),
    Practice("shv", ("Budgetcoaching", "Geldzorgenhulp"), ("SHV",), (R.NVVK,)),
    Practice("coa", ("Coaching", "Coachpraktijk"), ("COA", "LPB", "PERSP"), (R.NOBCO,), reveals_care=True),
    Practice("erg", ("Ergonomie", "Werkplekadvies"), ("WPO", "TRW"), (R.HFNL,)),
    Practice("rev", ("Revalidatie", "Herstelcentrum"), ("REV", "MUL", "FYS"), CARE, "01", True),
    Practice("lee", ("Leefstijl", "Gezond Werken"), ("LEE", "VSL", "OVG"), CARE, "30", True),
    Practice("opl", ("Opleidingen", "Vakscholing"), ("OPL", "TRW"), (R.OVAL,)),
    Practice("cas", ("Casemanagement", "Verzuimregie"), ("CAS", "CNF", "PERSP"), (R.RSC,)),
)

PLACES_IN_NAMES = (
    "De Brug", "Kompas", "Het Kompas", "Nieuwe Stap", "De Linde", "Horizon", "Het Anker", "Vooruit", "De Wilg",
    "Morgenrood", "De Haven", "Zuiderzee", "Het Baken", "De Meander", "Opmaat", "De Zwaan", "Veerkracht", "Het Veer",
    "De Eik", "Voorland", "De Sluis", "Nieuw Begin", "De Ark", "Het Spoor", "De Waaier", "Ruimte", "De Dijk",
)  # fmt: skip

PRICES = {
    "PERSP": Price(TRAJECTORY, 950, 1_650, 10),
    "ADO": Price(REPORT, 1_095, 1_495, 4),
    "BMW": Price(HOUR, 98, 125, 10, 0),
    "PSY": Price(SESSION, 99, 128, 16, 0),
    "COA": Price(HOUR, 85, 140, 12),
    "FYS": Price(SESSION, 42, 68, 10, 0),
    "WEP": Price(TRAJECTORY, 1_200, 2_100, 13),
    "SHV": Price(TRAJECTORY, 750, 1_500, 20, 0),
    "REV": Price(TRAJECTORY, 3_500, 8_000, 16, 0),
    "TRW": Price(HOUR, 95, 140, 6),
    "WPO": Price(REPORT, 211, 495, 2),
    "LWO": Price(REPORT, 600, 950, 3),
    "HBO": Price(REPORT, 550, 900, 4),
    "SP2": Price(TRAJECTORY, 1_775, 3_950, 39),
    "MED": Price(HOUR, 155, 195, 6),
    "OPL": Price(TRAJECTORY, 900, 3_400, 26),
    "OUT": Price(TRAJECTORY, 2_500, 5_000, 26),
    "CNF": Price(HOUR, 120, 165, 6),
    "CAS": Price(HOUR, 88, 118, 26),
    "VCP": Price(SESSION, 380, 460, 1, 0),
    "VCF": Price(SESSION, 98, 130, 1, 0),
    "MUL": Price(TRAJECTORY, 3_600, 7_400, 12, 0),
    "LEE": Price(TRAJECTORY, 450, 900, 12, 0),
    "VSL": Price(TRAJECTORY, 1_900, 4_200, 20, 0),
    "TRM": Price(SESSION, 105, 138, 8, 0),
    "OVG": Price(SESSION, 95, 150, 4, 0),
    "LPB": Price(TRAJECTORY, 800, 1_900, 10),
    "VTP": Price(HOUR, 90, 120, 4),
}

DESCRIPTIONS = {
    "PERSP": "Samen verkennen wat nog kan in het eigen werk en wat daarvoor nodig is.",
    "ADO": "Onderzoek naar wat iemand kan, wat het werk vraagt en welk werk past, met advies over spoor 1 en spoor 2.",
    "BMW": "Gesprekken over zorgen thuis of op het werk, met praktische hulp en verwijzing waar nodig.",
    "PSY": "Werkgerichte behandeling door een GZ-psycholoog, met aandacht voor terugkeer naar werk.",
    "COA": "Coaching op omgaan met druk, grenzen stellen en tijd verdelen.",
    "FYS": "Behandeling en training, gericht op de belasting in het eigen werk.",
    "WEP": "Een rustige plek om uren op te bouwen, met begeleiding op de werkvloer.",
    "SHV": "Overzicht in inkomsten en uitgaven, afspraken met schuldeisers en begeleiding daarna.",
    "REV": "Programma van een team van arts, fysiotherapeut en psycholoog, gericht op terugkeer naar werk.",
    "TRW": "Training op de eigen werkplek, in het eigen werk.",
    "WPO": "Onderzoek van de werkplek met een advies over aanpassing en gebruik.",
    "LWO": "Vaststellen van de loonwaarde in het eigen of ander werk, met onderbouwing.",
    "HBO": "Onderzoek naar de kansen op werk bij een andere werkgever.",
    "SP2": "Begeleiding naar passend werk bij een andere werkgever, met maandelijkse voortgang.",
    "MED": "Gesprekken onder leiding van een onafhankelijke MfN-mediator.",
    "OPL": "Scholing naar ander werk, met erkend diploma of certificaat.",
    "OUT": "Begeleiding naar ander werk bij het einde van het contract.",
    "CNF": "Een onafhankelijke gespreksleider helpt partijen weer in gesprek.",
    "CAS": "Een gespecialiseerde casemanager voert de regie over een vastgelopen traject.",
    "VCP": "Een vroeg gesprek met een psycholoog over belastbaarheid en eerste stappen, met verslag binnen een week.",
    "VCF": "Een vroeg consult bij een fysiotherapeut met advies over werk en belasting.",
    "MUL": "Onderzoek en programma door verschillende disciplines bij een onduidelijk beeld.",
    "LEE": "Programma voor bewegen, slaap, voeding of stoppen met roken.",
    "VSL": "Behandeling met behoud van werk waar dat kan, met nazorg.",
    "TRM": "Behandeling na een ingrijpende gebeurtenis, onder andere met EMDR.",
    "OVG": "Consult over klachten in de overgang en wat daarbij helpt op het werk.",
    "LPB": "Loopbaanonderzoek en begeleiding bij het vinden van passend werk.",
    "VTP": "Vertrouwelijk gesprek over ongewenst gedrag, met uitleg over de mogelijkheden.",
}

VARIANTS = ("", "kort traject", "intensief", "met online begeleiding", "in de avond", "Engels mogelijk")

"""The cases of the demo: who fell sick when, what the physician judged, and how far each referral came."""

from dataclasses import dataclass
from enum import IntEnum


class Phase(IntEnum):
    """How far a referral is played."""

    DRAFT = 0  # the delegate prepared it
    ISSUED = 1
    ACCEPTED = 2
    SCHEDULED = 3
    RUNNING = 4
    REPORTED = 5
    COMPLETED = 6
    INVOICED = 7  # the provider's invoice waits for the secretariat
    APPROVED = 8  # released, and charged when its month was run


@dataclass(frozen=True)
class Play:
    """A referral of a story: to what, `weeks_ago` when, how far, and what is special about it."""

    intervention: str
    weeks_ago: int
    phase: Phase
    goal: str
    question: str
    units: int = 1
    provider: str = ""  # the key of a provider that one can sign in as; otherwise the first that fits
    days_saved: int = 20
    cofinancing: str = ""  # "", "prepared", "submitted", "approved", "declined"
    declined: str = ""
    returned: str = ""  # what the physician wrote when he sent the draft back
    asked: str = ""  # what the provider wants to know, in the end
    answered: str = ""
    overcharged: bool = False  # the invoice asks more than was agreed
    line: str = "Uitgevoerd volgens verwijzing"  # what the provider writes on his invoice
    clinical: str = ""
    expected_result: str = "Over zes weken weer de helft van de uren op het werk."
    abilities: str = "Kan een paar uur geconcentreerd werken; geen tijdsdruk, geen nachtdienst."
    functional: str = "Kan stap voor stap uren opbouwen, begin met drie ochtenden."


@dataclass(frozen=True)
class Story:
    """A case of the demo; `consents` are letters of the four scopes (R24): provider, employer, insurer, report back."""

    employer: str
    reference: str
    name: str
    weeks: int
    postcode: str
    cause: str = ""
    medical: bool = False
    consents: str = ""
    plays: tuple[Play, ...] = ()
    recovered_weeks_ago: int | None = None
    request: str = ""  # an open intervention that the case manager asks for


TALK = "Klachten verminderen zodat opbouw van werk lukt."
ABLE = "Wat kan deze werknemer nu, en wat is daarvoor nodig op het werk?"
CLINICAL = "Herkent spanning eerder en past ontspanning toe; slaapt weer door."


def _pooled(number: int, name: str, postcode: str, weeks: int) -> Story:
    """Return a case with a finished confidential intervention, about which the employer may know nothing."""
    play = Play("PSY", 9 + number % 3, Phase.APPROVED, TALK, ABLE, 6 + number % 3, "psy", clinical=CLINICAL)
    return Story("zonneveld", f"Z-10{number}", name, weeks, postcode, "M01", True, "ad", (play,))


STORIES = (
    Story(
        "zonneveld", "Z-101", "Wendy Jansen", 9, "3811", "M01", True, "abcd",
        (Play("PSY", 5, Phase.RUNNING, TALK, ABLE, 8, "psy", 27, "submitted"),),
    ),
    Story(
        "zonneveld", "Z-102", "Omar Haddad", 33, "3823", "W03", False, "abcd",
        (
            Play("ADO", 12, Phase.APPROVED, "Helder krijgen welk werk past.", "Past het eigen werk nog?", 1, "ad", 15,
                  "approved", functional="Eigen werk past met aangepaste roosters; opbouw in zes weken."),
        ),
    ),
    Story("zonneveld", "Z-103", "Ingrid Vos", 46, "3818", "X02", False, "abcd", request="ADO"),
    _pooled(4, "Karel Peters", "3817", 26),
    _pooled(5, "Lotte Schouten", "3703", 22),
    _pooled(6, "Mehmet Yilmaz", "3769", 30),
    _pooled(7, "Nadia Bakker", "3862", 24),
    _pooled(8, "Otto Prins", "3902", 28),
    Story(
        "zonneveld", "Z-109", "Paula Kok", 7, "3812", "M02", True, "ad",
        (Play("VCP", 3, Phase.INVOICED, "Snel weten wat er nodig is.", ABLE, 1, "psy", clinical=CLINICAL),),
    ),
    Story(
        "zonneveld", "Z-110", "Quinten Dekker", 5, "1315", "P01", False, "a",
        (Play("SHV", 1, Phase.ISSUED, "Rust en overzicht.", "Kunt u helpen om de vaste lasten op orde te krijgen?"),),
    ),
    Story("zonneveld", "Z-111", "Rosa Meijer", 2, "3831"),
    Story(
        "zonneveld", "Z-112", "Stefan de Groot", 15, "3941", "G01", False, "ab",
        (Play("COA", 6, Phase.INVOICED, "Grenzen leren stellen.", ABLE, 6, "psy", overcharged=True),),
    ),
    Story("zonneveld", "Z-113", "Tineke Brouwer", 40, "3755", "L01", True, "abd", recovered_weeks_ago=5),
    Story(
        "zonneveld", "Z-114", "Hugo Blom", 20, "3843", "W01", False, "abcd",
        (Play("TRW", 1, Phase.DRAFT, "Zelfstandig werken met de nieuwe oven.", "Kunt u hem op de werkvloer inwerken?",
              60),),
    ),
    Story(
        "zonneveld", "Z-115", "Irma Smeets", 32, "3828", "X02", False, "abcd",
        (Play("ADO", 7, Phase.INVOICED, "Helder krijgen welk werk past.", "Past het eigen werk nog?", 1, "ad",
              functional="Het eigen werk past niet meer; twee andere functies in het bedrijf wel."),),
    ),
    Story(
        "zonneveld", "Z-116", "Jan Timmer", 16, "3871", "M02", True, "ad",
        (Play("PSY", 7, Phase.INVOICED, TALK, ABLE, 5, "psy", clinical=CLINICAL),),
    ),
    Story(
        "zonneveld", "Z-118", "Gerrit Los", 19, "3834", "M01", True, "abd",
        (Play("PSY", 7, Phase.INVOICED, TALK, ABLE, 4, "psy", clinical=CLINICAL),),
    ),
    Story(
        "zonneveld", "Z-117", "Els Dijkman", 29, "3824", "X02", False, "abcd",
        (Play("ADO", 1, Phase.ISSUED, "Weten welk werk past.", "Wat kan zij doen?", 1, "ad", 18, "declined"),),
    ),
    Story(
        "duinwijk", "D-201", "Ugur Demir", 54, "3068", "X02", False, "abcd",
        (
            Play("ADO", 14, Phase.COMPLETED, "Kansen op ander werk in beeld.", "Welk werk past bij de mogelijkheden?",
                 1, "ad", 30, functional="Ander werk binnen het bedrijf is er niet; begin spoor 2."),
            Play("SP2", 2, Phase.ISSUED, "Passend werk bij een andere werkgever.", "Kunt u binnen twee weken starten?",
                 1, "", 60, "prepared"),
        ),
    ),
    Story(
        "duinwijk", "D-202", "Vincent Maas", 21, "3071", "V01", False, "abcd",
        (Play("MED", 1, Phase.DRAFT, "Weer met elkaar in gesprek.", "Lukt een eerste gesprek deze week?", 8),),
    ),
    Story(
        "duinwijk", "D-203", "Wilma Post", 12, "3144", "M01", True, "ad",
        (Play("PSY", 4, Phase.REPORTED, TALK, ABLE, 6, "psy", clinical=CLINICAL),),
    ),
    Story(
        "duinwijk", "D-204", "Xander Groen", 17, "2991", "M03", True, "abcd",
        (Play("TRM", 3, Phase.ISSUED, "Verwerken wat er is gebeurd.", ABLE, 6, "psy", 27, declined="no_capacity"),),
    ),
    Story("duinwijk", "D-205", "Yasmin Aziz", 88, "3011", "L03", True, "abcd"),
    Story("duinwijk", "D-206", "Zeger Bloem", 101, "3053", "L04", True, "abd"),
    Story(
        "duinwijk", "D-207", "Bram Kuiper", 10, "3312", "W05", False, "abcd",
        (Play("ADO", 2, Phase.ACCEPTED, "Weten welk werk past.", "Wat is er nodig op de werkplek?", 1, "ad", 12,
              asked="Is er al een probleemanalyse, en mag ik de werkplek zien?"),),
    ),
    Story(
        "duinwijk", "D-208", "Aafke Reitsma", 6, "3136", "P01", False, "ad",
        (Play("SHV", 1, Phase.DRAFT, "Rust.", "Kunt u helpen?", 4,
              returned="Schrijf het doel zo dat we na afloop kunnen zien of het is bereikt."),),
    ),
    Story(
        "duinwijk", "D-209", "Carmen Otten", 14, "3192", "G01", False, "ab",
        (Play("COA", 6, Phase.INVOICED, "Grenzen leren stellen.", ABLE, 4, "psy"),),
    ),
    Story(
        "noorder", "N-301", "Eelco Wijma", 11, "9712", "M01", True, "ad",
        (Play("PSY", 2, Phase.ISSUED, TALK, ABLE, 6),),
    ),
)  # fmt: skip

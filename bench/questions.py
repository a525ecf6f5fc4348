"""The 200 questions of the search bench: forty of each kind, the same every time, asked of engine, API and portal."""

from collections.abc import Iterator
from itertools import cycle, islice, product
from urllib.parse import urlencode

from network.taxonomy import causes, interventions

EACH = 40
KINDS = ("filter", "text", "typo", "prefix", "geo")
PAGE_SIZE = 20

TEXTS = (
    "burn-out", "arbeidsdeskundig onderzoek", "tweede spoor", "bedrijfsmaatschappelijk werk", "mediation",
    "fysiotherapie", "loonwaarde", "coaching", "overspannen", "revalidatie", "schuldhulp", "werkplekonderzoek",
    "psycholoog Utrecht", "traumaverwerking EMDR", "loopbaanbegeleiding", "vertrouwenspersoon",
    "outplacement", "leefstijl", "verslaving", "BMW",
)  # fmt: skip
TYPOS = (
    "coachng", "psycholog", "fysiotherapi", "arbeidsdeskundg", "mediaton", "revalidaite", "loonwarde", "verslavng",
    "outplacment", "werkplekonderzeok", "schuldhulpverlenign", "loopbaanbegleiding", "vertrouwenspersoom", "overspanen",
    "traumaverwerkng", "leefsijl", "ergonomi", "haalbaarheidsonderzook", "bedrijfsmaatschapelijk", "omschooling",
)  # fmt: skip
PREFIXES = (
    "arb", "arbei", "arbeidsd", "psy", "psych", "fys", "fysio", "coa", "coach", "med", "media", "werk", "werkpl",
    "loon", "loopb", "rev", "reval", "schuld", "trau", "overs",
)  # fmt: skip
PLACES = ("3511", "9712", "1012", "3011", "5611", "6211", "7511", "8911", "4331", "6811")
RADII = ("5", "25", "50", "100")


def questions() -> list[dict[str, str]]:
    """Return all questions as they stand in an address, those of one kind spread over the whole row."""
    kinds = [list(islice(cycle(kind), EACH)) for kind in (_filters(), _texts(), _typos(), _prefixes(), _places())]
    return [{**asked, "page_size": str(PAGE_SIZE)} for row in zip(*kinds, strict=True) for asked in row]


def path(base: str, asked: dict[str, str]) -> str:
    """Return the address of a question at a door."""
    return f"{base}?{urlencode(asked)}"


def _filters() -> Iterator[dict[str, str]]:
    yield {}
    for nth, (cause, year) in enumerate(islice(product(causes(), ("1", "2")), EACH // 2)):
        yield {"cause": cause, "sickness_year": year} | ({"week": str(2 + nth * 3)} if nth % 2 else {})
    for nth, code in enumerate(interventions()):
        yield {"intervention": code} | ({"max_wait_days": "14", "sort": "wait"} if nth % 2 else {"online": "true"})


def _texts() -> Iterator[dict[str, str]]:
    for text in TEXTS:
        yield {"q": text}
    for text, year in zip(TEXTS, cycle("12"), strict=False):
        yield {"q": text, "sickness_year": year}


def _typos() -> Iterator[dict[str, str]]:
    for text in TYPOS:
        yield {"q": text}
    for text, postcode in zip(TYPOS, cycle(PLACES), strict=False):
        yield {"q": text, "postcode": postcode}


def _prefixes() -> Iterator[dict[str, str]]:
    for text in PREFIXES:
        yield {"q": text}
    for text, code in zip(PREFIXES, cycle(interventions()), strict=False):
        # With a filter chosen each count leaves out its own, which is the dearest form of a question.
        yield {"q": text, "sickness_year": "1", "intervention": code, "max_wait_days": "28"}


def _places() -> Iterator[dict[str, str]]:
    for nth, (postcode, radius) in enumerate(product(PLACES, RADII)):
        asked = {"postcode": postcode, "radius_km": radius}
        yield asked | ({"cause": "M01", "sickness_year": "1"}, {"sort": "distance"}, {"q": "coaching"}, {})[nth % 4]

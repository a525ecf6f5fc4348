"""The fields of the tantivy index, and how an offering fills them."""

from functools import cache

from tantivy import Document, Schema, SchemaBuilder

from search.areas import areas_of
from search.document import OfferingDocument
from search.ranking import ROTATIONS, standing, tie, wait_step
from search.terms import text_terms

VERSION = 2  # to be raised when fields or their meaning change: an index of another version is not read

EXACT = ("offering_id", "tenant", "provider")
COUNTED = ("kind", "intervention", "cause", "disclosure", "language", "mark", "gender", "region")
NUMBERS = ("sickness_year", "postcode", "travel_km", "wait_step")
RANGES = ("week_from", "week_until", "wait_days", "wait_day", "price_cents", "last_week", "outcome")
ORDERS = ("wait_order", "price_order", "standing")
FLAGS = ("online", "nationwide", "accepts_now")

# The engine multiplies a score by log2(2 + field). From this base the factor grows by less than one in a thousand over
# all turns of a tie: enough to order equals, too little to overtake a whole point.
TIE_BASE = 1 << 19
TIE_STRIDE = 2
UNKNOWN_WAIT = 9_999  # days; stands behind every known wait
STANDING_BITS = 32


@cache
def schema() -> Schema:
    """Return the schema of the index."""
    build = SchemaBuilder()
    for name in EXACT:
        build.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in COUNTED:
        build.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    for name in ("heading", "text"):
        build.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    build.add_text_field("words", tokenizer_name="whitespace", index_option="basic")
    for name in NUMBERS:
        build.add_unsigned_field(name, indexed=True, fast=True)
    build.add_unsigned_field("area", indexed=True)
    for name in (*RANGES, *ORDERS, *map(tie_field, range(ROTATIONS))):
        build.add_unsigned_field(name, fast=True)
    for name in FLAGS:
        build.add_boolean_field(name, indexed=True, fast=True)
    build.add_bytes_field("source", stored=True)
    return build.build()


def tie_field(turn: int) -> str:
    """Return the field that orders equals in a turn."""
    return f"tie_{turn}"


def to_tantivy(offering: OfferingDocument) -> Document:
    """Return the offering as a document of the index."""
    document = Document()
    _add_words(document, offering)
    _add_numbers(document, offering)
    _add_orders(document, offering)
    _add_texts(document, offering)
    document.add_bytes("source", offering.model_dump_json().encode())
    return document


def _add_words(document: Document, offering: OfferingDocument) -> None:
    document.add_text("offering_id", str(offering.offering_id))
    document.add_text("tenant", str(offering.tenant_id))
    document.add_text("provider", str(offering.provider_id))
    document.add_text("kind", offering.kind)
    document.add_text("intervention", offering.intervention)
    document.add_text("disclosure", offering.disclosure)
    several = {"cause": offering.causes, "language": offering.languages}
    several |= {"mark": offering.marks, "gender": offering.genders, "region": offering.in_regions}
    for field, values in several.items():
        for value in values:
            document.add_text(field, value)
    document.add_boolean("online", offering.online)
    document.add_boolean("nationwide", offering.nationwide)
    document.add_boolean("accepts_now", offering.accepts_now)


def _add_numbers(document: Document, offering: OfferingDocument) -> None:
    for year in offering.sickness_years:
        document.add_unsigned("sickness_year", year)
    if offering.postcode is not None:
        document.add_unsigned("postcode", int(offering.postcode))
        for area in areas_of(offering.postcode):
            document.add_unsigned("area", area)
    document.add_unsigned("week_from", offering.week_from)
    document.add_unsigned("week_until", offering.week_until)
    document.add_unsigned("travel_km", offering.travel_step_km)
    document.add_unsigned("price_cents", offering.price_cents)
    if offering.wait_days is not None:
        document.add_unsigned("wait_days", offering.wait_days)
        document.add_unsigned("wait_step", wait_step(offering.wait_days))
        document.add_unsigned("last_week", offering.last_week_in_time)
    if offering.wait_on is not None:
        document.add_unsigned("wait_day", offering.wait_on.toordinal())
    if offering.outcome_percent is not None:
        document.add_unsigned("outcome", offering.outcome_percent)


def _add_orders(document: Document, offering: OfferingDocument) -> None:
    # Two numbers in one field: the engine orders by one field only, and equals must have an order of their own.
    place = standing(offering.offering_id)
    wait = UNKNOWN_WAIT if offering.wait_days is None else offering.wait_days
    document.add_unsigned("wait_order", (wait << STANDING_BITS) | place)
    document.add_unsigned("price_order", (offering.price_cents << STANDING_BITS) | place)
    document.add_unsigned("standing", place)
    for turn in range(ROTATIONS):
        document.add_unsigned(tie_field(turn), TIE_BASE + TIE_STRIDE * tie(offering.offering_id, turn))


def _add_texts(document: Document, offering: OfferingDocument) -> None:
    heading = [text_terms(text) for text in offering.heading]
    texts = heading + [text_terms(text) for text in offering.body]
    document.add_text("heading", " ".join([" ".join(text.terms) for text in heading]))
    document.add_text("text", " ".join([" ".join(text.terms) for text in texts]))
    document.add_text("words", " ".join(set().union(*[text.words for text in texts])))

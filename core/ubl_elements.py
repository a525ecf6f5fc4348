"""Takes typed values out of XML elements and gathers every fault, each with the place where it is."""

import re
import unicodedata
from datetime import date
from decimal import Decimal

from lxml import etree

from core.clock import first_allowed_day, last_allowed_day
from core.errors import FieldError
from core.language import _

NAMESPACES = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}
SHORT, LONG = 200, 2_000  # signs in a name or number, and in running text
MOST_CENTS = 100_000_000_000  # a milliard euros: what is larger is a mistake
NUMBER = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{1,10})?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
CURRENCY = re.compile(r"[A-Z]{3}")
NAMESPACE = re.compile(r"\{[^}]*\}")

Element = etree._Element


class Elements:
    """Reads below an element by path. A fault never stops the reading: a stand-in is returned and `faults` grows."""

    def __init__(self) -> None:
        self.faults: list[FieldError] = []
        self.currency: str | None = None

    def fault(self, node: Element, path: str, message: str) -> None:
        """Record that the element at `path` below `node` is not as it should be."""
        steps = (node.getroottree().getelementpath(node), path)
        place = "/".join(step for step in steps if step not in ("", "."))
        self.faults.append(FieldError(re.sub(r"\bc[ab]c:", "", NAMESPACE.sub("", place)), message))

    def all(self, node: Element, path: str) -> list[Element]:
        """Return every element at `path`."""
        return node.findall(path, NAMESPACES)

    def one(self, node: Element, path: str) -> Element | None:
        """Return the element at `path`; a second one is a fault, since two readers could each take another."""
        found = self.all(node, path)
        if len(found) > 1:
            self.fault(node, path, _("Dit onderdeel mag maar één keer voorkomen."))
        return found[0] if found else None

    def text(self, node: Element, path: str, limit: int = SHORT) -> str | None:
        """Return the text at `path` on one line, or None when it is absent or empty."""
        found = self.one(node, path)
        return None if found is None else self.text_of(found, limit)

    def texts(self, node: Element, path: str, limit: int = SHORT) -> tuple[str, ...]:
        """Return the texts at `path`, leaving out the empty ones."""
        return tuple(text for found in self.all(node, path) if (text := self.text_of(found, limit)) is not None)

    def text_of(self, node: Element, limit: int = SHORT) -> str | None:
        """Return the text of `node` itself."""
        if len(node):
            self.fault(node, "", _("Hier hoort alleen tekst te staan."))
            return None
        words = " ".join((node.text or "").split())
        if len(words) > limit:
            self.fault(node, "", _("Deze tekst is langer dan %(limit)s tekens.") % {"limit": limit})
            return None
        return "".join(sign for sign in words if not unicodedata.category(sign).startswith("C")) or None

    def required(self, node: Element, path: str, limit: int = SHORT) -> str:
        """Return the text at `path`, which must be there."""
        before = len(self.faults)
        text = self.text(node, path, limit)
        if text is None and len(self.faults) == before:
            self.fault(node, path, _("Dit onderdeel ontbreekt."))
        return text or ""

    def day(self, node: Element, path: str) -> date | None:
        """Return the day at `path`, which lies between 1990 and two years from now."""
        text = self.text(node, path)
        if text is None:
            return None
        try:
            day = date.fromisoformat(text) if DAY.fullmatch(text) else None
        except ValueError:
            day = None
        if day is None:
            self.fault(node, path, _("Dit is geen datum in de vorm JJJJ-MM-DD."))
        elif not first_allowed_day() <= day <= last_allowed_day():
            self.fault(node, path, _("Deze datum ligt vóór 1990 of meer dan twee jaar vooruit."))
        return day

    def required_day(self, node: Element, path: str) -> date:
        """Return the day at `path`, which must be there."""
        before = len(self.faults)
        day = self.day(node, path)
        if day is None and len(self.faults) == before:
            self.fault(node, path, _("Dit onderdeel ontbreekt."))
        return day or first_allowed_day()

    def number(self, node: Element, path: str) -> Decimal | None:
        """Return the number at `path`, exactly as it is written."""
        text = self.text(node, path)
        if text is None:
            return None
        if NUMBER.fullmatch(text) is None:
            self.fault(node, path, _("Dit is geen getal."))
            return None
        return Decimal(text)

    def required_number(self, node: Element, path: str) -> Decimal:
        """Return the number at `path`, which must be there."""
        before = len(self.faults)
        number = self.number(node, path)
        if number is None and len(self.faults) == before:
            self.fault(node, path, _("Dit onderdeel ontbreekt."))
        return Decimal(0) if number is None else number

    def amount(self, node: Element, path: str) -> Decimal | None:
        """Return the amount at `path` in units of the currency of the document, which it must name."""
        number = self.number(node, path)
        element = self.one(node, path)
        if number is not None and element is not None and element.get("currencyID") != self.currency:
            self.fault(node, path, _("Dit bedrag staat niet in de valuta van het document."))
        return number

    def cents(self, node: Element, path: str) -> int | None:
        """Return the amount at `path` in cents; a part of a cent is a fault."""
        amount = self.amount(node, path)
        if amount is None:
            return None
        cents = amount * 100
        if cents != int(cents):
            self.fault(node, path, _("Dit bedrag heeft meer dan twee decimalen."))
        elif abs(cents) > MOST_CENTS:
            self.fault(node, path, _("Dit bedrag is te groot."))
        return int(cents)

    def required_cents(self, node: Element, path: str) -> int:
        """Return the amount at `path` in cents, which must be there."""
        before = len(self.faults)
        cents = self.cents(node, path)
        if cents is None and len(self.faults) == before:
            self.fault(node, path, _("Dit onderdeel ontbreekt."))
        return cents or 0

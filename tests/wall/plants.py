"""Leaks put in on purpose, each with the test that has to fail for it: a detector that stays silent is none."""

import re
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from email.message import EmailMessage
from types import MappingProxyType
from typing import Any
from unittest.mock import patch

from sqlalchemy import text
from starlette.datastructures import MutableHeaders
from starlette.types import Message, Receive, Scope, Send

from billing.invoicing.document_ubl import write_ubl
from billing.paying.gateway import PaymentOrder
from core.headers import SafeHeaders
from core.mail import folder_of
from tests.billing.office import DESCRIPTION
from tests.wall import test_leaks as leaks
from tests.wall.paying_world import AGB, POLICY_NUMBER, PayingWorld

Change = Callable[[bytes], bytes]
INVOICES, COSTS, CASES = r"^/api/v1/invoices", r"^/api/v1/costs", r"^/api/v1/cases"


@dataclass(frozen=True)
class Plant:
    """A leak: what it is, how it is put in, which test must fail, and at which addresses that test has to look."""

    put_in: Callable[[PayingWorld], AbstractContextManager[Any]]
    caught_by: Callable[[PayingWorld], None]
    looks_at: str


@contextmanager
def answering(
    where: str, change: Change, told: Mapping[str, str] = MappingProxyType({}), *, always: bool = False
) -> Iterator[None]:
    """Let the outermost layer of the app change each answer from some addresses, `always` refusals too."""
    safe = SafeHeaders.__call__

    async def leaking(self: SafeHeaders, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not re.search(where, scope["path"]):
            await safe(self, scope, receive, send)
            return
        started: MutableMapping[str, Any] = {}
        body = b""

        async def held(message: Message) -> None:
            nonlocal body
            if message["type"] == "http.response.start":
                started.update(message)
                return
            body += message.get("body", b"")
            if not message.get("more_body"):
                changed = change(body) if always or started["status"] == 200 else body
                MutableHeaders(scope=started).update({**told, "content-length": str(len(changed))})
                await send(started)
                await send({"type": "http.response.body", "body": changed})

        await safe(self, scope, receive, held)

    with patch.object(SafeHeaders, "__call__", leaking):
        yield


def field(where: str, name: str, value: Callable[[PayingWorld], object]) -> Callable[[PayingWorld], Any]:
    """Return what lets every JSON object from some addresses have one field more."""

    def put_in(world: PayingWorld) -> AbstractContextManager[None]:
        def change(body: bytes) -> bytes:
            return body[:-1] + f', "{name}": "{value(world)}"}}'.encode() if body.endswith(b"}") else body

        return answering(where, change)

    return put_in


def printed(words: str, where: str = "_payment") -> Callable[[PayingWorld], Any]:
    """Return what lets the PDF of an invoice say some words more."""
    return lambda _world: patch(f"billing.invoicing.document_pdf.{where}", lambda *_document: words)


def in_ubl(change: Change) -> Callable[[PayingWorld], Any]:
    """Return what changes the UBL of every invoice."""
    return lambda _world: patch(
        "billing.invoicing.invoices_read.write_ubl", lambda document: change(write_ubl(document))
    )


def referrals(world: PayingWorld) -> int:
    """Return how many referrals there are, which nobody outside may know."""
    with world.database.owner.connect() as connection:
        found: int = connection.execute(text("SELECT count(*) FROM medical.referral")).scalar_one()
    return found


def turned(world: PayingWorld) -> AbstractContextManager[None]:
    """Let a list stand in an order that depends on how many referrals there are."""

    def change(body: bytes) -> bytes:
        pieces = body.split(b'},{"id"')
        return b'},{"id"'.join(pieces if referrals(world) % 2 else pieces[::-1])

    return answering(INVOICES + "$", change)


@contextmanager
def sql(world: PayingWorld, put: str, take: str) -> Iterator[None]:
    """Let the owner of the database do something, and undo it."""
    with world.database.owner.begin() as connection:
        connection.execute(text(put))
    try:
        yield
    finally:
        with world.database.owner.begin() as connection:
            connection.execute(text(take))


def policy(world: PayingWorld) -> AbstractContextManager[None]:
    """Let a policy let everybody through."""
    put = "CREATE POLICY planted ON billing.invoice FOR SELECT TO providerboog_open USING (true)"
    return sql(world, put, "DROP POLICY planted ON billing.invoice")


def unforced(world: PayingWorld) -> AbstractContextManager[None]:
    """Let row-level security of a table be switched off."""
    return sql(
        world,
        "ALTER TABLE billing.invoice DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE billing.invoice ENABLE ROW LEVEL SECURITY",
    )


def refusing(world: PayingWorld) -> AbstractContextManager[None]:
    """Let a refusal say something else where the thing is there."""
    there = "|".join(map(str, world.ids()))
    return answering(f"/({there})", lambda body: body.replace(b"404", b"403"), always=True)


def renumbered(world: PayingWorld) -> AbstractContextManager[None]:
    """Let an invoice have a number of a series of its own."""
    update = "SET LOCAL session_replication_role = replica; UPDATE billing.invoice SET number = {} WHERE number = {}"
    with world.database.owner.connect() as connection:
        last = connection.execute(text("SELECT max(number) FROM billing.invoice")).scalar_one()
    return sql(world, update.format("'PSY-000001'", f"'{last}'"), update.format(f"'{last}'", "'PSY-000001'"))


def paid_for(_world: PayingWorld) -> AbstractContextManager[Any]:
    """Let a payment provider be told what is paid for."""
    more = {**PaymentOrder.__dataclass_fields__, "what_for": PaymentOrder.__dataclass_fields__["cents"]}
    return patch.object(PaymentOrder, "__dataclass_fields__", more)


@contextmanager
def subject(world: PayingWorld) -> Iterator[None]:
    """Let a mail to the employer say in its subject what it is about."""
    settings = world.database.settings
    before = set(settings.data_dir.rglob("*.eml"))
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = settings.mail_from, world.employer.email, DESCRIPTION
    folder_of(settings).send(message)
    try:
        yield
    finally:
        for file in set(settings.data_dir.rglob("*.eml")) - before:
            file.unlink()


def day(world: PayingWorld) -> str:
    """Return the day of a session."""
    return world.session_day.isoformat()


PDF, XML = r"^/api/v1/invoices/[^/]+\.pdf$", r"^/api/v1/invoices/[^/]+\.xml$"
PLANTS = {
    "L1 the type in a line": Plant(printed("Psycholoog"), leaks.test_l1_no_type_is_named, PDF),
    "L1 the type in an address of JSON": Plant(
        field(INVOICES, "for", lambda _world: "\\u0050sycholoog"), leaks.test_l1_no_type_is_named, INVOICES
    ),
    "L2 who it was": Plant(printed(AGB), leaks.test_l2_no_provider_is_named_and_payment_goes_to_the_arbodienst, PDF),
    "L3 when it was": Plant(field(COSTS, "on", day), leaks.test_l3_no_day_of_a_session_is_told, COSTS),
    "L4 how many sessions": Plant(
        in_ubl(lambda ubl: re.sub(rb">1</cbc:InvoicedQuantity>", b">7</cbc:InvoicedQuantity>", ubl)),
        leaks.test_l4_no_number_of_sessions_and_no_price_of_one,
        XML,
    ),
    "L5 a price that tells what for": Plant(
        printed("€ 463,17"), leaks.test_l5_no_amount_of_somebody_who_did_not_consent, PDF
    ),
    "L6 why there is no VAT": Plant(
        printed("gezondheidskundig"), leaks.test_l6_vat_is_the_same_for_everything_and_its_words_say_nothing, PDF
    ),
    "L7 a sum less another": Plant(
        field(COSTS, "rest", lambda _world: "463,17"),
        leaks.test_l7_no_difference_of_two_shown_amounts_is_a_hidden_one,
        r"costs|invoices",
    ),
    "L8 a count that moves": Plant(
        field(COSTS, "n", referrals), leaks.test_l8_nothing_moves_when_somebody_is_referred, COSTS
    ),
    "L8 an order that depends on what is hidden": Plant(
        turned, leaks.test_l8_nothing_moves_when_somebody_is_referred, INVOICES + "$"
    ),
    "L9 which insurance": Plant(
        field(COSTS, "policy", lambda _world: POLICY_NUMBER),
        leaks.test_l9_no_kind_of_insurance_is_named_to_the_employer,
        COSTS,
    ),
    "L10 the title of a PDF": Plant(
        printed(DESCRIPTION, "_kind"), leaks.test_l10_no_free_text_in_file_names_mail_metadata_or_payment, PDF
    ),
    "L10 a cache header": Plant(
        lambda _world: answering(INVOICES, lambda body: body, {"etag": DESCRIPTION.encode().hex()}),
        leaks.test_l10_no_free_text_in_file_names_mail_metadata_or_payment,
        INVOICES,
    ),
    "L10 the name of a file": Plant(
        lambda _world: answering(PDF, lambda body: body, {"content-disposition": 'inline; filename="psy.pdf"'}),
        leaks.test_l10_no_free_text_in_file_names_mail_metadata_or_payment,
        PDF,
    ),
    "L10 the subject of a mail": Plant(
        subject, leaks.test_l10_no_free_text_in_file_names_mail_metadata_or_payment, "^$"
    ),
    "L10 what a payment is for": Plant(
        paid_for, leaks.test_l10_no_free_text_in_file_names_mail_metadata_or_payment, "^$"
    ),
    "L11 other words for what is there": Plant(
        refusing, leaks.test_l11_another_s_and_nobody_s_get_one_answer_and_ids_are_random, "^$"
    ),
    "L11 a policy that lets all through": Plant(policy, leaks.test_l11_another_employer_reads_no_row_in_sql, "^$"),
    "L11 a table without its policies": Plant(unforced, leaks.test_l11_another_employer_reads_no_row_in_sql, "^$"),
    "L12 a series for one type": Plant(renumbered, leaks.test_l12_one_series_of_numbers_for_whoever_buys, "^$"),
    "L13 the address of the employer": Plant(
        field("^/api/v1/referrals", "buyer", lambda world: world.employer.email),
        leaks.test_l13_a_provider_has_no_way_to_the_employer,
        r"^/api/v1/referrals$",
    ),
    "L14 the type in a refusal": Plant(
        lambda _world: answering(CASES, lambda body: body + b" (psycholoog)", always=True),
        leaks.test_l14_no_letter_and_no_step_tells_the_type,
        CASES,
    ),
}
"""Every leak of rules 2.3 at least once. What looks nowhere ("^$") has a detector that fetches what it needs itself."""


def narrowed(world: PayingWorld, plant: Plant) -> PayingWorld:
    """Return a world in which only some addresses are fetched, and anew."""
    return replace(world, fetched={}, only=plant.looks_at)

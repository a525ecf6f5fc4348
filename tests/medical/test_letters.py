"""The referral letter: who may open it and until when, what stands in it, and that it can be archived (R9, R20)."""

from datetime import timedelta
from io import BytesIO

import pytest
from lxml import etree
from pypdf import PdfReader

from core.clock import now, standing_at
from core.errors import Conflict, Forbidden, NotFound
from identity.actor import Actor
from identity.roles import Role
from medical.referrals.answer import decline_referral
from medical.referrals.issue import issue_referral
from medical.referrals.letters import LetterFile, open_letter
from medical.referrals.reasons import DeclineReason
from medical.tables import ReferralState
from tests.medical.stage import GOAL, MEDICAL, OPEN, QUESTION, Stage
from tests.network.offers import add_provider

RESULT = "Over zes weken vier dagen per week op het werk."
ABILITIES = "Kan lopen en zitten; #set text(red) niet *tillen*."
READERS = ("physician", "delegate", "provider", "employee")
PDFA = "{http://www.aiim.org/pdfa/ns/id/}"
PDFUA = "{http://www.aiim.org/pdfua/ns/id/}"


def opened(stage: Stage, actor: Actor, referral_id: object) -> LetterFile:
    with stage.acting(actor) as session:
        return open_letter(session, actor, referral_id)  # type: ignore[arg-type]


@pytest.fixture
def letter(stage: Stage) -> PdfReader:
    stage.judge(medical=True)
    done = stage.issued(MEDICAL, expected_result=RESULT, abilities=ABILITIES)
    return PdfReader(BytesIO(opened(stage, stage.physician, done.id).content))


def words(letter: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in letter.pages).replace("\u200b", "").split())


def test_it_says_what_a_provider_has_to_know(letter: PdfReader) -> None:
    """R9."""
    said = words(letter)
    for part in (
        "Nummer V-",
        f"Doel {GOAL}",
        f"Vraag {QUESTION}",
        f"Verwacht resultaat {RESULT}",
        f"Functionele informatie {ABILITIES}",
        "8 sessies, € 105,00 per sessie, zonder btw.",
        "Werknemer J. de Wit",
        "Ziekteweek 9",
        "Test physician Bedrijfsarts BIG-nummer 12345678901",
    ):
        assert part in said


def test_neither_the_cause_nor_the_estimate_stands_in_it(letter: PdfReader) -> None:
    assert not any(word in words(letter) for word in ("Spanningsklachten", "M01", "30 dagen", "medisch;"))


def test_what_was_not_filled_in_is_said(stage: Stage) -> None:
    done = stage.issued(OPEN)
    said = words(PdfReader(BytesIO(opened(stage, stage.provider, done.id).content)))
    assert "Verwacht resultaat Niet ingevuld. Functionele informatie Niet ingevuld." in said


def test_it_can_be_archived_and_read_aloud(letter: PdfReader) -> None:
    """PDF/A-2a and PDF/UA-1 as far as the file says so itself; no validator of the standard is at hand."""
    catalog = letter.root_object
    packet = etree.fromstring(catalog["/Metadata"].get_object().get_data())  # type: ignore[union-attr]
    said = {node.tag: node.text for node in packet.iter() if isinstance(node.tag, str)}
    assert (said[f"{PDFA}part"], said[f"{PDFA}conformance"], said[f"{PDFUA}part"]) == ("2", "A", "1")
    intent = catalog["/OutputIntents"][0].get_object()  # type: ignore[index]
    assert (intent["/S"], intent["/DestOutputProfile"].get_object()["/N"]) == ("/GTS_PDFA1", 3)
    assert catalog["/MarkInfo"]["/Marked"].value is True  # type: ignore[index]
    assert str(catalog["/Lang"]) == "nl"
    assert not {"/OpenAction", "/AA", "/AcroForm", "/Names"} & set(catalog)
    fonts = [font.get_object() for page in letter.pages for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]
    assert fonts
    for font in fonts:
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert {"/FontFile2", "/FontFile3"} & set(descriptor)


def test_its_metadata_and_name_tell_of_nobody(stage: Stage, letter: PdfReader) -> None:
    told = f"{letter.metadata} {letter.xmp_metadata and letter.xmp_metadata.stream.get_data().decode()}"
    assert "J. de Wit" not in told
    assert GOAL not in told
    done = stage.issued(OPEN, goal="Iets anders")
    assert opened(stage, stage.physician, done.id).name == f"verwijsbrief-{done.number}.pdf"


def test_everybody_reads_the_same_letter_and_leaves_an_event(stage: Stage) -> None:
    """R20, R27."""
    done = stage.issued(MEDICAL)
    contents = {opened(stage, getattr(stage, reader), done.id).content for reader in READERS}
    assert len(contents) == 1
    seen = [event.role.value for event in stage.trail(done.id) if event.tag == "medical:letter:opened"]
    assert seen == list(READERS)


def test_who_refers_under_a_mandate_says_so_and_names_the_physician(stage: Stage) -> None:
    """R8."""
    stage.judge(medical=False, cause="W03")
    stage.mandate()
    stage.consent()
    draft = stage.draft(OPEN)
    with stage.acting(stage.delegate) as session:
        issue_referral(session, stage.delegate, draft.id)
    said = words(PdfReader(BytesIO(opened(stage, stage.provider, draft.id).content)))
    assert "Test physician Bedrijfsarts" in said
    assert "onder zijn mandaat" in said


def test_a_draft_has_none(stage: Stage) -> None:
    draft = stage.draft(OPEN)
    with pytest.raises(Conflict):
        opened(stage, stage.delegate, draft.id)
    for actor in (stage.provider, stage.employee):
        with pytest.raises(NotFound):
            opened(stage, actor, draft.id)


def test_it_is_not_there_for_others(stage: Stage) -> None:
    """R20, R21."""
    done = stage.issued(MEDICAL)
    elsewhere = stage.elsewhere()
    for stranger in (elsewhere.provider, elsewhere.delegate, elsewhere.employee):
        with pytest.raises(NotFound):
            opened(stage, stranger, done.id)
    with pytest.raises(Forbidden):
        opened(stage, stage.secretary, done.id)
    other = stage.world.actor(Role.PROVIDER, add_provider(stage.world, "Een ander"))
    with pytest.raises(NotFound):
        opened(stage, other, done.id)


def test_the_provider_loses_it_with_his_access(stage: Stage) -> None:
    """R20."""
    with standing_at(now() - timedelta(days=40)):
        long_ago = stage.in_state(ReferralState.COMPLETED, MEDICAL)
    with standing_at(now() - timedelta(days=20)):
        just_now = stage.in_state(ReferralState.COMPLETED, MEDICAL)
    opened(stage, stage.provider, just_now)
    with pytest.raises(NotFound):
        opened(stage, stage.provider, long_ago)
    for reader in (stage.physician, stage.employee):
        opened(stage, reader, long_ago)


def test_the_provider_loses_it_when_he_declines_or_consent_is_withdrawn(stage: Stage) -> None:
    """R23, R24."""
    consent_id = stage.consent()
    declined, running = stage.refer(stage.physician, MEDICAL).id, stage.refer(stage.physician, "COA").id
    with stage.acting(stage.provider) as session:
        decline_referral(session, stage.provider, declined, DeclineReason.NO_CAPACITY)
    opened(stage, stage.provider, running)
    stage.withdraw(consent_id)
    for gone in (declined, running):
        with pytest.raises(NotFound):
            opened(stage, stage.provider, gone)
        opened(stage, stage.employee, gone)

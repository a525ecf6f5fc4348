"""Contract: Dutch as people type it finds what they mean: compounds, synonyms, typing errors, English words."""

import pytest

from search.document import OfferingDocument
from search.gateway import SearchEngine
from search.query import SearchFilters
from tests.search.conftest import Fill
from tests.search.sample_network import OTHER_TENANT, TENANT, offering


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        # compounds, both ways
        ("arbeidsdeskundigonderzoek", "Arbeidsdeskundig onderzoek"),
        ("arbeidsdeskundig onderzoek", "Arbeidsdeskundigonderzoek"),
        ("verzuim begeleiding", "Verzuimbegeleiding op maat"),
        ("verzuimbegeleiding", "Begeleiding bij verzuim"),
        ("begeleiding", "Verzuimbegeleiding"),
        ("werkplek onderzoek", "Werkplekonderzoeken"),
        ("praktijk fysiotherapie", "Fysiotherapiepraktijk Oost"),
        ("zonnebloem huis", "Zonnebloemhuis"),
        ("zonnebloemhuis", "Zonnebloem huis"),
        # synonyms
        ("burn-out", "Begeleiding bij overspanning"),
        ("overspannen", "Burnout traject"),
        ("burnout", "Burn-out traject"),
        ("spoor 2", "Tweede spoor"),
        ("tweede spoor", "2e spoor traject"),
        ("2e spoor", "Re-integratie spoor 2"),
        ("bmw", "Bedrijfsmaatschappelijk werk"),
        ("maatschappelijk werker", "BMW op locatie"),
        ("AD", "Arbeidsdeskundige rapportage"),
        ("fysio", "Bedrijfsfysiotherapie"),
        ("schulden", "Budgetcoaching"),
        # inflection, accents, case, hyphens
        ("psychologen", "De psycholoog"),
        ("trajecten", "TRAJECT"),
        ("reintegratie", "Re-integratie"),
        ("reïntegratie", "Reintegratie"),
        ("diëtist", "Dietist"),
        # typing errors: one from 5 letters, two from 9
        ("coachin", "Coaching"),
        ("medaition", "Mediation"),
        ("psycologen", "Psychologen"),
        ("loonwardeonderzok", "Loonwaardeonderzoek"),
        ("arbeidsdeskundigonderzok", "Arbeidsdeskundig onderzoek"),
        # a word in the typing
        ("arbeidsdes", "Arbeidsdeskundige"),
        ("loopbaanbeg", "Loopbaanbegeleiding"),
        # English
        ("workplace", "Workplace assessment"),
    ],
)
def test_what_is_asked_finds_what_is_written(fill: Fill, asked: str, written: str) -> None:
    """R28."""
    ask = fill(plain(written), plain("Iets heel anders", "Wandelen met een gids"))
    answer = ask(q=asked)
    assert answer.total == 1
    assert not answer.ignored_words


def plain(title: str, summary: str = "") -> OfferingDocument:
    """An offering of which nothing but the title and the summary can be found by the words of these tests."""
    return offering(intervention="VTP", title=title, summary=summary, causes=(), provider_name="X", postcode=None)


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("spoor 1", "Tweede spoor"),
        ("werk", "Netwerken"),
        ("beleid", "Begeleiding"),
        ("rood", "Rond"),  # below five letters a word must be right
        ("mediation groep", "Mediation te paard"),
        ("werkplek", "Werk in de stad, een rustige plek"),
    ],
)
def test_what_is_asked_does_not_find_something_else(fill: Fill, asked: str, written: str) -> None:
    # The other offering knows every word that is asked, so none of them is left out as unknown.
    ask = fill(plain(written), plain(asked))
    assert [hit.offering_id for hit in ask(q=asked).hits] == [plain(asked).offering_id]


def test_all_words_must_be_there(fill: Fill) -> None:
    ask = fill(plain("Coaching in een groep"), plain("Coaching te paard"), plain("Mediation in een groep"))
    assert ask(q="coaching groep").total == 1


def test_words_of_an_intervention_and_a_cause_are_found_without_being_written(fill: Fill) -> None:
    ask = fill(offering(intervention="SHV", title="Weer rust", causes=("P01",)))
    for text in ("schuldhulpverlening", "budget coaching", "debt", "financiële zorgen", "SHV", "Utrecht", "De Brug"):
        assert ask(q=text).total == 1, text


def test_a_word_in_the_heading_weighs_more_than_one_in_the_text(fill: Fill) -> None:
    below, above = plain("Wandelcoaching", "Ook mediation is mogelijk"), plain("Mediation", "Rustig en snel")
    ask = fill(below, above)
    assert [hit.offering_id for hit in ask(q="mediation").hits] == [above.offering_id, below.offering_id]


def test_unknown_words_are_left_out_and_named_when_others_are_known(fill: Fill) -> None:
    ask = fill(plain("Mediation"))
    answer = ask(q="mediation qzxwvqzxwv")
    assert (answer.total, answer.ignored_words) == (1, ("qzxwvqzxwv",))
    assert ask(q="qzxwvqzxwv").total == 0


@pytest.mark.parametrize("text", ["", "   ", "de het een", "!!! ... ???", "\u202e\u200b", "🙂🙂", "\x00\x01"])
def test_no_words_means_no_text_filter(fill: Fill, text: str) -> None:
    assert fill(plain("Mediation"))(q=text).total == 1


@pytest.mark.parametrize(
    "text",
    [
        '"mediation',
        "mediation AND",
        "title:mediation",
        "+mediation -",
        "(mediation",
        "mediation*",
        "mediation~2",
        "mediation^9",
        "[mediation TO *]",
        "mediation\\",
        "/mediation/",
        "mediation;DROP TABLE",
        "MEDIATION\x00",
        "me\u00addiation",
        "ｍｅｄｉａｔｉｏｎ",
    ],
)
def test_signs_of_a_query_language_mean_nothing(fill: Fill, text: str) -> None:
    assert fill(plain("Mediation"))(q=text).total == 1


@pytest.mark.parametrize("text", ["x" * 2_000, "mediation " * 200, "a b " * 500, "werkplek" * 250])
def test_very_long_texts_are_answered(fill: Fill, text: str) -> None:
    assert fill(plain("Mediation"))(q=text[:2_000]).total in (0, 1)


def test_words_that_only_another_tenant_knows_are_unknown(engine: SearchEngine) -> None:
    engine.rebuild(iter((offering(title="Mediation"), offering(tenant_id=OTHER_TENANT, title="Klankschaal"))))
    # The word is known next door, so here it must be corrected or left out, never block what is here.
    answer = engine.search(SearchFilters(q="mediation klankschaal").for_tenant(TENANT))
    assert (answer.total, answer.ignored_words) == (1, ("klankschaal",))

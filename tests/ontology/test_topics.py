"""Objectives, goals and targets that a text is about, proposed with the sentences that say so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology.linking.lexicon import LANGUAGES, lexicon
from ontology.linking.names import fold
from ontology.linking.patterns import WordClasses, pattern
from ontology.linking.proposal import Proposal
from ontology.linking.sentences import sentences
from ontology.linking.topics import language_of, topics

TRAFFICKING = {
    "en": "Clerks of Nowhere learn to identify victims of trafficking in persons.",
    "fr": "Les greffiers de Nulle-Part apprennent à repérer les victimes de la traite des êtres humains.",
    "es": "Los escribanos de Ninguna Parte aprenden a detectar a las víctimas de la trata de personas.",
}


def objectives(text: str, language: str | None = None) -> set[str]:
    return {each.target for each in topics(text, language) if each.target.startswith("objective/")}


def quotes(text: str, proposals: list[Proposal]) -> None:
    for proposal in proposals:
        assert proposal.quotes
        assert proposal.confidence is not None
        assert 0 < proposal.confidence < 1
        for each in proposal.quotes:
            assert text[each.start : each.end] == each.quote
            assert each.quote.strip() == each.quote != ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_proposes_the_same_codes_in_every_language(language: str) -> None:
    found = {each.target: each for each in topics(TRAFFICKING[language])}
    assert set(found) == {"objective/10", "sdg/16", "sdg/16.2"}
    assert found["objective/10"].quotes[0].quote == TRAFFICKING[language]
    assert all(rule.endswith(f"/{language}") for rule in found["objective/10"].rules)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_language_of_a_text_is_found_out(language: str) -> None:
    assert language_of(TRAFFICKING[language]) == language


def test_a_text_in_another_language_proposes_nothing() -> None:
    assert topics("Торговля людьми", "ru") == []


@pytest.mark.parametrize(
    "text",
    [
        "Applications are sent by post, and each office names a focal point before the first of May.",
        "The project works in line with the Global Compact for Safe, Orderly and Regular Migration.",
        "The fair contributes to the Sustainable Development Goals.",
        "Storks are tagged so that the migration of birds over the lake can be counted.",
        "Le règlement est conforme au Pacte mondial pour des migrations sûres, ordonnées et régulières.",
        "Se hace de conformidad con el Pacto Mundial para la Migración Segura, Ordenada y Regular.",
    ],
)
def test_a_text_without_a_topic_proposes_nothing(text: str) -> None:
    assert topics(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The project does not address trafficking in persons, but trains border guards.",
            {"objective/11"},
        ),
        (
            "Border management is not covered; remittances become cheaper.",
            {"objective/20"},
        ),
        (
            "Le projet ne porte pas sur la traite des personnes, mais sur les envois de fonds des migrants.",
            {"objective/20"},
        ),
        (
            "El proyecto no aborda la trata de personas, sino la gestión de fronteras.",
            {"objective/11"},
        ),
    ],
)
def test_what_a_text_denies_is_not_proposed(text: str, expected: set[str]) -> None:
    assert objectives(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It serves SDG 10.7 and nothing else.", {"sdg/10", "sdg/10.7"}),
        ("Le projet sert les ODD 8 et 16.", {"sdg/8", "sdg/16"}),
        ("Corresponde al objetivo 21 del Pacto Mundial.", {"objective/21"}),
        ("See objective 4 of the Global Compact.", {"objective/4"}),
        ("There are 17 goals, from SDG 1 to SDG 17.5.1, and 23 objectives.", {"sdg/1"}),
        ("Objective 24 of the Compact does not exist, nor does SDG 18.", set()),
    ],
)
def test_codes_named_by_number_are_proposed(text: str, expected: set[str]) -> None:
    assert {each.target for each in topics(text)} >= expected
    assert {each.target for each in topics(text)} <= expected | {"sdg/17"}


def test_a_ministry_is_no_topic() -> None:
    assert (
        topics("The Ministry of Health and the Ministry of Labour and Social Protection sign a letter.") == []
    )


def test_background_counts_for_less_than_work() -> None:
    text = "Nowhere faces trafficking in persons. The project lowers the costs of remittances."
    assert objectives(text) == {"objective/20"}


def test_only_the_parts_that_are_asked_for_are_read() -> None:
    text = "Remittances get cheaper. Trafficking in persons is prosecuted."
    found = topics(text, "en", [(25, len(text))])
    assert {each.target for each in found} == {"objective/10", "sdg/16", "sdg/16.2"}
    quotes(text, found)


def test_the_version_names_the_files() -> None:
    number, _, digest = lexicon().version.partition("+")
    assert number.isdigit()
    assert len(digest) == 12


@given(st.text())
def test_whatever_a_text_is_its_quotes_stand_in_it(text: str) -> None:
    for language in LANGUAGES:
        quotes(text, topics(text, language))


WORDS = sorted(
    {word for each in TRAFFICKING.values() for word in each.split()} | {"SDG 10", "\n", "- ", "not"}
)


@given(st.lists(st.sampled_from(WORDS)).map(" ".join), st.sampled_from(LANGUAGES))
def test_whatever_the_words_are_the_answer_is_the_same_twice(text: str, language: str) -> None:
    found = topics(text, language)
    assert topics(text, language) == found
    quotes(text, found)


@given(st.text())
def test_sentences_stand_in_their_text_one_after_the_other(text: str) -> None:
    end = 0
    for each in sentences(text):
        assert end <= each.start < each.end <= len(text)
        end = each.end


@pytest.mark.parametrize(
    ("source", "text", "found"),
    [
        ("migrant* ~2 house", "Migrants own a house.", "migrants own a house"),
        ("migrant* ~1 house", "Migrants own a house.", None),
        ("retour [très] digne", "un retour digne", "retour digne"),
        ("l'identité", "L’identité", "l'identite"),
        ("boats? & !drugs?", "A boat with drugs", None),
        ("boats? & lake", "On the lake a boat", "boat lake"),
        ("organi*ed by", "organised by", "organised by"),
        ("{who} pays", "The clerk pays", "clerk pays"),
    ],
)
def test_a_pattern_finds_its_words(source: str, text: str, found: str | None) -> None:
    folded = fold(text)
    parts = pattern(source, WordClasses({"who": "clerk|judge"})).found(folded, 0, len(folded))
    assert (" ".join(folded[slice(*each)] for each in parts) or None) == found


def test_one_word_in_a_text_of_some_sentences_is_no_topic() -> None:
    text = (
        "The archive keeps maps, letters and old photographs of the valley. It stands between the bakery "
        "and the primary school, and whoever rings twice is shown the attic by a lady with a lamp."
    )
    assert topics(text, "en") == []
    assert topics("It stands between the bakery and the primary school.", "en") != []


@pytest.mark.parametrize(
    "text",
    [
        "Smuggling is often mentioned in reports. The present contract covers the roof of the office.",
        "Le trafic de migrants est souvent cité. Le présent contrat porte sur le toit du bureau.",
        "El tráfico de migrantes se menciona a menudo. El presente contrato trata del techo de la oficina.",
        "No funds are foreseen for the reintegration of returnees.",
    ],
)
def test_what_an_office_mentions_beside_its_business_is_no_topic(text: str) -> None:
    assert list(topics(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "Support to the Alliance Against Human Trafficking is given as agreed in the annex of the year.",
        "The visitor came from Decent Work House and stayed in Birth Registration Street for a week.",
        "La Alianza contra la Trata de Personas, con sede en Lima, acompaña la segunda fase.",
        "« Retour des migrants » entre dans sa troisième année avec la même équipe et le même toit.",
    ],
)
def test_names_of_bodies_streets_and_titles_are_no_topic(text: str) -> None:
    assert objectives(text) == set()


# A situation, and below what is done about it.
SITUATIONS = {
    "en": """
        For decades smugglers of migrants have used the road along the coast, and nobody was ever charged.
        Boats went down in winter, and on both shores families do not know what became of their sons.
    """,
    "fr": """
        Les maisons de rétention du sud comptaient neuf cents places, et l'on y dormait à deux mille.
        Les migrants y restaient dix-neuf jours en moyenne, et il n'y avait ni matelas ni interprète.
    """,
    "es": """
        Los deportados vuelven a una ciudad que dejaron de niños. Muchos duermen en casa de una tía, y el
        ruido de la carretera no los deja descansar en las noches de calor.
    """,
}
WORKS = {
    "en": "Coastguards are trained to investigate smugglers of migrants, and a hotline for witnesses opens.",
    "fr": "Des solutions autres que la rétention des migrants sont mises à l'essai et des juges formés.",
    "es": "Los retornados reciben asesoría y capital semilla, y las oficinas apoyan su reintegración.",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_situation_is_no_topic_and_what_is_done_about_it_is(language: str) -> None:
    assert topics(SITUATIONS[language], language) == []
    assert objectives(WORKS[language], language)


def test_a_title_tells_enough_before_a_long_background() -> None:
    title = "Training of border guards in the detection of smuggling of migrants."
    background = " ".join(
        ["The lake has lost a third of its surface, and people leave after the harvest."] * 9
    )
    assert "objective/9" in objectives(f"{title}\n{background}")


def test_a_long_description_of_the_world_is_about_goals_and_about_no_objective() -> None:
    water = (
        "Safe drinking water and sanitation are out of reach where rivers carry what mines and mills let go."
    )
    rest = " ".join(["The hills are grey, and the sky above them has the colour of an old coat."] * 5)
    odd = "One shed has bars on its windows, a guard asleep and a cell for the goat."
    found = {each.target for each in topics(f"{water} {rest} {odd}", "en")}
    assert "sdg/6" in found
    assert not any(each.startswith("objective/") for each in found)

"""Words: what texts and searches come to, by language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology.errors import BadArgument
from schema.words import search, stems


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("en", "migrant migrants MIGRANTS migrant’s migrant's"),
        ("en", "protect protected protecting protects"),
        ("fr", "déplacé déplacée déplacés déplacées deplace deplacee DÉPLACÉES"),
        ("fr", "frontière frontières frontiere FRONTIERES"),
        ("fr", "évaluation évaluations evaluation l’évaluation d'évaluations"),
        ("fr", "œuvre œuvres oeuvre l'œuvre"),
        ("es", "evaluación evaluaciones evaluacion Evaluaciones"),
        ("es", "migración migraciones migracion MIGRACIÓN"),
        ("es", "país países pais"),
        ("es", "refugiado refugiada refugiados refugiadas"),
    ],
)
def test_the_forms_of_a_word_have_one_stem(language: str, forms: str) -> None:
    assert len({stems(form, language) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("ru", "Мигранты, ёлка", "oмигранты oелка"),
        ("ar", "كِتاب", "oكتاب"),
        ("zh", "移民 2030", "o移 o民 o2030"),
        (None, "PN.0008", "opn o0008"),
        (None, "snake_case and-hyphen ½", "osnake ocase oand ohyphen o1 o2"),
        (None, "c\u0327a va", "oca ova"),
        (None, "a" * 100, "o" + "a" * 64),
        (None, "— … '", ""),
        (None, "aujourd'hui", "oaujourd ohui"),
    ],
)
def test_other_texts_are_their_words_as_they_stand(language: str | None, text: str, words: str) -> None:
    assert stems(text, language) == words


def asked(text: str) -> list[str]:
    """The terms of a search as they stand."""
    return [" ".join(word[1:] for word in alternatives[-1]) for alternatives in search(text)]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("border health", ["border", "health"]),
        ("border border", ["border"]),
        ('"border health" care', ["border health", "care"]),
        ("“border health” «soins de santé»", ["border health", "soins de santé".replace("é", "e")]),
        ('health "border care', ["health", "border", "care"]),
        ("PN.0008 capacity-building", ["pn 0008", "capacity building"]),
        ("移民 health", ["移 民", "health"]),
        ("a,b;c (d)", ["a", "b", "c", "d"]),
        ("NOT border NEAR(care) title:x -y z*", ["not", "border", "near", "care", "title", "x", "y", "z"]),
        ("l’avenir des femmes", ["avenir", "des", "femmes"]),
        ("% _ health", ["health"]),
    ],
)  # fmt: skip
def test_a_search_asks_for(text: str, terms: list[str]) -> None:
    assert asked(text) == terms


@pytest.mark.parametrize("text", ["", "  ", "!?", '""', "%", "_", "*", "—", "\u0301"])
def test_a_search_without_a_word_is_refused_with_a_suggestion(text: str) -> None:
    with pytest.raises(BadArgument, match="no word") as caught:
        search(text)
    assert caught.value.suggestion
    assert caught.value.field == "search"


def test_a_search_takes_fifty_words() -> None:
    assert len(search(" ".join(f"w{number}" for number in range(50)))) == 50
    with pytest.raises(BadArgument, match="51 words"):
        search(" ".join(f"w{number}" for number in range(51)))


@given(st.text())
def test_stems_hold_letters_and_digits_alone(text: str) -> None:
    for language in ("en", "fr", "es", "zh", None):
        assert all(
            word.isalnum() and word == word.casefold() for word in stems(text, language).split(" ") if word
        )


@given(st.text(), st.text())
def test_a_space_parts_words(one: str, other: str) -> None:
    for language in ("en", "fr", None):
        joined = f"{stems(one, language)} {stems(other, language)}".strip()
        assert stems(f"{one} {other}", language) == joined

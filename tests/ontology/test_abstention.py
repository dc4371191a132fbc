"""Abstention: what words come to depends on how much a text tells of it, where, and beside what."""

from ontology.linking.topics import topics

HINTS = (
    "Villagers dig wells against the drought and build grain stores, says the card on the wall of the hall."
)
SHOWN = "Villagers fleeing the drought dig wells and build grain stores, so that nobody has to migrate."
HILLS = "The hills are grey, and the sky above them has the colour of an old coat."
COAST = "The coast is long, and nobody knows the names of all its bays."
OCEAN = "What the ocean takes away it gives back in other shapes."


def told(*sentences: str) -> set[str]:
    """What English sentences propose together."""
    return {each.target for each in topics(" ".join(sentences), "en")}


def test_what_is_only_hinted_at_is_proposed_where_little_else_is_told() -> None:
    assert max(each.confidence for each in topics(HINTS, "en")) < 0.56
    assert told(HINTS) == {"objective/2"}
    assert told(HINTS, HILLS, COAST) == set()


def test_what_is_shown_may_stand_beside_more() -> None:
    assert "objective/2" in told(SHOWN)
    assert "objective/2" in told(SHOWN, HILLS, COAST)


def test_what_is_only_hinted_at_beside_the_business_of_an_office_is_no_topic() -> None:
    notice = "Quotations in sealed envelopes are opened on Monday."
    assert told(HINTS, "They build them.") == {"objective/2"}
    assert told(HINTS, notice) == set()


def test_one_place_in_several_sentences_is_not_enough_unless_people_move() -> None:
    assert "sdg/4" in told("It stands between the bakery and the primary school.")
    assert (
        told("It stands between the bakery and the primary school.", "Trains pass by day and night.") == set()
    )


def test_a_long_text_about_the_world_names_its_goal_at_once_or_again() -> None:
    rest = [HILLS, COAST, HILLS, COAST]
    assert told(OCEAN, *rest) == {"sdg/14"}
    assert told(HILLS, OCEAN, *rest) == set()
    assert told(HILLS, OCEAN, "Marine ecosystems are old.", *rest) == {"sdg/14"}


def test_a_pronoun_stands_for_what_was_named_before() -> None:
    shelters = "Shelters for victims of trafficking are built by the project"
    assert "objective/10" in told(f"{shelters}; the roads are not funded by this grant.")
    assert told(f"{shelters}; they are not covered.") == set()

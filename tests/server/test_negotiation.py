"""Negotiation: a table of Accept headers and what they get (RFC 9110, section 12.5.1)."""

import pytest

from server.negotiation import chosen

TURTLE, JSONLD, RDFXML = "text/turtle", "application/ld+json", "application/rdf+xml"
OFFERED = (TURTLE, JSONLD, RDFXML)
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        # Whoever has no wish gets what is offered first.
        (None, TURTLE),
        ("", TURTLE),
        ("  ", TURTLE),
        ("*/*", TURTLE),
        (BROWSER, TURTLE),
        # A type by its name, whatever the case and the spaces.
        ("application/ld+json", JSONLD),
        ("APPLICATION/LD+JSON", JSONLD),
        (" \tapplication/rdf+xml ", RDFXML),
        ("application/ld+json,", JSONLD),
        (",, application/ld+json", JSONLD),
        # The highest quality wins; among equals, what is offered first.
        ("text/turtle;q=0.5, application/ld+json;q=0.9", JSONLD),
        ("text/turtle; q=0.5 , application/ld+json ;Q=0.500", TURTLE),
        ("application/rdf+xml, application/ld+json", JSONLD),
        ("application/ld+json;q=1.000, text/turtle;q=0.999", JSONLD),
        ("text/html, application/rdf+xml;q=0.001", RDFXML),
        # The closest range counts, wherever it stands.
        ("*/*, text/turtle;q=0.1", JSONLD),
        ("application/*, application/ld+json;q=0.2", RDFXML),
        ("text/*;q=0.3, application/ld+json;q=0.2, */*;q=0.1", TURTLE),
        ("text/turtle;q=0.2, text/*;q=0.9, application/rdf+xml;q=0.3", RDFXML),
        ("application/*", JSONLD),
        # A quality of nothing is a refusal.
        ("text/turtle;q=0, */*", JSONLD),
        ("text/*;q=0.0, */*;q=0.1", JSONLD),
        ("text/turtle;q=0", None),
        ("*/*;q=0", None),
        ("*/*;q=0, application/rdf+xml", RDFXML),
        # What is not offered cannot be had.
        ("text/html", None),
        ("image/*", None),
        ("text/turtle-star", None),
        # A parameter is a wish, but the plain name says more about what we have.
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', JSONLD),
        ("text/turtle;charset=utf-8", TURTLE),
        ('application/ld+json;profile="a,b;q=0", text/turtle;q=0.5', JSONLD),
        ('application/ld+json;profile="a\\",b";q=0.1, text/turtle;q=0.5', TURTLE),
        ("text/turtle;version=1.2;q=0, text/turtle;q=0.4", TURTLE),
        ("text/turtle;q=0, text/turtle;version=1.2", None),
        ("application/ld+json;profile=a;q=0.9, application/*;q=0.1, text/turtle;q=0.5", JSONLD),
        # What is malformed is passed over; with nothing else, it is no wish.
        ("text", TURTLE),
        ("application", TURTLE),
        ("/", TURTLE),
        ("ü/ü", TURTLE),
        ("text/turtle;q=2, application/ld+json;q=0.1", JSONLD),
        ("text/turtle;q=-1, application/ld+json;q=0.1", JSONLD),
        ("text/turtle;q=, application/ld+json;q=0.1", JSONLD),
        ("text/turtle;q=0.1234, application/ld+json;q=0.1", JSONLD),
        ('text/turtle;q="1", application/ld+json;q=0.1', JSONLD),
        ("text/turtle;;q=0.1;, application/ld+json;q=0.2", JSONLD),
        ("text/turtle x, application/ld+json", JSONLD),
        ("text/turtle;charset, application/ld+json", JSONLD),
        ('text/turtle;a="never closed, application/ld+json', TURTLE),
        ("*/turtle, application/ld+json", JSONLD),
    ],
)
def test_an_accept_header_gets_what_it_asks_for_most(accept: str | None, expected: str | None) -> None:
    assert chosen(accept, OFFERED) == expected


@pytest.mark.parametrize(
    "accept",
    [
        '"' * 60_001,
        '"' + '\\"' * 30_000,
        "a/b;" * 15_000,
        'a/b;x="' + "\\" * 60_000,
        "\t" * 60_000,
        ",\\" * 30_000,
    ],
)
def test_a_header_that_is_made_to_exhaust_is_read_to_its_end(accept: str) -> None:
    assert chosen(accept, OFFERED) in {None, *OFFERED}

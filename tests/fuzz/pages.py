"""Pages: arbitrary bytes read as text and as HTML; run by hand as `python -m tests.fuzz.pages`."""

from ontology.errors import InvalidInput
from ontology.reading import records
from ontology.vocabularies import vocabulary as graph
from schema.record import NOUNS, declaration
from server.importer.html import reduced
from server.importer.input import decoded
from server.importer.page import Page, page, page_of_file
from server.importer.vocabulary import Vocabulary
from server.importer.vocabulary import vocabulary as made_of
from tests.fuzz.harness import fuzz
from tests.server.importer.inputs import PAGES


def _vocabulary() -> Vocabulary:
    state, code = declaration(NOUNS["MemberState"]), declaration(NOUNS["CodeEntry"])
    return made_of(records(graph("states"), [state]), records(graph("codes"), [code]))


VOCABULARY = _vocabulary()


def read(data: bytes) -> None:
    """Reads the bytes both ways; whatever is read stands where the page says that it stands."""
    for each in (_of_text, _of_html):
        try:
            found = each(decoded(data))
        except InvalidInput:
            continue
        for field in found.fields:
            assert found.text[field.start : field.end] == field.raw
        assert page(found.text, found.address, VOCABULARY).text == found.text


def _of_text(text: str) -> Page:
    return page_of_file(text, VOCABULARY)


def _of_html(text: str) -> Page:
    address, lines = reduced(text)
    return page(lines, address, VOCABULARY)


if __name__ == "__main__":
    texts = [each.read_bytes() for each in sorted(PAGES.glob("*.txt"))]
    fuzz(read, [*texts, *(b"<main><p>" + each.replace(b"\n", b"</p><p>") for each in texts)])

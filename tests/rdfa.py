"""RDFa for tests: the statements of a page, read by the rules of RDFa Core 1.1 (section 7.5) that pages use.

What it does not know, such as prefixes, chains and lists, stops it, so that a page can use nothing unread.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from rdflib import RDF, Literal, URIRef
from rdflib.namespace import XSD

from tests.graphs import Statement

_VOID = frozenset({"meta", "link", "br", "hr", "img", "input"})
# A role is a statement too (Role Attribute 1.0, section 3), and none that a document makes.
_UNREAD = frozenset({"prefix", "vocab", "inlist", "role"})


@dataclass
class _Element:
    tag: str
    subject: str | None
    language: str
    literal: tuple[str, str, str | None, str] | None = None
    words: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    """Walks through a page with the stack of its elements."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.statements: set[Statement] = set()
        self.open: list[_Element] = [_Element("", None, "")]
        self.texts: list[str] = []
        self.tags: list[str] = []

    def _add(self, subject: str, predicate: str, node: URIRef | Literal) -> None:
        self.statements.add((URIRef(subject), URIRef(predicate), node))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        said = {name: value or "" for name, value in attrs}
        assert _UNREAD.isdisjoint(said), said
        around = self.open[-1]
        language = said.get("lang", around.language)
        subject = said.get("about", around.subject)
        element = _Element(tag, subject, language)
        in_body = any(each.tag == "body" for each in self.open) or tag == "body"
        if in_body:
            self._read(element, said)
        if tag not in _VOID:
            self.open.append(element)

    def _read(self, element: _Element, said: dict[str, str]) -> None:
        subject = element.subject
        predicate, resource = said.get("property"), said.get("resource")
        if "rev" in said:
            assert subject is not None
            assert resource is not None
            self._add(resource, said["rev"], URIRef(subject))
            return
        if "typeof" in said:
            typed = said.get("about", resource)
            assert typed is not None
            for each in said["typeof"].split():
                self._add(typed, str(RDF.type), URIRef(each))
            element.subject = typed
        if predicate is None:
            return
        assert subject is not None, said
        if "content" in said:
            self._add(subject, predicate, _literal(said["content"], said.get("datatype"), element.language))
        elif "datatype" not in said and resource is not None:
            self._add(subject, predicate, URIRef(resource))
        else:
            element.literal = (subject, predicate, said.get("datatype"), element.language)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        for each in self.open:
            each.words.append(data)

    def handle_endtag(self, tag: str) -> None:
        element = self.open.pop()
        assert element.tag == tag, f"</{tag}> closes <{element.tag}>"
        if element.literal is not None:
            subject, predicate, datatype, language = element.literal
            self._add(subject, predicate, _literal("".join(element.words), datatype, language))


def _literal(words: str, datatype: str | None, language: str) -> Literal:
    if datatype is None:
        return Literal(words, lang=language)
    if datatype == str(XSD.string):
        return Literal(words)
    return Literal(words, datatype=URIRef(datatype), normalize=False)


def _read(page: bytes) -> _Reader:
    reader = _Reader()
    # A parser of HTML makes one newline of each carriage return and pair (HTML standard, section 13.2.3.5).
    reader.feed(page.decode().replace("\r\n", "\n").replace("\r", "\n"))
    reader.close()
    assert [each.tag for each in reader.open] == [""], "an element stays open"
    return reader


def read_page(page: bytes) -> set[Statement]:
    """The statements that a page makes."""
    return _read(page).statements


def tags(page: bytes) -> list[str]:
    """The names of its elements, in order."""
    return _read(page).tags


def words(page: bytes) -> str:
    """Everything that can be read in it."""
    return "".join(_read(page).texts)

"""Values: what stands in a page for each value of a record, with the statement that it makes (RDFa 1.1)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ontology.declaration import Declared
from ontology.graph import datatype_of, lexical, target
from ontology.iri import Iris, encoded, legal
from ontology.linking.grounds import rule_of
from ontology.terms import CG, XSD, IriProperty, Reference, TextProperty
from schema.exchange import is_key
from schema.model.mapping import Mapping as ConceptMapping
from schema.parts import kind_of_parts
from schema.text import LANGUAGES

#: The names of things by their identifiers, such as `state/SLV`: language and words.
Names = Mapping[str, tuple[str, str]]

_RIGHT_TO_LEFT = frozenset({"ar"})


def part_anchor(segment: str, key: str) -> str:
    """The place in a page of what has a class and a key, such as a rule in the page of its entry."""
    return f"{segment}-{key}".replace("/", "-")


def direction(language: str) -> str:
    """How a language is written; of a text without one the browser decides."""
    if not language:
        return "auto"
    return "rtl" if language in _RIGHT_TO_LEFT else "ltr"


@dataclass(frozen=True, slots=True)
class Value:
    """One value: what is read, where it leads, and what it states.

    `resource` is the IRI that it stands for; else `content` is the literal where the words differ from it,
    and `href` a page that tells more.
    """

    words: str
    language: str = ""
    resource: str = ""
    href: str = ""
    content: str | None = None
    datatype: str = str(XSD.string)
    note: str = ""

    @property
    def direction(self) -> str:
        """How its words are written."""
        return direction(self.language)


@dataclass(frozen=True, slots=True)
class Shown:
    """What values are shown with: the configured base, and the names of the things that they refer to."""

    iris: Iris
    names: Names = field(default_factory=dict)

    def thing(self, identifier: str, resource: str) -> Value:
        """A thing by its name, else by its key, with a way to the document about it."""
        segment, _, key = identifier.partition("/")
        language, words = self.names.get(identifier, ("", ""))
        if (kind := kind_of_parts(segment)) is not None:
            # It stands in the page of what it is a part of.
            owner, _, code = key.partition("~")
            href = f"{self.iris.document(kind.whole.segment, owner)}#{part_anchor(segment, encoded(key))}"
            # A result is met in the page of its project, a rule elsewhere.
            key = code if segment == "result" else key
        else:
            href = self.iris.document(segment, key)
        short = key if len(key) < 40 else f"{key[:12]}…"
        return Value(words or short, language, resource, href, note=short if words else "")


def ordered(text: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The languages and words of a text, in the order in which one is chosen by default."""
    return ((each, text[each]) for each in LANGUAGES if each in text)


def _amount(cents: str) -> str:
    whole, _, rest = cents.partition(".")
    return f"{int(whole):,}.{rest} US dollars" if rest else cents


def _moment(value: str) -> str:
    return value.replace("T", " ").replace("Z", " UTC")


def _plain(declared: Declared, value: object) -> Value:
    datatype = datatype_of(value, declared.property.datatype)
    words = content = lexical(value)
    if datatype == XSD.boolean:
        words = "yes" if value else "no"
    elif datatype == XSD.dateTime:
        words = _moment(content)
    elif datatype == XSD.decimal and isinstance(value, str):
        words = _amount(content)
    return Value(words, content=None if words == content else content, datatype=str(datatype or XSD.string))


def _link(value: str) -> Value:
    return Value(value, resource=legal(value), href=legal(value))


def _rule(declared: Declared, rule_id: str, shown: Shown) -> Value:
    """A rule by its id, with a way to what the lexicon has of it, or to the mapping that it is."""
    href = ""
    if found := rule_of(rule_id):
        href = f"{shown.iris.base}/about/lexicon#{found.name}"
    elif is_key(ConceptMapping.segment, rule_id):
        href = shown.iris.document(ConceptMapping.segment, rule_id)
    return replace(_plain(declared, rule_id), href=href)


def _texts(text: Mapping[str, str | list[str]]) -> Iterator[Value]:
    for language in LANGUAGES:
        words = text.get(language, [])
        for each in [words] if isinstance(words, str) else words:
            yield Value(each, language)


def values(declared: Declared, value: Any, shown: Shown) -> Iterable[Value]:
    """The values of a field that holds no parts, in the order of the record."""
    stated = declared.property
    if isinstance(stated, TextProperty) and isinstance(value, dict):
        return _texts(value)
    several = value if isinstance(value, list) else [value]
    if isinstance(stated, Reference):
        return (
            shown.thing(f"{stated.to}/{each}" if stated.to else each, str(target(stated, each, shown.iris)))
            for each in several
        )
    if isinstance(stated, IriProperty):
        return map(_link, several)
    if stated.iri == CG.ruleId:
        return (_rule(declared, each, shown) for each in several)
    return (_plain(declared, each) for each in several)

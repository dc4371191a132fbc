"""IRIs: the one place where they are made and read, from the configured base and a key."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, unquote

from rdflib import URIRef

from ontology.terms import INTERNAL, SDG

# RFC 3987 forbids these in an IRI, and marks of direction with them (section 4.1); writers of N-Triples and
# Turtle must never see them. It allows some kinds of space, such as U+2028, at which the parser of rdflib,
# and with it portals, refuse a whole document.
_FORBIDDEN = re.compile(r'[\x00-\x20<>"{}|\\^`\x7f-\x9f\s\u200e\u200f\u202a-\u202e]')
# `~` joins two keys and `#` begins the part of a thing; both are ours and stay readable.
_SAFE_IN_KEY = "~.-_/#"
_PLAIN = re.compile(r"[A-Za-z0-9~.\-_/#]*")


def is_absolute_iri(text: str) -> bool:
    """Whether `text` can stand as an absolute http(s) IRI in every RDF syntax (RFC 3987)."""
    return re.match(r"https?://[^/\s]+", text) is not None and _FORBIDDEN.search(text) is None


def legal(text: str) -> str:
    """The IRI with every character that no RDF syntax may write percent-encoded."""
    return _FORBIDDEN.sub(lambda found: quote(found.group()), text)


def encoded(key: str) -> str:
    """A key as it stands in a path: almost all keys stand there as they are."""
    return key if _PLAIN.fullmatch(key) else quote(key, safe=_SAFE_IN_KEY)


def are_plain(keys: Iterable[str]) -> bool:
    """Whether all keys stand in paths as they are."""
    return _PLAIN.fullmatch("".join(keys)) is not None


@dataclass(frozen=True, slots=True)
class Iris:
    """All IRIs of one installation. `base` has no slash at its end."""

    base: str

    def namespace(self, segment: str) -> str:
        """What the IRIs of a class begin with: the UN's own for SDGs, `{base}/id/{class}/` for all others."""
        return str(SDG) if segment == "sdg" else f"{self.base}/id/{segment}/"

    def thing(self, segment: str, key: str) -> URIRef:
        """The IRI of a thing."""
        return URIRef(self.namespace(segment) + encoded(key))

    def node(self, identifier: str) -> URIRef:
        """The IRI of a readable identifier such as `objective/23`."""
        segment, _, key = identifier.partition("/")
        return self.thing(segment, key)

    def document(self, segment: str, key: str, suffix: str = "") -> str:
        """The address of the document about a thing, with a format's suffix such as `.ttl` or without."""
        return f"{self.base}/{segment}/{encoded(key)}{suffix}"

    def dataset(self, name: str) -> str:
        """The address of the dataset of a collection, which is its IRI too."""
        return f"{self.base}/dataset/{name}"

    def graph(self, name: str) -> URIRef:
        """The IRI of a named graph: `facts`, or `claims`."""
        return URIRef(f"{self.base}/graph/{name}")

    def feed(self, graph: str, part: str = "") -> str:
        """The address of the feed of a graph's changes, or of one of its parts such as `page/1-0f3a`."""
        address = f"{self.base}/feed" if graph == "facts" else f"{self.base}/feed/{graph}"
        return f"{address}/{part}" if part else address

    def term(self, iri: URIRef) -> URIRef:
        """A term of our own vocabulary under the configured base; any other IRI as it is."""
        return URIRef(self.base + iri[len(INTERNAL) :]) if iri.startswith(INTERNAL) else iri

    def identifier(self, text: str) -> str | None:
        """The readable identifier (`state/SLV`) that an IRI or document address stands for, or None."""
        for prefix in (str(SDG), str(SDG).replace("http://", "https://")):
            if text.startswith(prefix):
                return f"sdg/{text.removeprefix(prefix)}"
        if text.startswith(f"{self.base}/id/"):
            return unquote(text.removeprefix(f"{self.base}/id/"))
        if text.startswith(f"{self.base}/"):
            return unquote(text.removeprefix(f"{self.base}/"))
        return None


INTERNAL_IRIS = Iris(INTERNAL)

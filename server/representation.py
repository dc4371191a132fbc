"""Representation: one format of what is at an address, with all that HTTP says of it: tags, links, packing.

The rules are those of RFC 9110 (HTTP semantics), RFC 8288 (links) and FAIR Signposting, level 1.
"""

import gzip
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

from ontology.formats import FORMATS
from server.negotiation import accepts, chosen


@dataclass(frozen=True, slots=True)
class Offer:
    """A format that something can be had in."""

    suffix: str
    media_type: str
    name: str


HTML = Offer("html", "text/html", "HTML")

#: Everything that documents come in, by suffix. RDF stands first: who accepts anything is no browser.
OFFERS = {
    **{each.suffix: Offer(each.suffix, each.media_type, each.name) for each in FORMATS.values()},
    HTML.suffix: HTML,
}

# A cache that guessed how long a document stays fresh would hide changes from harvesters.
_ALWAYS_ASK = {"Cache-Control": "no-cache"}

# Below this gzip saves nothing that a packet would show.
_WORTH_PACKING = 1000


def link(address: str, relation: str, **attributes: str) -> str:
    """One value of a Link header (RFC 8288)."""
    return f'<{address}>; rel="{relation}"' + "".join(
        f'; {name}="{value}"' for name, value in attributes.items()
    )


def in_format(url: str, suffix: str) -> str:
    """The address of a format of what is at an address; a query stays behind it."""
    address, mark, query = url.partition("?")
    return f"{address}.{suffix}{mark}{query}"


def alternates(url: str, offers: Mapping[str, Offer], sent: Offer | None = None) -> list[str]:
    """A link to each other format of what is at an address."""
    return [
        link(in_format(url, each.suffix), "alternate", type=each.media_type)
        for each in offers.values()
        if each is not sent
    ]


@dataclass(frozen=True, slots=True)
class Representation:
    """One format of what is at an address. `links` are those beside the other formats and the address itself.

    Without an offer it is a file that has one address and one format.
    """

    url: str
    media_type: str
    body: bytes
    offer: Offer | None = None
    modified: str | None = None
    links: tuple[str, ...] = ()
    is_negotiated: bool = False
    policy: str = ""
    offers: Mapping[str, Offer] | None = None
    #: The language that was chosen among those at the address.
    language: str = ""

    def tag(self, *, is_packed: bool) -> str:
        """A strong entity tag, made of the bytes: they are the same wherever and by whichever release.

        What is packed is another representation, so it has another tag (RFC 9110, section 8.8.3.3).
        """
        digest = sha256(self.body).hexdigest()[:32]
        return f'"{digest}-gzip"' if is_packed else f'"{digest}"'

    def _varies(self) -> list[str]:
        """The header fields of the request that decide which representation is sent."""
        chosen = {"Accept": self.is_negotiated, "Accept-Encoding": True, "Accept-Language": self.language}
        return [name for name, decides in chosen.items() if decides]

    def headers(self, *, is_packed: bool) -> dict[str, str]:
        """All header fields but those of the body itself."""
        headers = {**_ALWAYS_ASK, "ETag": self.tag(is_packed=is_packed), "Vary": ", ".join(self._varies())}
        if self.language:
            headers["Content-Language"] = self.language
        links = [*self.links]
        if self.offer is not None:
            headers["Content-Location"] = in_format(self.url, self.offer.suffix)
            others = alternates(self.url, self.offers or OFFERS, self.offer)
            links = [*others, link(self.url, "canonical"), *links]
        if links:
            headers["Link"] = ", ".join(links)
        if self.modified:
            headers["Last-Modified"] = http_date(self.modified)
        return headers | ({"Content-Security-Policy": self.policy} if self.policy else {})


def http_date(moment: str) -> str:
    """A time of a record as HTTP writes it (RFC 9110, section 5.6.7)."""
    return format_datetime(datetime.fromisoformat(moment).astimezone(UTC), usegmt=True)


def _is_known(request: Request, tag: str, modified: str | None) -> bool:
    """Whether the client holds these bytes already (RFC 9110, sections 13.1.2 and 13.1.3).

    A tag decides where one is sent. A time is only believed when it is exactly the one that we would send:
    the times of records come from the data, so a corrected record may be older than the one before.
    """
    if (tags := request.headers.get("if-none-match")) is not None:
        known = [each.strip().removeprefix("W/") for each in tags.split(",")]
        return tag in known or "*" in known
    since = request.headers.get("if-modified-since")
    if since is None or modified is None:
        return False
    try:
        return parsedate_to_datetime(since) == datetime.fromisoformat(modified)
    except (TypeError, ValueError):
        return False


def sent(request: Request, found: Representation) -> Response:
    """The answer: the body, packed where the client takes it so, or 304 when it holds the bytes already."""
    is_packed = len(found.body) >= _WORTH_PACKING and accepts(request.headers.get("accept-encoding"), "gzip")
    headers = found.headers(is_packed=is_packed)
    if _is_known(request, headers["ETag"], found.modified):
        return Response(status_code=304, headers=headers)
    headers["Content-Type"] = f"{found.media_type}; charset=utf-8"
    if not is_packed:
        return Response(found.body, headers=headers)
    # Without a time in it, gzip writes the same bytes for the same bytes.
    packed = gzip.compress(found.body, 6, mtime=0)
    return Response(packed, headers=headers | {"Content-Encoding": "gzip"})


def wanted(request: Request, offers: Mapping[str, Offer] = OFFERS) -> Offer | None:
    """The format that the Accept header asks for most, or None when it takes none of them."""
    by_media_type = {each.media_type: each for each in offers.values()}
    if "jsonld" in offers:
        # Many clients know no other name for JSON; what they get still says that it is JSON-LD.
        by_media_type["application/json"] = offers["jsonld"]
    media_type = chosen(",".join(request.headers.getlist("accept")), tuple(by_media_type))
    return by_media_type[media_type] if media_type else None


def prefers_html(request: Request) -> bool:
    """Whether the client is a browser, or reads like one."""
    return wanted(request) is HTML


def file(request: Request, url: str, body: bytes, media_type: str, links: Iterable[str] = ()) -> Response:
    """A file with one address and one format."""
    return sent(request, Representation(url, media_type, body, links=tuple(links)))

"""Negotiation: which of the offered media types and codings a client asks for (RFC 9110, section 12.5)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_RANGE = re.compile(rf"[ \t]*({_WORD})/({_WORD})[ \t]*")
_PARAMETER = re.compile(rf';[ \t]*(?:({_WORD})=({_WORD}|"(?:[^"\\]|\\.)*"))?[ \t]*')
_QUALITY = re.compile(r"0(?:\.\d{0,3})?|1(?:\.0{0,3})?")
# A quote that is never closed takes the rest, so that no header makes this read the same text twice.
_ELEMENT = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*(?:"|\\?$))+', re.DOTALL)


@dataclass(frozen=True, slots=True)
class _MediaRange:
    main: str
    sub: str
    quality: float
    has_parameters: bool

    def specificity(self, media_type: str) -> int:
        """How closely this range describes a media type; 0 when it does not.

        A parameter, such as a profile, is a wish: what we have is sent without it rather than nothing. But
        where the type is also named without one, that says more about what we have.
        """
        main, _, sub = media_type.partition("/")
        if (self.main, self.sub) == (main, sub):
            return 3 if self.has_parameters else 4
        if (self.main, self.sub) == (main, "*"):
            return 2
        return 1 if (self.main, self.sub) == ("*", "*") else 0


def _media_range(element: str) -> _MediaRange | None:
    """One element of the header, or None when it is malformed."""
    if (found := _RANGE.match(element)) is None:
        return None
    main, sub = found.group(1).lower(), found.group(2).lower()
    quality, has_parameters, place = 1.0, False, found.end()
    while place < len(element):
        if (parameter := _PARAMETER.match(element, place)) is None:
            return None
        place = parameter.end()
        name, value = parameter.groups()
        if name and name.lower() == "q":
            if not _QUALITY.fullmatch(value):
                return None
            quality = float(value)
        elif name:
            has_parameters = True
    return _MediaRange(main, sub, quality, has_parameters)


def _quality(media_type: str, ranges: Sequence[_MediaRange]) -> float:
    """The quality of a media type: that of the range that describes it most closely."""
    fitting = [(each.specificity(media_type), each.quality) for each in ranges]
    closest = max(specificity for specificity, _ in fitting)
    return max(quality for specificity, quality in fitting if specificity == closest) if closest else 0.0


def chosen(accept: str | None, offered: Sequence[str]) -> str | None:
    """The offered media type that the header asks for most, the one offered first among equals, or None.

    Malformed elements are passed over; a header with nothing else, like no header, accepts everything.
    """
    elements = map(_media_range, _ELEMENT.findall(accept or ""))
    ranges = [each for each in elements if each is not None]
    if not ranges:
        return offered[0]
    best = max(offered, key=lambda each: _quality(each, ranges))
    return best if _quality(best, ranges) > 0 else None


def language(header: str, offered: Sequence[str]) -> str:
    """The offered language that an Accept-Language header asks for most, or the one offered first.

    A range with a region, such as `fr-CA`, takes its language (RFC 4647, section 3.4).
    """
    qualities: dict[str, float] = {}
    for name, quality in _weighted(header):
        of_region = name.partition("-")[0]
        # What is refused comes behind what is not named at all.
        qualities[of_region] = max(quality or -1.0, qualities.get(of_region, -1.0))
    return max(offered, key=lambda each: qualities.get(each, qualities.get("*", 0.0)))


def _weighted(header: str) -> Iterator[tuple[str, float]]:
    """The names of a header with their qualities; malformed elements are passed over."""
    for element in header.lower().split(","):
        name, _, weight = element.replace(" ", "").replace("\t", "").partition(";")
        stated = weight.removeprefix("q=") if weight else "1"
        if name and _QUALITY.fullmatch(stated):
            yield name, float(stated)


def accepts(header: str | None, coding: str) -> bool:
    """Whether an Accept-Encoding header takes a content coding (RFC 9110, section 12.5.3).

    Without the header nothing is packed: any coding may be sent then, but who asks for none may know none.
    """
    qualities = dict(_weighted(header or ""))
    return qualities.get(coding, qualities.get("*", 0.0)) > 0

"""Markup: HTML as it is parsed, once its size, its shape and its encoding are found to be safe.

HTML parsers need time that grows with the square of how deep elements nest and of how many attributes a tag
has, and memory that grows like that with unclosed elements such as `<b>`. So there are limits, far above any
page.
"""

import re

from selectolax.lexbor import LexborHTMLParser

from ontology.errors import UnreadableFile

#: How many characters a page may have, how many tags, and how many attributes one of them.
LARGEST, MOST_TAGS, MOST_ATTRIBUTES = 2_000_000, 20_000, 500

# What the tokenizer of HTML takes for an attribute. Nothing in it is tried twice, so it takes linear time.
_SPACE = r"[\t\n\f\r /]"
_VALUE = r"""=[\t\n\f\r ]*+(?:"[^"]*+"|'[^']*+'|[^\t\n\f\r >"'][^\t\n\f\r >]*+)?"""
_ATTRIBUTE = rf"{_SPACE}*+[^\t\n\f\r />][^\t\n\f\r />=]*+[\t\n\f\r ]*+(?:{_VALUE})?+"
_LONG_TAG = re.compile(rf"<[A-Za-z][^\t\n\f\r />]*+(?:{_ATTRIBUTE}){{{MOST_ATTRIBUTES + 1}}}")
# Elements that parsers open again in every block that follows when they are not closed.
_REOPENED = re.compile(
    rf"<(/?)(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?={_SPACE}|>)", re.IGNORECASE
)
_XML = re.compile(r"""\s*<\?xml[^>]*?\bencoding\s*=\s*["']([^"'>]*)""")
_CHARSET = re.compile(r"""charset\s*=\s*["']?([^"'\s;]+)""", re.IGNORECASE)


def parsed(markup: str) -> LexborHTMLParser:
    """The tree of a page, in which all elements that only change letters are spans. Raises UnreadableFile."""
    _check_shape(markup)
    tree = LexborHTMLParser(_REOPENED.sub(r"<\1span", markup.removeprefix("\ufeff")))
    _check_encoding(markup, tree)
    return tree


def _check_shape(markup: str) -> None:
    for count, most, what in (
        (len(markup), LARGEST, "characters"),
        (markup.count("<"), MOST_TAGS, "tags"),
    ):
        if count > most:
            raise UnreadableFile(
                f"the markup has {count} {what}, more than the {most} that are read",
                "Give the part of the page that holds the project, or its text.",
            )
    if (tag := _LONG_TAG.search(markup)) is not None:
        raise UnreadableFile(
            f"a tag has more than {MOST_ATTRIBUTES} attributes, after {tag.start()} characters",
            "Give the page as a browser shows it, or its text.",
        )


def _declared(markup: str, tree: LexborHTMLParser) -> str | None:
    """The encoding that a page says it is in."""
    if (xml := _XML.match(markup.removeprefix("\ufeff"))) is not None:
        return xml[1]
    for node in tree.css("meta"):
        if charset := node.attributes.get("charset"):
            return charset.strip()
        if (node.attributes.get("http-equiv") or "").strip().lower() == "content-type":
            found = _CHARSET.search(node.attributes.get("content") or "")
            return found[1] if found else None
    return None


def _check_encoding(markup: str, tree: LexborHTMLParser) -> None:
    """Refuse a page that says it is in an encoding in which its bytes would be another text."""
    declared = _declared(markup, tree)
    data = markup.encode("utf-8", "surrogatepass")
    if declared is None or declared.lower() in ("utf-8", "utf8"):
        return
    place = next((place for place, byte in enumerate(data) if byte > 127), None)
    if place is None and _keeps_ascii(declared):
        return
    where = "" if place is None else f", and byte {place + 1} is {data[place]:#04x}"
    raise UnreadableFile(
        f"the page says it is in {declared[:40]!r}, not in UTF-8{where}",
        "Save the page in UTF-8, with a declaration that says so.",
    )


def _keeps_ascii(encoding: str) -> bool:
    """Whether plain letters are the same in this encoding and in UTF-8."""
    plain = bytes(range(128))
    try:
        return (
            plain.decode(encoding) == plain.decode()
            and (plain + b"~{+AA-").decode(encoding)[128:] == "~{+AA-"
        )
    except (LookupError, UnicodeError):
        return False

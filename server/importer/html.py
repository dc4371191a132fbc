"""HTML: a page of any markup reduced to the lines that text browsers print, and the address it gives itself.

Entries of lists become lines with a bullet, and further lines of an entry stand indented below it, so that
the same rules read both. Menus, scripts and forms are left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ontology.iri import is_absolute_iri

_DROPPED = frozenset(
    {
        "aside", "button", "dialog", "footer", "form", "head", "header", "iframe", "nav", "noscript",
        "script", "select", "style", "svg", "template",
    }
)  # fmt: skip
_BLOCKS = frozenset(
    {
        "address", "article", "blockquote", "body", "dd", "details", "div", "dl", "dt", "fieldset",
        "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main",
        "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "th", "thead", "tr", "ul",
    }
)  # fmt: skip
_INDENT = "    "


@dataclass(slots=True)
class _Lines:
    """The lines as they grow: blocks end them, entries of lists begin them."""

    done: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    depth: int = 0
    begins: bool = False

    def end(self) -> None:
        """End the line, if there are words on it."""
        text = " ".join("".join(self.words).split())
        self.words.clear()
        if not text:
            return
        lead = ("  • " if self.begins else _INDENT) if self.depth else ""
        self.begins = False
        self.done.append(lead + text)


def _steps(root: LexborNode) -> Iterator[tuple[LexborNode, bool]]:
    """Every node that counts, once when it begins and once when it ends, without recursion."""
    stack = [(root, False)]
    while stack:
        node, ends = stack.pop()
        yield node, ends
        if ends or node.tag == "-text":
            continue
        stack.append((node, True))
        children: list[tuple[LexborNode, bool]] = []
        child = node.child
        while child is not None:
            if not _is_dropped(child):
                children.append((child, False))
            child = child.next
        stack.extend(reversed(children))


def _is_dropped(node: LexborNode) -> bool:
    tag = node.tag or ""
    if tag == "header":
        # The header of an article holds its title, that of a page its menu.
        parent = node.parent
        return parent is None or parent.tag not in ("article", "main", "section")
    return tag in _DROPPED or (tag.startswith("-") and tag != "-text") or tag.startswith("!")


def _read(root: LexborNode) -> list[str]:
    lines = _Lines()
    for node, ends in _steps(root):
        if node.tag == "-text":
            lines.words.append(node.text_content or "")
        elif node.tag == "br":
            lines.end()
        elif node.tag in _BLOCKS:
            lines.end()
            if node.tag == "li":
                lines.depth += -1 if ends else 1
                lines.begins = not ends
    lines.end()
    return lines.done


def _address(tree: LexborHTMLParser) -> str | None:
    for selector, attribute in (("link[rel=canonical]", "href"), ("meta[property='og:url']", "content")):
        node = tree.css_first(selector)
        address = node.attributes.get(attribute) if node is not None else None
        if address and is_absolute_iri(address.strip()):
            return address.strip()
    return None


def reduced(markup: str) -> tuple[str | None, str]:
    """The address that a page gives itself, if it does, and its text as lines."""
    tree = LexborHTMLParser(markup)
    root = tree.css_first("main") or tree.css_first("article") or tree.body
    return _address(tree), "\n".join(_read(root)) if root is not None else ""

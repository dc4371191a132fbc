"""HTML: a page of any markup reduced to the lines that text browsers print, and the address it gives itself.

Entries of lists become lines with a bullet, and further lines of an entry stand indented below it, so that
the same rules read both. So do labels with their values, whether markup pairs them as definitions, as cells
of a row, or by a class. Menus, scripts and forms are left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ontology.iri import is_absolute_iri
from server.importer.labels import label
from server.importer.markup import parsed

_DROPPED = frozenset(
    {
        "aside", "button", "dialog", "footer", "form", "head", "header", "iframe", "nav", "noscript",
        "script", "select", "style", "svg", "template", "textarea",
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
_FEW = 12
# Content systems give the element with a label a class such as "label", "field__label" or "views-label".
_LABEL_CLASS = re.compile(r"(?:\S*[-_])?label(?!\S)", re.IGNORECASE)


def _children(node: LexborNode) -> Iterator[LexborNode]:
    child = node.child
    while child is not None:
        yield child
        child = child.next


def _is_known(node: LexborNode) -> bool:
    """Whether the words of an element are a label; one with many nodes in it is none."""
    words, stack = list[str](), [node]
    for _ in range(_FEW):
        if not stack:
            return label(" ".join("".join(words).split())) is not None
        first = stack.pop()
        words.append(first.text_content or "" if first.tag == "-text" else "")
        stack.extend(reversed(list(_children(first)) if first.child is not None else []))
    return False


def _is_label(node: LexborNode) -> bool:
    """Whether markup says that an element is a label, and it is one that pages of projects have."""
    tag = node.tag or ""
    if tag.startswith("-") or tag in ("dt", "li"):
        return tag == "dt" and _is_known(node)
    named = tag == "th" or _LABEL_CLASS.search(node.attributes.get("class") or "") is not None
    return named and _is_known(node)


def _is_pair(node: LexborNode) -> bool:
    """Whether an element holds one label, before everything else, and its value."""
    if node.tag == "dl":
        return False
    filled = [each for each in _children(node) if each.tag != "-text" or (each.text_content or "").strip()]
    return bool(filled) and _is_label(filled[0]) and not any(map(_is_label, filled[1:]))


@dataclass(slots=True)
class _Lines:
    """The lines as they grow: blocks end them, entries begin them."""

    done: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    depth: int = 0
    begins: bool = False
    defined: bool = False

    def end(self) -> None:
        """End the line, if there are words on it."""
        text = " ".join("".join(self.words).split())
        self.words.clear()
        if not text:
            return
        lead = ("  • " if self.begins else _INDENT) if self.depth else ""
        self.begins = False
        self.done.append(lead + text)

    def enter(self, *, begins: bool) -> None:
        """Go into an entry, or into what stands below the label of one."""
        self.end()
        self.depth += 1
        self.begins = begins

    def leave(self) -> None:
        """Go out of it."""
        self.end()
        self.depth -= 1
        self.begins = False


def _read(root: LexborNode) -> list[str]:
    """The lines of an element and all that is in it, without recursion."""
    lines = _Lines()
    stack: list[tuple[LexborNode, str]] = [(root, "begin")]
    while stack:
        node, step = stack.pop()
        if step == "leave":
            lines.leave()
        elif step == "end" or node.tag == "br":
            lines.end()
        elif node.tag == "-text":
            lines.words.append(node.text_content or "")
        else:
            if then := _begin(node, lines):
                stack.append((node, then))
            kept = [(each, "begin") for each in _children(node) if not _is_dropped(each)]
            stack.extend(reversed(kept))
    lines.end()
    return lines.done


def _begin(node: LexborNode, lines: _Lines) -> str | None:
    """Begin an element, and say what its end does."""
    labels = _is_label(node)
    if node.tag == "dt":
        lines.defined = labels
    if node.tag == "li" or (node.tag == "dt" and labels) or _is_pair(node):
        lines.enter(begins=True)
        return "leave"
    if node.tag == "dd" and lines.defined:
        lines.enter(begins=False)
        return "leave"
    if labels or node.tag in _BLOCKS:
        lines.end()
        return "end"
    return None


def _is_dropped(node: LexborNode) -> bool:
    tag = node.tag or ""
    if tag == "header":
        # The header of an article holds its title, that of a page its menu.
        parent = node.parent
        return parent is None or parent.tag not in ("article", "main", "section")
    return tag in _DROPPED or (tag.startswith("-") and tag != "-text") or tag.startswith("!")


def _address(tree: LexborHTMLParser) -> str | None:
    for selector, attribute in (("link[rel=canonical]", "href"), ("meta[property='og:url']", "content")):
        node = tree.css_first(selector)
        address = node.attributes.get(attribute) if node is not None else None
        if address and is_absolute_iri(address.strip()):
            return address.strip()
    return None


def reduced(markup: str) -> tuple[str | None, str]:
    """The address that a page gives itself, if it does, and its text as lines. Raises UnreadableFile."""
    tree = parsed(markup)
    root = tree.css_first("main") or tree.css_first("article") or tree.body
    return _address(tree), "\n".join(_read(root)) if root is not None else ""

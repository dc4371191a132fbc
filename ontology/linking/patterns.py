"""Patterns: the small language in which the lexicon says which words it looks for, as regular expressions.

A pattern is read over the folded words of one sentence (see `ontology.linking.names.fold`):

- `word` is that word, `word*` every word that begins so, `words?` has its last letter or not. Words follow
  each other, parted by spaces, hyphens or apostrophes; accents and capitals make no difference.
- `~` stands for up to four words, `~7` for up to seven.
- `(one|another word)` is one of these, `[word]` may be there or not, `{name}` is a class of words.
- `one & another` asks for both in the sentence, in any order; `& !other` asks that the other is not there.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from ontology.errors import InvalidInput
from ontology.linking.names import fold

_TOKEN = re.compile(
    r"\s*(?:(?P<gap>~\d*)|(?P<word>[^\W_]+(?:['.?*]*[^\W_]+)*['?*]*)|(?P<sign>[()\[\]|])"
    r"|(?P<named>\{[a-z-]+\})|(?P<bad>\S))"
)

_BETWEEN = r"[\s'\"/«»“”‐-―-]+"
_GAP = r"(?:[^\w;]+\w+){0,%s}?[^\w;]+"
_GAP_WORDS = "4"

# No more than this many alternatives select the sentences that a pattern is tried on.
_Keys = frozenset[str]


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of a regular expression, and beginnings of words one of which any match of it holds."""

    expression: str
    keys: _Keys


@dataclass(frozen=True)
class Pattern:
    """One pattern: what is looked for, what must also be in the sentence, and what must not."""

    source: str
    wanted: tuple[_Part, ...]
    unwanted: tuple[_Part, ...]

    @property
    def keys(self) -> _Keys:
        """Beginnings of words; in a sentence that has none of them nothing can be found."""
        return max((each.keys for each in self.wanted), key=_worth)

    # Compiled when first needed: a text meets few of the patterns that there are.
    @cached_property
    def _compiled(self) -> tuple[list[re.Pattern[str]], list[re.Pattern[str]]]:
        return (
            [re.compile(each.expression) for each in self.wanted],
            [re.compile(each.expression) for each in self.unwanted],
        )

    def found(self, folded: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
        """Where its parts stand in this piece of a folded text, in the order of the pattern; else nothing."""
        wanted, unwanted = self._compiled
        places: list[tuple[int, int]] = []
        for each in wanted:
            match = each.search(folded, start, end)
            if match is None:
                return ()
            places.append(match.span())
        return () if any(each.search(folded, start, end) for each in unwanted) else tuple(places)

    def everywhere(self, folded: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        """All places in this piece of a folded text where its first part stands."""
        return (match.span() for match in self._compiled[0][0].finditer(folded, start, end))


class WordClasses:
    """Classes of words by their names; the alternatives of each are read once, and may name other classes."""

    def __init__(self, alternatives: Mapping[str, str]) -> None:
        self._alternatives = alternatives
        self._parts: dict[str, _Part] = {}

    def part(self, name: str, source: str) -> _Part:
        """The alternatives of a class that a pattern names. Raises InvalidInput where there is none."""
        if name not in self._alternatives:
            raise InvalidInput(f"{source!r} names no class of words: {name}", "Check its name.")
        if name not in self._parts:
            words = self._alternatives[name]
            self._parts[name] = _Reader(words, fold(words), self).alternatives()
        return self._parts[name]


def pattern(source: str, classes: WordClasses) -> Pattern:
    """Read a pattern; `classes` are those that it names as `{name}`. Raises InvalidInput."""
    wanted: list[_Part] = []
    unwanted: list[_Part] = []
    for each in fold(source).split("&"):
        plain = each.strip()
        part = _Reader(source, plain.lstrip("!"), classes).whole()
        (unwanted if plain.startswith("!") else wanted).append(part)
    if not wanted:
        raise InvalidInput(f"{source!r} only says what is not wanted", "Begin with the words to look for.")
    return Pattern(source, tuple(wanted), tuple(unwanted))


def _worth(keys: _Keys) -> float:
    """How well keys select sentences: long ones do, and few of them."""
    return min(map(len, keys)) - len(keys) / 8


class _Reader:
    """Reads one part of a pattern, token by token."""

    def __init__(self, source: str, part: str, classes: WordClasses) -> None:
        self._source = source
        self._classes = classes
        self._tokens = list(self._read(part))
        self._place = 0

    def _read(self, part: str) -> Iterator[str]:
        for match in _TOKEN.finditer(part.rstrip()):
            if match["bad"]:
                raise self._wrong(f"{match['bad']!r} has no meaning")
            yield match[match.lastgroup or 0]

    def _wrong(self, what: str) -> InvalidInput:
        return InvalidInput(f"the pattern {self._source!r} cannot be read: {what}", "See its language.")

    def _next(self) -> str:
        return self._tokens[self._place] if self._place < len(self._tokens) else ""

    def whole(self) -> _Part:
        """The part as an expression with ends of words on both sides."""
        found = self.alternatives()
        return _Part(rf"(?<!\w)(?:{found.expression})(?!\w)", found.keys)

    def alternatives(self) -> _Part:
        """All of it, as alternatives that may stand in a larger part."""
        found = self._branches()
        if self._next():
            raise self._wrong(f"{self._next()!r} closes nothing")
        return found

    def _branches(self) -> _Part:
        branches = [self._sequence()]
        while self._next() == "|":
            self._place += 1
            branches.append(self._sequence())
        keys = frozenset[str]().union(*(each.keys for each in branches))
        return _Part("|".join(each.expression for each in branches), keys)

    def _sequence(self) -> _Part:
        expression, keys, between = "", list[_Keys](), ""
        while self._next() not in ("", "|", ")", "]"):
            found = self._next()
            self._place += 1
            if found.startswith("~"):
                between = _GAP % (found[1:] or _GAP_WORDS)
                continue
            item = self._item(found)
            if found != "[":
                expression += between + f"(?:{item.expression})"
                keys.append(item.keys)
                between = _BETWEEN
            elif expression:
                expression += f"(?:{between}(?:{item.expression}))?"
                between = _BETWEEN
            else:
                expression = f"(?:(?:{item.expression}){_BETWEEN})?"
        if not keys:
            raise self._wrong("a part of it has no word")
        return _Part(expression, max(keys, key=_worth))

    def _item(self, token: str) -> _Part:
        if token in ("(", "["):
            inner = self._branches()
            if self._next() != {"(": ")", "[": "]"}[token]:
                raise self._wrong(f"{token!r} is not closed")
            self._place += 1
            return _Part(f"(?:{inner.expression})", inner.keys)
        if token.startswith("{"):
            named = self._classes.part(token.strip("{}"), self._source)
            return _Part(f"(?:{named.expression})", named.keys)
        stem = token.rstrip("'")
        key = max((re.sub(r".\?", "", each) for each in re.split(r"\*.*|['.]", stem)), key=len)
        letters = re.escape(stem).replace(r"\?", "?").replace(r"\*", r"\w*")
        return _Part(letters, frozenset({key}))

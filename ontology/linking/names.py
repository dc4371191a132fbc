"""Names: things found by their names in running text, whatever its accents, capitals and hyphens."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_WORD = re.compile(r"[^\W_]+|[()&]")


def _folded(character: str) -> str:
    if character in "’‘ʼ`´":
        return "'"
    if character.isspace():
        return character if character == "\n" else " "
    apart = unicodedata.normalize("NFD", character)
    plain = apart[0].lower() if all(map(unicodedata.combining, apart[1:])) else character
    return plain if len(plain) == 1 else character


class _Folding(dict[int, str]):
    """What each code point folds to, worked out when it is first met; the interpreter walks the text."""

    def __missing__(self, point: int) -> str:
        self[point] = _folded(chr(point))
        return self[point]


_FOLDING = _Folding()


def fold(text: str) -> str:
    """The text without accents and capitals; every code point keeps its place, so offsets hold in both."""
    return text.translate(_FOLDING)


def words(text: str) -> tuple[str, ...]:
    """The folded words of a text; hyphens, apostrophes and commas only part them."""
    return tuple(_WORD.findall(fold(text)))


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list of names comes to: the keys in order, each once, and what no name covers."""

    keys: tuple[str, ...]
    rest: str = ""


class Names:
    """An index of names. A name that two things share leads to neither of them."""

    def __init__(self, named: Iterable[tuple[str, str]]) -> None:
        shared: dict[tuple[str, ...], set[str]] = {}
        for name, key in named:
            shared.setdefault(words(name), set()).add(key)
        shared.pop((), None)
        self._keys = {tokens: min(keys) for tokens, keys in shared.items() if len(keys) == 1}
        self._lengths: dict[str, list[int]] = {}
        for tokens in sorted(self._keys, key=len, reverse=True):
            lengths = self._lengths.setdefault(tokens[0], [])
            if len(tokens) not in lengths:
                lengths.append(len(tokens))
        self._longest = max(map(len, self._keys), default=0)

    def whole(self, text: str) -> str | None:
        """The key of the thing whose name the whole text is."""
        return self._keys.get(words(text))

    def at(self, text: str, start: int) -> tuple[str, int] | None:
        """The key of the longest name that begins at `start`, and where it ends."""
        # A name has few words, so a window is enough and long texts stay cheap.
        window = fold(text[start : start + 40 * self._longest])
        found = list(_WORD.finditer(window))[: self._longest]
        if not found or found[0].start() != 0:
            return None
        tokens = [each.group() for each in found]
        length = next(self._matching(tokens, 0), 0)
        if not length:
            return None
        return self._keys[tuple(tokens[:length])], start + found[length - 1].end()

    def ends_at(self, text: str, end: int) -> bool:
        """Whether a name ends at `end`."""
        before = words(text[max(0, end - 40 * self._longest) : end])
        return any(before[-length:] in self._keys for length in range(1, min(len(before), self._longest) + 1))

    def listed(self, text: str) -> Listing:
        """The things in a list of names that only spaces or commas part; the longest name comes first."""
        found = list(_WORD.finditer(fold(text)))
        tokens = [each.group() for each in found]
        taken = self._covering(tokens)
        if not tokens or taken[0]:
            return Listing(self._followed(tokens, taken))
        return Listing((), text[found[self._reached(tokens)].start() :])

    def _matching(self, tokens: list[str], place: int) -> Iterator[int]:
        """How many words the names have that begin with the word at this place, the longest first."""
        lengths = (each for each in self._lengths.get(tokens[place], []) if place + each <= len(tokens))
        return (each for each in lengths if tuple(tokens[place : place + each]) in self._keys)

    def _covering(self, tokens: list[str]) -> list[int]:
        """For each word, how many words the name has from which on names cover everything; else 0."""
        taken = [0] * len(tokens)
        for place in reversed(range(len(tokens))):
            for length in self._matching(tokens, place):
                if place + length == len(tokens) or taken[place + length]:
                    taken[place] = length
                    break
        return taken

    def _followed(self, tokens: list[str], taken: list[int]) -> tuple[str, ...]:
        keys: dict[str, None] = {}
        place = 0
        while place < len(tokens):
            keys[self._keys[tuple(tokens[place : place + taken[place]])]] = None
            place += taken[place]
        return tuple(keys)

    def _reached(self, tokens: list[str]) -> int:
        """The furthest word that names lead to from the beginning."""
        reached = {0}
        for place in range(len(tokens)):
            if place in reached:
                reached.update(place + each for each in self._matching(tokens, place))
        return max(each for each in reached if each < len(tokens))

"""Index: patterns by the beginnings of words that they need, so that a sentence is tried on few of them."""

import re
from collections.abc import Iterable, Sequence

from ontology.linking.patterns import Pattern

_WORD = re.compile(r"\w+")
# Words are remembered with the patterns that they may be part of, until there are so many of them.
_MOST_WORDS = 1 << 16


class Index:
    """Which of many patterns the words of a sentence may be part of."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self._by_key: dict[str, list[int]] = {}
        for place, pattern in enumerate(patterns):
            for key in pattern.keys:
                self._by_key.setdefault(key, []).append(place)
        self._longest = max(map(len, self._by_key), default=0)
        self._met: dict[str, tuple[int, ...]] = {}

    def places(self, folded: str, start: int, end: int) -> list[int]:
        """The places of the patterns that can be met in this piece of a folded text, in their order."""
        return sorted({each for word in set(_WORD.findall(folded, start, end)) for each in self._of(word)})

    def _of(self, word: str) -> Iterable[int]:
        found = self._met.get(word)
        if found is None:
            if len(self._met) >= _MOST_WORDS:
                self._met.clear()
            ends = range(1, min(len(word), self._longest) + 1)
            found = tuple(each for end in ends for each in self._by_key.get(word[:end], ()))
            self._met[word] = found
        return found

"""Words: what texts and searches are reduced to before they are compared, the same for every database.

A word is a run of letters and digits without accents and capitals; of Chinese and Japanese each character is
one. English, French and Spanish words are reduced to their stem (Snowball). The language of its text marks
every stem, so a word only finds words of a language in which both have the same stem.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from threading import Lock

import Stemmer

from ontology.errors import BadArgument

#: Words that must stand side by side in one text, or a single one.
Phrase = tuple[str, ...]

#: What must all be found, each in one of its alternatives: one for every language.
Search = tuple[tuple[Phrase, ...], ...]

#: Changes with everything that makes other words of the same text, so that what is stored is made anew.
FORM = f"1 {Stemmer.version()}"

_MOST = 50
_LONGEST = 64
# The forms of words in a language of which texts make much use; each takes about 200 bytes.
_CACHED = 50_000

_ALONE = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_ALONE}]|[^\W_{_ALONE}]+")
_RUN = re.compile(r"\w+(?:['’]\w+)*")
# What French leaves of an article, and English of a genitive or a negation: l'avenir, women's.
_ELIDED = re.compile(r"^(?:[a-z]|qu)['’]|['’][a-z]$")
# What joins words that a search writes without a space: PN.0008, capacity-building.
_JOINS = re.compile(r"[-‐‑./&]")
_QUOTE = re.compile('["“”„«»]')
# The marks of Latin, Cyrillic and Arabic letters.
_MARKS = re.compile("[\u0300-\u036f\u0483-\u0487\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]+")
_LETTERS = {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ı": "i"}
_ENDINGS = {"es": {"ion": "ión"}, "fr": {"ee": "ée", "ees": "ées", "iere": "ière", "ieres": "ières"}}


def _plain(text: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFKD", text))


def _folded(run: str) -> str:
    """The run without accents, capitals and elisions."""
    folded = run.lower() if run.isascii() else _plain(run.casefold()).casefold()
    for letter, plain in _LETTERS.items():
        folded = folded.replace(letter, plain)
    return _ELIDED.sub("", folded)


def _accented(language: str, word: str) -> str:
    """The word with the accent that its ending always has, which stemmers look for: -ión, -ée, -ière."""
    for ending, accented in _ENDINGS.get(language, {}).items():
        if word.endswith(ending):
            return word.removesuffix(ending) + accented
    return word


class _Stems(dict[str, str]):
    """The stems of every run of letters that was met, each with the mark of its language before it."""

    def __init__(self, mark: str, stem: Callable[[str], str]) -> None:
        super().__init__()
        self._mark, self._stem, self._lock = mark, stem, Lock()

    def __missing__(self, run: str) -> str:
        found = " ".join(self.of(run))
        if len(run) <= _LONGEST:
            if len(self) >= _CACHED:
                self.clear()
            self[run] = found
        return found

    def of(self, run: str) -> list[str]:
        """The stems of one run: most often one, but for Chinese one for each character."""
        words = _WORD.findall(_folded(run))
        # The state of a stemmer is not for several threads at once.
        with self._lock:
            return [self._mark + self._stem(word[:_LONGEST]) for word in words]


def _stemmed(mark: str, language: str, algorithm: str) -> _Stems:
    stemmer = Stemmer.Stemmer(algorithm)
    return _Stems(mark, lambda word: _plain(stemmer.stemWord(_accented(language, word))))


_AS_THEY_STAND = _Stems("o", str)
_STEMS = {
    "en": _stemmed("e", "en", "english"),
    "fr": _stemmed("f", "fr", "french"),
    "es": _stemmed("s", "es", "spanish"),
}


def _unmarked(text: str) -> str:
    # Marks that are no part of a letter would part the words that they stand in.
    return text if text.isascii() else _MARKS.sub("", text)


def stems(text: str, language: str | None = None) -> str:
    """The stems of a text in its order, with spaces between; in other languages than the three its words."""
    found = _STEMS.get(language or "", _AS_THEY_STAND)
    return " ".join(filter(None, map(found.__getitem__, _RUN.findall(_unmarked(text)))))


def _chunks(text: str) -> Iterator[list[str]]:
    """The runs that stand together, such as the two of `PN.0008`."""
    found = list(_RUN.finditer(_unmarked(text)))
    chunk = [each.group() for each in found[:1]]
    for before, after in pairwise(found):
        if not _JOINS.fullmatch(after.string, before.end(), after.start()):
            yield chunk
            chunk = []
        chunk.append(after.group())
    yield chunk


def _alternatives(runs: Iterable[str]) -> tuple[Phrase, ...]:
    """What the runs come to in each of the languages; nothing where all of them are elided."""
    each_way = [
        tuple(stem for run in runs for stem in found.of(run)) for found in (*_STEMS.values(), _AS_THEY_STAND)
    ]
    return tuple(each for each in each_way if each)


def search(text: str) -> Search:
    """What a search asks for: all of its words, and those in quotation marks or without a space side by side.

    No other character is an operator, and a mark that is not closed is none either.
    Raises BadArgument for a search without a word, or with too many.
    """
    parts = _QUOTE.split(text)
    if len(parts) % 2 == 0:
        parts[-2:] = [" ".join(parts[-2:])]
    asked = [
        _alternatives(runs)
        for place, part in enumerate(parts)
        for runs in ([_RUN.findall(_unmarked(part))] if place % 2 else _chunks(part))
    ]
    found = tuple(dict.fromkeys(filter(None, asked)))
    if not found:
        raise BadArgument(
            "search has no word",
            "Write words of titles, descriptions or results, for example: border health.",
            field="search",
        )
    if (count := sum(len(each[0]) for each in found)) > _MOST:
        raise BadArgument(
            f"search has {count} words, at most {_MOST} are taken", "Leave some out.", field="search"
        )
    return found

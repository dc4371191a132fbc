"""Abstention: when nothing is proposed, since a text tells too little of it and of anybody doing something.

Words that a topic has stand in texts that have none, too: in the notices of an office, in recipes, in what is
said of how things are. Such texts tell little of it, once, and of nobody who does anything.
"""

import re
from collections.abc import Iterable, Iterator

from ontology.linking.hits import Hit, Reading
from ontology.linking.lexicon import is_goal, is_objective

# The share of words that have to tell of it; those of doing something count with those of a topic.
_TOLD = 0.1
# Any text may have words that come to two hints or a suggestion: where nothing is surer, more has to be told.
_HINTED = 0.55
_TOLD_IF_HINTED = 0.15
# A sentence that tells so many times as much, such as a title, stands for the whole text.
_FULL = 2.5
# A longer text that is not about people who move may still propose goals: descriptions of the world say what
# they are about without anybody doing anything.
_FEW_WORDS = 60

_WORD = re.compile(r"\w+")


def enough(
    text: str, reading: Reading, proposed: dict[str, list[Hit]], confidences: dict[str, float]
) -> dict[str, list[Hit]]:
    """What is left of the targets that would be proposed with these hits: all, some, or nothing."""
    sure = [each for target, each in confidences.items() if is_objective(target) or is_goal(target)]
    is_hinted = all(each <= _HINTED for each in sure)
    hits = [hit for same in proposed.values() for hit in same]
    if is_hinted and reading.is_of_office:
        return {}
    if not hits or _is_told(text, reading, hits, _TOLD_IF_HINTED if is_hinted else _TOLD):
        return proposed
    is_short = sum(_words(text, start, end) for start, end in reading.parts) <= _FEW_WORDS
    if is_hinted or is_short or reading.is_about_migration or _is_in_passing(reading, hits):
        return {}
    return {target: each for target, each in _of_the_world(proposed) if confidences[target] > _HINTED}


def _words(text: str, start: int, end: int) -> int:
    """How many words stand in a piece of a text."""
    return len(_WORD.findall(text, start, end))


def _of_the_world(proposed: dict[str, list[Hit]]) -> Iterator[tuple[str, list[Hit]]]:
    """The goals and targets that other rules than those of proposed objectives speak for."""
    of_people = {hit.rule for target, same in proposed.items() if is_objective(target) for hit in same}
    yield from ((target, same) for target, same in proposed.items() if {hit.rule for hit in same} - of_people)


def _is_told(text: str, reading: Reading, hits: list[Hit], least: float) -> bool:
    """Whether so large a share of the words tells of what these hits speak for, and of doing something.

    One sentence that is full of it is enough, and so is a code that is named by its number. In several that
    are not about people who move, one word alone is not.
    """
    if any(not each.pattern for each in hits):
        return True
    told = reading.doings()
    for sentence, _ in {(each.sentence, each.parts) for each in hits}:
        told[sentence] += 1
    words = {each: _words(text, each.start, each.end) for each in told}
    if any(told[each.sentence] >= _FULL * least * words[each.sentence] for each in hits):
        return True
    is_said_again = reading.is_about_migration or len(reading.sentences) == 1 or _places(hits) > 1
    return is_said_again and sum(told.values()) >= least * sum(words.values())


def _is_in_passing(reading: Reading, hits: list[Hit]) -> bool:
    """Whether it is told in one place only, and not in the first sentence."""
    return _places(hits) == 1 and hits[0].sentence != reading.sentences[0]


def _places(hits: Iterable[Hit]) -> int:
    """In how many places apart from one another the words of these hits stand."""
    count, reached = 0, -1
    for start, end in sorted({part for each in hits for part in each.parts}):
        count += start >= reached
        reached = max(reached, end)
    return count

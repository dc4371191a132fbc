"""Linking: how much processor time proposals for a text take; run as `python -m tests.benchmarks.linking`."""

import sys
import time

from ontology.linking.lexicon import LANGUAGES, lexicon, words
from ontology.linking.topics import topics
from tests.linking.development import development_set


def measured(rounds: int = 5) -> tuple[float, float, float]:
    """Seconds to read the lexicon, then milliseconds a text: at first, and once patterns are compiled."""
    texts = [item["text"] for item in development_set()]
    start = time.process_time()
    lexicon()
    for language in LANGUAGES:
        words(language)
    read = time.process_time() - start
    first = _each(texts)
    return read, first, min(_each(texts) for _ in range(rounds))


def _each(texts: list[str]) -> float:
    start = time.process_time()
    for text in texts:
        topics(text)
    return (time.process_time() - start) / len(texts) * 1000


if __name__ == "__main__":
    read, first, warm = measured()
    sys.stdout.write(f"lexicon read in {read:.2f} s; {first:.1f} ms a text at first, then {warm:.2f} ms\n")

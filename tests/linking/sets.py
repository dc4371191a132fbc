"""Sets: the labelled texts that proposals are measured on, by how far the lexicon was written with them."""

import json
from functools import cache
from typing import Any

from ontology.linking.scoring import Evaluation, evaluation
from tests.linking.development import FOLDER, development_set

#: The sets, from the one that tells most of other texts to those that the lexicon was mended by.
NAMES = ("unread", "validation", "b", "read", "a")

_HALVES = ("a", "b")


def texts(name: str) -> list[dict[str, Any]]:
    """The labelled texts of a set: a half of the development set, or the lines of the file of that name."""
    if name in _HALVES:
        return [dict(item) for item in development_set() if item["split"] == name]
    lines = (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@cache
def measured(name: str) -> Evaluation:
    """What proposals come to on a set."""
    return evaluation(texts(name))

"""Derived: how often what follows over the crosswalk is a label; run as `python -m tests.linking.derived`.

The candidates are those of a new installation, and the texts those of the development set.
"""

import sys
from collections import Counter

from ontology.linking.topics import topics
from ontology.reading import records
from ontology.vocabularies import vocabulary
from schema.deriving import Crosswalk, crosswalk
from schema.following import with_status
from server.documents import declarations
from tests.linking.development import Item, Scheme, arguable, core, development_set

#: By scheme, how many codes that follow are labels, and how many are not.
Figures = dict[Scheme, tuple[int, int]]

#: The class of the targets of each scheme, the other way round.
NAMED: dict[str, Scheme] = {"objective": "gcm", "sdg": "sdg"}


def candidates() -> Crosswalk:
    """The ways over the crosswalk as it is published, before anybody has decided on it."""
    return crosswalk(map(with_status, records(vocabulary("mappings"), declarations())))


def followed(item: Item, ways: Crosswalk) -> set[tuple[Scheme, int]]:
    """What follows from what a text proposes, beside that; of targets their goals, which the labels have."""
    found = {each.target for each in topics(item["text"], item["lang"])}
    further = {step.target for each in found for step in ways.get(each, ())} - found
    codes = (target.partition("/") for target in further)
    return {(NAMED[segment], int(code.partition(".")[0])) for segment, _, code in codes}


def measured() -> Figures:
    """The figures over all texts; what is arguable counts neither way."""
    counts: Counter[tuple[Scheme, bool]] = Counter()
    ways = candidates()
    for item in development_set():
        for scheme, code in followed(item, ways):
            is_label = code in core(item, scheme)
            if is_label or code not in arguable(item, scheme):
                counts[scheme, is_label] += 1
    return {scheme: (counts[scheme, True], counts[scheme, False]) for scheme in NAMED.values()}


if __name__ == "__main__":
    for name, (right, wrong) in measured().items():
        sys.stdout.write(f"{name}: {right} of {right + wrong} are labels\n")

"""Agreement: how far readers who labelled the development set apart from one another give the same codes.

`python -m tests.linking.agreement` prints it; `--sheet` prints what a reader gets, and `--differences` what
is to be settled.
"""

import argparse
import json
import random
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import NamedTuple

from tests.linking.development import (
    FOLDER,
    SCHEMES,
    SIZES,
    Item,
    Labels,
    Scheme,
    arguable,
    core,
    development_set,
)

FIRST = FOLDER / "first_labels.jsonl"
SECOND = FOLDER / "second_labels.jsonl"

#: What one reader said of each text, by its id.
Labelling = Mapping[str, Labels]

RESAMPLES = 1000


class Decisions(NamedTuple):
    """How often two readers took a code both, one alone, or neither, over all texts and codes of a scheme."""

    both: int
    first_only: int
    second_only: int
    neither: int

    @property
    def same(self) -> float:
        """The share of decisions that are the same, from 0 to 1."""
        return (self.both + self.neither) / sum(self) if sum(self) else 1.0

    @property
    def kappa(self) -> float:
        """Cohen's kappa (Cohen 1960): agreement beyond what the readers' shares of yes give by chance."""
        total = sum(self)
        if not total:
            return 1.0
        yes = (self.both + self.first_only) * (self.both + self.second_only)
        no = (self.neither + self.second_only) * (self.neither + self.first_only)
        chance = (yes + no) / total**2
        return 1.0 if chance == 1 else (self.same - chance) / (1 - chance)

    @property
    def f1(self) -> float:
        """Twice the codes that both took, over all that each took; the same whichever reader comes first."""
        taken = 2 * self.both + self.first_only + self.second_only
        return 2 * self.both / taken if taken else 1.0


class Pair(NamedTuple):
    """The labellings of two readers."""

    first: Labelling
    second: Labelling

    def ids(self) -> list[str]:
        """The texts that both have labelled, always in one order."""
        return sorted(self.first.keys() & self.second.keys())


def labellings() -> dict[str, dict[str, Labels]]:
    """All labellings by reader: the first one, and those that were made without sight of it."""
    found: dict[str, dict[str, Labels]] = defaultdict(dict)
    for file in (FIRST, SECOND):
        for line in file.read_text(encoding="utf-8").splitlines() if file.exists() else []:
            labels = json.loads(line)
            found[labels["reader"]][labels["id"]] = labels
    return dict(found)


def decisions(pair: Pair, scheme: Scheme, ids: Iterable[str], *, strict: bool = True) -> Decisions:
    """The decisions of two readers on some texts.

    Unless strict, a code that one takes and the other finds arguable is left out, as it is in scoring.
    """
    both = first_only = second_only = neither = 0
    for each in ids:
        one, two = core(pair.first[each], scheme), core(pair.second[each], scheme)
        left_out = set() if strict else one ^ two
        left_out &= arguable(pair.first[each], scheme) | arguable(pair.second[each], scheme)
        both += len(one & two)
        first_only += len(one - two - left_out)
        second_only += len(two - one - left_out)
        neither += SIZES[scheme] - len(one | two)
    return Decisions(both, first_only, second_only, neither)


def interval(pair: Pair, scheme: Scheme, ids: list[str]) -> tuple[float, float]:
    """The 95 % interval of F1, by drawing the texts anew with replacement (percentile bootstrap)."""
    drawn = random.Random(0)
    found = sorted(decisions(pair, scheme, drawn.choices(ids, k=len(ids))).f1 for _ in range(RESAMPLES))
    return found[int(0.025 * RESAMPLES)], found[int(0.975 * RESAMPLES)]


def differences(pair: Pair) -> list[tuple[str, Scheme, set[int], set[int]]]:
    """The texts where two readers gave other core codes, with what each alone gave."""
    return [
        (each, scheme, one - two, two - one)
        for each in pair.ids()
        for scheme in SCHEMES
        if (one := core(pair.first[each], scheme)) != (two := core(pair.second[each], scheme))
    ]


def unsettled(items: list[Item], pairs: Iterable[Pair]) -> set[str]:
    """The texts whose labels differ between readers and say nothing of how that was decided."""
    settled = {item["id"] for item in items if item.get("adjudicated")}
    return {each for pair in pairs for each, *_ in differences(pair)} - settled


def pairs_of(found: Mapping[str, Labelling]) -> dict[tuple[str, str], Pair]:
    """Every two readers with their labellings."""
    return {(one, two): Pair(found[one], found[two]) for one, two in combinations(sorted(found), 2)}


def report(items: list[Item], found: Mapping[str, Labelling]) -> str:
    """The agreement of every two readers as a table in Markdown, for all texts and by language."""
    pairs = pairs_of(found)
    if not pairs:
        return f"One reader ({', '.join(found)}) has labelled the texts. There is no second labelling yet."
    head = ["readers", "scheme", "texts", "n", "same", "kappa", "F1", "95 %", "F1, arguable left out"]
    rows = [f"| {' | '.join(head)} |", "| --- | --- | --- " + "| ---: " * 6 + "|"]
    for (one, two), pair in pairs.items():
        shared = pair.ids()
        by_language = {
            language: [each["id"] for each in items if each["lang"] == language and each["id"] in shared]
            for language in ("en", "fr", "es")
        }
        for scheme in SCHEMES:
            for texts, ids in {"all": shared, **by_language}.items():
                if ids:
                    rows.append(f"| {one}, {two} | {scheme} | {texts} | {figures(pair, scheme, ids)} |")
    return "\n".join(rows)


def figures(pair: Pair, scheme: Scheme, ids: list[str]) -> str:
    """The cells of one row: how many texts, and the figures on them."""
    found = decisions(pair, scheme, ids)
    low, high = interval(pair, scheme, ids)
    lenient = decisions(pair, scheme, ids, strict=False).f1
    shown = [f"{found.same:.3f}", f"{found.kappa:.2f}", f"{found.f1:.2f}", f"{low:.2f}-{high:.2f}"]
    return " | ".join([str(len(ids)), *shown, f"{lenient:.2f}"])


def sheet(items: list[Item]) -> str:
    """The texts as a reader gets them: without labels, and in an order that tells nothing about them."""
    mixed = sorted(items, key=lambda item: item["id"])
    random.Random(7).shuffle(mixed)
    return "".join(
        json.dumps({k: item[k] for k in ("id", "text")}, ensure_ascii=False) + "\n" for item in mixed
    )


def main() -> int:
    """Prints what is asked for."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--sheet", action="store_true", help="the texts without labels, for one more reader")
    asked.add_argument(
        "--differences", action="store_true", help="where readers differ, a line for each scheme"
    )
    arguments = asked.parse_args()
    items, found = development_set(), labellings()
    if arguments.sheet:
        told = sheet(items)
    elif arguments.differences:
        told = "".join(
            f"{each} {scheme} {one}: {sorted(left)} {two}: {sorted(right)}\n"
            for (one, two), pair in pairs_of(found).items()
            for each, scheme, left, right in differences(pair)
        )
    else:
        told = report(items, found) + "\n"
    sys.stdout.write(told)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

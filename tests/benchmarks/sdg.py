"""SDG: the SDG classification benchmark, run by hand as `python -m tests.benchmarks.sdg FILE.csv`.

The file is `benchmark.csv` of the package sdgclassification-benchmark: a text, a goal, and whether the
text is about the goal. Nothing was trained or tuned on it; what is printed are zero-shot figures.
"""

import csv
import sys
from pathlib import Path

from ontology.linking.scoring import Counts
from ontology.linking.topics import topics


def answered(text: str, goal: int) -> bool:
    """Whether the goal is proposed for the text."""
    return any(each.target == f"sdg/{goal}" for each in topics(text, "en"))


def counts(rows: list[dict[str, str]]) -> dict[int, Counts]:
    """How far the answers agree with the labels, by goal."""
    found: dict[int, Counts] = {}
    for row in rows:
        goal, label = int(row["sdg"]), row["label"] in {"True", "1", "true"}
        said = answered(row["text"], goal)
        one = Counts(int(said and label), int(said and not label), int(label and not said))
        found[goal] = found.get(goal, Counts()) + one
    return found


def main() -> None:
    """Print precision, recall and F1 of each goal and of all."""
    with Path(sys.argv[1]).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = counts(rows)
    for goal, each in [*sorted(found.items()), ("all", sum(found.values(), Counts()))]:
        sys.stdout.write(
            f"{goal:>3}  precision {each.precision:.3f}  recall {each.recall:.3f}  F1 {each.f1:.3f}\n"
        )


if __name__ == "__main__":
    main()

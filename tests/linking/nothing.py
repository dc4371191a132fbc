"""Nothing: texts without a topic by kind, and how many get a proposal: `python -m tests.linking.nothing`.

Office business, pages of a site that are about no project, general statements and other worlds have no topic.
The other kinds are near misses, in which words of one stand as a name or a participant, as the background, or
as what is not done.
"""

import json
import sys
from collections import Counter
from functools import cache
from typing import Any

from ontology.linking.scoring import prediction
from tests.linking.development import FOLDER

NO_TOPIC = ("office", "site", "general", "world")
NEAR_MISSES = ("mention", "background", "excluded")

#: How the ids begin of texts for which nothing was written; the others were mended by.
APART = ("n8-", "n14-", "n23-", "n24-", "n26-")


def texts() -> list[dict[str, Any]]:
    """All of them, in the order in which they were written."""
    return [json.loads(line) for line in (FOLDER / "nothing.jsonl").read_text(encoding="utf-8").splitlines()]


def counted(items: list[dict[str, Any]]) -> dict[str, tuple[int, int]]:
    """For each kind, how many of these texts get a proposal, and how many there are."""
    all_of_them = Counter(item["kind"] for item in items)
    proposed = Counter(item["kind"] for item in items if _has_proposals(item["text"]))
    return {kind: (proposed[kind], all_of_them[kind]) for kind in (*NO_TOPIC, *NEAR_MISSES)}


@cache
def _has_proposals(text: str) -> bool:
    found = prediction(text)
    return bool(found["gcm"] or found["sdg"])


def main() -> None:
    """Print the counts of texts by which the lexicon was mended, and of the others."""
    for name, is_apart in (("mended by", False), ("others", True)):
        found = counted([item for item in texts() if item["id"].startswith(APART) == is_apart])
        told = ", ".join(f"{kind} {proposed} of {number}" for kind, (proposed, number) in found.items())
        sys.stdout.write(f"{name}: {told}\n")


if __name__ == "__main__":
    main()

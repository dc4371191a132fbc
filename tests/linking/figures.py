"""Figures: what /about/method shows, written by `python -m tests.linking.figures`."""

import json
from typing import Any

from ontology.linking.scoring import evaluation
from server.evaluate_command import figures
from server.method import FIGURES
from tests.linking.development import development_set


def measured() -> list[dict[str, Any]]:
    """The figures of each half of the development set, without those of single codes."""
    rows: list[dict[str, Any]] = []
    for half in ("a", "b"):
        found = figures(evaluation([dict(item) for item in development_set() if item["split"] == half]))
        for scheme in ("gcm", "sdg"):
            found[scheme].pop("byCode")
        rows.append({"half": half, **found})
    return rows


if __name__ == "__main__":
    lines = (json.dumps(each, sort_keys=True) + "\n" for each in measured())
    FIGURES.write_text("".join(lines), encoding="utf-8")

"""Figures: what the page on the method tells, measured by `python -m tests.linking.figures`."""

import json
from typing import Any

from server.evaluate_command import figures
from server.method import FIGURES
from tests.linking import sets


def measured() -> list[dict[str, Any]]:
    """The figures of each set, without those of single codes."""
    rows: list[dict[str, Any]] = []
    for name in sets.NAMES:
        found = figures(sets.measured(name))
        for scheme in ("gcm", "sdg"):
            found[scheme].pop("byCode")
        rows.append({"set": name, **found})
    return rows


if __name__ == "__main__":
    lines = (json.dumps(each, sort_keys=True) + "\n" for each in measured())
    FIGURES.write_text("".join(lines), encoding="utf-8")

"""Development set: its texts, the labels of each, and the words that a label rests on.

`python -m tests.linking.development` puts the offsets of all quotes right after texts were edited.
"""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Literal, NotRequired, TypedDict

FOLDER = Path(__file__).parent
DEVELOPMENT = FOLDER / "development.jsonl"

Scheme = Literal["gcm", "sdg"]

#: How many codes each scheme has: objectives of the Compact, goals of the 2030 Agenda.
SIZES: dict[Scheme, int] = {"gcm": 23, "sdg": 17}
SCHEMES: tuple[Scheme, ...] = ("gcm", "sdg")


class Code(TypedDict):
    """One objective or goal."""

    scheme: Scheme
    code: int


class Rationale(Code):
    """The words that a core label rests on, as code points of the text from `start` up to `end`."""

    start: int
    end: int
    quote: str


class Labels(TypedDict):
    """What one labelling says of one text: core codes, and codes that can be argued for (`_ok`)."""

    id: str
    gcm: list[int]
    gcm_ok: list[int]
    sdg: list[int]
    sdg_ok: list[int]


class Item(Labels):
    """A text with its labels; `near` are codes whose words it has without being about them."""

    lang: Literal["en", "fr", "es"]
    text: str
    certainty: Literal["high", "medium"]
    kind: Literal["topic", "none", "near-miss"]
    near: list[Code]
    rationale: list[Rationale]
    split: Literal["a", "b"]
    origin: str
    adjudicated: NotRequired[str]


def development_set() -> list[Item]:
    """All items in the order of the file."""
    return [json.loads(line) for line in DEVELOPMENT.read_text(encoding="utf-8").splitlines()]


def core(labels: Labels, scheme: Scheme) -> set[int]:
    """The codes that a labelling says a text is about."""
    return set(labels[scheme])


def arguable(labels: Labels, scheme: Scheme) -> set[int]:
    """The codes that a labelling neither asks for nor rules out."""
    return set(labels["gcm_ok"] if scheme == "gcm" else labels["sdg_ok"])


def how_often_core(items: list[Item], scheme: Scheme) -> Counter[int]:
    """In how many texts each code is core."""
    return Counter(code for item in items for code in item[scheme])


def shape(items: list[Item]) -> str:
    """How many texts there are by language, kind and half, and in how many each code is core, in Markdown."""
    kinds = Counter((item["lang"], item["split"], item["kind"]) for item in items)
    rows = ["| language | half | about a topic | near miss | none |", "| --- | --- | ---: | ---: | ---: |"]
    for lang in ("en", "fr", "es"):
        for half in ("a", "b"):
            row = [kinds[lang, half, kind] for kind in ("topic", "near-miss", "none")]
            rows.append(f"| {lang} | {half} | {' | '.join(map(str, row))} |")
    names: dict[Scheme, str] = {"gcm": "objective", "sdg": "goal"}
    for scheme, name in names.items():
        rows += ["", f"| {name} | core in half a | core in half b | en | fr | es |", "| ---: " * 6 + "|"]
        for code in range(1, SIZES[scheme] + 1):
            having = [item for item in items if code in core(item, scheme)]
            row = [sum(item["split"] == half for item in having) for half in ("a", "b")]
            row += [sum(item["lang"] == lang for item in having) for lang in ("en", "fr", "es")]
            rows.append(f"| {code} | {' | '.join(map(str, row))} |")
    return "\n".join(rows)


def located(item: Item) -> Item:
    """The item with every quote at its place in the text.

    A quote stays with the occurrence nearest to where it was.

    Raises:
        ValueError: a quote does not stand in the text any more.
    """
    for each in item["rationale"]:
        places = occurrences(each["quote"], item["text"])
        if not places:
            raise ValueError(f"{item['id']}: {each['quote']!r} is not in the text")
        each["start"] = min(places, key=lambda place: abs(place - each["start"]))
        each["end"] = each["start"] + len(each["quote"])
    return item


def occurrences(quote: str, text: str) -> list[int]:
    """Where a quote begins in a text, as code points."""
    return [at for at in range(len(text) - len(quote) + 1) if text.startswith(quote, at)]


def written(items: list[Item]) -> str:
    """The items as they stand in the file, one a line."""
    return "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items)


def main() -> int:
    """Rewrites the file with all offsets put right."""
    items = [located(item) for item in development_set()]
    DEVELOPMENT.write_text(written(items), encoding="utf-8")
    sys.stdout.write(f"{len(items)} texts\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Evaluate command: `compactgraph evaluate`, which compares proposals with labelled texts."""

import sys
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from ontology.errors import BadArgument
from ontology.linking.lexicon import lexicon
from ontology.linking.scoring import Counts, Evaluation, Score, evaluation
from server.telling import told
from server.textfile import text_of


def evaluate(
    gold: Annotated[Path, typer.Argument(help="Labelled texts, one JSON object a line.")],
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON to the standard output.")] = False,
) -> None:
    """Compare proposals with labelled texts: precision, recall and F1, by language and by code."""
    with told():
        items = _items(text_of(gold), gold)
        made = evaluation(items)
    if as_json:
        data = orjson.dumps(figures(made), option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_NON_STR_KEYS)
        sys.stdout.buffer.write(data)
        return
    for scheme, score in made.scores.items():
        sys.stdout.write("\n".join(_lines(scheme.upper(), score)) + "\n")
    quotes = made.quotes
    sys.stdout.write(
        f"Quotes: {quotes.valid} of {quotes.spans} stand in their text; "
        f"{quotes.overlapping} of {quotes.compared} right links quote words of the rationale\n"
    )


def _items(text: str, path: Path) -> list[dict[str, Any]]:
    """The labelled texts of a file. Raises BadArgument."""
    items: list[dict[str, Any]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            item = orjson.loads(line)
            _check(item)
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
            raise BadArgument(
                f"{path}, line {number} is no labelled text: {error}",
                "Each line has text, lang, gcm and sdg, and may have gcm_ok, sdg_ok and rationale.",
            ) from None
        items.append(item)
    if not items:
        raise BadArgument(f"{path} has no labelled text", "Each line has text, lang, gcm and sdg.")
    return items


def _check(item: dict[str, Any]) -> None:
    if not isinstance(item["text"], str) or not isinstance(item["lang"], str):
        raise ValueError("text and lang are strings")
    for name in ("gcm", "sdg"):
        codes = [*item[name], *(item.get(f"{name}_ok") or ())]
        if not all(isinstance(code, int) for code in codes):
            raise ValueError(f"{name} is a list of numbers")
    for each in item.get("rationale") or ():
        if not isinstance(each, str) and not {"scheme", "code", "start", "end"} <= each.keys():
            raise ValueError("an entry of rationale is words of the text, or has scheme, code, start and end")


def _lines(name: str, score: Score) -> list[str]:
    low, high = score.interval
    abstained, empty = score.empty
    micro = score.micro
    head = (
        f"{name}  precision {micro.precision:.3f}  recall {micro.recall:.3f}  "
        f"micro-F1 {micro.f1:.3f} [{low:.3f}, {high:.3f}]  macro-F1 {score.macro_f1:.3f}  "
        f"nothing for {abstained} of {empty} without a topic"
    )
    rows = [
        f"  {language}  precision {each.precision:.3f}  recall {each.recall:.3f}  F1 {each.f1:.3f}"
        for language, each in score.by_language.items()
    ]
    rows += [
        f"  {code:>2}  labelled {each.right + each.missed:>3}  precision {each.precision:.3f}  "
        f"recall {each.recall:.3f}  F1 {each.f1:.3f}  lift {score.lift[code]:.1f}"
        for code, each in score.by_code.items()
    ]
    return [head, *rows]


def _rounded(counts: Counts) -> dict[str, float]:
    return {
        "precision": round(counts.precision, 3),
        "recall": round(counts.recall, 3),
        "f1": round(counts.f1, 3),
    }


def figures(made: Evaluation) -> dict[str, Any]:
    """The figures of an evaluation as JSON has them."""
    found: dict[str, Any] = {"method": "lexicon", "methodVersion": lexicon().version}
    for scheme, score in made.scores.items():
        found[scheme] = {
            "items": len(score.answers),
            **_rounded(score.micro),
            "interval": [round(each, 3) for each in score.interval],
            "macroF1": round(score.macro_f1, 3),
            "abstained": score.empty[0],
            "withoutTopic": score.empty[1],
            "byLanguage": {language: _rounded(each) for language, each in score.by_language.items()},
            "byCode": {
                code: {
                    "labelled": each.right + each.missed,
                    **_rounded(each),
                    "lift": round(score.lift[code], 1),
                }
                for code, each in score.by_code.items()
            },
        }
    quotes = made.quotes
    found["quotes"] = {
        "spans": quotes.spans,
        "valid": quotes.valid,
        "compared": quotes.compared,
        "overlapping": quotes.overlapping,
    }
    return found

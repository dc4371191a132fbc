"""Counts: projectStats, counted in the database and told with the names of what was counted by."""

from collections.abc import Callable, Mapping
from typing import Any

from schema import money, stats
from schema.exchange import noun_of
from schema.filters import with_ids
from schema.plan.leaves import name_of
from schema.plan.read import Fetch
from schema.plan.reference import Answer
from schema.plan.selection import TYPENAME, Selected, Selection
from schema.text import Text, chosen

Names = Mapping[str, Text]
Filter = dict[str, Any] | None


def names_of(fetch: Fetch, identifiers: set[str]) -> dict[str, Text]:
    """The names of the things that rows were counted by; all of them are reference."""
    found: dict[str, Text] = {}
    for identifier in identifiers:
        segment, _, key = identifier.partition("/")
        noun = noun_of(segment, key)
        vocabulary = fetch.reference.vocabulary(noun, fetch.reader.snapshot)
        if key in vocabulary.rows:
            name = "title" if "title" in vocabulary.names else "name"
            found[identifier] = vocabulary.column(name, [key])[0] or {}
    return found


def label_of(fetch: Fetch, selected: Selected, value: Any, names: Names) -> str:
    """What a thing is called, or the end of its id."""
    asked = selected.arguments(fetch.variables).get("languages")
    found = chosen(names.get(value), None if asked is None else [each.value for each in asked])
    return found[1] if found else str(value or "").rpartition("/")[2]


def stat_cell(fetch: Fetch, selection: Selection, key: stats.StatKey, value: Any, names: Names) -> Answer:
    """One key of a row, a column or a count."""
    plain = {
        TYPENAME: "StatCell",
        "key": name_of(key),
        "id": value if isinstance(value, str) else None,
    }
    return {
        each.key: label_of(fetch, each, value, names) if each.name == "label" else plain[each.name]
        for each in selection
    }


def _row(fetch: Fetch, selection: Selection, table: stats.Table, row: stats.Row, names: Names) -> Answer:
    plain = {
        TYPENAME: "StatRow",
        "projects": row.accepted + row.proposed,
        "accepted": row.accepted,
        "proposed": row.proposed,
        "budgetUsd": money.dollars(row.cents),
        "multiCounted": table.multi_counted,
    }

    def cells(selected: Selected) -> list[Answer]:
        pairs = zip(table.keys, row.values, strict=True)
        return [stat_cell(fetch, selected.only, key, value, names) for key, value in pairs]

    return {each.key: cells(each) if each.name == "keys" else plain[each.name] for each in selection}


def compiled_stats(selection: Selection) -> Callable[[Fetch, list[stats.StatKey], Filter], list[Answer]]:
    """What answers a count. Raises BadArgument for keys that cannot be counted by."""

    def read(fetch: Fetch, keys: list[stats.StatKey], filter_: Filter) -> list[Answer]:
        table = stats.count(fetch.reader.connection, keys, with_ids(filter_, fetch.reader.iris))
        identifiers = {value for row in table.rows for value in row.values if isinstance(value, str)}
        names = names_of(fetch, identifiers)
        return [_row(fetch, selection, table, row, names) for row in table.rows]

    return read

"""Roots: the fields of Query, each read in the one snapshot of the request."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from ontology.errors import BadArgument
from schema import stats
from schema.exchange import SEGMENTS, noun_of, nouns_of
from schema.filters import with_ids
from schema.page import Place, window
from schema.plan.connection import connections, project_pages, project_statement
from schema.plan.level import Answer, nodes, things, values_of
from schema.plan.read import Reader
from schema.plan.selection import Selected, Selection
from schema.record import NOUNS
from schema.snapshot import Standing
from schema.stats import natural
from schema.text import chosen

_AT_ONCE = 100


def _found(reader: Reader, text: str, segments: tuple[str, ...]) -> Standing | None:
    found = reader.snapshot.find(text, segments, reader.iris)
    return None if found is None or found.deleted else found


def _identifier(reader: Reader, text: str) -> str | None:
    """The identifier of anything that lives and that the API shows, from its id or IRI."""
    identifier = reader.iris.identifier(text) if "://" in text else text
    segment = (identifier or "").partition("/")[0]
    if segment not in SEGMENTS or not nouns_of(segment)[0].model.in_graphql:
        return None
    found = _found(reader, text, (segment,))
    return None if found is None else f"{found.segment}/{found.key}"


def _nodes(reader: Reader, selected: Selected) -> list[Answer | None]:
    asked = selected.arguments["ids"]
    if len(asked) > _AT_ONCE:
        raise BadArgument(f"ids has {len(asked)} entries", f"Ask for at most {_AT_ONCE} at once.")
    identifiers = [_identifier(reader, each) for each in asked]
    found = nodes(reader, selected.by_type, [each for each in identifiers if each is not None])
    return [None if each is None else found.get(each) for each in identifiers]


def _node(reader: Reader, selected: Selected) -> Answer | None:
    identifier = _identifier(reader, selected.arguments["id"])
    return None if identifier is None else nodes(reader, selected.by_type, [identifier])[identifier]


def _one(name: str) -> Callable[[Reader, Selected], Answer | None]:
    def read(reader: Reader, selected: Selected) -> Answer | None:
        noun = NOUNS[name]
        found = _found(reader, selected.arguments["id"], (noun.segment,))
        if found is None or noun_of(found.segment, found.key) is not noun:
            return None
        return things(reader, noun, selected.only, [found.key])[found.key]

    return read


def _all(name: str) -> Callable[[Reader, Selected], list[Answer]]:
    def read(reader: Reader, selected: Selected) -> list[Answer]:
        noun = NOUNS[name]
        keys = sorted(reader.connection.scalars(select(noun.table.c.key)), key=natural)
        found = things(reader, noun, selected.only, keys)
        return [found[key] for key in keys]

    return read


def _projects(reader: Reader, selected: Selected) -> Answer:
    rows = list(reader.connection.execute(project_statement(reader, selected.arguments)).mappings())
    pages, totals = project_pages(selected.arguments, [rows])
    return connections(reader, NOUNS["Project"], selected.only, pages, totals)[0]


def _paged(name: str) -> Callable[[Reader, Selected], Answer]:
    def read(reader: Reader, selected: Selected) -> Answer:
        return _page_of_keys(
            reader, name, selected, list(reader.connection.scalars(select(NOUNS[name].table.c.key)))
        )

    return read


def _page_of_keys(reader: Reader, name: str, selected: Selected, keys: list[str]) -> Answer:
    places: list[Place] = [(False, key, key) for key in keys]
    page = window(places, selected.arguments)
    return connections(reader, NOUNS[name], selected.only, [page], [len(keys)])[0]


def _links(reader: Reader, selected: Selected) -> Answer:
    table = NOUNS["Link"].table.c
    statement = select(table.key)
    if (statuses := selected.arguments.get("status")) is not None:
        statement = statement.where(table.status.in_([each.value for each in statuses]))
    if (project := selected.arguments.get("project")) is not None:
        found = _found(reader, project, ("project",))
        statement = statement.where(table.project == (found.key if found else None))
    if (target := selected.arguments.get("target")) is not None:
        statement = statement.where(table.target == _identifier(reader, target))
    return _page_of_keys(reader, "Link", selected, list(reader.connection.scalars(statement)))


def _cell(selected: Selection, key: stats.StatKey, value: Any, names: dict[str, Any]) -> Answer:
    made: Answer = {}
    for each in selected:
        if each.name != "label":
            made |= values_of([each], {"key": key, "id": value if isinstance(value, str) else None})
            continue
        asked = each.arguments.get("languages")
        found = chosen(names.get(value), None if asked is None else [one.value for one in asked])
        plain = str(value or "").rpartition("/")[2]
        made[each.key] = found[1] if found else plain
    return made


def _stats(reader: Reader, selected: Selected) -> list[Answer]:
    filter_ = with_ids(selected.arguments.get("filter"), reader.iris)
    table = stats.count(reader.connection, selected.arguments["groupBy"], filter_)
    named = {value for row in table.rows for value in row.values if isinstance(value, str)}
    names = stats.labels(reader.connection, named)
    return [_stat_row(selected.only, table, row, names) for row in table.rows]


def _stat_row(selection: Selection, table: stats.Table, row: stats.Row, names: dict[str, Any]) -> Answer:
    plain = {
        "projects": row.accepted + row.proposed,
        "accepted": row.accepted,
        "proposed": row.proposed,
        "budgetUsd": row.cents,
        "multiCounted": table.multi_counted,
    }
    made = values_of([each for each in selection if each.name != "keys"], plain)
    for each in selection:
        if each.name == "keys":
            pairs = zip(table.keys, row.values, strict=True)
            made[each.key] = [_cell(each.only, key, value, names) for key, value in pairs]
    return made


def _data_version(reader: Reader, _selected: Selected) -> str:
    return str(reader.snapshot.version())


ROOTS: dict[str, Callable[[Reader, Selected], Any]] = {
    "node": _node,
    "nodes": _nodes,
    "project": _one("Project"),
    "memberState": _one("MemberState"),
    "network": _one("Network"),
    "objective": _one("Objective"),
    "sdgGoal": _one("SdgGoal"),
    "sdgTarget": _one("SdgTarget"),
    "projects": _projects,
    "memberStates": _paged("MemberState"),
    "networks": _paged("Network"),
    "links": _links,
    "objectives": _all("Objective"),
    "guidingPrinciples": _all("GuidingPrinciple"),
    "sdgGoals": _all("SdgGoal"),
    "projectStats": _stats,
    "dataVersion": _data_version,
}


def fetch(reader: Reader, selection: Selection) -> Answer:
    """The whole answer, by response keys. Raises BadArgument or BadCursor; after it nothing can fail."""
    return {selected.key: ROOTS[selected.name](reader, selected) for selected in selection}

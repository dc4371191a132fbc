"""Roots: the fields of Query, compiled from what was asked, each read in the one snapshot of the request."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement

from ontology.errors import BadArgument
from schema import stats
from schema.codebook import codebook_version
from schema.page import Order
from schema.plan.agreements import agreed
from schema.plan.connection import Connection, narrowed, project_order
from schema.plan.counts import compiled_stats
from schema.plan.level import Level, Nodes
from schema.plan.lists import has_status
from schema.plan.lookup import found, identifier, is_of, segments_of_api, standing
from schema.plan.mappings import mapped
from schema.plan.matrices import COUNTED_ROOTS
from schema.plan.read import Fetch
from schema.plan.reference import Answer
from schema.plan.selection import Selected
from schema.plan.trust import reliability_of
from schema.plan.window import WHOLE, Source
from schema.record import NOUNS

_AT_ONCE = 100

#: What answers one field of Query.
Root = Callable[[Fetch], Any]


def _nodes(selected: Selected) -> Root:
    nodes = Nodes(selected.by_type)

    def read(fetch: Fetch) -> list[Answer | None]:
        asked = selected.arguments(fetch.variables)["ids"]
        if len(asked) > _AT_ONCE:
            raise BadArgument(f"ids has {len(asked)} entries", f"Ask for at most {_AT_ONCE} at once.")
        identifiers = [identifier(fetch, each, segments_of_api()) for each in asked]
        there = found(fetch, nodes, (each for each in identifiers if each is not None))
        return [None if each is None else there.get(each) for each in identifiers]

    return read


def _node(selected: Selected) -> Root:
    nodes = Nodes(selected.by_type)

    def read(fetch: Fetch) -> Answer | None:
        asked = identifier(fetch, selected.arguments(fetch.variables)["id"], segments_of_api())
        return None if asked is None else found(fetch, nodes, [asked]).get(asked)

    return read


def _one(name: str, selected: Selected) -> Root:
    noun = NOUNS[name]
    nodes = Nodes(selected.by_type)

    def read(fetch: Fetch) -> Answer | None:
        asked = identifier(fetch, selected.arguments(fetch.variables)["id"], (noun.segment,))
        if asked is None or not is_of(noun, asked):
            return None
        return found(fetch, nodes, [asked]).get(asked)

    return read


def _all(name: str, selected: Selected) -> Root:
    level = Level(NOUNS[name], selected.only)

    def read(fetch: Fetch) -> list[Answer]:
        keys = fetch.reference.vocabulary(level.noun, fetch.reader.snapshot).rows
        answers = level.by_key(fetch, keys)
        return [answers[key] for key in keys]

    return read


def _whole(name: str) -> Source:
    return Source(NOUNS[name], NOUNS[name].table.c.key)


def _projects(selected: Selected) -> Root:
    connection = Connection(NOUNS["Project"], selected.only, selected.name)

    def read(fetch: Fetch) -> Answer:
        arguments = selected.arguments(fetch.variables)
        source = narrowed(fetch, _whole("Project"), arguments)
        return connection.answers(fetch, source, project_order(arguments), arguments, [WHOLE])[0]

    return read


def _paged(name: str, selected: Selected) -> Root:
    noun = NOUNS[name]
    connection = Connection(noun, selected.only, selected.name)

    def read(fetch: Fetch) -> Answer:
        arguments = selected.arguments(fetch.variables)
        return connection.answers(fetch, _whole(name), Order(noun), arguments, [WHOLE])[0]

    return read


@dataclass(frozen=True, slots=True)
class _LinkFilter:
    """What links are narrowed by: statuses, and identifiers as they stand now; "" is that of nothing."""

    statuses: tuple[str, ...] | None = None
    project: str | None = None
    target: str | None = None

    @classmethod
    def asked(cls, fetch: Fetch, arguments: dict[str, Any]) -> "_LinkFilter":
        """What the arguments come to."""
        statuses, project, target = (arguments.get(name) for name in ("status", "project", "target"))
        return cls(
            None if statuses is None else tuple(each.value for each in statuses),
            None if project is None else standing(fetch, project, (NOUNS["Project"].segment,)) or "",
            None if target is None else standing(fetch, target, segments_of_api()) or "",
        )

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same as conditions on the table of links."""
        table = NOUNS["Link"].table.c
        found: list[ColumnElement[bool]] = []
        if self.statuses is not None:
            found.append(has_status(table.status, self.statuses))
        if self.project is not None:
            found.append(table.project == self.project.partition("/")[2])
        if self.target is not None:
            found.append(table.target == self.target)
        return found


def _links(selected: Selected) -> Root:
    noun = NOUNS["Link"]
    connection = Connection(noun, selected.only, selected.name)

    def read(fetch: Fetch) -> Answer:
        arguments = selected.arguments(fetch.variables)
        asked = _LinkFilter.asked(fetch, arguments)
        source = _whole("Link")
        if asked != _LinkFilter():
            source = replace(source, narrow=asked.conditions, shape=asked)
        return connection.answers(fetch, source, Order(noun), arguments, [WHOLE])[0]

    return read


def _stats(selected: Selected) -> Root:
    made = compiled_stats(selected.only)

    def read(fetch: Fetch) -> list[Answer]:
        arguments = selected.arguments(fetch.variables)
        keys: list[stats.StatKey] = arguments["groupBy"]
        return made(fetch, keys, arguments.get("filter"))

    return read


def _reliability(selected: Selected) -> Root:
    return partial(_reliability_of, selected)


def _reliability_of(selected: Selected, fetch: Fetch) -> Answer:
    return reliability_of(fetch, selected.only)


def _data_version(_selected: Selected) -> Root:
    return lambda fetch: str(fetch.reader.snapshot.version())


def _codebook_version(_selected: Selected) -> Root:
    return lambda fetch: codebook_version(fetch.reader.connection)


def _typename(_selected: Selected) -> Root:
    return lambda _fetch: "Query"


#: What compiles each field of Query.
ROOTS: dict[str, Callable[[Selected], Root]] = {
    "__typename": _typename,
    "node": _node,
    "nodes": _nodes,
    "project": partial(_one, "Project"),
    "memberState": partial(_one, "MemberState"),
    "network": partial(_one, "Network"),
    "objective": partial(_one, "Objective"),
    "sdgGoal": partial(_one, "SdgGoal"),
    "sdgTarget": partial(_one, "SdgTarget"),
    "projects": _projects,
    "memberStates": partial(_paged, "MemberState"),
    "networks": partial(_paged, "Network"),
    "links": _links,
    "objectives": partial(_all, "Objective"),
    "guidingPrinciples": partial(_all, "GuidingPrinciple"),
    "sdgGoals": partial(_all, "SdgGoal"),
    "codebookEntry": partial(_one, "CodebookEntry"),
    "codebook": partial(_all, "CodebookEntry"),
    "codebookVersion": _codebook_version,
    "projectStats": _stats,
    **COUNTED_ROOTS,
    "agreement": agreed,
    "mappings": mapped,
    "reliability": _reliability,
    "dataVersion": _data_version,
}

"""Projects: the page that lists all projects, with how far the person has coded each of them."""

from typing import Any

from sqlalchemy import select
from starlette.responses import Response

from ontology.errors import BadArgument, CompactgraphError
from schema.exchange import is_key
from schema.model import NOUNS
from schema.model.link import CodingScheme
from schema.snapshot import Snapshot
from schema.sql import among
from server.pages.desk.form import Wrong
from server.pages.desk.names import Named, named
from server.pages.desk.visit import Visit

_SIZE = 50

_PROJECT, _CODING = (NOUNS[noun].table.c for noun in ("Project", "Coding"))


def _page(snapshot: Snapshot, after: str) -> tuple[list[str], str]:
    """The keys of a page of projects, and that behind which the next page begins, empty for the last."""
    statement = select(_PROJECT.key).where(_PROJECT.key > after).order_by(_PROJECT.key).limit(_SIZE + 1)
    keys = list(snapshot.connection.scalars(statement))
    return keys[:_SIZE], keys[_SIZE - 1] if len(keys) > _SIZE else ""


def _own(snapshot: Snapshot, keys: list[str], person: str) -> dict[tuple[str, str], str]:
    """How far a person has coded these projects, by project and scheme; the newest coding counts."""
    columns = _CODING.project, _CODING.coding_scheme, _CODING.blind, _CODING.completed_at
    of_person = select(*columns).where(_CODING.reviewer == person)
    rows: Any = snapshot.connection.execute(
        of_person.where(among(snapshot.connection, _CODING.project, keys)).order_by(_CODING.updated_at)
    )
    return {
        (project, CodingScheme(scheme).value): _state(blind, completed)
        for project, scheme, blind, completed in rows
    }


def _state(blind: bool, completed: str | None) -> str:
    told = f"coded {completed[:10]}" if completed else "coding goes on"
    return f"{told}, blind" if blind else told


def show(visit: Visit, error: CompactgraphError | None = None) -> Response:
    """The page, or the way to the project that is asked for."""
    wrong = Wrong.of(error, {}) if error else None
    after, asked = visit.asked.get("after", ""), visit.asked.get("project", "").strip()
    with visit.reading() as (snapshot, person):
        if asked:
            found = snapshot.find(asked, ("project",), visit.desk.iris)
            if found is not None and not found.deleted:
                return visit.leads_to(visit.desk.path("project", found.key))
            mistake = BadArgument(f"there is no project {asked[:80]!r}", "Write an ID.", field="project")
            wrong = Wrong.of(mistake, {"project": "project"})
        keys, further = _page(snapshot, after if is_key("project", after) else "")
        names = named(snapshot, [f"project/{each}" for each in keys])
        states = _own(snapshot, keys, person.name)
    rows: list[tuple[Named, list[tuple[str, str]]]] = [
        (names[f"project/{key}"], [(each.value, states.get((key, each.value), "")) for each in CodingScheme])
        for key in keys
    ]
    return visit.page(
        "projects",
        status=wrong.error.status if wrong else 200,
        person=person,
        wrong=wrong,
        typed=visit.asked,
        rows=rows,
        further=further,
    )

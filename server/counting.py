"""Counting: a matrix and what is behind a cell, read for whoever asks, as it is or was at a data version."""

from collections.abc import Callable, Iterator

from sqlalchemy import Connection

from schema.agreement import agreement
from schema.matrix import Asked, Matrix, matrix
from schema.matrix_projects import Behind, Place, behind, count_behind, links_behind, part, settled
from schema.model.link import CodingScheme
from schema.past import counting
from schema.snapshot import Snapshot
from schema.stats import labels
from server.exporter import counts
from server.exporter.agreement import Agreed
from server.exporter.counts import Counted, Project, Shown

_AT_ONCE = 500


def _counted(connection: Connection, found: Matrix, base: str) -> Counted:
    values = {value for _, each in found.everything for value in (each.row, each.column)}
    names = labels(connection, (each for each in values if isinstance(each, str)))
    return Counted(found, base, names)


def counted(snapshot: Snapshot, asked: Asked, version: int | None, base: str) -> Counted:
    """A matrix with the names of its rows and columns. Raises BadArgument."""
    with counting(snapshot, version) as (connection, _):
        return _counted(connection, matrix(connection, asked), base)


def _projects(
    connection: Connection, then: Snapshot, asked: Asked, place: Place, page: list[Behind]
) -> Iterator[Project]:
    for begin in range(0, len(page), _AT_ONCE):
        some = page[begin : begin + _AT_ONCE]
        keys = [each.project for each in some]
        links = links_behind(connection, asked, part(asked, place), keys)
        for each in some:
            records = (then.record("link", key) for key in links[each.project])
            record = then.record("project", each.project) or {"key": each.project}
            yield Project(each, record, [one for one in records if one is not None])


def shown(snapshot: Snapshot, of: Counted, place: Place, after: str = "", size: int | None = None) -> Shown:
    """The projects behind a cell of a counted matrix, or a page of them. Raises BadArgument."""
    asked = of.matrix.asked
    place = settled(asked, place)
    meant = part(asked, place)
    with counting(snapshot, of.matrix.version) as (connection, then):
        found = behind(connection, asked, meant, after, None if size is None else size + 1)
        page = found if size is None else found[:size]
        more = page[-1].project if len(page) < len(found) else ""
        total = count_behind(connection, asked, meant)
        return Shown(of, place, [*_projects(connection, then, asked, place, page)], total, more)


def written(of: Counted, snapshot: Snapshot, place: Place | None) -> dict[str, Callable[[], bytes]]:
    """What writes a matrix in each format, or where a place is named all that is behind it."""
    if place is None:
        return {"json": lambda: counts.matrix_json(of), "csv": lambda: counts.matrix_csv(of)}
    found = shown(snapshot, of, place)
    return {"json": lambda: counts.projects_json(found), "csv": lambda: counts.projects_csv(found)}


def agreed(snapshot: Snapshot, scheme: CodingScheme, version: int | None, base: str) -> Agreed:
    """How far reviewers agree on a scheme, with the names of its codes. Raises BadArgument."""
    with counting(snapshot, version) as (connection, _):
        found = agreement(connection, scheme)
        return Agreed(found, base, labels(connection, (each.code for each in found.codes)))

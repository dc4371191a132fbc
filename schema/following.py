"""Following: the fields that follow from other records, worked out anew wherever one of those changes.

The status of a link or mapping follows from its reviews, and from its claims too whether a link is derived.
The accepted targets of a project, and whether an instrument is accepted, follow from the status of links;
what an objective matches from that of mappings.
"""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from sqlalchemy import Connection, Table, select

from ontology.declaration import ExchangeRecord
from schema.exchange import is_gone, noun_at
from schema.model import NOUNS, Link, Mapping, Project
from schema.model.link import LinkStatus
from schema.pending import REVIEWED, Identity
from schema.record import Matched
from schema.review import is_derived, status
from schema.sql import among


@cache
def _derived_fields(noun: str) -> frozenset[str]:
    fields = (each for each in NOUNS[noun].attributes if each.property is not None)
    return frozenset(each.name for each in fields if each.property is not None and each.property.derived)


def _derived(record: ExchangeRecord) -> frozenset[str]:
    return _derived_fields(noun_at(record["class"], record["key"]).name)


def stated(record: ExchangeRecord) -> ExchangeRecord:
    """The record without what follows from others."""
    derived = _derived(record)
    if derived.isdisjoint(record):
        return record
    return {name: value for name, value in record.items() if name not in derived}


def claimed(record: ExchangeRecord) -> ExchangeRecord:
    """What a record says itself of what follows from others."""
    derived = _derived(record)
    if derived.isdisjoint(record):
        return {}
    return {name: record[name] for name in sorted(derived & record.keys())}


def with_status(record: ExchangeRecord) -> ExchangeRecord:
    """A link's or mapping's record with what its reviews and claims come to; any other record as it is."""
    if record["class"] not in REVIEWED or is_gone(record):
        return record
    reviews = record.get("reviews", [])
    if record["class"] == Link.segment and is_derived(record.get("claims", []), reviews):
        return record | {"status": LinkStatus.PROPOSED.value, "derived": True}
    return record | {"status": status(reviews).value if reviews else LinkStatus.PROPOSED.value}


def touched(link: ExchangeRecord) -> Iterator[Identity]:
    """The things with fields that follow from this link or mapping."""
    if link["class"] == Mapping.segment:
        yield "objective", link["subject"]
        return
    yield "project", link["project"]
    segment, _, key = link["target"].partition("/")
    if segment == "instrument":
        yield segment, key


def followed(connection: Connection, record: ExchangeRecord) -> ExchangeRecord:
    """The record with what follows from its reviews, and from the links in the store."""
    found = accepted(connection, record["class"], [record["key"]]).get(record["key"], {})
    return with_status(stated(record) | found)


def accepted(connection: Connection, segment: str, keys: list[str]) -> dict[str, ExchangeRecord]:
    """By key, the fields that follow from accepted links and mappings."""
    if segment == "objective":
        return _accepted_of_objectives(connection, keys)
    if segment == "project":
        return _accepted_of_projects(connection, keys)
    return _accepted_instruments(connection, keys) if segment == "instrument" else {}


def _links() -> Table:
    return NOUNS[Link.__name__].table


def _accepted_of_projects(connection: Connection, projects: list[str]) -> dict[str, ExchangeRecord]:
    links = _links().c
    statement = select(links.project, links.target).where(links.status == LinkStatus.ACCEPTED)
    names = {noun.name: attribute.name for attribute, noun in NOUNS[Project.__name__].linked()}
    found: dict[str, ExchangeRecord] = defaultdict(dict)
    rows = connection.execute(statement.where(among(connection, links.project, projects))).all()
    for project, target in sorted(map(tuple, rows)):
        segment, _, key = target.partition("/")
        found[project].setdefault(names[noun_at(segment, key).name], []).append(key)
    return found


def _accepted_of_objectives(connection: Connection, objectives: list[str]) -> dict[str, ExchangeRecord]:
    mappings = NOUNS[Mapping.__name__].table.c
    statement = select(mappings.subject, mappings.predicate, mappings.target).where(
        mappings.status == LinkStatus.ACCEPTED
    )
    matched = NOUNS["Objective"].beside(Matched)
    names = {str(each.beside.iri): each.name for each in matched if isinstance(each.beside, Matched)}
    found: dict[str, ExchangeRecord] = defaultdict(dict)
    rows = connection.execute(statement.where(among(connection, mappings.subject, objectives))).all()
    for objective, predicate, target in sorted(map(tuple, rows)):
        found[objective].setdefault(names[predicate], []).append(target)
    return found


def _accepted_instruments(connection: Connection, instruments: list[str]) -> dict[str, ExchangeRecord]:
    links = _links().c
    targets = [f"instrument/{key}" for key in instruments]
    statement = select(links.target).where(links.status == LinkStatus.ACCEPTED).distinct()
    found = connection.scalars(statement.where(among(connection, links.target, targets)))
    return {target.partition("/")[2]: {"accepted": True} for target in found}

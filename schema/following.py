"""Following: the fields that follow from other records, worked out anew wherever one of those changes.

A link's status follows from its reviews. The accepted targets of a project, and whether an instrument is
accepted, follow from the status of links.
"""

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import Connection, Table, select

from ontology.declaration import ExchangeRecord
from schema.exchange import is_gone, noun_of
from schema.model import NOUNS, Link, Project
from schema.model.link import LinkStatus
from schema.references import Identity
from schema.review import status


def _derived(record: ExchangeRecord) -> set[str]:
    noun = noun_of(record["class"], record["key"])
    return {each.name for each in noun.attributes if each.property is not None and each.property.derived}


def stated(record: ExchangeRecord) -> ExchangeRecord:
    """The record without what follows from others."""
    derived = _derived(record)
    return {name: value for name, value in record.items() if name not in derived}


def claimed(record: ExchangeRecord) -> ExchangeRecord:
    """What a record says itself of what follows from others."""
    return {name: record[name] for name in sorted(_derived(record) & record.keys())}


def with_status(record: ExchangeRecord) -> ExchangeRecord:
    """A link's record with the status that its reviews come to; any other record as it is."""
    if record["class"] != "link" or is_gone(record):
        return record
    return record | {"status": status(record.get("reviews", [])).value}


def touched(record: ExchangeRecord) -> Iterator[Identity]:
    """The things with fields that follow from this record, itself among them."""
    if is_gone(record):
        return
    if record["class"] in ("project", "instrument"):
        yield record["class"], record["key"]
    if record["class"] == "link":
        yield "project", record["project"]
        segment, _, key = record["target"].partition("/")
        if segment == "instrument":
            yield segment, key


def followed(connection: Connection, record: ExchangeRecord) -> ExchangeRecord:
    """The record with what follows from its reviews, and from the links in the store."""
    found = _accepted(connection, record["key"]) if record["class"] == "project" else {}
    if record["class"] == "instrument" and _is_accepted(connection, record["key"]):
        found = {"accepted": True}
    return with_status(stated(record) | found)


def _links() -> Table:
    return NOUNS[Link.__name__].table


def _accepted(connection: Connection, project: str) -> ExchangeRecord:
    links = _links().c
    statement = select(links.target).where(links.project == project, links.status == LinkStatus.ACCEPTED)
    keys: dict[str, list[str]] = defaultdict(list)
    for target in sorted(connection.scalars(statement)):
        segment, _, key = target.partition("/")
        keys[noun_of(segment, key).name].append(key)
    linked = NOUNS[Project.__name__].linked()
    return {attribute.name: keys[noun.name] for attribute, noun in linked if noun.name in keys}


def _is_accepted(connection: Connection, instrument: str) -> bool:
    links = _links().c
    statement = select(links.key).where(
        links.target == f"instrument/{instrument}", links.status == LinkStatus.ACCEPTED
    )
    return connection.scalar(statement.limit(1)) is not None

"""Load: what a new database holds from the start, the vocabularies and the sample projects."""

import hashlib
from importlib.resources import files

from sqlalchemy import Engine, select, update

from ontology.declaration import ExchangeRecord
from ontology.reading import records
from ontology.vocabularies import NAMES, file, vocabulary
from schema import search
from schema.exchange import parse
from schema.log import head
from schema.mappings import seed_mapping
from schema.model import Mapping, Project
from schema.record import NOUNS, Record, declaration
from schema.store import reading, writing
from server.revisions import upgrade

# The classes are about the declaration itself; all other vocabularies are rows.
_LOADED = tuple(name for name in NAMES if name != "classes")


def _vocabulary_hash() -> str:
    digest = hashlib.sha256()
    for name in _LOADED:
        digest.update(file(name).read_bytes())
    return digest.hexdigest()


def _vocabulary_records() -> list[ExchangeRecord]:
    declarations = [declaration(noun) for noun in NOUNS.values() if issubclass(noun.model, Record)]
    return [record for name in _LOADED for record in records(vocabulary(name), declarations)]


def _put_all(engine: Engine, found: list[ExchangeRecord], vocabulary_hash: str | None = None) -> None:
    # The time comes from the data, so that two fresh installs write the same bytes.
    with writing(engine, max(each["updatedAt"] for each in found)) as transaction:
        for record in found:
            if record["class"] == Mapping.segment:
                seed_mapping(transaction, record)
            else:
                transaction.put(record)
        if vocabulary_hash is not None:
            transaction.connection.execute(update(head).values(vocabulary=vocabulary_hash))


def load_vocabularies(engine: Engine) -> None:
    """Put the vocabularies where their files are not those that were loaded last."""
    current = _vocabulary_hash()
    with reading(engine) as snapshot:
        loaded = snapshot.connection.scalar(select(head.c.vocabulary))
    if loaded != current:
        _put_all(engine, _vocabulary_records(), current)


def refresh_search(engine: Engine) -> None:
    """Make anew what projects are found by, where it was made by other rules than those of this release."""
    with reading(engine) as snapshot:
        if search.is_current(snapshot.connection):
            return
    with writing(engine) as transaction:
        # Of several that start at once, the first one has done it.
        if not search.is_current(transaction.connection):
            search.rebuild(transaction.connection, transaction.records(Project.segment))


def sample_records() -> list[ExchangeRecord]:
    """The exchange records of the sample projects."""
    folder = files("server") / "sample"
    names = sorted(each.name for each in folder.iterdir() if each.name.endswith(".jsonl"))
    return [parse(line) for name in names for line in (folder / name).read_bytes().splitlines()]


def load_sample(engine: Engine) -> None:
    """Put the sample projects."""
    _put_all(engine, sample_records())


def first_start(engine: Engine, *, sample: bool) -> bool:
    """Make the database ready: the tables, the vocabularies and, where it was empty, the sample if wanted.

    Gives whether it was empty.
    """
    upgrade(engine)
    refresh_search(engine)
    with reading(engine) as snapshot:
        is_empty = snapshot.version() == 0
    load_vocabularies(engine)
    if is_empty and sample:
        load_sample(engine)
    return is_empty

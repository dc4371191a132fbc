"""Check: whether the rows of every living thing come to the record that the log holds last."""

from collections.abc import Iterator

from schema.exchange import noun_of
from schema.rows import record_of
from schema.snapshot import Snapshot


def disagreements(snapshot: Snapshot) -> Iterator[str]:
    """The identifiers of the things whose rows say something else than their record."""
    for record in snapshot.records():
        segment, key = record["class"], record["key"]
        noun = noun_of(segment, key)
        # What a project's accepted links come to stands in the links' own rows.
        follows = {
            each.name for each in noun.attributes if each.beside and each.property and each.property.derived
        }
        if record_of(noun, key, snapshot.connection) != {
            name: value for name, value in record.items() if name not in follows
        }:
            yield f"{segment}/{key}"

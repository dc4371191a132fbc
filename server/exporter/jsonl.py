"""JSON Lines: everything as exchange records, one a line."""

from typing import BinaryIO

from schema.exchange import line
from schema.snapshot import Snapshot
from server.exporter.selection import Filter, Selection


def write(snapshot: Snapshot, out: BinaryIO, filter_: Filter | None = None) -> None:
    """Write every line of the snapshot, tombstones and aliases too; with a filter what lives."""
    if filter_ is not None:
        out.writelines(line(each) + b"\n" for each in Selection(snapshot, filter_).records())
        return
    out.writelines(each.encode() + b"\n" for each in snapshot.lines())

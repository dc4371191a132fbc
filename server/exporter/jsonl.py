"""JSON Lines: everything as exchange records, one a line."""

from typing import BinaryIO

from schema.exchange import line
from schema.snapshot import Snapshot
from schema.sql import AnySelect
from server.exporter.selection import Selection


def write(snapshot: Snapshot, out: BinaryIO, projects: AnySelect | None = None) -> None:
    """Write every line of the snapshot, tombstones and aliases too; of some projects what lives."""
    if projects is not None:
        out.writelines(line(each) + b"\n" for each in Selection(snapshot, projects).records())
        return
    out.writelines(each.encode() + b"\n" for each in snapshot.lines())

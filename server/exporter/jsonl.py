"""JSON Lines: everything as exchange records, one a line, as it stands or as it stood at a data version."""

from typing import BinaryIO

from ontology.errors import BadArgument
from schema.exchange import line
from schema.snapshot import Snapshot
from server.exporter.selection import Filter, Selection


def write(snapshot: Snapshot, out: BinaryIO, as_of: int | None = None, filter_: Filter | None = None) -> None:
    """Write every line of the snapshot, tombstones and aliases too; with a filter what lives.

    Raises BadArgument.
    """
    if filter_ is not None:
        out.writelines(line(each) + b"\n" for each in Selection(snapshot, filter_).records())
        return
    version = snapshot.version()
    if as_of is not None and not 0 <= as_of <= version:
        raise BadArgument(
            f"as of {as_of}: there is no such data version",
            f"Use a version from 0 to {version}.",
            field="as-of",
        )
    out.writelines(each.encode() + b"\n" for each in snapshot.lines(as_of))

"""JSON Lines: everything as exchange records, one a line, as it stands or as it stood at a data version."""

from typing import BinaryIO

from ontology.errors import BadArgument
from schema.snapshot import Snapshot


def write(snapshot: Snapshot, out: BinaryIO, as_of: int | None = None) -> None:
    """Write every line of the snapshot, tombstones and aliases too. Raises BadArgument."""
    version = snapshot.version()
    if as_of is not None and not 0 <= as_of <= version:
        raise BadArgument(
            f"as of {as_of}: there is no such data version",
            f"Use a version from 0 to {version}.",
            field="as-of",
        )
    out.writelines(line.encode() + b"\n" for line in snapshot.lines(as_of))

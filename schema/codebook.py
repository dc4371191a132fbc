"""The version of the codebook, as the store holds it."""

from schema.model import CodebookEntry, Scheme
from schema.snapshot import Snapshot


def codebook_version(snapshot: Snapshot) -> str | None:
    """The version of the codebook that codings name; None where no codebook is loaded."""
    record = snapshot.record(Scheme.segment, CodebookEntry.in_scheme or "")
    return None if record is None else record.get("version")

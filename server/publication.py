"""Publication: the dumps that are published, as their manifest lists them; readers never see half of one.

The manifest is one small file beside the folders of dumps. It is replaced in one step when all files of a new
snapshot are on disk, so whoever reads it finds the files of one data version.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

#: The name of the collection of all records.
WHOLE = "all"

_MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class DumpFile:
    """One file of a publication.

    `collection` is a name of `ontology.collections.COLLECTIONS`, or `all`; `format` a key of
    `ontology.formats.FORMATS`, or `jsonl`, or `csv`; `path` the path of its address, such as
    `/dump/projects.nt.gz`, which is its identity; `media_type` is that of what is packed in it; `compression`
    is `gzip` for one packed file, `zip` for a package of several tables; `size` is in bytes, `sha256` in
    hexadecimal, both of the file as it is served.
    """

    collection: str
    format: str
    path: str
    media_type: str
    compression: str | None
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Publication:
    """The snapshot that is published: its data version, the time of that version (UTC), and its files."""

    version: int
    at: str
    files: tuple[DumpFile, ...]

    def of(self, collection: str) -> Iterable[DumpFile]:
        """The files of one collection."""
        return (each for each in self.files if each.collection == collection)


def _read(told: dict[str, Any]) -> Publication:
    return Publication(told["version"], told["at"], tuple(DumpFile(**each) for each in told["files"]))


def _told(publication: Publication) -> dict[str, Any]:
    return asdict(publication)


def latest(folder: Path) -> Publication | None:
    """What is published in a folder now, or None before the first time."""
    try:
        return _read(json.loads((folder / _MANIFEST).read_bytes()))
    except FileNotFoundError:
        return None

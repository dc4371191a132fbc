"""Publication: the dumps that are published, as their manifest lists them; readers never see half of one.

The manifest is one small file beside the folders of dumps. It is replaced in one step when all files of a new
snapshot are on disk, so whoever reads it finds the files of one data version.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

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


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is published, and where: the folder of its files, what tells it from others, and its base."""

    publication: Publication
    folder: str
    identity: str
    base: str

    def is_whole(self, folder: Path) -> bool:
        """Whether all files are still there; somebody may have removed some."""
        return all(self.place(folder, each).exists() for each in self.publication.files)

    def place(self, folder: Path, file: DumpFile) -> Path:
        """Where a file of the publication is."""
        return folder / self.folder / file.path.removeprefix("/")


def path_of(collection: str, format: str, compression: str) -> str:
    """The path of the address of a dump."""
    stem = "/dump" if collection == WHOLE else f"/dump/{collection}"
    return f"{stem}.{format}.{_SUFFIXES[compression]}"


_SUFFIXES = {"gzip": "gz", "zip": "zip"}


def manifest(folder: Path) -> Manifest | None:
    """The manifest of a folder, or None before the first publication."""
    try:
        told = json.loads((folder / _MANIFEST).read_bytes())
    except FileNotFoundError:
        return None
    files = tuple(DumpFile(**each) for each in told["publication"].pop("files"))
    publication = Publication(files=files, **told.pop("publication"))
    return Manifest(publication, **told)


def put_manifest(folder: Path, manifest: Manifest) -> None:
    """Publish: from this moment on readers find the files of this manifest, and not those of the last one."""
    part = folder / f"{_MANIFEST}.part"
    with part.open("w", encoding="utf-8") as out:
        json.dump(asdict(manifest), out, indent=1)
        out.flush()
        os.fsync(out.fileno())
    part.replace(folder / _MANIFEST)


def latest(folder: Path) -> Publication | None:
    """What is published in a folder now, or None before the first publication."""
    found = manifest(folder)
    return None if found is None else found.publication

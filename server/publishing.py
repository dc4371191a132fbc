"""Publishing: makes the dumps of one data version in one walk over the records, and puts them in place.

A snapshot is a folder of its own, written beside the one that is served, and the manifest is replaced when
all of it is on disk. Whoever is killed on the way leaves the old snapshot as it was, and a folder that the
next one removes. The snapshot before stays until the next one comes, for those who have begun to read it.
"""

import fcntl
import os
import shutil
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from sqlalchemy import Engine

from ontology.collections import COLLECTIONS, Collection
from ontology.declaration import Declaration, ExchangeRecord
from ontology.errors import UnwritableFile
from ontology.formats import FORMATS, Writer
from ontology.iri import Iris
from ontology.ntriples import triples_of_records
from ontology.walk import together
from schema.exchange import line
from schema.memory import uncollected
from schema.snapshot import Snapshot
from schema.store import reading
from server import facts
from server.documents import declarations
from server.exporter import rdf, tables
from server.exporter.packing import GzipFile, PackedText, checksum, gzip_file, put_text, zip_files
from server.exporter.selection import Collected, Selection
from server.facts import Tally
from server.publication import WHOLE, DumpFile, Manifest, Publication, manifest, path_of, put_manifest

_RECORDS = "jsonl"
_TABLES = "csv"
_PART = ".part"
_LOCK = "lock"

#: What is told of a snapshot of no version: nothing was ever written.
_NEVER = "1970-01-01T00:00:00Z"


def publish(engine: Engine, folder: Path, iris: Iris) -> tuple[Publication, bool]:
    """What is published now, and whether it is new: the same data are not published twice.

    Raises UnwritableFile where the folder cannot be written, and DatabaseUnavailable.
    """
    try:
        with _alone(folder), reading(engine) as snapshot, uncollected():
            identity, current = _identity(snapshot, iris), manifest(folder)
            if current is not None and current.identity == identity and current.is_whole(folder):
                return current.publication, False
            publication = _put(snapshot, folder, iris, identity, current)
    except OSError as error:
        raise UnwritableFile(
            f"{folder}: the dumps cannot be written: {error.strerror or error}",
            "Make room, or set COMPACTGRAPH_PUBLICATION_FOLDER, and run `compactgraph publish`.",
        ) from None
    return publication, True


def is_running(folder: Path) -> bool:
    """Whether a process publishes into the folder at this moment."""
    try:
        with (folder / _LOCK).open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def is_published(folder: Path, iris: Iris) -> bool | None:
    """Whether the IRIs of the publication begin with the base; None where there is no publication."""
    current = manifest(folder)
    return None if current is None else current.base == iris.base


@contextmanager
def _alone(folder: Path) -> Generator[None]:
    """Only one process publishes into a folder at a time; the lock goes with it, however it ends."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / _LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@cache
def _release() -> str:
    """The version of this program: another one may write the same records in another way."""
    try:
        return version("compactgraph")
    except PackageNotFoundError:
        return "checkout"


def _identity(snapshot: Snapshot, iris: Iris) -> str:
    """What tells this snapshot from those of other data, of another base and of another release."""
    texts = "" if snapshot.texts else " without texts"
    digest = sha256(f"{_release()} {iris.base} {snapshot.version()}{texts}".encode())
    for each in snapshot.beginning():
        digest.update(b"\n" + each.at.encode() + b" " + line(each.record))
    return digest.hexdigest()[:32]


def _put(
    snapshot: Snapshot, folder: Path, iris: Iris, identity: str, current: Manifest | None
) -> Publication:
    name = f"{snapshot.version()}-{identity[:12]}"
    part = folder / f"{name}{_PART}"
    _clear(folder, {current.folder} if current else set())
    try:
        part.mkdir()
        tallies = {each: Tally() for each in COLLECTIONS}
        publication = _publication(snapshot, tuple(_written(snapshot, part, iris, tallies)))
        before = facts.kept(folder / current.folder) if current else None
        found = facts.worked_out(snapshot, publication, tallies.__getitem__, before)
        facts.keep(part, found)
        _sync(part)
        # The same snapshot may be there already, with files that somebody has removed.
        shutil.rmtree(folder / name, ignore_errors=True)
        part.rename(folder / name)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    put_manifest(folder, Manifest(publication, name, identity, iris.base))
    _clear(folder, {name} | ({current.folder} if current else set()))
    return publication


def _publication(snapshot: Snapshot, files: tuple[DumpFile, ...]) -> Publication:
    entries = snapshot.beginning(1)
    return Publication(snapshot.version(), entries[0].at if entries else _NEVER, files)


def _clear(folder: Path, kept: set[str]) -> None:
    """Remove what no manifest names: snapshots of before, and what somebody who was killed has left."""
    for each in folder.iterdir():
        if each.is_dir() and each.name not in kept:
            shutil.rmtree(each, ignore_errors=True)


def _sync(folder: Path) -> None:
    """Wait until all is on disk: a manifest must never name what a power cut has taken away."""
    for place, _, names in os.walk(folder):
        for each in (*(Path(place, name) for name in names), Path(place)):
            opened = os.open(each, os.O_RDONLY)
            try:
                os.fsync(opened)
            finally:
                os.close(opened)


def _written(
    snapshot: Snapshot, folder: Path, iris: Iris, tallies: Mapping[str, Tally]
) -> Iterator[DumpFile]:
    """Write all files of a snapshot into a folder, and give what there is to tell of each.

    What each collection comes to is taken in on the way.
    """
    triples = triples_of_records(iris)
    (folder / "dump").mkdir()
    texts = [_Text(folder, name, FORMATS[name].writer(declarations(), iris)) for name in rdf.DUMPS]
    texts.append(_Text(folder, _RECORDS, _LINES, is_whole=False))
    for collection in COLLECTIONS.values():
        for each in texts:
            each.begin(collection)
        for declaration, records in together(Collected(snapshot, collection).described()):
            for each in texts:
                each.write(declaration, records)
            # The walk remembers what it has just written of these records.
            lines = "".join(triples(declaration, records)).split("\n")[:-1]
            tallies[collection.name].take(declaration, records, lines)
        for each in texts:
            each.finish()
    for each in texts:
        each.end()
    _write_lines(snapshot, folder / "dump.jsonl.gz")
    for collection_name in (WHOLE, *COLLECTIONS):
        for text in texts:
            yield _told(folder, collection_name, text.name, "gzip")
    yield from _write_tables(snapshot, folder)


def _told(folder: Path, collection: str, format: str, compression: str) -> DumpFile:
    path = path_of(collection, format, compression)
    file = folder / path.removeprefix("/")
    media_type = _MEDIA_TYPES[format]
    return DumpFile(collection, format, path, media_type, compression, file.stat().st_size, checksum(file))


_MEDIA_TYPES = {
    **{name: FORMATS[name].media_type for name in rdf.DUMPS},
    _RECORDS: "application/x-ndjson",
    _TABLES: "text/csv",
}
_LINES = Writer(lambda _, records: [f"{line(each).decode()}\n" for each in records])


class _Text:
    """One format: the file of all records, unless that is made elsewhere, and the file of one collection."""

    def __init__(self, folder: Path, name: str, writer: Writer, *, is_whole: bool = True) -> None:
        self.name = name
        self._folder, self._writer = folder, writer
        self._whole = [GzipFile(folder / path_of(WHOLE, name, "gzip")[1:])] if is_whole else []
        # Whether the file of all records holds one already, so that the next one is set apart from it.
        self._is_begun = False
        put_text(writer.head, *self._whole)

    def begin(self, collection: Collection) -> None:
        """Begin the file of a collection."""
        self._own = GzipFile(self._folder / path_of(collection.name, self.name, "gzip")[1:])
        self._section: PackedText | None = None
        put_text(self._writer.head, self._own)

    def write(self, declaration: Declaration, records: list[ExchangeRecord]) -> None:
        """Write records into the file of their collection and that of all records, packed once."""
        piece = self._writer.between.join(self._writer.texts(declaration, records))
        if self._section is not None:
            self._section.write(self._writer.between + piece)
            return
        if self._is_begun:
            put_text(self._writer.between, *self._whole)
        self._section, self._is_begun = PackedText(*self._whole, self._own), True
        self._section.write(piece)

    def finish(self) -> None:
        """End the file of the collection."""
        if self._section is not None:
            self._section.end()
        put_text(self._writer.tail, self._own)
        self._own.close()

    def end(self) -> None:
        """End the file of all records."""
        put_text(self._writer.tail, *self._whole)
        for each in self._whole:
            each.close()


def _write_lines(snapshot: Snapshot, path: Path) -> None:
    """Write the exchange records with what is in no collection: former keys, and what was deleted."""
    whole = GzipFile(path)
    text = PackedText(whole)
    for each in snapshot.lines():
        text.write(each + "\n")
    text.end()
    whole.close()


def _write_tables(snapshot: Snapshot, folder: Path) -> Iterator[DumpFile]:
    """Pack tables as zip: all of them, those of each collection, and the flat one of projects by itself."""
    unpacked = folder / "tables"
    # Tables of classes that a collection holds all of are those of the whole; others are filled beside them.
    shares = {
        unpacked / each.name: each for each in COLLECTIONS.values() if set(each.classes.values()) != {"all"}
    }
    style = tables.Style(facts=True)
    names = tables.write_shares(Selection(snapshot), unpacked, style, shares)
    zip_files(_csv(unpacked, names), folder / path_of(WHOLE, _TABLES, "zip")[1:])
    yield _told(folder, WHOLE, _TABLES, "zip")
    # Only the whole has facts and proposals in one row.
    flat = unpacked / f"{tables.FLAT}.csv"
    (unpacked / f"{tables.FACTS}.csv").replace(flat)
    for collection in COLLECTIONS.values():
        own = [each for segment in collection.classes for each in tables.tables_of(segment)]
        place = unpacked / collection.name
        files = _csv(place if place in shares else unpacked, sorted(own))
        zip_files(files, folder / path_of(collection.name, _TABLES, "zip")[1:])
        yield _told(folder, collection.name, _TABLES, "zip")
        if tables.FLAT in own:
            gzip_file(flat, folder / path_of(collection.name, _TABLES, "gzip")[1:])
            yield _told(folder, collection.name, _TABLES, "gzip")
    shutil.rmtree(unpacked)


def _csv(folder: Path, names: Iterable[str]) -> list[Path]:
    return [folder / f"{each}.csv" for each in names]

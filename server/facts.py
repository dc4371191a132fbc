"""Facts: what the catalogue says of each collection, worked out once for a publication and kept with it.

A collection is said to have changed when the bytes of its dumps have, so that portals that compare find
changes and nothing else. The facts stand in one file among the dumps, so that both are replaced in one step.
"""

import gzip
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any

from ontology.authorities import COUNTRIES
from ontology.collections import COLLECTIONS
from ontology.coverage import Coverage, coverage
from ontology.declaration import Declaration, ExchangeRecord
from ontology.void import Counts, counted
from schema.exchange import noun_at, parse
from schema.record import declaration
from schema.snapshot import Snapshot
from schema.store import now
from server.documents import described
from server.publication import WHOLE, DumpFile, Publication

_FILE = "facts.json"


@dataclass(frozen=True, slots=True)
class CollectionFacts:
    """What holds of a collection since `version`: times, coverage and, once published, digest and counts."""

    version: int
    issued: str
    modified: str
    digest: str = ""
    first: int | None = None
    last: int | None = None
    places: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    triples: int | None = None
    entities: int = 0
    classes: dict[str, int] = field(default_factory=dict)
    properties: dict[str, int] = field(default_factory=dict)

    def coverage(self) -> Coverage:
        """What the collection covers."""
        return Coverage(first=self.first, last=self.last, languages=set(self.languages))

    def counts(self) -> Counts | None:
        """How much it holds, or None before it was published."""
        if self.triples is None:
            return None
        found = Counts(self.triples, self.entities)
        found.classes.update(self.classes)
        found.properties.update(self.properties)
        return found


#: The facts of each collection by its name, those of all together under `all`.
Facts = dict[str, CollectionFacts]


def _countries(snapshot: Snapshot) -> dict[str, str]:
    """The IRI in the EU's list of countries for each state that has one."""
    return {
        each["key"]: match
        for each in snapshot.records("state")
        for match in each.get("exactMatches", ())
        if match.startswith(COUNTRIES)
    }


def _all_together(found: Facts) -> CollectionFacts:
    """The facts of the whole: no thing is in two collections, so that counts add up."""
    parts = list(found.values())
    firsts = [each.first for each in parts if each.first is not None]
    lasts = [each.last for each in parts if each.last is not None]
    counts = Counts()
    for each in parts:
        counts.add(each.counts() or Counts())
    return CollectionFacts(
        max(each.version for each in parts),
        min(each.issued for each in parts),
        max(each.modified for each in parts),
        "",
        min(firsts, default=None),
        max(lasts, default=None),
        tuple(sorted({place for each in parts for place in each.places})),
        tuple(sorted({language for each in parts for language in each.languages})),
        None if any(each.triples is None for each in parts) else counts.triples,
        counts.entities,
        dict(sorted(counts.classes.items())),
        dict(sorted(counts.properties.items())),
    )


@dataclass(slots=True)
class Tally:
    """What the records of a collection, and the lines of its N-Triples, come to."""

    covered: Coverage = field(default_factory=Coverage)
    held: Counts = field(default_factory=Counts)

    def take(self, declaration: Declaration, records: Iterable[ExchangeRecord], lines: Sequence[str]) -> None:
        """Take in living records of a class with the lines that are written of them."""
        for each in records:
            self.covered.add(declaration, each)
        self.held.take(lines)


def tally_of_files(publication: Publication, place: Callable[[DumpFile], Path], name: str) -> Tally:
    """What a published collection comes to, read from its files, of which `place` says where they are."""
    lines, statements = (_lines(place(_dump(publication, name, each))) for each in ("jsonl", "nt"))
    # What stands in the files was sound, and may be without texts that sound records must have.
    records = map(parse, lines)
    told = ((declaration(noun_at(each["class"], each["key"])), each) for each in records)
    return Tally(coverage(told), counted(statements))


class _Reading:
    """Works facts out of records, and knows what all collections need for it."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._countries = _countries(snapshot)
        self._begun = snapshot.first_written() or now()

    def facts(
        self, name: str, version: int, covered: Coverage, held: Counts | None = None
    ) -> CollectionFacts:
        """The facts of a collection, from its coverage and, where there are dumps, what their lines hold."""
        issued = self._snapshot.first_written(tuple(COLLECTIONS[name].classes)) or self._begun
        return CollectionFacts(
            version,
            issued,
            # A time that is yet to come would make portals refuse the dataset.
            min(max(covered.modified, issued), now()),
            first=covered.first,
            last=covered.last,
            places=tuple(sorted(self._countries[each] for each in covered.states & self._countries.keys())),
            languages=tuple(sorted(covered.languages)),
            triples=held.triples if held else None,
            entities=held.entities if held else 0,
            classes=dict(sorted(held.classes.items())) if held else {},
            properties=dict(sorted(held.properties.items())) if held else {},
        )


def live(snapshot: Snapshot) -> Facts:
    """The facts before anything is published: of the data as it stands, without counts."""
    reading, version = _Reading(snapshot), snapshot.version()
    found: Facts = {}
    for name, collection in COLLECTIONS.items():
        records = chain.from_iterable(map(snapshot.records, collection.classes))
        covered = coverage(described(filter(collection.holds, records)))
        found[name] = reading.facts(name, version, covered)
    return found | {WHOLE: _all_together(found)}


def _digest(publication: Publication, name: str) -> str:
    told = sorted((each.path, each.sha256) for each in publication.of(name))
    return sha256(json.dumps(told).encode()).hexdigest()


def _dump(publication: Publication, name: str, format: str) -> DumpFile:
    return next(each for each in publication.of(name) if each.format == format)


def kept(folder: Path) -> Facts | None:
    """The facts that stand among the files of a publication, or None where nobody has worked them out."""
    try:
        told = json.loads((folder / _FILE).read_bytes())
    except FileNotFoundError:
        return None
    return {name: _read(each) for name, each in told.items()}


def _read(told: dict[str, Any]) -> CollectionFacts:
    return CollectionFacts(**{**told, "places": tuple(told["places"]), "languages": tuple(told["languages"])})


def _lines(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as file:
        yield from file


def worked_out(
    snapshot: Snapshot,
    publication: Publication,
    tally_of: Callable[[str], Tally],
    before: Facts | None,
) -> Facts:
    """The facts of a publication: as before where the dumps are, else of its version and time.

    `tally_of` gives what a collection comes to, `before` are the facts of the publication that it follows.
    """
    reading, last = _Reading(snapshot), before or {}
    found: Facts = {}
    for name in COLLECTIONS:
        digest = _digest(publication, name)
        if name in last and last[name].digest == digest:
            found[name] = last[name]
            continue
        tally = tally_of(name)
        told = reading.facts(name, publication.version, tally.covered, tally.held)
        found[name] = _since(last.get(name), replace(told, digest=digest), publication)
    # Its files also hold what no collection does: former keys, and what was deleted.
    told = replace(_all_together(found), version=publication.version, digest=_digest(publication, WHOLE))
    return found | {WHOLE: _since(last.get(WHOLE), told, publication)}


def _since(last: CollectionFacts | None, found: CollectionFacts, publication: Publication) -> CollectionFacts:
    """The facts of a collection in the light of those of the publication before."""
    if last is None:
        return found
    if last.digest == found.digest:
        return last
    # What was deleted leaves no time behind, so a change is as late as the version that holds it.
    modified = min(max(found.modified, publication.at, last.modified), now())
    return replace(found, modified=modified, issued=last.issued)


def keep(folder: Path, found: Facts) -> None:
    """Put the facts among the files of their publication."""
    told = {name: asdict(each) for name, each in found.items()}
    (folder / _FILE).write_text(json.dumps(told, indent=1, sort_keys=True), encoding="utf-8")

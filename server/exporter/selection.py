"""Selection: the records that an export writes; projects are picked by keys, whole records are written."""

from collections.abc import Iterator

from sqlalchemy import or_, select

from ontology.collections import Collection
from ontology.declaration import ExchangeRecord
from ontology.graph import Described
from schema.exchange import SEGMENTS, noun_at, nouns_of
from schema.model import NOUNS, Claim, Coding, Conflict, Evidence, FieldProvenance, Link, Project, Source
from schema.record import declaration
from schema.snapshot import Snapshot
from schema.sql import AnySelect

_AT_ONCE = 500


class Selection:
    """The records of an export: everything, or the projects of some keys with all that belongs to them.

    Vocabularies, states and networks are written whole in both, so that what was exported can be imported.
    """

    def __init__(self, snapshot: Snapshot, projects: AnySelect | None = None) -> None:
        self.snapshot = snapshot
        self._projects = projects

    def records(self, segment: str | None = None) -> Iterator[ExchangeRecord]:
        """The records of a class, or of all classes in the order of exports, by key."""
        for each in SEGMENTS if segment is None else (segment,):
            keys = self._keys(each)
            yield from self.snapshot.records(each) if keys is None else self._chosen(each, keys)

    def _chosen(self, segment: str, keys: AnySelect) -> Iterator[ExchangeRecord]:
        """The records under the keys of a statement, in chunks, so that memory does not grow with them."""
        column = keys.selected_columns[0]
        last = ""
        while True:
            some = keys.where(column > last).order_by(column).limit(_AT_ONCE)
            chunk = list(self.snapshot.connection.scalars(some))
            if not chunk:
                return
            yield from self.snapshot.several(segment, chunk)
            last = chunk[-1]

    def _keys(self, segment: str) -> AnySelect | None:
        """The keys of a class that belong to the chosen projects; None where all of them are written."""
        projects = self._projects
        if projects is None:
            return None
        if segment == Project.segment:
            return projects
        if segment == Source.segment:
            return _sources(projects)
        if segment in (Link.segment, Coding.segment):
            table = nouns_of(segment)[0].table.c
            return select(table.key).where(table.project.in_(projects))
        return None


class Collected(Selection):
    """The records of one collection."""

    def __init__(self, snapshot: Snapshot, collection: Collection) -> None:
        super().__init__(snapshot)
        self.collection = collection

    def records(self, segment: str | None = None) -> Iterator[ExchangeRecord]:
        """The records of a class, or of all classes of the collection, by key."""
        for each in self.collection.classes if segment is None else (segment,):
            yield from filter(self.collection.holds, self.snapshot.records(each, self._word(each)))

    def described(self) -> Iterator[Described]:
        """The sound records of the collection with their declarations, class by class, by key."""
        for each, share in self.collection.classes.items():
            records = self.snapshot.sound(each, self._word(each))
            if share != "all":
                records = filter(self.collection.holds, records)
            # Most classes are one noun, and need not look at each record for it.
            nouns = nouns_of(each)
            declared = declaration(nouns[0])
            for record in records:
                yield declared if len(nouns) == 1 else declaration(noun_at(each, record["key"])), record

    def _word(self, segment: str) -> str:
        # Both rules of what is accepted have this word in the record; most links do not have it.
        return "accepted" if self.collection.classes.get(segment) == "accepted" else ""


def _sources(projects: AnySelect) -> AnySelect:
    """The keys of all sources that records of these projects, or of their links, refer to."""
    project = NOUNS[Project.__name__]
    related = project.relations["sources"].c
    cited: list[AnySelect] = [select(related.target).where(related.owner.in_(projects))]
    for name in (FieldProvenance.__name__, Conflict.__name__):
        part = NOUNS[name].table.c
        cited.append(select(part.source).where(part.owner.in_(projects)))
    link, claim, evidence = (NOUNS[each.__name__].table.c for each in (Link, Claim, Evidence))
    links = select(link.key).where(link.project.in_(projects))
    claims = select(claim.key).where(claim.owner.in_(links))
    cited.append(select(evidence.source).where(evidence.owner.in_(claims)))
    key = NOUNS[Source.__name__].table.c.key
    return select(key).where(or_(*(key.in_(each) for each in cited)))

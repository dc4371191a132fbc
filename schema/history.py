"""History: everything that is read whole, as it stood at an earlier data version."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, Select, select

from ontology.declaration import ExchangeRecord
from ontology.errors import BadArgument
from schema.exchange import SEGMENTS, is_gone, is_key, parse
from schema.log import change
from schema.model import Link
from schema.model.link import LinkStatus
from schema.snapshot import Snapshot, among_lines, as_of


class Earlier(Snapshot):
    """Reads what the log said at one version; what only the tables hold is not there to be read."""

    def __init__(self, connection: Connection, version: int) -> None:
        super().__init__(connection)
        self._version = version

    def record(self, segment: str, key: str) -> ExchangeRecord | None:
        """The canonical record of a thing that lived then, or None."""
        if not is_key(segment, key):
            return None
        text = self.connection.scalar(self._newest(segment).where(change.c.key == key).limit(1))
        record = None if text is None else parse(text)
        return None if record is None or is_gone(record) else record

    def records(self, segment: str | None = None, holding: str = "") -> Iterator[ExchangeRecord]:
        """All records that lived then, of a class or of all classes in the order of exports, by key."""
        for each in SEGMENTS if segment is None else (segment,):
            found = self._records(among_lines(as_of(each, self.version()), holding))
            yield from (record for record in found if not is_gone(record))

    def proposed(self, projects: Iterable[str]) -> dict[str, list[str]]:
        """The targets of links that nobody had decided on, by project, sorted."""
        found: dict[str, list[str]] = defaultdict(list)
        for project in projects:
            for link in self._links_of(project):
                if link["status"] == LinkStatus.PROPOSED and not link.get("derived"):
                    found[project].append(link["target"])
            found[project].sort()
        return found

    def _links_of(self, project: str) -> Iterator[ExchangeRecord]:
        # The key of a link begins with that of its project; `~` is the last character that keys have.
        begins = (change.c.key > f"{project}~") & (change.c.key < f"{project}~~")
        newest: dict[str, ExchangeRecord] = {}
        for text in self.connection.scalars(self._newest(Link.segment).where(begins)):
            record = parse(text)
            newest.setdefault(record["key"], record)
        return (each for each in newest.values() if not is_gone(each))

    def _newest(self, segment: str) -> Select[str]:
        statement = select(change.c.record).where(change.c["class"] == segment)
        return statement.where(change.c.version <= self.version()).order_by(change.c.version.desc())


def earlier(snapshot: Snapshot, version: int) -> Snapshot:
    """The same data as they stood at a version. Raises BadArgument for one that there was not."""
    latest = snapshot.version()
    if not 0 <= version <= latest:
        raise BadArgument(
            f"as of {version}: there is no such data version",
            f"Use a version from 0 to {latest}.",
            field="as-of",
        )
    return snapshot if version == latest else Earlier(snapshot.connection, version)

"""Identity: which pages are of one project, and under which key it lives.

A Project ID names a project; a page with a Prima ID only is of the one project with that Prima ID. A key is
chosen once: when a better identifier appears, it becomes an alias, and of two projects that prove to be one
the older stays. A page without an identifier is of the one project with its title, or refused.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ontology.declaration import ExchangeRecord
from ontology.errors import RefusedPage, RefusedRow
from ontology.linking.names import words
from schema.links import merge
from schema.transaction import Transaction
from server.importer.page import Page


@dataclass(slots=True)
class Group:
    """The pages of one project, with its identifiers as the pages print them."""

    project_id: str | None
    prima_ids: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    pages: list[Page] = field(default_factory=list)

    def add(self, page: Page) -> None:
        """Add a page of the project."""
        self.pages.append(page)
        if prima_id := page.value("primaId"):
            self.prima_ids.add(prima_id)
        if key := page.key:
            self.keys.add(key)

    def identifiers(self) -> list[str]:
        """All of its identifiers, the Project ID first."""
        own = [self.project_id] if self.project_id else []
        return [*own, *sorted(self.prima_ids), *sorted(self.keys)]

    @property
    def key(self) -> str:
        """The key that a new project gets: the one that a table gives, else the Project ID or Prima ID."""
        return min(self.keys) if self.keys else self.project_id or min(self.prima_ids)


def groups(pages: Iterable[Page]) -> tuple[list[Group], list[Page]]:
    """The pages by project, and those without an identifier of one project, whatever their order."""
    named: dict[str, Group] = {}
    by_prima: dict[str, Group] = {}
    ordered = sorted(pages, key=lambda each: each.sha256)
    for page in ordered:
        if project_id := page.value("projectId"):
            named.setdefault(project_id, Group(project_id)).add(page)
    for page in ordered:
        # Only tables give keys, and a key can stand in the place of both identifiers.
        prima_id = page.value("primaId") or page.key
        if page.value("projectId") or not prima_id:
            continue
        owners = [each for each in named.values() if prima_id in each.prima_ids | each.keys]
        if len(owners) < 2:
            group = owners[0] if owners else by_prima.setdefault(prima_id, Group(None))
            group.add(page)
    found = sorted([*named.values(), *by_prima.values()], key=lambda each: each.key)
    grouped = {page.sha256 for group in found for page in group.pages}
    return found, [each for each in ordered if each.sha256 not in grouped]


class Identifiers:
    """What the identifiers of an import lead to in the store, asked for all of them at once."""

    def __init__(self, found: Iterable[Group], transaction: Transaction) -> None:
        self._transaction = transaction
        self._known: set[str] = set()
        self._keys = transaction.identified(each for group in found for each in group.identifiers())

    def expect(self, some: Iterable[Group]) -> None:
        """Read at once what is known of the groups that come next."""
        asked = {each for group in some for each in group.identifiers()}
        asked |= {self._keys[each] for each in asked & self._keys.keys()}
        self._known |= self._transaction.foresee("project", asked)

    def stored(self, group: Group) -> list[ExchangeRecord]:
        """The stored projects that the pages' identifiers lead to, the oldest first; they prove to be one."""
        found: dict[str, ExchangeRecord] = {}
        for identifier in group.identifiers():
            record = self._living(identifier)
            if record is not None and _may_be(record, group):
                found[record["key"]] = record
            elif record is not None and identifier in group.keys:
                raise RefusedRow(
                    f"key: {identifier!r} is the key of another project, {record['projectId']}",
                    "Check the key and the Project ID, or leave the key out.",
                    field="key",
                )
        return sorted(found.values(), key=self._age) if len(found) > 1 else list(found.values())

    def unite(self, key: str, group: Group, others: Sequence[ExchangeRecord]) -> None:
        """Let every other key of the project lead to the one that stays."""
        for other in others:
            merge(self._transaction, other["key"], key)
        if group.project_id and self._living(group.project_id) is None:
            self._transaction.lead("project", group.project_id, key)

    def _living(self, identifier: str) -> ExchangeRecord | None:
        """The project that an identifier leads to: of this import, or stored."""
        if (record := self._transaction.record("project", identifier)) is not None:
            return record
        if identifier not in self._known:
            other = self._keys.get(identifier)
            if other is None or (record := self._transaction.record("project", other)) is not None:
                return record
        standing = self._transaction.standing("project", identifier)
        return None if standing is None else self._transaction.record("project", standing.key)

    def _age(self, record: ExchangeRecord) -> tuple[float, str]:
        first = self._transaction.first_version("project", record["key"])
        return (float("inf") if first is None else first), record["key"]


def _may_be(record: ExchangeRecord, group: Group) -> bool:
    """Whether a stored project can be the one of the pages: two Project IDs are two projects."""
    own = record.get("projectId")
    return group.project_id is None or own is None or own == group.project_id


class Titles:
    """The projects by title: those that are stored, and those of this import."""

    def __init__(self, transaction: Transaction) -> None:
        self._keys: dict[tuple[str, ...], set[str]] = {}
        self._sources: dict[str, str] = {}
        for record in _projects(transaction):
            for title in record["title"].values():
                self._keys.setdefault(words(title), set()).add(record["key"])
            for source in record.get("sources", []):
                self._sources[source] = record["key"]

    def key(self, page: Page) -> str:
        """The key of the one project that cites the page or has its title. Raises RefusedPage."""
        if page.sha256 in self._sources:
            return self._sources[page.sha256]
        keys = self._keys.get(words(page.value("title")), set())
        if len(keys) != 1:
            known = "several projects have" if keys else "no project has"
            raise RefusedPage(
                f"projectId: the page prints no identifier, and {known} its title",
                "Add the Project ID or the Prima ID, or import a page of the project that has one.",
                field="projectId",
            )
        return min(keys)


def _projects(transaction: Transaction) -> Iterator[ExchangeRecord]:
    """All projects as the transaction leaves them."""
    pending = [key for segment, key in transaction.pending() if segment == "project"]
    for key in pending:
        if (record := transaction.record("project", key)) is not None:
            yield record
    left = set(pending)
    for record in transaction.records("project"):
        if record["key"] not in left:
            yield record

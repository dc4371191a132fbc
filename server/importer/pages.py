"""Pages: all pages of an import together, put as projects in an order that is not that of the files."""

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from itertools import islice

from ontology.declaration import ExchangeRecord
from ontology.errors import InvalidInput
from ontology.linking.mentions import Known
from schema.transaction import Outcome as Put
from schema.transaction import Transaction
from server.importer.identity import Group, Identifiers, Titles, groups
from server.importer.page import Page
from server.importer.project import Reading, project, propose, source_of, stored_readings
from server.importer.report import Entry, Outcome
from server.importer.vocabulary import Vocabulary

# How many projects are asked for at once.
_AT_ONCE = 500


class Pages:
    """The pages of one import, each with its entry in the report."""

    def __init__(self, transaction: Transaction, vocabulary: Callable[[], Vocabulary]) -> None:
        self._transaction = transaction
        self._vocabulary = vocabulary
        self._found: dict[str, Page] = {}
        self._entries: dict[str, list[Entry]] = {}

    def add(self, page: Page, entry: Entry) -> None:
        """Add a page; of the same text under several addresses, the first by alphabet counts."""
        key = page.sha256
        known = self._found.setdefault(key, page)
        if (page.address or "") < (known.address or ""):
            self._found[key] = page
        self._entries.setdefault(key, []).append(entry)

    def put(self) -> None:
        """Put all projects, first those with identifiers, then what pages without them add."""
        if not self._found:
            return
        known = self._known()
        named, unnamed = groups(self._found.values())
        identifiers = Identifiers(named, self._transaction)
        left = iter(named)
        while some := list(islice(left, _AT_ONCE)):
            self._transaction.foresee("source", (page.sha256 for group in some for page in group.pages))
            identifiers.expect(some)
            for group in some:
                with self._refusing(group.pages):
                    self._put_group(group, identifiers, known)
        if unnamed:
            self._put_unnamed(unnamed, known)

    def _known(self) -> Known:
        networks = frozenset(each["key"] for each in self._transaction.records("network"))
        return Known(self._vocabulary().states, networks)

    @contextmanager
    def _refusing(self, pages: Iterable[Page]) -> Generator[None]:
        """Refuse all these pages for an error that one of them causes."""
        try:
            yield
        except InvalidInput as error:
            for page in pages:
                for each in self._entries[page.sha256]:
                    each.refuse(error)
                    each.text = page.value("title")

    def _entries_of(self, pages: Iterable[Page]) -> list[Entry]:
        return [entry for page in pages for entry in self._entries[page.sha256]]

    def _put_group(self, group: Group, identifiers: Identifiers, known: Known) -> None:
        own = identifiers.stored(group)
        key = own[0]["key"] if own else group.key
        outcome = self._put_project(key, own, group.pages, known)
        identifiers.unite(key, group, own[1:])
        self._settle(group.pages, key, Outcome(outcome))

    def _put_unnamed(self, pages: list[Page], known: Known) -> None:
        titles = Titles(self._transaction)
        by_key: dict[str, list[Page]] = {}
        for page in pages:
            with self._refusing([page]):
                by_key.setdefault(titles.key(page), []).append(page)
        for key, same in sorted(by_key.items()):
            with self._refusing(same):
                self._merge(key, same, known)

    def _merge(self, key: str, pages: list[Page], known: Known) -> None:
        record = self._transaction.record("project", key)
        outcome = self._put_project(key, [record] if record else [], pages, known)
        self._settle(pages, key, Outcome.UNCHANGED if outcome is Put.UNCHANGED else Outcome.MERGED)

    def _settle(self, pages: Iterable[Page], key: str, outcome: Outcome) -> None:
        for each in self._entries_of(pages):
            each.identifier, each.outcome = f"project/{key}", outcome

    def _put_project(
        self, key: str, own: Sequence[ExchangeRecord], pages: Iterable[Page], known: Known
    ) -> Put:
        """Put the project with its sources and proposed links, and say what became of it."""
        transaction = self._transaction
        new = [Reading(source_of(each, own, transaction), each) for each in pages]
        fresh = {each.source["key"] for each in new}
        again = [
            each for record in own for each in stored_readings(record, fresh, transaction, self._vocabulary())
        ]
        record = project(key, own, [*new, *again], transaction)
        outcome = transaction.put(record)
        others = [transaction.put(each.source) for each in new]
        others += propose(record, [*new, *again], known, transaction)
        if outcome is Put.UNCHANGED and any(each is not Put.UNCHANGED for each in others):
            return Put.CHANGED
        return outcome

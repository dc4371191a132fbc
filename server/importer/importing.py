"""Importing: what the readers of all formats share while one import runs."""

from dataclasses import dataclass, field

from schema.transaction import Transaction
from server.importer.limits import Limits
from server.importer.pages import Pages
from server.importer.report import Report
from server.importer.vocabulary import Vocabulary, stored_vocabulary


@dataclass(slots=True)
class Importing:
    """One import: where it goes, what is said of it, and the pages that are put when all are read."""

    transaction: Transaction
    report: Report
    limits: Limits
    pages: Pages = field(init=False)
    #: The address of each page that was handed over, also of refused ones, by file.
    addressed: dict[str, str] = field(default_factory=dict)
    _vocabulary: Vocabulary | None = None

    def __post_init__(self) -> None:
        self.pages = Pages(self.transaction, self.vocabulary)

    def vocabulary(self) -> Vocabulary:
        """The vocabulary of the store, read when it is first needed."""
        if self._vocabulary is None:
            self._vocabulary = stored_vocabulary(self.transaction)
        return self._vocabulary

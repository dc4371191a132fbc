"""Settling: the end of an import, when all of its files are read and nothing is written yet."""

from schema.pending import Identity
from schema.transaction import Transaction
from server.importer.report import Entry, Outcome, Report

_PENDING = {Outcome.TAKEN, Outcome.CHANGED, Outcome.MERGED, Outcome.DELETED}


def settle(transaction: Transaction, report: Report) -> None:
    """Refuse what refers to something that is not there, write the rest, and note what was not believed.

    What is refused can be what others refer to, so this goes on until nothing more falls.
    """
    entries: dict[str, list[Entry]] = {}
    for each in report.entries:
        if each.identifier is not None and each.outcome in _PENDING | {Outcome.UNCHANGED}:
            entries.setdefault(each.identifier, []).append(each)
    while unmet := transaction.unmet():
        for identity, error in unmet.items():
            transaction.withdraw(identity)
            for entry in entries.get("/".join(identity), ()):
                if entry.outcome in _PENDING:
                    entry.refuse(error)
    transaction.flush()
    for identity, field, said, found in transaction.contradicted():
        report.add(_note(entries.get("/".join(identity), []), identity, field, said, found))


def _note(entries: list[Entry], identity: Identity, field: str, said: object, found: object) -> Entry:
    file, line = (entries[-1].file, entries[-1].line) if entries else ("", None)
    return Entry(
        file,
        line,
        Outcome.NOTE,
        identifier="/".join(identity),
        field=field,
        text=str(said),
        code="DERIVED",
        reason=f"{field}: follows from the reviews of links, which come to {found}",
        suggestion="Nothing is to be done; send reviews to change it.",
    )

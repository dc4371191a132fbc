"""Settling: the end of an import, when all of its files are read and nothing is written yet."""

from ontology.errors import UnknownReference
from schema.pending import Identity
from schema.transaction import Transaction
from server.importer.report import Entry, Outcome, Report

_PENDING = {Outcome.TAKEN, Outcome.CHANGED, Outcome.MERGED, Outcome.DELETED}


def settle(transaction: Transaction, report: Report) -> None:
    """Refuse what refers to something that is not there, write the rest, and note what was not believed.

    What is refused can be what others refer to, so this goes on until nothing more falls.
    """
    while unmet := transaction.unmet():
        for identity in unmet:
            transaction.withdraw(identity)
        _refuse({"/".join(identity): error for identity, error in unmet.items()}, report)
    transaction.flush()
    contradicted = list(transaction.contradicted())
    last = _last_of({"/".join(identity) for identity, *_ in contradicted}, report)
    for identity, field, said, found in contradicted:
        report.add(_note(last.get("/".join(identity)), identity, field, said, found))


def _refuse(errors: dict[str, UnknownReference], report: Report) -> None:
    for place, entry in enumerate(report.entries):
        error = errors.get(entry.identifier or "")
        if error is not None and entry.outcome in _PENDING:
            entry.refuse(error)
            report.entries.replace(place, entry)


def _last_of(identifiers: set[str], report: Report) -> dict[str, Entry]:
    """The last entry of each of these things that was put."""
    chosen = _PENDING | {Outcome.UNCHANGED}
    found: dict[str, Entry] = {}
    for entry in report.entries if identifiers else ():
        if entry.identifier in identifiers and entry.outcome in chosen:
            found[entry.identifier] = entry
    return found


def _note(entry: Entry | None, identity: Identity, field: str, said: object, found: object) -> Entry:
    file, line = ("", None) if entry is None else (entry.file, entry.line)
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

"""Replacing: projects of a site that an import no longer holds are deleted, where somebody asks for it."""

from collections.abc import Iterator

from ontology.declaration import ExchangeRecord
from ontology.errors import BadArgument
from ontology.iri import is_absolute_iri
from schema.model.source import SourceKind
from server.importer.importing import Importing
from server.importer.report import Entry, Outcome

_OPTION = "replace-source"


def check_prefix(prefix: str) -> None:
    """Raises BadArgument for what no page's address begins with."""
    if not is_absolute_iri(prefix):
        raise BadArgument(
            f"{prefix!r} is no address that pages stand under",
            "Write the beginning of an http(s) address.",
            field=_OPTION,
        )


def replace(importing: Importing, prefix: str) -> None:
    """Delete the projects of which every source is a page under the prefix that this import does not hold.

    Everything else stays: projects with a page elsewhere or with a summary, and those that have no page.
    Where a refused page may be one of a project, nothing is deleted. Raises BadArgument when there is nothing
    to put in the place of what is deleted.
    """
    written = {each.identifier for each in importing.report.entries if each.identifier is not None}
    if not any(each.startswith("project/") for each in written):
        raise BadArgument(
            "the import holds no project, so everything under the address would be deleted",
            "Give the pages that are to replace the earlier ones.",
            field=_OPTION,
        )
    unknown = next(_unknown(importing), None)
    if unknown is not None:
        importing.report.add(_nothing_deleted(unknown))
        return
    for record in _left(importing, prefix, written):
        importing.transaction.delete("project", record["key"])
        reason = f"this import holds no page of it, and all that are stored stand under {prefix}"
        identifier = f"project/{record['key']}"
        importing.report.add(Entry("", None, Outcome.DELETED, identifier=identifier, reason=reason))


def _unknown(importing: Importing) -> Iterator[Entry]:
    """The refused entries that may be of any project."""
    refused = [each for each in importing.report.refused if each.identifier is None]
    stored = {each.get("url") for each in importing.transaction.records("source")} if refused else set()
    for each in refused:
        address = importing.addressed.get(each.file)
        # A page that is stored is known by its address; one without identifier has no title that is known.
        if address is None or (address not in stored and each.field != "projectId"):
            yield each


def _nothing_deleted(unknown: Entry) -> Entry:
    return Entry(
        unknown.file,
        unknown.line,
        Outcome.NOTE,
        code="NOTHING_DELETED",
        reason="nothing is deleted, since this was refused and may be of any project",
        suggestion="Correct it or take it out, and import again.",
    )


def _left(importing: Importing, prefix: str, written: set[str]) -> Iterator[ExchangeRecord]:
    transaction = importing.transaction
    pending = set(transaction.pending())
    held = set(importing.addressed.values())
    for record in list(transaction.records("project")):
        identity = "project", record["key"]
        if "/".join(identity) in written or identity in pending:
            continue
        addresses = _addresses(importing, record)
        if addresses and not addresses & held and all(_is_under(each, prefix) for each in addresses):
            yield record


def _addresses(importing: Importing, record: ExchangeRecord) -> set[str]:
    """Where the project's sources stand; empty for one that is no page, or has no address."""
    cited = {*record.get("sources", []), *(each["source"] for each in record.get("provenance", []))}
    sources = (importing.transaction.record("source", key) or {} for key in sorted(cited))
    return {each.get("url", "") if each.get("kind") == SourceKind.PAGE.value else "" for each in sources}


def _is_under(address: str, prefix: str) -> bool:
    rest = address.removeprefix(prefix)
    return rest != address and (prefix.endswith("/") or rest[:1] in ("", "/", "?", "#"))

"""Project: from pages to the records of a project, its sources, its proposed links and national instruments.

What the store holds gives way field by field: a value that only a summary supports is replaced by what a page
says, in texts and results with all of the summary's languages. Pages that the project already cites are read
again from their stored texts, so that the outcome depends on the pages and not on the order of imports.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ontology.declaration import ExchangeRecord
from ontology.errors import InvalidInput
from ontology.linking.mentions import METHOD, METHOD_VERSION, Known, mentions
from ontology.linking.proposal import Instrument, Proposal
from ontology.reading import FORMAT
from schema.following import stated
from schema.links import assert_link
from schema.model.source import SourceKind
from schema.quotes import evidence_of
from schema.transaction import Outcome, Transaction
from schema.values import moment
from server.importer.csv_row import row
from server.importer.page import Field, Page, page
from server.importer.printed import Layout
from server.importer.statement import FIELDS, TEXTS, Decision, Statement, decisions, rank, statements
from server.importer.vocabulary import Vocabulary

RIGHTS_OF_ROWS = "Rights with the author of the table; stored for checking quotes."
RIGHTS = "Rights with the publisher of the page; stored for checking quotes."
MADE_BY = "compactgraph import"


@dataclass(frozen=True, slots=True)
class Reading:
    """A page together with the source record that its text is stored in."""

    source: ExchangeRecord
    page: Page


def source_of(found: Page, own: Sequence[ExchangeRecord], transaction: Transaction) -> ExchangeRecord:
    """The source record of a page; one that is stored stays, but for an address that sorts before its own.

    A row of a table keeps the time at which it was first taken in, since later rows correct earlier ones.
    """
    key = found.sha256
    is_row = found.layout is Layout.TABLE
    stored = transaction.record("source", key) or {}
    source: ExchangeRecord = {
        "format": FORMAT,
        "class": "source",
        "key": key,
        "kind": (SourceKind.TABLE if is_row else SourceKind.PAGE).value,
        "language": found.language or None,
        "sha256": key,
        "text": found.text,
        "rights": RIGHTS_OF_ROWS if is_row else RIGHTS,
    }
    source |= {"retrievedAt": _taken_in(own, transaction)} if is_row else {}
    source |= {name: value for name, value in stored.items() if name != "updatedAt"}
    addresses = [each for each in (source.get("url"), found.address) if each]
    return source | ({"url": min(addresses)} if addresses else {})


def _taken_in(own: Sequence[ExchangeRecord], transaction: Transaction) -> str:
    """The time at which a row is taken in: now, and later than all rows that the project cites already."""
    cited = (transaction.record("source", key) or {} for each in own for key in each.get("sources", []))
    rows = (each for each in cited if each.get("kind") == SourceKind.TABLE.value)
    last = max((each.get("retrievedAt", "") for each in rows), default="")
    if last < transaction.at:
        return transaction.at
    # Times count whole seconds, and a correction can follow within one.
    return moment((datetime.fromisoformat(last) + timedelta(seconds=1)).isoformat(), "retrievedAt")


def stored_readings(
    record: ExchangeRecord, read: set[str], transaction: Transaction, vocabulary: Vocabulary
) -> Iterator[Reading]:
    """The pages that a stored project cites beside those just `read`, where rules read their texts."""
    for key in record.get("sources", []):
        source = None if key in read else transaction.record("source", key)
        if source is None or source["kind"] == SourceKind.SUMMARY.value:
            continue
        reader = row if source["kind"] == SourceKind.TABLE.value else page
        try:
            found = reader(source["text"], source.get("url"), vocabulary)
        except InvalidInput:
            continue
        if found.sha256 == key:
            yield Reading(source, found)


def project(
    key: str, stored: Sequence[ExchangeRecord], readings: Iterable[Reading], transaction: Transaction
) -> ExchangeRecord:
    """The record of a project: what its pages say, and what the store holds that no page speaks of."""
    distinct = {each.source["key"]: each for each in readings}
    ordered = sorted(distinct.values(), key=lambda each: rank(each.source, each.page.layout), reverse=True)
    said = [each for reading in ordered for each in statements(reading.page, reading.source)]
    base = _Base(stored, set(distinct), transaction)
    decided = decisions([*said, *base.statements()])
    record = base.without({each.winner.field for each in decided})
    record |= {"format": FORMAT, "class": "project", "key": key}
    for decision in decided:
        _take(record, decision)
    record["provenance"] = _in_order(
        [*record.get("provenance", []), *(each for decision in decided for each in decision.provenance)]
    )
    record["conflicts"] = _in_order(
        [
            *record.get("conflicts", []),
            *(each for decision in decided for each in decision.conflicts),
            *(each for decision in decided for each in base.lost(decision)),
        ]
    )
    _number_parents(record)
    cited = [each.source["key"] for each in ordered]
    record["sources"] = _sources(record, [*cited, *base.sources()], base.summaries)
    # What says nothing is left out, as in the canonical form.
    return {name: value for name, value in record.items() if value not in (None, [], {})}


class _Base:
    """What the store holds of a project, under one key or several that prove to be one."""

    def __init__(
        self, stored: Sequence[ExchangeRecord], readings: set[str], transaction: Transaction
    ) -> None:
        self._record: ExchangeRecord = {}
        for each in stored:
            self._record = stated(each) | self._record
        self._record.pop("updatedAt", None)
        for name in ("provenance", "conflicts", "sources"):
            self._record[name] = [entry for each in stored for entry in each.get(name, [])]
        self._readings = readings
        keys = {each["source"] for each in (*self._record["provenance"], *self._record["conflicts"])}
        keys |= set(self._record["sources"])
        sources = {key: transaction.record("source", key) for key in sorted(keys)}
        self._known = {key: source for key, source in sources.items() if source is not None}
        self.summaries = {
            key for key, source in self._known.items() if source["kind"] == SourceKind.SUMMARY.value
        }

    def sources(self) -> list[str]:
        """The stored sources, the newest first, summaries last."""
        ordered = sorted(self._known.values(), key=rank, reverse=True)
        return sorted((each["key"] for each in ordered), key=lambda key: key in self.summaries)

    def without(self, fields: set[str]) -> ExchangeRecord:
        """What is stored of all fields but these, with its provenance and conflicts."""
        left = {name: value for name, value in self._record.items() if name not in fields}
        for name in ("provenance", "conflicts"):
            left[name] = [each for each in left[name] if each["field"] not in fields]
        return left

    def statements(self) -> Iterator[Statement]:
        """What pages say that cannot be read again, as the store holds it."""
        for each in self._record["provenance"]:
            if self._is_foreign(each["source"]):
                yield from self._stated(each, self._known[each["source"]])

    def lost(self, decision: Decision) -> Iterator[ExchangeRecord]:
        """The conflicts in which such a page lost before: its value stands nowhere else any more."""
        for each in self._record["conflicts"]:
            if each["field"] == decision.winner.field and self._is_foreign(each["source"]):
                yield each if decision.winner.slot else each | {"kept": decision.winner.shown()}

    def _is_foreign(self, key: str) -> bool:
        return key in self._known and key not in self._readings and key not in self.summaries

    def _stated(self, entry: ExchangeRecord, source: ExchangeRecord) -> Iterator[Statement]:
        field, language = entry["field"], entry.get("language")
        place = (entry["value"], source["key"], rank(source), entry.get("start"), entry.get("end"))
        if field == "results":
            for each in self._record.get("results", []):
                for tag, words in each["text"].items():
                    if (tag, words) == (language, entry["value"]):
                        yield Statement(field, (each["code"], tag), words, *place, each["kind"])
        elif field in TEXTS:
            words = self._record.get(field, {}).get(language)
            if words is not None and language is not None:
                yield Statement(field, (language,), words, *place)
        elif field in FIELDS:
            yield Statement(field, (), self._record.get(field), *place)


def _take(record: ExchangeRecord, decision: Decision) -> None:
    """Put the value that won into the record."""
    winner = decision.winner
    if winner.field == "results":
        code, language = winner.slot
        results = record.setdefault("results", [])
        if not results or results[-1]["code"] != code:
            results.append({"kind": winner.kind, "code": code, "text": {}})
        results[-1]["text"][language] = winner.value
    elif winner.field in TEXTS:
        record.setdefault(winner.field, {})[winner.slot[0]] = winner.value
    elif winner.value is not None:
        record[winner.field] = winner.value


def _number_parents(record: ExchangeRecord) -> None:
    """Put every output under the outcome that its number begins with, where the text has that outcome."""
    outcomes = {each["code"] for each in record.get("results", []) if each["kind"] == "outcome"}
    numbered: list[ExchangeRecord] = []
    for each in record.get("results", []):
        result = {name: value for name, value in each.items() if name != "parent"}
        stored = each.get("parent", "").rpartition("~")[2]
        parent = stored or each["code"].rpartition(".")[0]
        if parent in outcomes and (stored or each["kind"] == "output"):
            result["parent"] = f"{record['key']}~{parent}"
        numbered.append(result)
    if numbered:
        record["results"] = numbered


def _in_order(entries: list[ExchangeRecord]) -> list[ExchangeRecord]:
    """The entries by field, each once, else in the order in which they came."""
    distinct: list[ExchangeRecord] = []
    for each in entries:
        if each not in distinct:
            distinct.append(each)
    places = {field: place for place, field in enumerate(FIELDS)}
    return sorted(distinct, key=lambda each: places.get(each["field"], len(FIELDS)))


def _sources(record: ExchangeRecord, ordered: list[str], summaries: set[str]) -> list[str]:
    """All sources that are still cited, in order; a summary that supports nothing more leaves."""
    cited = {each["source"] for each in (*record["provenance"], *record["conflicts"])}
    return [key for key in dict.fromkeys(ordered) if key in cited or key not in summaries]


def propose(
    record: ExchangeRecord, readings: Iterable[Reading], known: Known, transaction: Transaction
) -> list[Outcome]:
    """Propose the links that the descriptions of the pages name, and say what became of each."""
    outcomes: list[Outcome] = []
    described = [
        (reading, each)
        for reading in sorted(readings, key=lambda each: each.source["key"])
        for each in reading.page.fields
        if each.name == "description"
    ]
    on_pages = {each.raw for reading, each in described if reading.page.layout is not Layout.TABLE}
    for reading, each in described:
        # A table that repeats the words of a page, as our own exports do, says nothing more than it.
        if reading.page.layout is not Layout.TABLE or each.raw not in on_pages:
            outcomes += _propose_from(each, reading, record, known, transaction)
    return outcomes


def _propose_from(
    described: Field, reading: Reading, record: ExchangeRecord, known: Known, transaction: Transaction
) -> Iterator[Outcome]:
    language = described.language or reading.page.language
    found = mentions(
        reading.page.text,
        language,
        known,
        record.get("memberStates", []),
        within=(described.start, described.end),
    )
    for each in found:
        if each.instrument is not None:
            _put_candidate(each.instrument, language, transaction)
        claim = _claim(each, reading, language)
        yield assert_link(transaction, record["key"], each.target, claim)[1]


def _put_candidate(instrument: Instrument, language: str, transaction: Transaction) -> None:
    if transaction.record("instrument", instrument.key) is None:
        transaction.put(
            {
                "format": FORMAT,
                "class": "instrument",
                "key": instrument.key,
                "kind": instrument.kind,
                "state": instrument.state,
                "name": {language: instrument.name},
                "year": instrument.year,
            }
        )


def _claim(proposal: Proposal, reading: Reading, language: str) -> ExchangeRecord:
    return {
        "method": METHOD,
        "methodVersion": METHOD_VERSION,
        "madeBy": MADE_BY,
        "ruleIds": list(proposal.rules),
        "evidence": [evidence_of(each, reading.source["key"], language) for each in proposal.quotes],
    }

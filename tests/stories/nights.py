"""Nights: what is done between harvests, at random from a seed, and which changes of it are true."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from sqlalchemy import Engine

from ontology.declaration import ExchangeRecord
from schema.exchange import is_gone, parse
from schema.links import Verdict, assert_link, merge, review_link, undo_review
from schema.mappings import review_mapping
from schema.model.link import Decision
from schema.snapshot import Change
from schema.store import reading, writing
from schema.transaction import Transaction
from tests.schema.world import instrument, project, put, source

Identity = tuple[str, str]
Lines = dict[Identity, str]

TARGETS = (
    "objective/1",
    "objective/7",
    "objective/23",
    "sdg/10.7",
    "network/SLV",
    "instrument/SLV-implementation-plan-2023",
    "instrument/SLV-implementation-plan-2024",
)
_BEGIN = datetime(2026, 12, 1, 20, tzinfo=UTC)


class Nights:
    """A database with vocabularies that random work is done on, night after night, the same for one seed."""

    def __init__(self, engine: Engine, seed: int) -> None:
        self.engine, self.night = engine, 0
        self._random, self._second = Random(seed), 0
        put(engine, source(), instrument(2023), instrument(2024))
        put(engine, *(project(f"N.{number}", budgetUsd=f"{number}.00") for number in range(8)))

    def work(self, publish: Callable[[], None]) -> None:
        """What happens until the next harvest: a few things, nothing, or a new lexicon; then it is published.

        A lexicon is a change set of its own, which is published before the others begin.
        """
        self.night, self._second = self.night + 1, 0
        if self.night % 7 == 3:
            self._do(self._new_lexicon)
            publish()
        for _ in range(self._random.choice((0, 1, 3, 6, 10))):
            self._do(self._random.choice(self._kinds()))
        publish()

    def lines(self) -> Lines:
        """Every line of an export, of living things and others, by class and key."""
        with reading(self.engine) as snapshot:
            records = ((parse(line), line) for line in snapshot.lines())
            return {(record["class"], record["key"]): line for record, line in records}

    def changes(self, after: int) -> list[Change]:
        """The entries of the log behind a version."""
        with reading(self.engine) as snapshot:
            return snapshot.changes((after + 1, -1), limit=100_000)

    def version(self) -> int:
        with reading(self.engine) as snapshot:
            return snapshot.version()

    def _kinds(self) -> tuple[Callable[[Transaction], None], ...]:
        return (
            self._edit,
            self._edit,
            self._write_the_same,
            self._there_and_back,
            self._add,
            self._come_and_go,
            self._delete,
            self._come_back,
            self._merge,
            self._review,
            self._review,
            self._review,
            self._undo,
            self._review_mapping,
        )

    def _do(self, work: Callable[[Transaction], None]) -> None:
        # Several versions come in one second, as they do.
        self._second += self._random.choice((0, 0, 1))
        moment = _BEGIN + timedelta(days=self.night, seconds=self._second)
        with writing(self.engine, moment.strftime("%Y-%m-%dT%H:%M:%SZ")) as transaction:
            work(transaction)

    def _one(self, transaction: Transaction, segment: str) -> ExchangeRecord | None:
        found = [*transaction.records(segment)]
        return self._random.choice(found) if found else None

    def _projects(self, transaction: Transaction, number: int) -> list[ExchangeRecord]:
        found = [*transaction.records("project")]
        return self._random.sample(found, number) if len(found) >= number + 2 else []

    def _edit(self, transaction: Transaction) -> None:
        for each in self._projects(transaction, 1):
            title = {"en": f"Title {self._random.randrange(1000)}"}
            transaction.put({**each, "title": title, "updatedAt": transaction.at})

    def _write_the_same(self, transaction: Transaction) -> None:
        for each in transaction.records("project"):
            transaction.put({name: value for name, value in each.items() if name != "updatedAt"})

    def _there_and_back(self, transaction: Transaction) -> None:
        for each in self._projects(transaction, 1):
            transaction.put({**each, "budgetUsd": "1.00", "updatedAt": transaction.at})
            transaction.put(each)

    def _add(self, transaction: Transaction) -> None:
        transaction.put(project(f"A.{self.night}.{self._random.randrange(10)}"))

    def _come_and_go(self, transaction: Transaction) -> None:
        key = f"B.{self.night}.{self._second}"
        transaction.put(project(key))
        transaction.delete("project", key)

    def _delete(self, transaction: Transaction) -> None:
        for each in self._projects(transaction, 1):
            transaction.delete("project", each["key"])

    def _come_back(self, transaction: Transaction) -> None:
        gone = [parse(each) for each in transaction.lines() if '"deleted":true' in each]
        projects = [each["key"] for each in gone if each["class"] == "project"]
        if projects:
            transaction.put(project(self._random.choice(projects), title={"en": "Back again"}))

    def _merge(self, transaction: Transaction) -> None:
        match self._projects(transaction, 2):
            case [one, other]:
                merge(transaction, one["key"], other["key"])
            case _:
                pass

    def _review(self, transaction: Transaction) -> None:
        if (link := self._one(transaction, "link")) is not None:
            decision = self._random.choice((Decision.ACCEPT, Decision.ACCEPT, Decision.REJECT))
            verdict = Verdict(decision, self._random.choice(("ann", "bob")))
            review_link(transaction, link["key"], verdict)

    def _review_mapping(self, transaction: Transaction) -> None:
        if (mapping := self._one(transaction, "mapping")) is not None:
            review_mapping(transaction, mapping["key"], Verdict(Decision.ACCEPT, "cid"))

    def _undo(self, transaction: Transaction) -> None:
        link = self._one(transaction, "link")
        standing = [each for each in (link or {}).get("reviews", ()) if "undoneAt" not in each]
        if link is not None and standing:
            undo_review(transaction, link["key"], standing[-1]["reviewer"])

    def _new_lexicon(self, transaction: Transaction) -> None:
        """Another version of a method makes claims for every project, some of them for new targets."""
        made = {"method": "lexicon", "methodVersion": str(self.night), "madeBy": "compactgraph"}
        for each in list(transaction.records("project")):
            for target in self._random.sample(TARGETS, 2):
                assert_link(transaction, each["key"], target, made)


def graph_of(record: ExchangeRecord) -> str:
    """Where a living record is published."""
    if record["class"] in ("link", "coding", "mapping"):
        return "claims"
    return "claims" if record["class"] == "instrument" and not record.get("accepted") else "facts"


def truth(before: Lines, changes: list[Change]) -> Iterator[tuple[str, str, Identity]]:
    """What each entry of the log is to a reader of facts and of claims: feed, kind and thing, in order."""
    standing = {identity: parse(line) for identity, line in before.items()}
    for each in changes:
        identity = each.segment, each.key
        was = standing.get(identity)
        old = graph_of(was) if was is not None and not is_gone(was) else None
        new = graph_of(each.record) if not is_gone(each.record) else None
        if new is None:
            # A former key that leads elsewhere from now on is told once more.
            yield (
                old or ("claims" if each.segment in ("link", "coding", "mapping") else "facts"),
                "Delete",
                identity,
            )
        else:
            if old is not None and old != new:
                yield old, "Delete", identity
            yield new, "Update" if old == new else "Create", identity
        standing[identity] = each.record


#: The classes of things that are facts whatever reviewers say, by the dataset that holds them.
_FACTS = {
    "scheme": "codes",
    "code": "codes",
    "objective": "objectives",
    "principle": "objectives",
    "sdg": "sdg",
    "codebook": "codebook",
    "state": "states",
    "network": "networks",
    "source": "sources",
    "project": "projects",
    "coding": "links",
}

#: The dataset that holds what reviewers decide on, once they have accepted it.
_DECIDED = {"link": "links", "mapping": "crosswalk"}


def dataset_of(record: ExchangeRecord) -> str:
    """The dataset that holds a living record."""
    if record["class"] in _DECIDED:
        return _DECIDED[record["class"]] if record["status"] == "accepted" else "proposals"
    if record["class"] == "instrument":
        return "networks" if record.get("accepted") else "proposals"
    return _FACTS[record["class"]]


def datasets(lines: Lines) -> dict[str, Lines]:
    """What each dataset holds: of a collection the living records, of all together every line."""
    found: dict[str, Lines] = {each: {} for each in (*_FACTS.values(), *_DECIDED.values(), "proposals")} | {
        "all": lines
    }
    for identity, line in lines.items():
        if not is_gone(record := parse(line)):
            found[dataset_of(record)][identity] = line
    return found

"""Thing: the page about one thing, with everything that its document says, and how to get it otherwise."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from ontology.collections import collection_of
from ontology.declaration import Declaration, ExchangeRecord
from ontology.graph import Described
from ontology.iri import Iris
from ontology.labels import address_of, name_of, term_label
from ontology.schemaorg import described
from ontology.terms import CG, Reference
from schema.exchange import SEGMENTS, noun_at
from schema.model.link import Link, LinkStatus
from schema.record import declaration
from schema.snapshot import Snapshot
from schema.sound import all_sound
from schema.text import chosen
from server.documents import Document
from server.pages.node import Node, columns_of, node
from server.pages.question import question
from server.pages.rendering import data, rendered
from server.pages.values import Names, Shown
from server.representation import OFFERS

_ORDER = {each.value: place for place, each in enumerate((LinkStatus.ACCEPTED, LinkStatus.PROPOSED))}


def _referred(declared: Declaration, record: ExchangeRecord) -> Iterator[str]:
    """The identifiers of everything that a record refers to, its parts too."""
    if (scheme := declared.scheme_of(record)) is not None:
        yield f"scheme/{scheme}"
    for each in declared.fields:
        stated, value = each.property, record.get(each.name)
        if value is None:
            continue
        if each.part is not None:
            for part in value:
                yield from _referred(each.part, part)
        elif isinstance(stated, Reference):
            several = value if isinstance(value, list) else [value]
            yield from (f"{stated.to}/{one}" if stated.to else one for one in several)


def names(snapshot: Snapshot, things: Iterable[Described]) -> Names:
    """The names of everything that the records refer to, read a class at a time."""
    asked: dict[str, set[str]] = defaultdict(set)
    for declared, record in things:
        for identifier in _referred(declared, record):
            segment, _, key = identifier.partition("/")
            asked[segment].add(key)
    found: dict[str, tuple[str, str]] = {}
    for segment, keys in sorted(asked.items()):
        if segment in SEGMENTS:
            for record in all_sound(snapshot.several(segment, sorted(keys))):
                declared = declaration(noun_at(segment, record["key"]))
                address = address_of(declared, record)
                name = chosen(name_of(declared, record), None) or (("", address) if address else None)
                if name is not None:
                    found[f"{segment}/{record['key']}"] = name
    return found


def _status(link: Node, term: str) -> str:
    return next((value.words for fact in link.of(term) for value in fact.values), "")


def _in_order(links: Iterable[Node], term: str) -> list[tuple[str, list[Node]]]:
    """The links by status, those that count first."""
    by_status: dict[str, list[Node]] = defaultdict(list)
    for each in links:
        by_status[_status(each, term)].append(each)
    return sorted(by_status.items(), key=lambda item: (_ORDER.get(item[0], len(_ORDER)), item[0]))


def _beside(document: Document, shown: Shown) -> tuple[list[Node], list[Node]]:
    """The links beside the record of a project, and whatever else is."""
    links: list[Node] = []
    others: list[Node] = []
    for declared, record in document.described[1:]:
        found = node(declared, record, shown)
        (links if declared.segment == Link.segment else others).append(found)
    return links, others


def page(snapshot: Snapshot, document: Document, iris: Iris) -> bytes:
    """The page about a thing: the same statements as in every other format of its document."""
    everything = (*document.described, *document.listed)
    shown = Shown(iris, names(snapshot, everything))
    declared, record = document.described[0]
    own = node(declared, record, shown)
    target, status = (str(iris.term(each)) for each in (CG.target, CG.linkStatus))
    links, others = _beside(document, shown)
    listed = tuple(node(*each, shown) for each in document.listed)
    asked = question(noun_at(document.segment, document.key), f"{document.segment}/{document.key}")
    return rendered(
        "thing.html",
        base=iris.base,
        thing=own,
        key=document.key,
        url=iris.document(document.segment, document.key),
        links=_in_order(links, status),
        target=target,
        status=status,
        others=others,
        listed=listed,
        listed_columns=columns_of(listed),
        offers=OFFERS.values(),
        dataset=(collection := collection_of(record)).title["en"],
        dataset_address=iris.dataset(collection.name),
        question=asked,
        asking=f"{iris.base}/graphql?query={quote(asked)}" if asked else "",
        structured=data(described(declared, record, iris)),
        kind=term_label(declared.types[0], declared.name),
    )

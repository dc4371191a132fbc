"""Bare loops: the lines of dumps of generated projects, written by hand, by loops that know nothing else.

They read the same records from the log, and then only escape and write, a line for each statement. The fields
of the three classes that grow stand here by hand, which is what makes the loops bare; all else is the
declaration's business and not measured. `tests/benchmarks/test_dumps.py` compares what they say with dumps.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import orjson

from ontology.context import document_context
from ontology.iri import Iris
from ontology.ntriples import quoted
from ontology.prefixes import Prefixes
from ontology.turtle import head
from schema.snapshot import Snapshot
from server.documents import declarations

BASE = "https://data.example.org"
IRIS = Iris(BASE)
_PREFIXES = Prefixes(IRIS)

Write = Callable[[str], object]
Said = dict[str, Any]


class Field(NamedTuple):
    """A field: its name, its property, what its values are, and what stands behind their words."""

    name: str
    predicate: str
    kind: str
    ending: str = ""


_CLAIM = (
    Field("method", "cg:method", "words"),
    Field("methodVersion", "cg:methodVersion", "words"),
    Field("ruleIds", "cg:ruleId", "list"),
    Field("confidence", "cg:confidence", "number", "xsd:decimal"),
    Field("madeBy", "dcterms:creator", "words"),
    Field("madeAt", "prov:generatedAtTime", "words", "xsd:dateTime"),
)
_EVIDENCE = (
    Field("quote", "oa:exact", "words"),
    Field("prefix", "oa:prefix", "words"),
    Field("suffix", "oa:suffix", "words"),
    Field("start", "oa:start", "number", "xsd:nonNegativeInteger"),
    Field("end", "oa:end", "number", "xsd:nonNegativeInteger"),
    Field("language", "dcterms:language", "words"),
    Field("textSha256", "cg:sha256", "words"),
    Field("source", "dcterms:source", f"{BASE}/id/source/"),
)
_PROVENANCE = (
    Field("field", "cg:field", "words"),
    Field("value", "cg:value", "words"),
    Field("source", "dcterms:source", f"{BASE}/id/source/"),
    Field("start", "oa:start", "number", "xsd:nonNegativeInteger"),
    Field("end", "oa:end", "number", "xsd:nonNegativeInteger"),
)
FIELDS: dict[str, tuple[Field, ...]] = {
    "source": (
        Field("kind", "cg:kind", "words"),
        Field("language", "dcterms:language", "words"),
        Field("sha256", "cg:sha256", "words"),
    ),
    "project": (
        Field("projectId", "dcterms:identifier", "words"),
        Field("title", "dcterms:title", "text"),
        Field("description", "dcterms:description", "text"),
        Field("startYear", "schema:startDate", "number", "xsd:gYear"),
        Field("endYear", "schema:endDate", "number", "xsd:gYear"),
        Field("year", "cg:allocationYear", "number", "xsd:gYear"),
        Field("status", "cg:status", f"{BASE}/id/code/"),
        Field("region", "cg:region", f"{BASE}/id/code/"),
        Field("type", "cg:projectType", f"{BASE}/id/code/"),
        Field("budgetUsd", "cg:budgetUsd", "words", "xsd:decimal"),
        Field("memberStates", "cg:beneficiary", f"{BASE}/id/state/"),
        Field("sources", "dcterms:source", f"{BASE}/id/source/"),
    ),
    "link": (
        Field("project", "cg:project", f"{BASE}/id/project/"),
        Field("target", "cg:target", "target"),
        Field("status", "cg:linkStatus", "words"),
        Field("version", "schema:version", "number", "xsd:integer"),
    ),
    "claim": _CLAIM,
    "evidence": _EVIDENCE,
    "fieldProvenance": _PROVENANCE,
}
PARTS = {
    "project": ("provenance", "fieldProvenance", "cg:provenance", "#"),
    "link": ("claims", "claim", "cg:claim", "#"),
    "claim": ("evidence", "evidence", "cg:evidence", "."),
}
TYPES = {
    "source": ("cg:Source", "prov:Entity"),
    "project": ("cg:Project", "schema:Project"),
    "link": ("cg:Link", "prov:Entity"),
    "claim": ("cg:Claim", "prov:Entity"),
    "evidence": ("cg:Evidence", "oa:TextQuoteSelector", "oa:TextPositionSelector"),
    "fieldProvenance": ("cg:FieldProvenance",),
}
#: The classes that grow with the projects, in the order of dumps.
GROWING = ("source", "project", "link")


def _target(identifier: str) -> str:
    segment, _, key = identifier.partition("/")
    return f"http://metadata.un.org/sdg/{key}" if segment == "sdg" else f"{BASE}/id/{identifier}"


def _objects(field: Field, value: Any) -> list[str]:
    """The objects of a field; a datatype stands behind them as it is in the table."""
    kind, ending = field.kind, field.ending
    if kind == "words":
        return [quoted(value) + ending]
    if kind == "number":
        return [f'"{value}"{ending}' if ending else str(value)]
    if kind == "text":
        return [f"{quoted(words)}@{language}" for language, words in value.items()]
    if kind == "list":
        return [quoted(each) for each in value]
    if kind == "target":
        return [f"<{_target(value)}>"]
    return [f"<{kind}{each}>" for each in value] if isinstance(value, list) else [f"<{kind}{value}>"]


class Bare:
    """The loops of one syntax; in Turtle terms are short, and an integer stands without quotes."""

    def __init__(self, *, is_turtle: bool) -> None:
        self._short = is_turtle
        self._fields = {name: [self._settled(each) for each in fields] for name, fields in FIELDS.items()}
        self._types = {name: [self._term(each) for each in types] for name, types in TYPES.items()}
        self._parts = {name: (*part[:2], self._term(part[2]), part[3]) for name, part in PARTS.items()}
        self._modified = Field(
            "updatedAt", self._term("dcterms:modified"), "words", self._type("xsd:dateTime")
        )
        self._a = "a" if is_turtle else self._term("rdf:type")

    def _term(self, name: str) -> str:
        prefix, _, local = name.partition(":")
        return name if self._short else f"<{_PREFIXES.namespaces[prefix]}{local}>"

    def _type(self, name: str) -> str:
        return "" if self._short and name == "xsd:integer" else f"^^{self._term(name)}"

    def _settled(self, field: Field) -> Field:
        ending = self._type(field.ending) if field.ending else ""
        return Field(field.name, self._term(field.predicate), field.kind, ending)

    def _statements(self, name: str, iri: str, record: Said) -> Iterator[tuple[str, str, str]]:
        """What a record says, statement by statement."""
        subject = f"<{iri}>"
        for each in self._types[name]:
            yield subject, self._a, each
        for field in self._fields[name]:
            if (value := record.get(field.name)) is not None:
                for each in _objects(field, value):
                    yield subject, field.predicate, each
        behind = []
        if name in self._parts:
            field_name, part, predicate, mark = self._parts[name]
            for place, each in enumerate(record.get(field_name, ()), 1):
                node = f"{iri}{mark}{part}-{place}"
                yield subject, predicate, f"<{node}>"
                behind.append((part, node, each))
        if "updatedAt" in record:
            yield subject, self._modified.predicate, quoted(record["updatedAt"]) + self._modified.ending
        for part, node, each in behind:
            yield from self._statements(part, node, each)

    def triples(self, snapshot: Snapshot, write: Write) -> None:
        """Write N-Triples."""
        for record in records(snapshot):
            name = record["class"]
            for subject, predicate, node in self._statements(
                name, f"{BASE}/id/{name}/{record['key']}", record
            ):
                write(f"{subject} {predicate} {node} .\n")

    def turtle(self, snapshot: Snapshot, write: Write) -> None:
        """Write Turtle, a line a statement."""
        write(head(_PREFIXES))
        last = end = ""
        for record in records(snapshot):
            name = record["class"]
            for subject, predicate, node in self._statements(
                name, f"{BASE}/id/{name}/{record['key']}", record
            ):
                if subject == last:
                    write(f" ;\n    {predicate} {node}")
                else:
                    write(f"{end}\n{subject}\n    {predicate} {node}")
                    last, end = subject, " .\n"
        write(" .\n")


def jsonld(snapshot: Snapshot, write: Write) -> None:
    """Write JSON-LD, a line a record: ready nodes in JSON, with IRIs in the place of keys."""
    context = document_context(declarations(), IRIS)
    write(f'{{"@context":{orjson.dumps(context).decode()},\n"@graph":[\n')
    between = ""
    for record in records(snapshot):
        name = record["class"]
        write(between + orjson.dumps(_node(name, f"{BASE}/id/{name}/{record['key']}", record)).decode())
        between = ",\n"
    write("\n]}\n")


_NAMES = {"fieldProvenance": "FieldProvenance"}


def _node(name: str, iri: str, record: Said) -> Said:
    node: Said = {"@id": iri, "@type": [_NAMES.get(name, name.capitalize()), *TYPES[name][1:]]}
    for field, _, kind, _ in FIELDS[name]:
        if (value := record.get(field)) is None:
            continue
        if kind == "target":
            value = _target(value)
        elif kind == "number" and isinstance(value, float):
            value = str(value)
        elif kind.startswith("http"):
            value = [kind + each for each in value] if isinstance(value, list) else kind + value
        node[field] = value
    if name in PARTS:
        field, part, _, mark = PARTS[name]
        parts = enumerate(record.get(field, ()), 1)
        node[field] = [_node(part, f"{iri}{mark}{part}-{place}", each) for place, each in parts]
    if "updatedAt" in record:
        node["updatedAt"] = record["updatedAt"]
    return node


def records(snapshot: Snapshot) -> Iterator[Said]:
    """The records of the classes that grow."""
    for segment in GROWING:
        yield from snapshot.records(segment)


#: The loops by format.
LOOPS: dict[str, Callable[[Snapshot, Write], None]] = {
    "nt": Bare(is_turtle=False).triples,
    "ttl": Bare(is_turtle=True).turtle,
    "jsonld": jsonld,
}

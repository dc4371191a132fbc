"""Lexicon: which words show which objective, goal or target, read from Turtle beside this module.

A rule is a concept of its own: an idea such as trafficking, its patterns in each language, and the codes that
it shows, suggests or hints at. How much each of these weighs stands in the data too.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from rdflib import RDF, Graph, Literal, URIRef
from rdflib.namespace import OWL

from ontology.linking.patterns import Pattern, WordClasses, pattern
from ontology.terms import CG, INTERNAL, SDG

METHOD = "lexicon"

#: The languages that there are patterns for.
LANGUAGES = ("en", "fr", "es")

#: The files of the lexicon; all of them are one scheme with one version.
NAMES = ("lexicon", "classes", "cues", "objectives", "vocabulary", "goals", "codebook")

_SCHEME = URIRef(f"{INTERNAL}/id/scheme/lexicon")

#: What the IRIs of rules begin with.
RULE = f"{INTERNAL}/id/lexicon/"

#: How strongly a rule can speak for a code.
STRENGTHS = (CG.shows, CG.suggests, CG.hints)


@dataclass(frozen=True, slots=True)
class Support:
    """A code that a rule speaks for, as the target of a link, and how much the rule weighs for it."""

    target: str
    weight: float


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule in one language; where another rule shows a target that it `yields` to, it says nothing."""

    identifier: str
    patterns: tuple[Pattern, ...]
    supports: tuple[Support, ...]
    implies: tuple[str, ...]
    yields: frozenset[str]
    in_context: bool
    is_general: bool


@dataclass(frozen=True, slots=True)
class Words:
    """What the lexicon has in one language: its rules, and its cues by name."""

    rules: tuple[Rule, ...]
    cues: dict[str, tuple[Pattern, ...]]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What holds in all languages: the version, the common threshold, and those of single codes."""

    version: str
    threshold: float
    thresholds: dict[str, float]


def lexicon_file(name: str) -> bytes:
    """One Turtle file of the lexicon."""
    return (files("ontology") / "linking" / "words" / f"{name}.ttl").read_bytes()


def lexicon_text() -> bytes:
    """All files of the lexicon, one after the other: Turtle, and what the hash in its version is of."""
    return b"".join(map(lexicon_file, NAMES))


@cache
def lexicon_graph() -> Graph:
    """All files of the lexicon in one graph, under internal IRIs."""
    graph = Graph(bind_namespaces="none")
    for name in NAMES:
        graph.parse(data=lexicon_file(name), format="turtle", publicID=f"{INTERNAL}/vocabulary/{name}.ttl")
    return graph


@cache
def lexicon() -> Lexicon:
    """The lexicon of this release. Its version names the hash of its files, so no change goes unseen."""
    graph = lexicon_graph()
    digest = hashlib.sha256(lexicon_text())
    return Lexicon(
        version=f"{graph.value(_SCHEME, OWL.versionInfo)}+{digest.hexdigest()[:12]}",
        threshold=float(str(graph.value(_SCHEME, CG.threshold))),
        thresholds={
            target_of(code): float(str(value))
            for code, value in graph.subject_objects(CG.threshold)
            if code != _SCHEME
        },
    )


@cache
def words(language: str) -> Words:
    """The rules and cues of one language; a process that meets one language reads no other."""
    classes = WordClasses(dict(_classes(lexicon_graph(), language)))
    return Words(
        tuple(_rules(lexicon_graph(), language, classes)), dict(_cues(lexicon_graph(), language, classes))
    )


def _rules(graph: Graph, language: str, classes: WordClasses) -> Iterator[Rule]:
    for node in sorted(map(str, graph.subjects(RDF.type, CG.LexicalRule))):
        if patterns := _patterns(graph, node, language, classes):
            yield Rule(
                f"lexicon.{node.removeprefix(RULE)}/{language}",
                patterns,
                tuple(_supports(graph, node)),
                tuple(sorted(target_of(each) for each in graph.objects(URIRef(node), CG.implies))),
                frozenset(target_of(each) for each in graph.objects(URIRef(node), CG.yieldsTo)),
                (URIRef(node), CG.inContext, Literal(True)) in graph,
                (URIRef(node), CG.general, Literal(True)) in graph,
            )


def _cues(graph: Graph, language: str, classes: WordClasses) -> Iterator[tuple[str, tuple[Pattern, ...]]]:
    yield "context", (pattern("{context}", classes),)
    for node in graph.subjects(RDF.type, CG.Cue):
        yield str(node).rpartition("/")[2], _patterns(graph, node, language, classes)


def _patterns(graph: Graph, node: object, language: str, classes: WordClasses) -> tuple[Pattern, ...]:
    lines = [line.strip() for text in _texts(graph, node, language) for line in text.splitlines()]
    return tuple(pattern(line, classes) for line in lines if line)


def _classes(graph: Graph, language: str) -> Iterator[tuple[str, str]]:
    for node in graph.subjects(RDF.type, CG.WordClass):
        for text in _texts(graph, node, language):
            yield str(node).rpartition("/")[2], "|".join(text.split("\n")).strip("| ")


def _texts(graph: Graph, node: object, language: str) -> list[str]:
    texts = graph.objects(URIRef(str(node)), CG.patterns)
    return sorted(str(each) for each in texts if isinstance(each, Literal) and each.language == language)


def _supports(graph: Graph, node: object) -> Iterator[Support]:
    """The codes of a rule with their weights; a target of a goal speaks for its goal as well."""
    weights: dict[str, float] = {}
    for strength in STRENGTHS:
        weight = float(str(graph.value(URIRef(str(strength)), CG.weight)))
        for code in graph.objects(URIRef(str(node)), strength):
            target = target_of(code)
            for each in (target, target.partition(".")[0]):
                weights[each] = max(weight, weights.get(each, 0.0))
    yield from (Support(target, weights[target]) for target in sorted(weights))


def target_of(code: object) -> str:
    """The target of a link that a code is: an objective or an SDG."""
    iri = str(code)
    if iri.startswith(str(SDG)):
        return f"sdg/{iri.removeprefix(str(SDG))}"
    return iri.removeprefix(f"{INTERNAL}/id/")


def is_objective(target: str) -> bool:
    """Whether a target is an objective of the Compact."""
    return target.startswith("objective/")


def is_goal(target: str) -> bool:
    """Whether a target is one of the goals, and none of the targets of a goal."""
    return target.startswith("sdg/") and "." not in target

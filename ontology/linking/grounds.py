"""Grounds: the rules of the codebook that rules of the lexicon rest on, for each code that they speak for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from rdflib import RDF, URIRef
from rdflib.namespace import SKOS

from ontology.linking.lexicon import METHOD, RULE, STRENGTHS, lexicon_graph, target_of
from ontology.terms import CG, INTERNAL

_CITED = f"{INTERNAL}/id/rule/"

#: A rule of the codebook by its id, such as `objective-10~include-1`.
CodebookRule = str


@dataclass(frozen=True, slots=True)
class Grounded:
    """A rule of the lexicon as readers know it: its name and what it is called, and what it rests on.

    `speaks` has the targets that it names under each strength, and under `implies` the goals that follow.
    """

    name: str
    label: str
    speaks: dict[str, tuple[str, ...]]
    grounds: tuple[CodebookRule, ...]

    @property
    def targets(self) -> tuple[str, ...]:
        """The targets that it speaks for, with the goals of targets."""
        named = [each for several in self.speaks.values() for each in several]
        return tuple(dict.fromkeys(each for target in named for each in (target, goal_of(target))))


def goal_of(target: str) -> str:
    """The goal of a target of the SDGs; of anything else itself."""
    return target.partition(".")[0]


def subject_of(rule: CodebookRule) -> str:
    """The objective, goal or target that the entry of a rule is about."""
    return rule.partition("~")[0].replace("-", "/", 1)


@cache
def grounded() -> dict[str, Grounded]:
    """All rules of the lexicon by name, in the order of their names."""
    nodes = sorted(map(str, lexicon_graph().subjects(RDF.type, CG.LexicalRule)))
    return {each.name: each for each in map(_grounded, nodes)}


def _grounded(node: str) -> Grounded:
    graph, iri = lexicon_graph(), URIRef(node)
    speaks = {
        str(term).removeprefix(str(CG)): tuple(sorted(map(target_of, graph.objects(iri, term))))
        for term in (*STRENGTHS, CG.implies)
        if (iri, term, None) in graph
    }
    cited = (str(each).removeprefix(_CITED) for each in graph.objects(iri, CG.codebookRule))
    label = str(graph.value(iri, SKOS.prefLabel))
    return Grounded(node.removeprefix(RULE), label, speaks, tuple(sorted(cited)))


def grounds(rule_ids: Iterable[str], target: str) -> tuple[CodebookRule, ...]:
    """What the rules of a claim rest on when they speak for a target, by the ids that the claim has of them.

    A target without an entry in the codebook is decided on by the rules of its goal. Rules that this lexicon
    does not have, of other methods or of an earlier version, rest on nothing here.
    """
    cited = tuple(dict.fromkeys(_cited(rule_ids)))
    own = tuple(each for each in cited if subject_of(each) == target)
    return own or tuple(each for each in cited if subject_of(each) == goal_of(target))


def _cited(rule_ids: Iterable[str]) -> Iterator[CodebookRule]:
    for each in rule_ids:
        if rule := rule_of(each):
            yield from rule.grounds


def rule_of(rule_id: str) -> Grounded | None:
    """The rule that a claim names, such as `lexicon.trafficking/en`; None where the lexicon has no such."""
    of, _, name = rule_id.partition(".")
    return grounded().get(name.rpartition("/")[0]) if of == METHOD else None

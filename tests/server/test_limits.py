"""Limits: each is found from outside, is a setting that the README names, and is told with a code."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from graphql import get_introspection_query

from server.cost import USUAL_PAGE
from server.settings import Settings
from tests.documentation import README
from tests.serving import Service, serving

Body = dict[str, Any]

PROJECT = '{{ project(id: "PN.0008") {{ {} }} }}'


def query(text: str, **variables: Any) -> Body:
    return {"query": text, "variables": variables}


def deep(number: int) -> Body:
    """A network and the parents of parents of it."""
    return query('{network(id: "global"){' + "parent{" * (number - 2) + "id" + "}" * number)


def aliased(number: int) -> Body:
    """Each alias of the fragment counts at both of its uses."""
    in_fragment, beside = number // 2, "odd: iri" * (number % 2)
    aliases = " ".join(f"a{place}: id" for place in range(in_fragment))
    return query(PROJECT.format(f"...f ...f {beside}") + f"fragment f on Project {{ id {aliases} }}")


def directed(number: int) -> Body:
    """Each directive of the fragment counts at both of its uses, and that on the use itself."""
    in_fragment, beside = (number - 1) // 2, "iri @skip(if: true)" * ((number - 1) % 2)
    fields = "id @include(if: true) " * in_fragment
    used = f"...f @include(if: true) ...f {beside}" if number else "id ...f"
    return query(PROJECT.format(used) + f"fragment f on Project {{ id {fields} }}")


def rooted(number: int) -> Body:
    fields = "dataVersion " * (number // 2)
    return query(f"{{ ...f ...f {'dataVersion' * (number % 2)} }} fragment f on Query {{ {fields} }}")


def tokens(number: int) -> Body:
    """As many tokens: 12 around the lists, 4 for each list, and one for each entry."""
    names = ("ids", "states", "networks", "objectives", "sdgGoals", "sdgTargets", "regions", "types")
    entries = number - 12 - 4 * len(names)
    parts = [entries // len(names) + (place < entries % len(names)) for place in range(len(names))]
    lists = " ".join(f"{name}: [{'1 ' * part}]" for name, part in zip(names, parts, strict=True))
    return query(f"{{ projects(filter: {{ {lists} }}) {{ totalCount }} }}")


def page(number: int) -> Body:
    return query("query($n: Int) { networks(last: $n) { totalCount } }", n=number)


def listed(number: int) -> Body:
    states = {"states": ["SLV"] * number}
    return query("query($f: ProjectFilter) { projects(filter: $f) { totalCount } }", f=states)


LIMITS: dict[str, tuple[Callable[[int], Body], str]] = {
    "max_depth": (deep, "DEPTH_LIMIT"),
    "max_aliases": (aliased, "ALIAS_LIMIT"),
    "max_directives": (directed, "DIRECTIVE_LIMIT"),
    "max_root_fields": (rooted, "ROOT_FIELD_LIMIT"),
    "max_tokens": (tokens, "TOKEN_LIMIT"),
    "max_page_size": (page, "BAD_ARGUMENT"),
    "max_list_length": (listed, "BAD_ARGUMENT"),
}


def refusal(service: Service, body: Body) -> str | None:
    """The code that an operation is refused with, or None when it is answered."""
    errors = service.client.post("/graphql", json=body).json().get("errors")
    return errors[0]["extensions"]["code"] if errors else None


def largest_answered(service: Service, made: Callable[[int], Body], code: str, largest: int = 600) -> int:
    """Looks for the largest number that is still answered; the next one is refused with the code."""
    answered, refused = largest // 3, largest
    assert refusal(service, made(answered)) is None
    assert refusal(service, made(refused)) == code
    while refused - answered > 1:
        middle = (answered + refused) // 2
        found = refusal(service, made(middle))
        assert found in {None, code}
        answered, refused = (middle, refused) if found is None else (answered, middle)
    return answered


@pytest.fixture(scope="module")
def roomy(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A service whose other limits do not come first."""
    wide = {"max_tokens": 100_000, "max_body_kb": 1000.0}
    with serving(f"sqlite:///{tmp_path_factory.mktemp('roomy')}/own.db", **wide) as service:
        yield service


@pytest.mark.parametrize("name", LIMITS)
def test_a_limit_lies_where_its_default_says(name: str, sample: Service, roomy: Service) -> None:
    made, code = LIMITS[name]
    service = sample if name == "max_tokens" else roomy
    default = Settings.model_fields[name].default
    assert largest_answered(service, made, code, default * 2) == default


@pytest.mark.parametrize("name", LIMITS)
def test_a_limit_is_a_setting(name: str, tmp_path: Path) -> None:
    made, code = LIMITS[name]
    lower = {"max_page_size": 30, "max_tokens": 75}.get(name, 12)
    wide = {} if name == "max_tokens" else {"max_tokens": 100_000}
    with serving(f"sqlite:///{tmp_path}/own.db", **{**wide, name: lower}) as service:
        assert largest_answered(service, made, code, lower * 2) == lower


def test_the_limits_are_in_the_readme() -> None:
    text = README.read_text(encoding="utf-8")
    for name in (*LIMITS, "max_body_kb", "max_cost", "deadline_seconds"):
        default = Settings.model_fields[name].default
        assert f"| `COMPACTGRAPH_{name.upper()}` | `{default}` |" in text


@pytest.mark.parametrize("number", [0, -1, -(2**31)])
def test_a_page_has_at_least_one_entry(sample: Service, number: int) -> None:
    for name in ("first", "last"):
        error = sample.error(f"query($n: Int) {{ networks({name}: $n) {{ totalCount }} }}", n=number)
        assert error["extensions"]["code"] == "BAD_ARGUMENT"
        assert error["locations"] == [{"line": 1, "column": 18}]


def test_a_page_within_a_page_is_checked_too(sample: Service) -> None:
    error = sample.error("{ objectives { projects(first: 101) { totalCount } } }")
    assert (error["extensions"]["code"], error["locations"][0]["column"]) == ("BAD_ARGUMENT", 16)


def test_a_page_of_which_nothing_is_said_has_the_usual_size(sample: Service) -> None:
    for arguments in ("", "(first: null)"):
        found = sample.data(f"{{ memberStates{arguments} {{ nodes {{ id }} }} }}")
        assert len(found["memberStates"]["nodes"]) == USUAL_PAGE == 20


def test_a_list_is_found_wherever_it_stands(sample: Service) -> None:
    many = ",".join(["EN"] * 251)
    for text in (
        f'{{ project(id: "PN.0008") {{ title(languages: [{many}]) {{ value }} }} }}',
        f"{{ links(status: [{','.join(['ACCEPTED'] * 251)}]) {{ totalCount }} }}",
    ):
        assert sample.error(text)["extensions"]["code"] == "BAD_ARGUMENT"


# Documents made to exhaust whoever reads them


BOMBS = {
    "fragments of fragments": (
        "{ node(id: 1) { ...f0 } } "
        + " ".join(f"fragment f{n} on Node {{ ...f{n + 1} ...f{n + 1} }}" for n in range(60))
        + " fragment f60 on Node { a: id }",
        "ALIAS_LIMIT",
    ),
    "fragments below fragments": (
        "{ network(id: 1) { ...f0 } } "
        + " ".join(f"fragment f{n} on Network {{ parent {{ ...f{n + 1} }} }}" for n in range(40))
        + " fragment f40 on Network { id }",
        "DEPTH_LIMIT",
    ),
    "fragments in a circle": (
        "{ node(id: 1) { ...f } } fragment f on Node { ...g } fragment g on Node { ...f }",
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "types of types": ('{ __type(name: "Project") {' + "ofType{" * 20 + "name" + "}" * 22, "DEPTH_LIMIT"),
    "fields of fields of fields": (
        "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }",
        "DEPTH_LIMIT",
    ),
    "the schema many times": (
        "{ "
        + " ".join(f"a{n}: __schema {{ ...f }}" for n in range(10))
        + " }"
        + get_introspection_query()
        .replace("query IntrospectionQuery", "fragment f on __Schema")
        .replace("__schema {", "... on __Schema {"),
        "COST_LIMIT",
    ),
    "fields that repeat each other": ("{ projects { nodes { " + "id " * 900 + "} } }", "LIMIT_EXCEEDED"),
    "deeper than a parser reads": ("{" + "a{" * 450 + "b" + "}" * 451, "DEPTH_LIMIT"),
    "lists in lists": ("{ a(b: " + "[" * 400 + "]" * 400 + ") }", "DEPTH_LIMIT"),
    "comments": ("#\n" * 20_000 + "{ dataVersion }", "TOKEN_LIMIT"),
    "the same field": ("{ projects { nodes { " + "id " * 3000 + "} } }", "TOKEN_LIMIT"),
    "pages of pages": (
        "{ objectives { projects(first: 100) { nodes { memberStates { projects { nodes { id } } } } } } }",
        "COST_LIMIT",
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_document_made_to_exhaust_its_reader_is_refused(sample: Service, name: str) -> None:
    text, code = BOMBS[name]
    answer = sample.client.post("/graphql", json={"query": text})
    assert answer.json()["errors"][0]["extensions"]["code"] == code


# What everybody must be able to ask


@pytest.mark.parametrize("depth", [7, 9])
def test_tools_may_ask_for_the_whole_schema(sample: Service, depth: int) -> None:
    text = get_introspection_query(True, True, True, True, True, True, True, type_depth=depth)
    answer = sample.answer(text)
    assert "errors" not in answer
    assert answer["extensions"]["cost"]["requested"] < answer["extensions"]["cost"]["maximum"] / 2

"""What answers to GraphQL queries hold, read by plan from real databases."""

from collections.abc import Iterator
from contextlib import contextmanager

from graphql import GraphQLObjectType, get_named_type, is_composite_type, is_interface_type, is_object_type
from sqlalchemy import Connection, event

from server.graphql import api_schema
from tests.serving import BASE, Service


@contextmanager
def statements(service: Service) -> Iterator[list[str]]:
    """The SQL statements that the service runs meanwhile."""
    engine = service.client.app.state.engine  # type: ignore[attr-defined]
    seen: list[str] = []

    def note(_connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def everything(type_: GraphQLObjectType, depth: int) -> str:
    """A selection of every field of a type that needs no arguments, some levels deep."""
    found = ["__typename"]
    for name, field in type_.fields.items():
        result = get_named_type(field.type)
        if not is_composite_type(result):
            found.append(name)
        elif depth and is_object_type(result):
            found.append(f"{name} {everything(result, depth - 1)}")
        elif depth and not is_interface_type(result):
            found.append(f"{name} {{ __typename }}")
    return "{" + " ".join(found) + "}"


def test_every_field_of_every_type_can_be_asked_for(sample: Service) -> None:
    schema = api_schema()._schema
    project = everything(schema.type_map["Project"], 3)  # type: ignore[arg-type]
    link = everything(schema.type_map["Link"], 3)  # type: ignore[arg-type]
    asked = f"{{ projects(first: 100) {{ nodes {project} }} links(first: 100) {{ nodes {link} }} }}"
    assert len(sample.data(asked)["projects"]["nodes"]) == 21


def test_reference_data_is_there_in_full(sample: Service) -> None:
    data = sample.data(
        """{ objectives { number } guidingPrinciples { number }
             sdgGoals { code targets { code goal { code } } }
             memberStates { totalCount } networks { totalCount } }"""
    )
    assert [each["number"] for each in data["objectives"]] == list(range(1, 24))
    assert [each["number"] for each in data["guidingPrinciples"]] == list(range(1, 11))
    assert [each["code"] for each in data["sdgGoals"]] == [str(number) for number in range(1, 18)]
    assert sum(len(goal["targets"]) for goal in data["sdgGoals"]) == 169
    assert all(
        target["goal"]["code"] == goal["code"] for goal in data["sdgGoals"] for target in goal["targets"]
    )
    assert (data["memberStates"]["totalCount"], data["networks"]["totalCount"]) == (195, 20)


def test_lists_are_read_by_level_whatever_the_number_of_rows(sample: Service) -> None:
    query = """query($n: Int) { projects(first: $n) { nodes {
        region { name { value } } memberStates { networks { name { value } } }
        links { claims { evidence { source { url } } } } results { children { code } } } } }"""
    counts = []
    for number in (1, 21):
        with statements(sample) as seen:
            sample.data(query, n=number)
        counts.append(len([each for each in seen if each.lstrip().upper().startswith("SELECT")]))
    assert counts[0] <= counts[1] <= 13


def test_only_selected_columns_are_read(sample: Service) -> None:
    with statements(sample) as seen:
        sample.data('{ project(id: "PN.0008") { budgetUsd } }')
    assert not any("description" in each for each in seen)
    assert any("budget_usd" in each for each in seen)


def test_aliases_of_one_field_keep_their_own_arguments(sample: Service) -> None:
    state = sample.data(
        """{ memberState(id: "SLV") { fr: name(languages: [FR]) { value } zh: name(languages: [ZH, EN])
             { words: value in: language } name { value language } } }"""
    )["memberState"]
    assert state == {
        "fr": {"value": "El Salvador"},
        "zh": {"words": "萨尔瓦多", "in": "ZH"},
        "name": {"value": "El Salvador", "language": "EN"},
    }


def test_a_language_that_is_not_there_gives_null(sample: Service) -> None:
    objective = sample.data(
        '{ objective(id: "1") { title(languages: [AR]) { value } none: title(languages: []) { value } } }'
    )
    assert objective["objective"] == {"title": None, "none": None}


def test_fragments_and_directives_mean_what_they_mean_in_graphql(sample: Service) -> None:
    query = """query($yes: Boolean!) { nodes(ids: ["project/PN.0008", "objective/23", "no"]) { ...any id } }
        fragment any on Node { __typename ... on Project { primaId @include(if: $yes) }
                               ... on Objective { number @skip(if: $yes) } }"""
    assert sample.data(query, yes=True)["nodes"] == [
        {"__typename": "Project", "primaId": "SV10P0560", "id": "project/PN.0008"},
        {"__typename": "Objective", "id": "objective/23"},
        None,
    ]
    assert sample.data(query, yes=False)["nodes"][1] == {
        "__typename": "Objective",
        "number": 23,
        "id": "objective/23",
    }


def test_a_project_is_found_by_all_its_names(sample: Service) -> None:
    names = (
        "project/PN.0008",
        "PN.0008",
        "SV10P0560",
        f"{BASE}/id/project/PN.0008",
        f"{BASE}/project/PN.0008",
    )
    for name in names:
        assert sample.data("query($id: ID!) { project(id: $id) { id } }", id=name)["project"] == {
            "id": "project/PN.0008"
        }


def test_an_sdg_is_found_by_the_iri_of_the_united_nations_in_both_spellings(sample: Service) -> None:
    query = "query($id: ID!) { sdgTarget(id: $id) { id iri } sdgGoal(id: $id) { id } node(id: $id) { id } }"
    for name in ("http://metadata.un.org/sdg/10.7", "https://metadata.un.org/sdg/10.7"):
        assert sample.data(query, id=name) == {
            "sdgTarget": {"id": "sdg/10.7", "iri": "http://metadata.un.org/sdg/10.7"},
            "sdgGoal": None,
            "node": {"id": "sdg/10.7"},
        }


def test_what_is_not_there_is_null_for_every_lookup(sample: Service) -> None:
    roots = ("project", "memberState", "network", "objective", "sdgGoal", "sdgTarget", "node")
    for name in ("nothing", "", "project/", "https://example.org/x", "code/region/nowhere", "🙂"):
        asked = " ".join(f"{root}(id: $id) {{ id }}" for root in roots)
        data = sample.data(f"query($id: ID!) {{ {asked} }}", id=name)
        assert set(data.values()) == {None}


def test_links_are_shown_as_proposed_and_never_as_accepted(sample: Service) -> None:
    data = sample.data("{ links(first: 100) { totalCount nodes { status project { objectives { id } } } } }")
    assert data["links"]["totalCount"] == 17
    assert {node["status"] for node in data["links"]["nodes"]} == {"PROPOSED"}
    assert not any(node["project"]["objectives"] for node in data["links"]["nodes"])


def test_proposed_links_are_seen_from_both_sides_when_asked_for(sample: Service) -> None:
    data = sample.data(
        """{ objective(id: "11") { proposed: projects(status: [PROPOSED]) { totalCount nodes { id
             objectives(status: [PROPOSED]) { id } } } accepted: projects { totalCount } } }"""
    )["objective"]
    assert data["accepted"]["totalCount"] == 0
    assert data["proposed"]["totalCount"] == len(data["proposed"]["nodes"]) > 0
    assert all({"id": "objective/11"} in node["objectives"] for node in data["proposed"]["nodes"])


def test_the_answer_names_the_version_it_was_read_from(sample: Service) -> None:
    assert sample.data("{ dataVersion }") == {"dataVersion": "2"}


def test_links_are_found_by_project_target_and_status(sample: Service) -> None:
    query = """query($p: ID, $t: ID, $s: [LinkStatus!]) {
        links(first: 100, project: $p, target: $t, status: $s) {
            nodes { project { id } target { ... on Node { id } } status } } }"""
    whole = sample.data(query)["links"]["nodes"]
    project, target = whole[0]["project"]["id"], whole[0]["target"]["id"]
    assert sample.data(query, p=project)["links"]["nodes"] == [
        n for n in whole if n["project"]["id"] == project
    ]
    assert sample.data(query, t=target)["links"]["nodes"] == [n for n in whole if n["target"]["id"] == target]
    assert sample.data(query, s=["PROPOSED"])["links"]["nodes"] == whole
    assert sample.data(query, s=["ACCEPTED"])["links"]["nodes"] == []
    assert sample.data(query, p="nothing")["links"]["nodes"] == []
    assert sample.data(query, t="nothing")["links"]["nodes"] == []


def test_more_than_a_hundred_ids_at_once_are_refused(sample: Service) -> None:
    error = sample.error("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=["state/SLV"] * 101)
    assert error["extensions"]["code"] == "BAD_ARGUMENT"

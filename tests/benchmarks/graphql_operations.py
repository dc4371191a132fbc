"""The operations of the benchmark of GraphQL."""

from schema.model.project import Coverage

#: What the filtered list is narrowed to: most projects, so that there are a thousand pages.
COVERAGES = [Coverage.NATIONAL, Coverage.REGIONAL]

_EVERYTHING = """{ projects(first: 20) { totalCount nodes {
    id iri updatedAt projectId primaId startYear endYear year status coverage budgetUsd
    title { value language } titles { value language } description { value language }
    region { id code name { value language } } type { id code name { value language } }
    memberStates { id iri iso2 iso3 m49 name { value language } }
    results { id kind code text { value language } }
    objectives { id number title { value language } } sdgGoals { id code title { value } }
    sdgTargets { id code title { value } goal { code } } networks { id level name { value } }
    links { id status version claims { method methodVersion madeBy madeAt } reviews { decision reviewer at }
            target { __typename ... on Objective { number } ... on SdgGoal { code } ... on SdgTarget { code }
                     ... on Network { level } } }
    sources { id url language sha256 } provenance { field value start end source { id sha256 } } } } }"""

_DEEP = """{ projects(first: 50) { nodes {
    id title { value language } startYear budgetUsd
    memberStates { id iso3 name(languages: [FR, EN]) { value language }
                   networks { id level name { value language } parent { id } } }
    results { id code text { value language } children { id code kind text { value } } }
    sdgTargets { id code title { value } goal { id title { value language } } } } } }"""

_ROUND = """{ objective(id: "10") { number title { value language } projects(first: 20) {
    totalCount nodes { id title { value } budgetUsd memberStates { iso3 name { value }
        projects(first: 5) { nodes { id title { value } status startYear } } } } } } }"""

_COUNT = "{ projectStats(groupBy: [STATE]) { keys { key id label } projects budgetUsd } }"

#: The page of a list that is narrowed and sorted, behind a cursor.
PAGE = """query($first: Int, $after: String) { projects(first: $first, after: $after,
    filter: {coverage: [NATIONAL, REGIONAL]}, orderBy: {field: BUDGET, direction: DESC}) {
    nodes { id title { value language } budgetUsd year status memberStates { iso3 } }
    pageInfo { hasNextPage endCursor } } }"""

SIZE = 20
FIRST, DEEP = "first page, filtered and sorted", "page 1,000 or the last, filtered and sorted"
COUNT, ANEW = "group by state", "group by state, data just changed"

OPERATIONS = {
    "page with everything": _EVERYTHING,
    "50 projects, three levels deep": _DEEP,
    "objective, projects, states, projects": _ROUND,
    COUNT: _COUNT,
}

"""Query: the roots of the API, as contract.graphql names them, and the schema that is made of them."""

from collections.abc import Callable, Generator, Sequence
from typing import Any

import strawberry
from graphql import (
    DocumentNode,
    GraphQLEnumType,
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    specified_scalar_types,
)
from strawberry.extensions import SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from schema.api import (
    PAGE_ARGUMENTS,
    PROJECT_ARGUMENTS,
    ApiField,
    Argument,
)
from schema.counted import COUNTED_ROOTS
from schema.mutation import MUTATIONS
from schema.plan.level import Typed
from schema.remembered import Remembered
from schema.scalars import SCALARS
from schema.types import TYPES, object_type

# Where anything may stand, the last part alone would not say of which class it is.
_ANY_ID = "the id with its class, such as project/PN.0008 (a former key too), or the IRI"
_NODE_ID = Argument("id", "ID", f"{_ANY_ID[0].upper()}{_ANY_ID[1:]}.")
_ID = Argument("id", "ID", "The id, its last part, a Prima ID, a former key, or the IRI.")


def _one(name: str, noun: str, what: str) -> ApiField:
    return ApiField.plain(name, f"{noun} | None", f"One {what}, or null when there is none.", _ID)


ROOTS: dict[str, ApiField] = {
    each.name: each
    for each in (
        ApiField.plain("node", "Node | None", "Anything with an id, or null.", _NODE_ID),
        ApiField.plain(
            "nodes",
            "list[Node | None]",
            "Several things at once, in the order asked for; null for each that is not there.",
            Argument("ids", "list[ID]", f"At most 100, each {_ANY_ID}."),
        ),
        _one("project", "Project", "project"),
        _one("memberState", "MemberState", "state, found by its ISO 3166-1 alpha-3 code"),
        _one("network", "Network", "UN network on migration"),
        _one("objective", "Objective", "objective of the Global Compact, found by its number"),
        _one("sdgGoal", "SdgGoal", "Sustainable Development Goal"),
        _one("sdgTarget", "SdgTarget", "SDG target"),
        ApiField.plain("projects", "ProjectConnection", "Projects.", *PROJECT_ARGUMENTS),
        ApiField.plain("memberStates", "MemberStateConnection", "States, by their code.", *PAGE_ARGUMENTS),
        ApiField.plain("networks", "NetworkConnection", "UN networks on migration.", *PAGE_ARGUMENTS),
        ApiField.plain(
            "links",
            "LinkConnection",
            "Links, by their key.",
            *PAGE_ARGUMENTS,
            Argument("status", "list[LinkStatus] | None", "Only links with one of these statuses."),
            Argument("project", "ID | None", "Only links of this project."),
            Argument("target", "ID | None", "Only links to this target."),
        ),
        ApiField.plain(
            "mappings",
            "MappingConnection",
            "The crosswalk: mappings between objectives and SDGs, by their key.",
            *PAGE_ARGUMENTS,
            Argument("status", "list[LinkStatus] | None", "Only mappings with one of these statuses."),
            Argument("subject", "ID | None", "Only mappings of this objective."),
            Argument("target", "ID | None", "Only mappings to this goal or target."),
        ),
        ApiField.plain("objectives", "list[Objective]", "The 23 objectives of the Global Compact."),
        ApiField.plain("guidingPrinciples", "list[GuidingPrinciple]", "Its 10 guiding principles."),
        _one("codebookEntry", "CodebookEntry", "entry of the codebook, such as objective-23 or sdg-10.7"),
        ApiField.plain(
            "codebook", "list[CodebookEntry]", "When projects count under each code, and when not."
        ),
        ApiField.plain("codebookVersion", "str | None", "The version of the codebook, which codings name."),
        ApiField.plain("sdgGoals", "list[SdgGoal]", "The 17 Sustainable Development Goals."),
        ApiField.plain(
            "projectStats",
            "list[StatRow]",
            "Projects counted and summed by one or two keys.",
            Argument("groupBy", "list[StatKey]", "One key, or two different ones."),
            Argument("filter", "ProjectFilter | None", "Only projects of which all of this is true."),
        ),
        *COUNTED_ROOTS,
        ApiField.plain(
            "reliability",
            "Reliability",
            "How far the confidence of what texts proposed agrees with what reviewers decided.",
        ),
        ApiField.plain("dataVersion", "str", "The version of the data that the whole answer was read from."),
    )
}

# Scalars of GraphQL itself; ours are all written as strings.
_BUILT_IN = set(specified_scalar_types)

Query = object_type("Query", "What can be asked.", list(ROOTS.values()))
Mutation = object_type(
    "Mutation",
    "What can be changed, by whom a token was given to. Each field is one transaction: several in one "
    "operation are done one after the other, and one that fails leaves the others as they are.",
    [each.root() for each in MUTATIONS.values()],
)


def _by_response_key(source: dict[str, Any], info: Any, **_arguments: Any) -> Any:
    """The value that the plan put under the name that the client asked for."""
    return source[info.path.key]


def _performed(_source: None, info: Any, **_arguments: Any) -> Any:
    """What a mutation comes to, which is done when graphql-core gets to it: one after the other."""
    return info.context.perform(info.path.key)


def _type_name(source: Typed, _info: Any, _type: object) -> str:
    return source.type_name


def _as_written(leaf: GraphQLEnumType | GraphQLScalarType) -> Callable[[Any], Any]:
    """What leaves a value as it is that stands in an answer as clients get it: so plans write it."""
    otherwise = leaf.coerce_output_value

    def written(value: Any) -> Any:
        is_written = value in leaf.values if isinstance(leaf, GraphQLEnumType) else isinstance(value, str)
        return value if is_written else otherwise(value)

    return written


def _bind_completion(made: GraphQLSchema) -> None:
    """Let graphql-core complete answers over fetched values: no field of the API runs code of its own."""
    for each in made.type_map.values():
        if each.name.startswith("__"):
            continue
        if isinstance(each, GraphQLObjectType):
            each.is_type_of = None
            for declared in each.fields.values():
                declared.resolve = _performed if each is made.mutation_type else _by_response_key
        elif isinstance(each, GraphQLInterfaceType | GraphQLUnionType):
            each.resolve_type = _type_name
        elif isinstance(each, GraphQLEnumType | GraphQLScalarType) and each.name not in _BUILT_IN:
            vars(each)["coerce_output_value"] = _as_written(each)


ExtensionMaker = type[SchemaExtension] | Callable[[], SchemaExtension]


class Prepare(SchemaExtension):
    """Parses and validates each text of a document once: most clients send a few, again and again."""

    def on_parse(self) -> Generator[None]:
        """Take the document of a text that was valid before."""
        context = self.execution_context
        known = context.query and _documents(context).get(context.query)
        if known:
            context.graphql_document = known
        yield

    def on_validate(self) -> Generator[None]:
        """Leave out the validation of a document that was valid before, and remember one that is."""
        context = self.execution_context
        text, document = context.query, context.graphql_document
        is_known = text is not None and _documents(context).get(text) is document
        if is_known and context.pre_execution_errors is None:
            context.pre_execution_errors = []
        yield
        if text and document and not is_known and context.pre_execution_errors == []:
            _documents(context).put(text, document, weight=len(text))


# In characters of documents; the tree of a document takes a hundred times as many bytes.
_LIMIT = 150_000
# Documents stand with the schema that they were validated against, and go with it.
_DOCUMENTS = "compactgraph.documents"


def _documents(context: ExecutionContext) -> Remembered[str, DocumentNode]:
    known: Remembered[str, DocumentNode] = context.schema._schema.extensions.setdefault(
        _DOCUMENTS, Remembered(_LIMIT)
    )
    return known


class ApiSchema(strawberry.Schema):
    """A schema that leaves it to the server to tell and to log errors."""

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Log nothing: what a client did wrong is no failure of ours."""


def build_schema(extensions: Sequence[ExtensionMaker]) -> strawberry.Schema:
    """The schema with its extensions, ready to complete answers that a plan fetched."""
    made = ApiSchema(
        query=Query,
        mutation=Mutation,
        types=TYPES,
        extensions=[Prepare, *extensions],
        config=StrawberryConfig(auto_camel_case=True, scalar_map=SCALARS),
    )
    _bind_completion(made._schema)
    return made

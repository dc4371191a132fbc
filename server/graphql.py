"""GraphQL over HTTP: fetches by plan before graphql-core completes the answer."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

import orjson
from graphql import GraphQLError, NoSchemaIntrospectionCustomRule, OperationDefinitionNode
from sqlalchemy import Engine
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket
from strawberry import Schema
from strawberry.asgi import GraphQL
from strawberry.extensions import AddValidationRules, SchemaExtension
from strawberry.http import GraphQLHTTPResponse
from strawberry.types import ExecutionContext, ExecutionResult

from ontology.errors import CompactgraphError
from ontology.iri import Iris
from schema.plan.read import Reader
from schema.plan.roots import fetch
from schema.plan.selection import Selection, select
from schema.query import ExtensionMaker, build_schema
from schema.store import reading
from server.errors import described


@dataclass(frozen=True, slots=True)
class Context:
    """What an operation is answered from."""

    engine: Engine
    iris: Iris


def _fetch(context: Context, selection: Selection) -> dict[str, Any]:
    with reading(context.engine) as snapshot:
        return fetch(Reader(snapshot, context.iris), selection)


def _definition(context: ExecutionContext) -> OperationDefinitionNode:
    """The operation that was asked for. Raises GraphQLError (GraphQL specification, section 6.1)."""
    # Strawberry falls back to the first operation, where the specification wants an error.
    asked = context._provided_operation_name
    definitions = context.graphql_document.definitions if context.graphql_document else ()
    operations = [each for each in definitions if isinstance(each, OperationDefinitionNode)]
    if asked is None and len(operations) > 1:
        raise GraphQLError("Must provide operation name if query contains multiple operations.")
    named = [each for each in operations if asked is None or (each.name and each.name.value == asked)]
    if not named:
        raise GraphQLError(f"Unknown operation named '{asked}'.")
    return named[0]


def _selection(context: ExecutionContext) -> Selection:
    definition = _definition(context)
    document = context.graphql_document
    if document is None:
        return []
    return select(context.schema._schema, document, definition, context.variables or {})


class FetchByPlan(SchemaExtension):
    """Reads everything that a query asks for in one snapshot, off the event loop, before it is completed."""

    async def on_execute(self) -> AsyncGenerator[None]:
        """Put what was fetched where graphql-core begins."""
        context = self.execution_context
        try:
            selection = _selection(context)
            context.root_value = await run_in_threadpool(_fetch, context.context, selection)
        except GraphQLError as error:
            context.result = ExecutionResult(data=None, errors=[error])
        except CompactgraphError as error:
            refused = GraphQLError(error.message, original_error=error)
            context.result = ExecutionResult(data=None, errors=[refused])
        yield


class GraphQLService(GraphQL[Context, None]):
    """The endpoint: Strawberry's own, with our context and our errors."""

    def __init__(self, schema: Schema, context: Context) -> None:
        super().__init__(schema, graphql_ide=None, subscription_protocols=())
        self._context = context

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:
        """What every operation is answered from."""
        return self._context

    def encode_json(self, data: object) -> bytes:
        """The answer as compact JSON in UTF-8."""
        return orjson.dumps(data)

    async def process_result(self, request: Request, result: ExecutionResult) -> GraphQLHTTPResponse:
        """The answer, each of its errors with code and suggestion."""
        answer = await super().process_result(request, result)
        if result.errors:
            told = [described(each) for each in result.errors]
            request.state.error_codes = [each["extensions"]["code"] for each in told]
            answer["errors"] = list(told)
        return answer


def api_schema(*, introspection: bool = True) -> Schema:
    """The schema as it is served."""
    extensions: list[ExtensionMaker] = [FetchByPlan]
    if not introspection:
        extensions.append(lambda: AddValidationRules([NoSchemaIntrospectionCustomRule]))
    return build_schema(extensions)

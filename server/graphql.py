"""GraphQL over HTTP: fetches by plan before graphql-core completes the answer."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

import orjson
from graphql import GraphQLError, NoSchemaIntrospectionCustomRule
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
from schema.plan import Answer, Plan, Reader, compiled
from schema.query import ExtensionMaker, build_schema
from schema.store import reading
from server.errors import described


@dataclass(frozen=True, slots=True)
class Context:
    """What an operation is answered from."""

    engine: Engine
    iris: Iris


def _fetch(context: Context, plan: Plan, variables: dict[str, Any]) -> Answer:
    with reading(context.engine) as snapshot:
        return plan.fetch(Reader(snapshot, context.iris), variables)


def _plan(context: ExecutionContext) -> Plan:
    """The plan of the operation that was asked for. Raises GraphQLError when the document has no such one."""
    document = context.graphql_document
    if document is None:
        raise GraphQLError("There is no document.")
    # Strawberry falls back to the first operation, where the specification wants an error.
    return compiled(context.schema._schema, document, context._provided_operation_name, context.query)


class FetchByPlan(SchemaExtension):
    """Reads everything that a query asks for in one snapshot, off the event loop, before it is completed.

    What a plan fetched is the answer already. Where introspection is asked for beside it, or where
    `is_direct` is off, graphql-core completes the answer over it; that changes no byte, and takes longer.
    """

    is_direct = True

    async def on_execute(self) -> AsyncGenerator[None]:
        """Put what was fetched where graphql-core begins."""
        context = self.execution_context
        try:
            answer = await run_in_threadpool(_fetch, context.context, _plan(context), context.variables or {})
            context.root_value = answer.data
            if answer.is_complete and self.is_direct:
                context.result = ExecutionResult(data=answer.data, errors=None)
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
            answer["errors"] = [described(each) for each in result.errors]
        return answer


def api_schema(*, introspection: bool = True) -> Schema:
    """The schema as it is served."""
    extensions: list[ExtensionMaker] = [FetchByPlan]
    if not introspection:
        extensions.append(lambda: AddValidationRules([NoSchemaIntrospectionCustomRule]))
    return build_schema(extensions)

"""Service: the GraphQL endpoint over HTTP."""

import logging
from dataclasses import dataclass
from functools import partial
from hashlib import sha256

from graphql import GraphQLError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from strawberry import Schema

from ontology.errors import CompactgraphError, DeadlineExceeded, Unavailable
from schema.deadline import Deadline
from server import credentials
from server.errors import INTERNAL, described
from server.graphql import Asked, Context, Operation, Operations, Outcome, Refused
from server.graphql_changes import Changes
from server.graphql_request import METHODS, asked, check_method, media_type, wants_page
from server.graphql_response import Answer, Form, entity_tag, known_tags, takes_gzip
from server.lanes import Lane
from server.pages.graphiql import graphiql
from server.settings import Settings

_logger = logging.getLogger(__name__)


@dataclass(slots=True)
class _Exchange:
    """One request on its way to a response."""

    request: Request
    asked: Asked
    form: Form
    deadline: Deadline
    token: str | None
    #: How many changes the token may ask for in a minute, and how many are left.
    changes: tuple[int, int] | None = None


class GraphQLService:
    """The endpoint at /graphql, as an ASGI application.

    It leaves on the request's state what observers want to know: `cost`, `error_codes` and `operation`.
    """

    def __init__(self, schema: Schema, context: Context, limits: Settings) -> None:
        self._limits = limits
        self._operations = Operations(schema, context, limits)
        self._changes = Changes(schema._schema, context, limits.mutations_per_minute)
        # What answers depend on beside the data: the schema, the IRIs, the limits, and what is published.
        service = f"{schema.as_str()} {context.iris.base} {limits.max_cost} {limits.publish_texts}"
        self._service = sha256(service.encode()).hexdigest()
        # New documents are work for the processor alone; operations mostly wait for the database.
        self._unread, self._light = Lane(2), Lane(limits.threads)
        self._heavy = Lane(max(limits.threads // 4, 1))
        # The database has one writer at a time, and who waits for it should keep no reader waiting.
        self._changing = Lane(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        request.state.cost, request.state.error_codes, request.state.operation = 0, [], None
        response = await self._response(request)
        await response(scope, receive, send)

    async def _response(self, request: Request) -> Response:
        is_packed = takes_gzip(request.headers.get("accept-encoding"))
        form = Form(is_packed=is_packed, is_private=credentials.is_sent(request))
        try:
            check_method(request.method)
            if request.method == "OPTIONS":
                return Response(status_code=204, headers={"Allow": ", ".join(METHODS)})
            if self._limits.graphiql and wants_page(request):
                return graphiql(request)
            is_safe = request.method != "POST"
            form = Form(media_type(request), form.is_packed, is_safe, form.is_private)
            deadline, token = Deadline(self._limits.deadline_seconds), credentials.bearer(request)
            exchange = _Exchange(request, await asked(request, self._limits), form, deadline, token)
            return await self._answered(exchange)
        except CompactgraphError as error:
            return self._refused(request, form, error)
        except Exception:
            _logger.exception("%s %s failed", request.method, request.url.path)
            return self._refused(request, form, INTERNAL)

    def _refused(self, request: Request, form: Form, error: CompactgraphError) -> Response:
        request.state.error_codes = [error.code]
        asking = credentials.challenge(error, credentials.bearer(request))
        return form.refused(error, self._limits.max_cost, asking)

    async def _answered(self, exchange: _Exchange) -> Response:
        """The response to a well-formed request, each step in a lane of its own kind."""
        if self._operations.documents.kept(exchange.asked.query) is None:
            read = partial(self._operations.documents.read, exchange.asked.query)
            await self._unread.run(read, exchange.deadline)
        done = await self._light.run(partial(self._begun, exchange), exchange.deadline)
        if isinstance(done, Response):
            return done
        lane = self._changing if done.is_change else self._heavy
        return await lane.run(partial(self._done, exchange, done), exchange.deadline)

    def _begun(self, exchange: _Exchange) -> Response | Operation:
        """The response, or the operation where it is better run among the costly ones or among changes.

        Raises Unauthenticated, Forbidden and RateLimited.
        """
        try:
            operation = self._operations.prepared(exchange.asked)
        except Refused as refused:
            return self._told(exchange, refused)
        exchange.request.state.operation, exchange.request.state.cost = operation.name, operation.cost
        if operation.is_change and operation.reads_data:
            left = self._changes.admit(operation, exchange.token, exchange.deadline)
            exchange.changes = self._limits.mutations_per_minute, left
            return operation
        is_heavy = operation.is_heavy or operation.cost * 10 > self._limits.max_cost
        return operation if is_heavy else self._done(exchange, operation)

    def _done(self, exchange: _Exchange, operation: Operation) -> Response:
        try:
            outcome = self._outcome(exchange, operation)
        except Refused as refused:
            return self._told(exchange, refused)
        tag = self._tag(exchange, outcome.version)
        if outcome.is_known:
            return exchange.form.unchanged(Answer(self._limits.max_cost, operation.cost), tag)
        for each in outcome.errors:
            _log(exchange.request, each.original_error)
        errors = self._described(exchange.request, outcome.errors)
        answer = Answer(
            self._limits.max_cost,
            operation.cost,
            outcome.data,
            errors,
            has_data=True,
            changes=exchange.changes,
        )
        return exchange.form.answered(answer, 200, tag if exchange.form.is_safe else None)

    def _outcome(self, exchange: _Exchange, operation: Operation) -> Outcome:
        if exchange.changes is not None:
            return self._changes.outcome(operation, exchange.token, exchange.deadline)
        is_shared = exchange.form.is_safe and not exchange.form.is_private
        known = known_tags(exchange.request) if is_shared else frozenset()
        return self._operations.outcome(
            operation,
            exchange.deadline,
            lambda version: bool(known) and bool(known & {"*", self._tag(exchange, version)[2:]}),
            exchange.token,
        )

    def _tag(self, exchange: _Exchange, version: int | None) -> str:
        return entity_tag(exchange.asked, exchange.form.media_type, self._service, version)

    def _told(self, exchange: _Exchange, refused: Refused) -> Response:
        """The response to an operation that was not executed."""
        for each in refused.errors:
            _log(exchange.request, each.original_error)
        errors = self._described(exchange.request, refused.errors)
        if refused.cost is not None:
            exchange.request.state.cost = refused.cost
        answer = Answer(self._limits.max_cost, refused.cost, errors=errors)
        return exchange.form.answered(answer, exchange.form.status(refused.errors), None)

    def _described(self, request: Request, errors: list[GraphQLError]) -> list[dict[str, object]]:
        told = [described(each) for each in errors]
        request.state.error_codes = [each["extensions"]["code"] for each in told]
        return told


def _log(request: Request, cause: Exception | None) -> None:
    """Log what is ours to mend; what is only slow needs no traceback, and mistakes of clients nothing."""
    name, cost = request.state.operation, request.state.cost
    if isinstance(cause, DeadlineExceeded):
        _logger.warning("operation %s of cost %s: %s", name, cost, cause.message)
    elif isinstance(cause, Unavailable):
        _logger.error("operation %s failed: %s", name, cause.message, exc_info=cause)

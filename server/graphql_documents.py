"""Documents: GraphQL texts parsed, validated and counted once, and what is wrong with each, with codes."""

import re
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from threading import Lock

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    Source,
    TokenKind,
    parse,
    specified_rules,
    validate,
)
from graphql.validation import MaxIntrospectionDepthRule
from graphql.validation.rules import overlapping_fields_can_be_merged
from graphql.validation.validate import ValidationAbortedError

from ontology.errors import (
    BadArgument,
    CompactgraphError,
    DepthLimit,
    IntrospectionDisabled,
    LimitExceeded,
    ParseFailed,
    TokenLimit,
    UnknownOperation,
    ValidationFailed,
)
from schema.remembered import Remembered
from server.limits import Counts, counts, exceeded
from server.settings import Settings

# Comparing fields that answer under one name is the one rule whose work grows faster than the document; this
# is some tenths of a second of it, and a hundred times what queries of people come to.
overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET = 100_000

# A client that sent a hundred mistakes is helped by the first of them.
_MOST_ERRORS = 20

# A token of a parsed document takes about half a kilobyte, as much as 500 characters of its text.
_MOST_DOCUMENTS = 500
_MOST_TOKENS = 50_000
# How many extents of its variables a document is remembered for.
_COSTS = 16

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def unstorable(text: str) -> BadArgument | None:
    """What is wrong with a text that holds U+0000 or half of a character, which no database stores."""
    if (found := _UNSTORABLE.search(text)) is None:
        return None
    return BadArgument(
        f"a text holds U+{ord(found.group()):04X}, which stands in no text",
        "Leave the character out, or send the whole character.",
    )


def coded(error: GraphQLError, kind: type[CompactgraphError], suggestion: str) -> GraphQLError:
    """The error at the same place with the code of `kind`, where it has none yet."""
    if isinstance(error.original_error, CompactgraphError):
        return error
    cause = kind(error.message, suggestion)
    return GraphQLError(error.message, error.nodes, error.source, error.positions, error.path, cause)


class _IntrospectionDepth(MaxIntrospectionDepthRule):
    """Refuses lists of the schema within lists of the schema, three deep."""

    def report_error(self, error: GraphQLError) -> None:
        """Report it with the code of the limit."""
        super().report_error(coded(error, DepthLimit, "Ask for each type by __type(name:) instead."))


class _NoIntrospection(NoSchemaIntrospectionCustomRule):
    """Refuses every question about the schema."""

    def report_error(self, error: GraphQLError) -> None:
        """Report it with a code of its own."""
        super().report_error(coded(error, IntrospectionDisabled, "Read the schema at /schema.graphql."))


@dataclass(frozen=True, slots=True)
class Document:
    """A document that was read: its operations, and what is wrong with it."""

    text: str
    node: DocumentNode | None = None
    errors: Sequence[GraphQLError] = ()
    fragments: dict[str, FragmentDefinitionNode] = field(default_factory=dict)
    operations: Sequence[OperationDefinitionNode] = ()
    counts: dict[int, Counts] = field(default_factory=dict)
    #: What operations may come to, by operation and by the extent of its variables.
    costs: Remembered[tuple[int, Hashable], int] = field(default_factory=lambda: Remembered(_COSTS))
    #: How many seconds the last run took, by operation; costs are estimates, and this is what they came to.
    seconds: dict[int, float] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How much room it takes in memory, in tokens."""
        return (self.node.token_count if self.node else 0) + len(self.text) // 500

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """The operation to execute. Raises UnknownOperation (GraphQL specification, section 6.1)."""
        if name is None and len(self.operations) > 1:
            raise UnknownOperation(
                f"the document has {len(self.operations)} operations and none was named",
                "Name one of them in operationName.",
            )
        named = [each for each in self.operations if name is None or (each.name and each.name.value == name)]
        if not named:
            raise UnknownOperation(
                f"the document has no operation {name!r}" if name else "the document has no operation",
                "Compare operationName with the names in the document.",
            )
        return named[0]


def _parse_error(error: GraphQLSyntaxError, limits: Settings) -> GraphQLError:
    if "Document contains more" in error.message:
        limit = TokenLimit(
            f"the document has more than {limits.max_tokens} tokens or comments",
            "Send the operations one by one, and values as variables.",
        )
        return GraphQLError(limit.message, original_error=limit)
    if "nested too deeply" in error.message:
        return coded(error, DepthLimit, "Ask for less within each other.")
    return coded(error, ParseFailed, "Correct the document at this place.")


def _validation_error(error: GraphQLError) -> GraphQLError:
    if isinstance(error, ValidationAbortedError) and "Too many" not in error.message:
        limit = LimitExceeded(
            "the fields of the document repeat each other so often that comparing them was given up",
            "Ask for each field once.",
        )
        return GraphQLError(limit.message, original_error=limit)
    return coded(error, ValidationFailed, "Compare the document with /schema.graphql.")


def _literal_error(node: DocumentNode, text: str) -> GraphQLError | None:
    """What is wrong with a text that is written in the document itself."""
    token = node.loc.start_token if node.loc else None
    while token is not None:
        is_text = token.kind in {TokenKind.STRING, TokenKind.BLOCK_STRING}
        if is_text and (wrong := unstorable(token.value or "")):
            place = [token.start]
            return GraphQLError(wrong.message, None, Source(text), place, original_error=wrong)
        token = token.next
    return None


class Documents:
    """Reads documents, and keeps those that were read last."""

    def __init__(self, schema: GraphQLSchema, limits: Settings) -> None:
        self._schema, self._limits = schema, limits
        rules = [
            _IntrospectionDepth if each is MaxIntrospectionDepthRule else each for each in specified_rules
        ]
        self._rules = rules if limits.introspection else [*rules, _NoIntrospection]
        self._kept: OrderedDict[str, Document] = OrderedDict()
        self._tokens = 0
        self._lock = Lock()

    def kept(self, text: str) -> Document | None:
        """The document of a text that was read before, where it is still kept."""
        with self._lock:
            if found := self._kept.get(text):
                self._kept.move_to_end(text)
            return found

    def read(self, text: str) -> Document:
        """The document of a text."""
        if found := self.kept(text):
            return found
        read = self._read(text)
        # Errors point into the document; a client that sends the same mistake again is no reason to keep it.
        return read if read.errors else self._keep(read)

    def _keep(self, document: Document) -> Document:
        with self._lock:
            if document.text not in self._kept:
                self._kept[document.text] = document
                self._tokens += document.size
            while len(self._kept) > _MOST_DOCUMENTS or self._tokens > _MOST_TOKENS:
                self._tokens -= self._kept.popitem(last=False)[1].size
        return document

    def _read(self, text: str) -> Document:
        most = self._limits.max_tokens
        try:
            node = parse(text, max_lexical_tokens=most, max_comments=most)
        except GraphQLSyntaxError as error:
            return Document(text, errors=[_parse_error(error, self._limits)])
        operations = [each for each in node.definitions if isinstance(each, OperationDefinitionNode)]
        if wrong := _literal_error(node, text):
            return Document(text, errors=[wrong], operations=operations)
        hide = not self._limits.introspection
        if found := validate(self._schema, node, self._rules, _MOST_ERRORS, hide_suggestions=hide):
            errors = [_validation_error(each) for each in found]
            return Document(text, errors=errors, operations=operations)
        return self._counted(text, node, operations)

    def _counted(
        self, text: str, node: DocumentNode, operations: Sequence[OperationDefinitionNode]
    ) -> Document:
        fragments = {
            each.name.value: each for each in node.definitions if isinstance(each, FragmentDefinitionNode)
        }
        counted = {id(each): counts(each, fragments) for each in operations}
        errors = [error for each in operations for error in exceeded(each, counted[id(each)], self._limits)]
        return Document(text, node, errors, fragments, operations, counted)

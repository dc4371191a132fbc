"""The tree of errors: every mistake that a user can make or meet, each with its stable code.

CompactgraphError
├── InvalidInput                what a user handed over cannot be taken
│   ├── InvalidRecord           an exchange record breaks the declaration
│   ├── UnknownReference        a record refers to something that is not there
│   ├── RefusedPage             a page has no identifier, or a value that no rule can read
│   ├── RefusedRow              a row or a column of a table cannot be read
│   ├── UnreadableFile          a file cannot be read or its format is not known
│   ├── UnwritableFile          a file that was asked for cannot be written
│   ├── TooLarge                a file, a line, a text or a request is longer than its limit
│   │   └── AddressTooLong      an operation in an address is
│   ├── BadArgument             a query's argument is out of its range
│   ├── BadCursor               a page cursor that this service did not hand out
│   ├── RangeNotSatisfiable     a part of a file that lies behind its end
│   ├── BadRequest              an HTTP request holds no GraphQL request
│   ├── RequestTimeout          the body of a request did not arrive in time
│   ├── UnsupportedMediaType    the body of a request is of a type or coding that is not taken
│   ├── ParseFailed             a document is no GraphQL
│   ├── ValidationFailed        a document does not fit the schema
│   ├── IntrospectionDisabled   a document asks for the schema, which is not told
│   ├── UnknownOperation        a document has no operation of the name, or several without one
│   ├── BadVariables            the variables do not fit the operation
│   ├── QuoteNotFound           a quote stands in no stored text of the project
│   ├── QuoteAmbiguous          a quote stands in several places
│   └── LimitExceeded           an operation asks for more than one operation may
│       ├── DepthLimit          its fields are nested too deeply
│       ├── AliasLimit          it has too many aliases
│       ├── TokenLimit          its document has too many tokens
│       ├── DirectiveLimit      it has too many directives
│       ├── RootFieldLimit      it has too many fields at its root
│       └── CostLimit           its answer may become too large
├── NotFound                    nothing has this key
├── Gone                        the thing had this key and was deleted
├── NotAcceptable               none of the media types asked for is offered
├── MethodNotAllowed            the address exists, the method does not
├── Conflict                    somebody else changed the thing first
├── Unauthenticated             a request that must be somebody's has no token that is good
├── Forbidden                   the token is good, and not for this
├── RateLimited                 a token asks for more changes than it may
└── Unavailable                 the service itself cannot answer
    ├── DatabaseUnavailable     the database cannot be used
    │   ├── DatabaseBusy        another writer holds it for too long
    │   ├── DatabaseFull        its disk is full
    │   ├── DamagedRecord       a stored record is not what the store writes
    │   ├── DatabaseReadOnly    its files may not be written
    │   └── DatabaseLost        its server cannot be reached, or went away
    ├── Overloaded              too many operations wait already
    ├── DeadlineExceeded        an operation took longer than operations may
    ├── Interrupted             somebody stopped the command
    ├── ProcessLost             a process that an import needs ended before its end
    └── WrongEnvironment        a setting or an installed package makes a start unsafe

The rooms raise these; `server.errors` turns them into answers. They stand in the lowest room because
every room may raise them and imports only run downwards.
"""

from typing import ClassVar


class CompactgraphError(Exception):
    """An error with a stable code, a message that names what was wrong, and a suggestion."""

    code: ClassVar[str] = "INTERNAL"
    status: ClassVar[int] = 500

    def __init__(self, message: str, suggestion: str = "", *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.suggestion = suggestion
        self.field = field


class InvalidInput(CompactgraphError):
    """What a user handed over cannot be taken."""

    code = "INVALID_INPUT"
    status = 400


class InvalidRecord(InvalidInput):
    """An exchange record breaks the declaration: a field, a type, a character or a key."""

    code = "INVALID_RECORD"
    status = 422


class UnknownReference(InvalidRecord):
    """A record refers to something that is neither stored nor in the same import."""

    code = "UNKNOWN_REFERENCE"


class RefusedPage(InvalidInput):
    """A project page has no identifier and no known title, or a value that no rule can read."""

    code = "REFUSED_PAGE"
    status = 422


class RefusedRow(InvalidInput):
    """A row or a column of a table has no known name, or a value that no rule can read."""

    code = "REFUSED_ROW"
    status = 422


class UnreadableFile(InvalidInput):
    """A file cannot be read, or is in no known format."""

    code = "UNREADABLE_FILE"


class UnwritableFile(InvalidInput):
    """A file that was asked for cannot be written."""

    code = "UNWRITABLE_FILE"


class TooLarge(InvalidInput):
    """A file, a line, a text or the body of a request is longer than its limit, which is a setting."""

    code = "TOO_LARGE"
    status = 413


class AddressTooLong(TooLarge):
    """An operation in an address is longer than COMPACTGRAPH_MAX_BODY_KB."""

    code = "ADDRESS_TOO_LONG"
    status = 414


class BadArgument(InvalidInput):
    """An argument of a query is out of its range."""

    code = "BAD_ARGUMENT"


class RangeNotSatisfiable(InvalidInput):
    """A part of a file was asked for that lies behind its end."""

    code = "RANGE_NOT_SATISFIABLE"
    status = 416


class BadCursor(InvalidInput):
    """A page cursor was not handed out by this service for this list."""

    code = "BAD_CURSOR"


class BadRequest(InvalidInput):
    """A request holds no well-formed GraphQL request: no JSON object, no query, or a wrong parameter."""

    code = "BAD_REQUEST"


class RequestTimeout(InvalidInput):
    """The body of a request did not arrive in the time that one operation has."""

    code = "REQUEST_TIMEOUT"
    status = 408


class UnsupportedMediaType(InvalidInput):
    """The body of a request is of a media type, character set or coding that is not taken here."""

    code = "UNSUPPORTED_MEDIA_TYPE"
    status = 415


class ParseFailed(InvalidInput):
    """The document is no GraphQL."""

    code = "GRAPHQL_PARSE_FAILED"


class ValidationFailed(InvalidInput):
    """The document does not fit the schema."""

    code = "GRAPHQL_VALIDATION_FAILED"


class IntrospectionDisabled(InvalidInput):
    """The document asks for the schema, and COMPACTGRAPH_INTROSPECTION is off."""

    code = "INTROSPECTION_DISABLED"


class UnknownOperation(InvalidInput):
    """The document has no operation of the name asked for, or several operations and none was named."""

    code = "OPERATION_RESOLUTION_FAILURE"


class BadVariables(InvalidInput):
    """The variables do not fit the operation that was asked for."""

    code = "BAD_USER_INPUT"


class QuoteNotFound(InvalidInput):
    """A quote stands, to the letter, in none of the stored texts of the project."""

    code = "QUOTE_NOT_FOUND"
    status = 422


class QuoteAmbiguous(InvalidInput):
    """A quote stands in several places of the project's stored texts, and nothing says which is meant."""

    code = "QUOTE_AMBIGUOUS"
    status = 422


class LimitExceeded(InvalidInput):
    """An operation asks for more than one operation may."""

    code = "LIMIT_EXCEEDED"


class DepthLimit(LimitExceeded):
    """The fields of an operation are nested more deeply than COMPACTGRAPH_MAX_DEPTH."""

    code = "DEPTH_LIMIT"


class AliasLimit(LimitExceeded):
    """An operation has more aliases than COMPACTGRAPH_MAX_ALIASES."""

    code = "ALIAS_LIMIT"


class TokenLimit(LimitExceeded):
    """A document has more tokens than COMPACTGRAPH_MAX_TOKENS."""

    code = "TOKEN_LIMIT"


class DirectiveLimit(LimitExceeded):
    """An operation has more directives than COMPACTGRAPH_MAX_DIRECTIVES."""

    code = "DIRECTIVE_LIMIT"


class RootFieldLimit(LimitExceeded):
    """An operation has more fields at its root than COMPACTGRAPH_MAX_ROOT_FIELDS."""

    code = "ROOT_FIELD_LIMIT"


class CostLimit(LimitExceeded):
    """The answer to an operation may become larger than COMPACTGRAPH_MAX_COST."""

    code = "COST_LIMIT"


class NotFound(CompactgraphError):
    """Nothing has this key, now or before."""

    code = "NOT_FOUND"
    status = 404


class Gone(CompactgraphError):
    """The thing had this key and was deleted."""

    code = "GONE"
    status = 410


class NotAcceptable(CompactgraphError):
    """None of the media types that the client accepts is offered here."""

    code = "NOT_ACCEPTABLE"
    status = 406


class MethodNotAllowed(CompactgraphError):
    """The address exists, but not for this method."""

    code = "METHOD_NOT_ALLOWED"
    status = 405


class Conflict(CompactgraphError):
    """Somebody else changed the thing first; the version that was sent is no longer the latest."""

    code = "CONFLICT"
    status = 409


class Unauthenticated(CompactgraphError):
    """A request needs a token and has none, or sends one that is malformed, unknown or revoked."""

    code = "UNAUTHENTICATED"
    status = 401


class Forbidden(CompactgraphError):
    """The token that a request sends is good, and has not the scope that this needs."""

    code = "FORBIDDEN"
    status = 403

    def __init__(self, message: str, suggestion: str = "", *, scope: str = "") -> None:
        super().__init__(message, suggestion)
        self.scope = scope


class RateLimited(CompactgraphError):
    """A token has asked for more changes in a minute than COMPACTGRAPH_MUTATIONS_PER_MINUTE."""

    code = "RATE_LIMITED"
    status = 429

    def __init__(self, message: str, suggestion: str = "", *, seconds: int = 60) -> None:
        super().__init__(message, suggestion)
        self.seconds = seconds


class Unavailable(CompactgraphError):
    """The service itself cannot answer."""

    code = "UNAVAILABLE"
    status = 503


class DatabaseUnavailable(Unavailable):
    """The database cannot be used: it is missing, damaged or not yet upgraded."""

    code = "DATABASE_UNAVAILABLE"


class DatabaseBusy(DatabaseUnavailable):
    """Another writer holds the database for longer than writers wait."""

    code = "DATABASE_BUSY"


class DatabaseFull(DatabaseUnavailable):
    """The disk under the database is full, or fails."""

    code = "DATABASE_FULL"


class DamagedRecord(DatabaseUnavailable):
    """A stored record is not what the store writes, and cannot be shown."""

    code = "DAMAGED_RECORD"


class DatabaseReadOnly(DatabaseUnavailable):
    """The database may be read and not written."""

    code = "DATABASE_READ_ONLY"


class DatabaseLost(DatabaseUnavailable):
    """The server of the database cannot be reached, or the connection was lost."""

    code = "DATABASE_LOST"


class Overloaded(Unavailable):
    """Too many operations are waiting already; this one was not begun."""

    code = "OVERLOADED"


class DeadlineExceeded(Unavailable):
    """An operation took longer than COMPACTGRAPH_DEADLINE_SECONDS, and was ended in the database too."""

    code = "DEADLINE_EXCEEDED"


class Interrupted(Unavailable):
    """Somebody stopped the command before its end."""

    code = "INTERRUPTED"


class ProcessLost(Unavailable):
    """A second process that an import needs could not begin, or ended before its end."""

    code = "PROCESS_LOST"


class WrongEnvironment(Unavailable):
    """A setting or an installed package makes a start unsafe."""

    code = "WRONG_ENVIRONMENT"

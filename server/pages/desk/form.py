"""Form: what a page of the desk sends, read from the address or the body, and what was wrong with it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from ontology.errors import (
    BadRequest,
    CompactgraphError,
    RequestTimeout,
    TooLarge,
    UnsupportedMediaType,
)
from server.settings import Settings

#: The values of a form by the names of its fields.
Form = Mapping[str, str]

_TYPE = "application/x-www-form-urlencoded"
_MOST_FIELDS = 50


def of_address(request: Request) -> Form:
    """The parameters of an address; of several with one name the last, and what is no UTF-8 replaced."""
    query = request.scope["query_string"].decode("ascii", "replace")
    try:
        return dict(parse_qsl(query, keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    except ValueError:
        return {}


async def of_body(request: Request, limits: Settings) -> Form:
    """The fields of a form that was sent, with line ends as stored texts have them.

    Raises UnsupportedMediaType, TooLarge, RequestTimeout, and BadRequest for what is no form.
    """
    sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if sent != _TYPE:
        raise UnsupportedMediaType(f"the body is {sent[:100] or 'of no type'}", f"Send a form as {_TYPE}.")
    body = await _body(request, limits)
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS
        )
    except ValueError:
        raise BadRequest("the body is no form in UTF-8", "Send the form of the page as it is.") from None
    if len(dict(pairs)) < len(pairs):
        raise BadRequest("a field stands twice in the form", "Send each of them once.")
    # Forms send every line end as two characters (HTML, section 4.10.21).
    return {name: value.replace("\r\n", "\n") for name, value in pairs}


async def _body(request: Request, limits: Settings) -> bytes:
    longest, body = round(limits.max_body_kb * 1000), bytearray()
    try:
        async with asyncio.timeout(limits.deadline_seconds):
            async for chunk in request.stream():
                body += chunk
                if len(body) > longest:
                    raise TooLarge(f"the form is longer than {longest} bytes", "Write less.")
    except TimeoutError:
        raise RequestTimeout("the form did not arrive in time", "Send it again.") from None
    except ClientDisconnect:
        # Nobody reads this answer.
        raise BadRequest("the form ends before its end", "Send all of it.") from None
    return bytes(body)


@dataclass(frozen=True, slots=True)
class Wrong:
    """What was wrong with a form: told at the field that it is about where the page has it, and above."""

    error: CompactgraphError
    #: The id of the field in the page, empty where it is about no field.
    field: str

    @classmethod
    def of(cls, error: CompactgraphError, fields: Mapping[str, str]) -> "Wrong":
        """The error at the field of the page that stands for the field of the mutation."""
        # Errors of a record name the whole way to the field, such as reviews[0].codebookRule.
        return cls(error, fields.get((error.field or "").rpartition(".")[2], ""))

    def at(self, field: str) -> str:
        """What to say at a field of the page."""
        return f"{self.error.message}. {self.error.suggestion}" if field and field == self.field else ""

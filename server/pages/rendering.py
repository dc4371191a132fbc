"""Rendering: templates with every value escaped, and what a page may do in a browser, which is nothing."""

import base64
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

import orjson
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

_FOLDER = files("server") / "pages" / "templates"


@cache
def style() -> str:
    """The style sheet, which stands in every page, so that a saved page looks as it did."""
    return (_FOLDER / "style.css").read_text(encoding="utf-8")


@cache
def policy() -> str:
    """The Content-Security-Policy of a page: it loads nothing, runs nothing, and has this one style sheet."""
    digest = base64.b64encode(sha256(style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _escaped(value: Any) -> Any:
    """A text for a page. HTML turns a carriage return into a newline unless it is a character reference."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return Markup(str(escape(value)).replace("\r", "&#13;"))  # noqa: S704


def data(value: Any) -> Markup:
    """JSON to stand inside of a page, with nothing in it that HTML could take for markup."""
    text = orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2).decode()
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("server", "pages/templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_escaped,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["style"] = Markup(style())  # noqa: S704
    return made


def rendered(template: str, **values: Any) -> bytes:
    """A page: the same bytes for the same values."""
    return _environment().get_template(template).render(**values).encode()

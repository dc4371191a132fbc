"""Citation: the addresses under which a matrix, and what is behind a cell of it, can be cited for good.

A permanent address names the data version; without one it is that of the data as they stand.
"""

from enum import Enum
from typing import Any
from urllib.parse import quote, urlencode

import orjson

from schema.filters import Filter
from schema.matrix import Asked
from schema.matrix_projects import Place
from schema.model.link import CodingScheme
from schema.money import dollars

_USUAL_LANGUAGE = "en"


def _said(name: str, value: Any) -> Any:
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, dict):
        inner = {key: _said(name, each) for key, each in value.items() if each is not None}
        return {key: dollars(each) for key, each in inner.items()} if name == "budgetUsd" else inner
    return [_said(name, each) for each in value] if isinstance(value, list) else value


def filter_in_words(filter_: Filter | None) -> str:
    """A filter as the API takes it, as JSON; one filter is always written the same; empty for none."""
    said = {name: _said(name, value) for name, value in (filter_ or {}).items() if value is not None}
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS).decode() if said else ""


def _query(asked: Asked, version: int | None, more: dict[str, str]) -> str:
    said = {"money": asked.money.value, "filter": filter_in_words(asked.filter)} | more
    said["language"] = "" if asked.language == _USUAL_LANGUAGE else asked.language
    said["version"] = "" if version is None else str(version)
    return urlencode({name: value for name, value in said.items() if value}, quote_via=quote, safe="/~")


def matrix_address(base: str, asked: Asked, version: int | None = None) -> str:
    """The address of a matrix, at a data version or as it stands."""
    return f"{base}/matrix/{asked.rows.value}/{asked.columns.value}?{_query(asked, version, {})}"


def cell_address(base: str, asked: Asked, version: int | None, place: Place, after: str = "") -> str:
    """The address of the projects and quotes behind a cell or total, from a project on."""
    more = {"row": place.row or "", "column": place.column or "", "after": after}
    path = f"{base}/matrix/{asked.rows.value}/{asked.columns.value}/projects"
    return f"{path}?{_query(asked, version, more)}"


def agreement_address(base: str, scheme: CodingScheme, version: int | None = None) -> str:
    """The address of how far reviewers agree on a scheme, at a data version or as it stands."""
    return f"{base}/agreement/{scheme.value}" + ("" if version is None else f"?version={version}")

"""Examples: the queries that GraphiQL opens with, that the documentation shows and that tests run."""

import json
import shlex
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Example:
    """One operation that shows a use of the API, with the variables it is shown with."""

    title: str
    query: str
    variables: dict[str, Any]

    def body(self) -> dict[str, Any]:
        """What a client sends, with the query on one line."""
        sent: dict[str, Any] = {"query": " ".join(self.query.split())}
        return {**sent, "variables": self.variables} if self.variables else sent

    def curl(self, address: str) -> str:
        """The command that sends it to the API at this address."""
        body = json.dumps(self.body(), ensure_ascii=False)
        return f"curl -s {address} -H 'Content-Type: application/json' -d {shlex.quote(body)}"


def parsed(text: str) -> Example:
    """The example of a file: its first comment is the title, a second one its variables as JSON."""
    lines = text.splitlines()
    comments = [each[2:] for each in lines if each.startswith("# ")]
    title, variables = comments[0], comments[1:]
    query = "\n".join(each for each in lines if not each.startswith("#"))
    return Example(title, query.strip(), json.loads("".join(variables) or "{}"))


@cache
def examples() -> tuple[Example, ...]:
    """All examples, in the order of their files' names."""
    found = sorted(files(__name__).iterdir(), key=lambda each: each.name)
    return tuple(parsed(each.read_text(encoding="utf-8")) for each in found if each.name.endswith(".graphql"))

"""Persons for tests: a service on each database whose sample several people review, each with a token."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from httpx2 import Response

from schema import token
from schema.store import now, writing
from tests.databases import Databases
from tests.serving import Service, serving

PROJECT, TARGET, LINK = "PN.0008", "objective/23", "PN.0008~objective-23"

#: Words that stand once in the summary of the project.
QUOTE = "national coordination body for human mobility, formed in 2023"

SEEN_MAPPING = "{ changed mapping { id status version reviews { decision reviewer reason codebookRule } } }"
SEEN = """{ changed link { id status version
    claims { madeBy reason evidence { quote prefix suffix start end language textSha256 source { id } } }
    reviews { reviewer decision blind reason codebookRule undoneAt } } }"""
CODED = "{ changed coding { id codingScheme codebookVersion reviewer blind startedAt completedAt } }"


class Person:
    """Somebody who asks with a token, or without one."""

    def __init__(self, service: Service, text: str | None, name: str = "") -> None:
        self.service, self.text, self.name = service, text, name

    def sent(self, query: str, variables: dict[str, Any] | None = None, **headers: str) -> Response:
        """The response to an operation."""
        own = {} if self.text is None else {"Authorization": f"Bearer {self.text}"}
        told = {name: value.encode("latin-1") for name, value in (own | headers).items()}
        body = {"query": query, "variables": variables or {}}
        return self.service.client.post("/graphql", json=body, headers=told)

    def data(self, query: str, **variables: Any) -> dict[str, Any]:
        """The data of an answer that has no errors."""
        answer = self.sent(query, variables).json()
        assert "errors" not in answer, answer["errors"]
        found: dict[str, Any] = answer["data"]
        return found

    def change(self, name: str, **values: Any) -> dict[str, Any]:
        """What a mutation gives."""
        answer = self._changed(name, values)
        assert "errors" not in answer, answer["errors"]
        found: dict[str, Any] = answer["data"][name]
        return found

    def refusal(self, name: str, **values: Any) -> dict[str, Any]:
        """The error of a mutation that does nothing."""
        answer = self._changed(name, values)
        assert (answer.get("data") or {}).get(name) is None
        (found,) = answer["errors"]
        return {"message": found["message"], **found["extensions"]}

    def _changed(self, name: str, values: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = self.sent(*mutation(name, values)).json()
        return found

    def asserts(self, reason: str = "So it reads.", target: str = TARGET, **more: Any) -> dict[str, Any]:
        """A claim of theirs, on the project that tests review."""
        return self.change("assertLink", project=PROJECT, target=target, reason=reason, **more)

    def decides(self, decision: str, version: int, link: str = LINK, **more: Any) -> dict[str, Any]:
        """A decision of theirs."""
        return self.change("reviewLink", link=link, decision=decision, version=version, **more)


def mutation(name: str, values: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The text of a mutation and its variables."""
    shown = CODED if name.endswith("Coding") else SEEN_MAPPING if "Mapping" in name else SEEN
    if name == "proposeLinks":
        shown = SEEN.replace("link {", "links {", 1)
    kind = f"{name[0].upper()}{name[1:]}Input"
    return f"mutation($input: {kind}!) {{ {name}(input: $input) {shown} }}", {"input": values}


class Reviewed(Service):
    """A service, and the people who review what it holds."""

    def person(self, name: str, *scopes: str, role: str = "reviewer") -> Person:
        """Somebody with a new token."""
        with writing(self.engine) as transaction:
            held = token.scopes_of(role, scopes)
            return Person(self, token.create(transaction.connection, name, held, now()), name)

    def nobody(self) -> Person:
        """Somebody without a token."""
        return Person(self, None)

    def revoke(self, name: str) -> None:
        """Take a person's token away."""
        with writing(self.engine) as transaction:
            token.revoke(transaction.connection, name, now())


@contextmanager
def reviewing(url: str, **settings: Any) -> Iterator[Reviewed]:
    """The service with its sample over the database at `url`."""
    with serving(url, **{"mutations_per_minute": 10_000, **settings}) as service:
        yield Reviewed(service.client, service.engine)


@contextmanager
def reviewing_on(databases: Databases, kind: str, **settings: Any) -> Iterator[Reviewed]:
    """The service with its sample over a fresh database of a kind."""
    with (
        databases.fresh(kind, sample=True) as engine,
        reviewing(engine.url.render_as_string(hide_password=False), **settings) as service,
    ):
        yield service


@pytest.fixture
def reviewed(databases: Databases, kind: str) -> Iterator[Reviewed]:
    """A service of the test's own, on each database."""
    with reviewing_on(databases, kind) as service:
        yield service

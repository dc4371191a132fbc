"""Coding: how a person begins and completes the coding of a whole project by a codebook, blind or not."""

import re
from dataclasses import dataclass

from ontology.declaration import ExchangeRecord
from ontology.errors import BadArgument, Conflict
from ontology.reading import FORMAT
from schema.model.link import CodingScheme
from schema.record import KEY
from schema.transaction import Outcome, Transaction

_VERSION = re.compile(KEY)


@dataclass(frozen=True, slots=True)
class Coded:
    """Whose coding of which project by what."""

    project: str
    scheme: CodingScheme
    codebook: str
    reviewer: str

    @property
    def key(self) -> str:
        """The key of the coding. Raises BadArgument for what cannot be the version of a codebook."""
        if not _VERSION.fullmatch(self.codebook):
            raise BadArgument(
                f"codebookVersion: {self.codebook[:80]!r} is no version of a codebook",
                "Send the version of the codebook that the project is coded by, such as 1.",
                field="codebookVersion",
            )
        return f"{self.project}~{self.scheme.value}~{self.codebook}~{self.reviewer}"

    def new(self) -> ExchangeRecord:
        """The record of a coding that has not begun."""
        return {
            "format": FORMAT,
            "class": "coding",
            "key": self.key,
            "project": self.project,
            "codingScheme": self.scheme.value,
            "codebookVersion": self.codebook,
            "reviewer": self.reviewer,
        }

    def check_others(self, transaction: Transaction) -> None:
        """Raises Conflict where the person codes the same blind by another version of the codebook."""
        for each in transaction.codings_of(self.project):
            is_own = each["reviewer"] == self.reviewer and each["codingScheme"] == self.scheme.value
            is_running = each.get("blind") and "completedAt" not in each
            if is_own and is_running and each["key"] != self.key:
                running = f"project/{self.project} blind by version {each['codebookVersion']}"
                raise Conflict(
                    f"{self.reviewer} codes {running}",
                    "Complete that coding first, or send its version.",
                    field="codebookVersion",
                )


def start_blind(transaction: Transaction, coded: Coded) -> tuple[str, Outcome]:
    """Begin a blind coding, which hides from the person what others say until it is completed.

    Beginning what has begun changes nothing. Raises BadArgument, and Conflict where the person has completed
    this coding already, or codes the same by another version of the codebook.
    """
    key = coded.key
    coded.check_others(transaction)
    record = transaction.record("coding", key) or {}
    if "completedAt" in record:
        raise Conflict(
            f"{coded.reviewer} completed coding/{key} at {record['completedAt']}",
            "Nobody codes blind what they have seen; code by the next version of the codebook.",
        )
    if record.get("blind"):
        return key, Outcome.UNCHANGED
    return key, transaction.put(coded.new() | {"blind": True, "startedAt": transaction.at})


def complete(transaction: Transaction, coded: Coded) -> tuple[str, Outcome]:
    """Say that a person has gone through the whole project: what they did not accept is then a no.

    Ends the blind coding that runs, or writes down one that was not blind. Completing what is complete
    changes nothing. Raises BadArgument, and Conflict where a blind one by another version runs.
    """
    key = coded.key
    coded.check_others(transaction)
    record = transaction.record("coding", key) or coded.new()
    if "completedAt" in record:
        return key, Outcome.UNCHANGED
    return key, transaction.put({**record, "completedAt": transaction.at, "updatedAt": transaction.at})

"""Mutation: what persons can change through the API: the inputs, the payloads, and the scope that each needs.

Every mutation takes one `input` and gives a payload with the thing that it was about, as it stands after, and
whether anything changed. What goes wrong stands in `errors`, with the codes that queries have. What a
mutation does is in `schema.acting`, under the same name.
"""

from dataclasses import dataclass
from typing import Any

import strawberry

from schema.api import ApiField, Argument
from schema.scalars import CodingScheme, Decision
from schema.token import Scope


def _optional(description: str) -> Any:
    """A field of an input that may be left out or null, which both say nothing."""
    return strawberry.field(default=strawberry.UNSET, description=description)


def _required(description: str) -> Any:
    return strawberry.field(description=description)


def _version_of(thing: str) -> str:
    return (
        f"The version of the {thing} that the decision was made on. When somebody has changed the {thing} "
        "since, nothing is done and the error is CONFLICT."
    )


_LINK = "The link: its id, the last part of it, a former key, or the IRI."
_PROJECT = "The project: its id, the last part of it, a Prima ID, a former key, or the IRI."
_MAPPING = "The mapping: its id, the last part of it, or the IRI."
_RULE = "The rule of the codebook that the decision rests on, by its id."
_REASON = "Why, in the words of the reviewer; 5,000 characters at most."
_SCHEME = "What the project is coded by."
_CODEBOOK = "The version of the codebook."


@strawberry.input(
    description="A claim that a project serves a target, with the words that support it or a reason."
)
class AssertLinkInput:
    """A claim."""

    project: strawberry.ID = _required(_PROJECT)
    target: strawberry.ID = _required(
        "What it serves: an objective, SDG, network or instrument, by its id or its IRI."
    )
    quote: str | None = _optional(
        "Words of one of the project's stored texts, to the letter, 2,000 characters at most. Where they "
        "stand, and in which source and language, is found by the service. Without a quote there has to be a "
        "reason."
    )
    prefix: str | None = _optional("What stands right before the quote, where it stands in several places.")
    suffix: str | None = _optional("What stands right behind it.")
    source: strawberry.ID | None = _optional("The source that is quoted, where several have the words.")
    reason: str | None = _optional("Why, in the words of the person; 5,000 characters at most.")
    version: int | None = _optional(
        "The version of the link that was seen, 0 for none; left out, the claim is added whatever else there "
        "is."
    )


@strawberry.input(description="A decision on a link.")
class ReviewLinkInput:
    """A decision on a link."""

    link: strawberry.ID = _required(_LINK)
    decision: Decision = _required("Accept or reject.")
    version: int = _required(_version_of("link"))
    codebook_rule: str | None = _optional(_RULE)
    reason: str | None = _optional(_REASON)


@strawberry.input(description="The taking back of a decision.")
class UndoReviewInput:
    """The taking back of a decision."""

    link: strawberry.ID = _required(_LINK)
    version: int = _required(_version_of("link"))


@strawberry.input(description="A decision on a mapping between an objective and an SDG.")
class ReviewMappingInput:
    """A decision on a mapping."""

    mapping: strawberry.ID = _required(_MAPPING)
    decision: Decision = _required("Accept or reject.")
    version: int = _required(_version_of("mapping"))
    codebook_rule: str | None = _optional(_RULE)
    reason: str | None = _optional(_REASON)


@strawberry.input(description="The taking back of a decision on a mapping.")
class UndoMappingReviewInput:
    """The taking back of a decision on a mapping."""

    mapping: strawberry.ID = _required(_MAPPING)
    version: int = _required(_version_of("mapping"))


@strawberry.input(description="The begin of a blind coding.")
class StartBlindCodingInput:
    """The begin of a blind coding."""

    project: strawberry.ID = _required(_PROJECT)
    scheme: CodingScheme = _required(_SCHEME)
    codebook_version: str = _required(_CODEBOOK)


@strawberry.input(description="The end of the coding of a whole project.")
class CompleteCodingInput:
    """The end of a coding."""

    project: strawberry.ID = _required(_PROJECT)
    scheme: CodingScheme = _required(_SCHEME)
    codebook_version: str = _required(_CODEBOOK)


@strawberry.input(description="What is to be read for links.")
class ProposeLinksInput:
    """The input of `proposeLinks`."""

    project: strawberry.ID = _required(_PROJECT)
    derived: bool | None = _optional(
        "Whether to claim as well what follows from the project's links over the crosswalk, by a method of "
        "its own and with less confidence. Left out, it is not."
    )


@dataclass(frozen=True, slots=True)
class Mutation:
    """One mutation: what it takes and gives, and the scope that a token needs for it."""

    name: str
    takes: type
    scope: Scope
    description: str
    #: The field of the payload that holds what the mutation was about, its noun, and what it is.
    field: str
    noun: str
    told: str
    is_list: bool = False

    @property
    def payload(self) -> str:
        """The name of the type that it gives."""
        return f"{self.name[0].upper()}{self.name[1:]}Payload"

    def root(self) -> ApiField:
        """The field at the root of mutations."""
        told = f"{self.description} Needs a token with the scope `{self.scope.value}`."
        argument = Argument("input", self.takes.__name__, "What is asked for.")
        return ApiField.plain(self.name, f"{self.payload} | None", told, argument)

    def fields(self) -> list[ApiField]:
        """The fields of its payload."""
        type_ = f"list[{self.noun}]" if self.is_list else self.noun
        changed = "Whether this request changed anything; false when the same was said before."
        return [
            ApiField.plain(self.field, type_, self.told),
            ApiField.plain("changed", "bool", changed),
        ]


MUTATIONS: dict[str, Mutation] = {
    each.name: each
    for each in (
        Mutation(
            "assertLink",
            AssertLinkInput,
            Scope.PROPOSE,
            "Say that a project serves a target, with a quote or a reason. The claim is added to the link, "
            "which is made when there is none; whether it is accepted is for reviewers to say.",
            "link",
            "Link",
            "The link, with the claim.",
        ),
        Mutation(
            "proposeLinks",
            ProposeLinksInput,
            Scope.PROPOSE,
            "Read the stored texts of a project for the objectives, goals and targets that they are about. "
            "Each becomes a claim with its quotes; what this version of the lexicon claimed before stays as "
            "it is.",
            "links",
            "Link",
            "The links that its texts propose, and behind them those that follow, where asked for.",
            is_list=True,
        ),
        Mutation(
            "reviewLink",
            ReviewLinkInput,
            Scope.REVIEW,
            "Accept or reject a link. The decision takes the place of an earlier one of the same person; the "
            "link is accepted or rejected when all who decided agree.",
            "link",
            "Link",
            "The link, with the decision.",
        ),
        Mutation(
            "undoReview",
            UndoReviewInput,
            Scope.REVIEW,
            "Take back one's own decision that counts. It stays in the link with the time at which it was "
            "taken back; an earlier one of the same person counts again.",
            "link",
            "Link",
            "The link, without the decision.",
        ),
        Mutation(
            "reviewMapping",
            ReviewMappingInput,
            Scope.REVIEW,
            "Accept or reject a mapping between an objective and an SDG. The decision takes the place of an "
            "earlier one of the same person; the mapping is accepted or rejected when all who decided agree.",
            "mapping",
            "Mapping",
            "The mapping, with the decision.",
        ),
        Mutation(
            "undoMappingReview",
            UndoMappingReviewInput,
            Scope.REVIEW,
            "Take back one's own decision on a mapping that counts. It stays in the mapping with the time at "
            "which it was taken back.",
            "mapping",
            "Mapping",
            "The mapping, without the decision.",
        ),
        Mutation(
            "startBlindCoding",
            StartBlindCodingInput,
            Scope.REVIEW,
            "Begin to code a project blind. Until the coding is completed, whoever sends this person's token "
            "sees of the project's links of this scheme only what the person has claimed and decided.",
            "coding",
            "Coding",
            "The coding.",
        ),
        Mutation(
            "completeCoding",
            CompleteCodingInput,
            Scope.REVIEW,
            "Say that the whole project was coded by a scheme: what the person has not accepted is then a "
            "no. Ends the blind coding that runs, or records one that was not blind.",
            "coding",
            "Coding",
            "The coding.",
        ),
    )
}

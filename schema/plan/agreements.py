"""Agreements: how far reviewers agree, worked out from blind codings and told with the names of codes."""

from collections.abc import Callable
from functools import partial
from typing import Any

from schema.agreement import Estimate, Estimates, agreement
from schema.citation import agreement_address
from schema.plan.counts import Names, label_of, names_of
from schema.plan.leaves import name_of
from schema.plan.matrices import only, plain
from schema.plan.read import Fetch
from schema.plan.reference import Answer
from schema.plan.selection import Selected


def _estimate(of: Estimate) -> Callable[[Selected], Answer]:
    values = plain(__typename="Estimate", value=of.value, low=of.low, high=of.high)
    return lambda selected: only(selected.only, values)


def _label(fetch: Fetch, names: Names, code: str, selected: Selected) -> str:
    return label_of(fetch, selected, code, names)


def _estimates(of: Estimates) -> dict[str, Callable[[Selected], Any]]:
    named = {"agreement": of.agreement, "kappa": of.kappa, "alpha": of.alpha}
    return {name: _estimate(each) for name, each in named.items()}


def agreed(selected: Selected) -> Callable[[Fetch], Answer]:
    """What answers how far reviewers agree on a scheme."""

    def read(fetch: Fetch) -> Answer:
        found = agreement(fetch.reader.connection, selected.arguments(fetch.variables)["scheme"])
        names = names_of(fetch, {each.code for each in found.codes})

        def codes(asked: Selected) -> list[Answer]:
            return [
                only(
                    asked.only,
                    {
                        **plain(__typename="CodeAgreement", code=each.code, accepted=each.accepted),
                        "label": partial(_label, fetch, names, each.code),
                        **_estimates(each.estimates),
                    },
                )
                for each in found.codes
            ]

        return only(
            selected.only,
            {
                **plain(
                    __typename="Agreement",
                    scheme=name_of(found.scheme),
                    dataVersion=str(found.version),
                    codebookVersion=found.codebook,
                    projects=found.projects,
                    reviewers=list(found.reviewers),
                    tooFew=found.is_too_little,
                    address=agreement_address(fetch.reader.iris.base, found.scheme, found.version),
                ),
                **_estimates(found.whole),
                "codes": codes,
            },
        )

    return read

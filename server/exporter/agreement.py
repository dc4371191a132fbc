"""Agreement: how far reviewers agree, as JSON and as CSV (RFC 4180)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from schema.agreement import Agreement, Estimate, Estimates
from schema.citation import agreement_address
from schema.text import LANGUAGES, Text, chosen
from server.exporter.counts import as_json, table


@dataclass(frozen=True, slots=True)
class Agreed:
    """What is known of a scheme, with the base of addresses and the names of codes."""

    of: Agreement
    base: str
    names: Mapping[str, Text]

    @property
    def address(self) -> str:
        """Where it stands for good."""
        return agreement_address(self.base, self.of.scheme, self.of.version)

    def label(self, code: str) -> str:
        """What a code is called, in English where it has an English name."""
        found = chosen(self.names.get(code, {}), ["en", *LANGUAGES])
        return found[1] if found else code.partition("/")[2]


def named(of: Estimates) -> dict[str, Estimate]:
    """The coefficients by name."""
    return {"agreement": of.agreement, "kappa": of.kappa, "alpha": of.alpha}


def _json(of: Estimates) -> dict[str, Any]:
    return {
        name: {"value": each.value, "low": each.low, "high": each.high} for name, each in named(of).items()
    }


def agreement_json(found: Agreed) -> bytes:
    """How far reviewers agree, under the names that GraphQL has for it."""
    of = found.of
    return as_json(
        {
            "address": found.address,
            "scheme": of.scheme.name,
            "dataVersion": str(of.version),
            "codebookVersion": of.codebook,
            "projects": of.projects,
            "reviewers": list(of.reviewers),
            "tooFew": of.is_too_little,
            **_json(of.whole),
            "codes": [
                {
                    "code": each.code,
                    "label": found.label(each.code),
                    "accepted": each.accepted,
                    **_json(each.estimates),
                }
                for each in of.codes
            ],
        }
    )


#: The columns of agreement as a table; the first row is that of the whole scheme.
AGREEMENT_COLUMNS = (
    "scheme", "code", "label", "projects", "accepted",
    "agreement", "agreement_low", "agreement_high", "kappa", "kappa_low", "kappa_high",
    "alpha", "alpha_low", "alpha_high", "too_few", "reviewers", "data_version", "codebook_version",
)  # fmt: skip


def agreement_csv(found: Agreed) -> bytes:
    """How far reviewers agree, with a row for the scheme and one for each code."""
    of = found.of
    end = [str(of.is_too_little).lower(), "|".join(of.reviewers), of.version, of.codebook]

    def row(code: str | None, accepted: int | None, estimates: Estimates) -> list[Any]:
        label = None if code is None else found.label(code)
        figures = [value for each in named(estimates).values() for value in (each.value, each.low, each.high)]
        return [of.scheme.value, code, label, of.projects, accepted, *figures, *end]

    codes = (row(each.code, each.accepted, each.estimates) for each in of.codes)
    return table(AGREEMENT_COLUMNS, [row(None, None, of.whole), *codes])

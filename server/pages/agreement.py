"""Agreement: the page of how far reviewers agree on a scheme."""

from typing import Any

from schema.agreement import ENOUGH, RESAMPLES, SEED, Estimate, Estimates
from schema.citation import agreement_address
from schema.model.link import CodingScheme
from server.exporter.agreement import Agreed, named
from server.pages.rendering import rendered
from server.representation import in_format

#: What projects are coded by, for people.
CALLED = {
    CodingScheme.GCM: "objectives of the Global Compact",
    CodingScheme.SDG: "Sustainable Development Goals and targets",
}


def _shown(each: Estimate) -> dict[str, str]:
    value = "" if each.value is None else f"{each.value:.2f}"
    between = "" if each.low is None or each.high is None else f"{each.low:.2f} to {each.high:.2f}"
    return {"value": value, "between": between}


def _line(estimates: Estimates, **more: Any) -> dict[str, Any]:
    return {"estimates": [_shown(each) for each in named(estimates).values()], **more}


def agreement_page(found: Agreed) -> bytes:
    """How far reviewers agree on a scheme, as a table."""
    of = found.of
    codes = [
        _line(
            each.estimates,
            code=each.code.partition("/")[2],
            address=f"{found.base}/{each.code}",
            label=found.label(each.code),
            accepted=each.accepted,
        )
        for each in of.codes
    ]
    return rendered(
        "agreement.html",
        base=found.base,
        called=CALLED[of.scheme],
        agreement=of,
        enough=ENOUGH,
        resamples=RESAMPLES,
        seed=SEED,
        whole=_line(of.whole),
        codes=codes,
        address=found.address,
        formats=[(in_format(found.address, suffix), suffix.upper()) for suffix in ("csv", "json")],
        others=[
            (agreement_address(found.base, each), called)
            for each, called in CALLED.items()
            if each is not of.scheme
        ],
    )

"""Method: how texts propose links, at `/about/method`, and the rules of the lexicon, at `/about/lexicon`."""

import json
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ontology.errors import NotFound
from ontology.formats import FORMATS
from ontology.iri import Iris
from ontology.linking.grounds import Grounded, grounded
from ontology.linking.lexicon import lexicon, lexicon_text
from schema.model import Objective, SdgGoal
from schema.stats import natural
from server.pages.rendering import policy, rendered
from server.representation import HTML, Representation, link, sent
from server.resources import route

#: The measured figures, one set of labelled texts a line; the first is the one that nobody read.
FIGURES = Path(__file__).parent / "pages" / "method.jsonl"

_LEXICON = "/about/lexicon"

_SHORT = {Objective.segment: "objective ", SdgGoal.segment: "SDG "}
_SCHEMES = {"gcm": "Objectives of the Compact", "sdg": "Sustainable Development Goals"}


def method(request: Request) -> Response:
    """The page; its figures were measured with the version of the lexicon that they name."""
    sets = [json.loads(line) for line in FIGURES.read_text(encoding="utf-8").splitlines()]
    rows = [
        {"set": each["set"], "scheme": name, **each[scheme]}
        for each in sets
        for scheme, name in _SCHEMES.items()
    ]
    body = rendered(
        "method.html",
        base=request.app.state.iris.base,
        version=lexicon().version,
        measured=sets[0]["methodVersion"],
        rows=rows,
        quotes=sets[0]["quotes"],
        abstained=sets[0]["gcm"],
    )
    return _sent(body)


def _sent(body: bytes) -> Response:
    headers = {"Content-Security-Policy": policy(), "Cache-Control": "public, max-age=300"}
    return Response(body, 200, headers, f"{HTML.media_type}; charset=utf-8")


def rules(request: Request) -> Response:
    """The page with all rules of the lexicon: what each speaks for, and by which rules of the codebook."""
    iris: Iris = request.app.state.iris
    body = rendered(
        "lexicon.html",
        base=iris.base,
        version=lexicon().version,
        rules=[
            _line(each, iris) for each in sorted(grounded().values(), key=lambda each: natural(each.name))
        ],
    )
    return _sent(body)


def _line(rule: Grounded, iris: Iris) -> dict[str, Any]:
    """A rule as the page shows it; codes and rules of the codebook have a way to where they are told of."""
    return {
        "name": rule.name,
        "label": rule.label,
        "speaks": {
            strength: [(_SHORT[segment] + code, iris.document(segment, code)) for segment, code in targets]
            for strength, several in rule.speaks.items()
            if (targets := [each.split("/") for each in sorted(several, key=natural)])
        },
        "grounds": sorted(rule.grounds, key=natural),
    }


def turtle(request: Request) -> Response:
    """The lexicon as data: its files as they are, which name things from where this service has them.

    The hash in its version is that of all behind the first line.
    """
    iris: Iris = request.app.state.iris
    body = f"@base <{iris.base}/vocabulary/lexicon.ttl> .\n".encode() + lexicon_text()
    links = (link(f"{iris.base}{_LEXICON}", "describedby", type=HTML.media_type),)
    found = Representation(f"{iris.base}{_LEXICON}.ttl", FORMATS["ttl"].media_type, body, links=links)
    return sent(request, found)


def rule(request: Request) -> Response:
    """The IRI of a rule: 303 to where the page has it. Raises NotFound."""
    iris: Iris = request.app.state.iris
    name = request.path_params["name"]
    if name not in grounded():
        raise NotFound(f"the lexicon has no rule {name[:80]!r}", f"All that there are stand at {_LEXICON}.")
    return RedirectResponse(f"{iris.base}{_LEXICON}#{name}", 303)


routes = [
    route("/about/method", method, "method"),
    route(_LEXICON, rules, "lexicon"),
    route(f"{_LEXICON}.ttl", turtle, "lexicon-data"),
    route("/id/lexicon/{name}", rule, "lexical-rule"),
]

"""Method: what answers at `/about/method`: how texts propose links, how well, and what they cannot."""

import json
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from ontology.linking.lexicon import lexicon
from server.pages.rendering import policy, rendered
from server.representation import HTML
from server.resources import route

#: The measured figures, one half of the development set a line.
FIGURES = Path(__file__).parent / "pages" / "method.jsonl"

_SCHEMES = {"gcm": "Objectives of the Compact", "sdg": "Sustainable Development Goals"}


def method(request: Request) -> Response:
    """The page; its figures were measured with the version of the lexicon that they name."""
    halves = [json.loads(line) for line in FIGURES.read_text(encoding="utf-8").splitlines()]
    rows = [
        {"half": half["half"], "scheme": name, **half[scheme]}
        for half in halves
        for scheme, name in _SCHEMES.items()
    ]
    body = rendered(
        "method.html",
        base=request.app.state.iris.base,
        version=lexicon().version,
        measured=halves[0]["methodVersion"],
        rows=rows,
        quotes=halves[-1]["quotes"],
    )
    headers = {"Content-Security-Policy": policy(), "Cache-Control": "public, max-age=300"}
    return Response(body, 200, headers, f"{HTML.media_type}; charset=utf-8")


routes = [route("/about/method", method, "method")]

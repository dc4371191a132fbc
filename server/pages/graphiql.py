"""GraphiQL: the page at the GraphQL endpoint for people with a browser."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response


def graphiql(_request: Request) -> Response:
    """A page that says how to ask."""
    page = (
        '<!doctype html><html lang="en"><title>GraphQL</title><p>Send GraphQL here by GET or POST.</p></html>'
    )
    return HTMLResponse(page, headers={"Vary": "Accept"})

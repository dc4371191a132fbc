"""Desk: pages for people with a token, on which they decide on links and code projects, without a script.

They do what mutations do, by the same functions (`schema.acting`), and read what their person may see.
"""

from sqlalchemy import Engine
from starlette.routing import Route

from ontology.iri import Iris
from server.pages.desk.service import Service
from server.pages.desk.visit import Desk
from server.rate import Rate
from server.settings import Settings


def routes(engine: Engine, iris: Iris, settings: Settings, rate: Rate) -> list[Route]:
    """The routes of the desk. `rate` is what changes are counted by, wherever they are asked for."""
    # Who decides has to read the text, also where it is not published.
    return [*Service(Desk(engine.execution_options(texts=True), iris, settings, rate)).routes()]

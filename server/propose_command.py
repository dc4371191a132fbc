"""Propose command: `compactgraph propose`, for the stored texts of projects or for any text."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console

from ontology.errors import NotFound
from ontology.iri import Iris
from ontology.linking.grounds import grounds
from ontology.linking.lexicon import lexicon
from ontology.linking.scoring import as_prediction
from ontology.linking.topics import topics
from schema.deriving import crosswalk, derive
from schema.model.link import DERIVED
from schema.proposing import propose as propose_for
from schema.reliability import acceptance, decided
from schema.store import writing
from schema.transaction import Outcome
from server.database import open_database
from server.load import first_start
from server.settings import settings
from server.telling import told
from server.textfile import text_of

_plain = Console(stderr=True, highlight=False, soft_wrap=True)


def propose(
    project: Annotated[
        str | None, typer.Option(help="Only this project: its id, Prima ID, former key or IRI.")
    ] = None,
    text: Annotated[
        Path | None, typer.Option(help="Propose for the text of this file, or - for a pipe; store nothing.")
    ] = None,
    derived: Annotated[
        bool, typer.Option("--derived", help="Propose as well what follows from links over the crosswalk.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON to the standard output.")] = False,
) -> None:
    """Propose objectives and SDGs with evidence: for all stored projects, for one, or for a text."""
    if text is not None and (derived or project is not None):
        raise typer.BadParameter("--text goes without --project and --derived")
    with told():
        if text is not None:
            _tell_of_text(text_of(text), as_json=as_json)
        else:
            _tell_of_links(_proposed(project, with_derived=derived), as_json=as_json)


def _tell_of_text(words: str, *, as_json: bool) -> None:
    proposals = topics(words)
    if as_json:
        sys.stdout.buffer.write(orjson.dumps(as_prediction(proposals), option=orjson.OPT_APPEND_NEWLINE))
        return
    for each in proposals:
        sys.stdout.write(f"{each.target}  {each.confidence:.2f}  {', '.join(each.rules)}\n")
        if cited := grounds(each.rules, each.target):
            sys.stdout.write(f"    by {', '.join(cited)}\n")
        for quote in each.quotes:
            sys.stdout.write(f"    {quote.start}-{quote.end}: {' '.join(quote.quote.split())}\n")
    if not proposals:
        _plain.print("Nothing is proposed.")


@dataclass(frozen=True, slots=True)
class _Found:
    """The links that texts propose, and those that follow from links where these were asked for."""

    proposed: list[tuple[str, Outcome]]
    derived: list[tuple[str, Outcome]] | None


def _proposed(project: str | None, *, with_derived: bool) -> _Found:
    """Propose for one stored project or all of them, in one transaction. Raises NotFound."""
    engine = open_database(settings().database_url)
    first_start(engine, sample=settings().sample)
    with writing(engine) as transaction:
        if project is None:
            keys = [each["key"] for each in transaction.records("project")]
        else:
            found = transaction.find(project, ("project",), Iris(settings().base_iri))
            if found is None or found.deleted:
                raise NotFound(f"there is no project {project[:200]!r}", "Check the id.")
            keys = [found.key]
        rates = acceptance(decided(transaction.connection))
        proposed = [each for key in keys for each in propose_for(transaction, key, rates)]
        if not with_derived:
            return _Found(proposed, None)
        ways = crosswalk(transaction.records("mapping"))
        return _Found(proposed, [each for key in keys for each in derive(transaction, key, ways)])


def _links(found: list[tuple[str, Outcome]]) -> dict[str, list[str]]:
    """The keys of links, and of those with a new claim."""
    changed = (key for key, outcome in found if outcome is not Outcome.UNCHANGED)
    return {"links": list(dict.fromkeys(key for key, _ in found)), "changed": list(dict.fromkeys(changed))}


def _tell_of_links(found: _Found, *, as_json: bool) -> None:
    if as_json:
        told_of: dict[str, Any] = {"methodVersion": lexicon().version, **_links(found.proposed)}
        if found.derived is not None:
            told_of["derived"] = {"method": DERIVED, **_links(found.derived)}
        sys.stdout.buffer.write(orjson.dumps(told_of, option=orjson.OPT_APPEND_NEWLINE))
        return
    _plain.print(_counted(found.proposed, f"proposed by lexicon {lexicon().version}"))
    if found.derived is not None:
        _plain.print(_counted(found.derived, "follow from these over the crosswalk"))


def _counted(found: list[tuple[str, Outcome]], what: str) -> str:
    new = sum(outcome is not Outcome.UNCHANGED for _, outcome in found)
    return f"{len({key for key, _ in found})} links {what}; {new} claims are new."

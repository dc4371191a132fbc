"""Inventory: what is published here, as it stands for one request, and one page of it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from starlette.datastructures import State
from starlette.requests import Request
from starlette.routing import Route

from ontology import catalog
from ontology.catalog import Catalogue, Dataset, Distribution, Publishing, Service, View
from ontology.collections import COLLECTIONS
from ontology.errors import InvalidInput, NotFound
from ontology.iri import Iris
from ontology.terms import DCTERMS
from schema.store import reading
from server import facts
from server.facts import Facts
from server.publication import WHOLE, Manifest, Publication, manifest
from server.settings import Settings

#: The most entries that a client may have on a page.
LARGEST_PAGE = 1000

#: The data services, each of which is catalogued where the service has its route.
SERVICES = (
    Service("graphql", "/graphql", "/schema.graphql"),
    Service("feed", "/feed", "/feed"),
)


@dataclass(frozen=True, slots=True)
class Inventory:
    """Everything that is published: the collections with their facts and files, and the services."""

    iris: Iris
    terms: Publishing
    facts: Facts
    publication: Publication | None
    services: tuple[Service, ...]

    def names(self) -> tuple[str, ...]:
        """The names of all datasets: the whole, then each collection."""
        return (WHOLE, *COLLECTIONS)

    def datasets(self) -> list[Dataset]:
        """All datasets, in the order of their names."""
        return [self.dataset(name) for name in self.names()]

    def dataset(self, name: str) -> Dataset:
        """The dataset of a collection, or of the whole. Raises NotFound."""
        if name not in self.facts:
            raise NotFound(f"there is no dataset {name}", f"Use one of {', '.join(self.names())}.")
        found, stated, path = self.facts[name], COLLECTIONS.get(name), f"/dataset/{name}"
        return Dataset(
            name,
            stated.title if stated else catalog.words(path, DCTERMS.title),
            stated.description if stated else catalog.words(path, DCTERMS.description),
            found.version,
            found.issued,
            found.modified,
            found.coverage(),
            found.places,
            self._distributions(name),
        )

    def service(self, name: str) -> Service:
        """A data service by its name. Raises NotFound."""
        for each in self.services:
            if each.name == name:
                return each
        raise NotFound(f"there is no service {name}", "See /catalog for those that there are.")

    def _distributions(self, name: str) -> tuple[Distribution, ...]:
        if self.publication is None:
            # Until there are dumps, the data can be had by asking for it.
            return (Distribution("/graphql", "json", "application/json"),)
        return tuple(
            Distribution(each.path, each.format, each.media_type, each.compression, each.size, each.sha256)
            for each in self.publication.of(name)
        )

    def catalogue(self) -> Catalogue:
        """What holds for all that is catalogued."""
        found = self.facts[WHOLE]
        return Catalogue(self.iris, self.terms, (*self.datasets(),), found.issued, found.modified)


def publishing(chosen: Settings) -> Publishing:
    """Who publishes and under which licence, by the settings."""
    name, _, iri = chosen.publisher.rstrip(">").partition("<")
    return Publishing(name.strip(), chosen.contact_email, chosen.licence, iri or None)


def inventory(request: Request) -> Inventory:
    """What is published now; before the first publication, what the data is as it stands."""
    state = request.app.state
    chosen: Settings = state.settings
    current = manifest(chosen.publication_folder)
    paths = {each.path for each in request.app.routes if isinstance(each, Route)}
    services = tuple(each for each in SERVICES if each.endpoint in paths)
    publication = None if current is None else current.publication
    return Inventory(state.iris, publishing(chosen), _facts(state, current), publication, services)


def _facts(state: State, current: Manifest | None) -> Facts:
    """The facts of the publication, or of the data where there is none; remembered while those stay."""
    folder: Path = state.settings.publication_folder
    if current is not None and (found := facts.kept(folder / current.folder)) is not None:
        return found
    with reading(state.engine) as snapshot:
        # Reading every record for each request would be slow, and the same data has the same facts.
        identity = snapshot.version() if current is None else current.identity
        known: tuple[int | str, Facts] = getattr(state, "known_facts", (-1, {}))
        if known[0] == identity:
            return known[1]
        if current is None:
            found = facts.live(snapshot)
        else:
            place = partial(current.place, folder)
            tally_of = partial(facts.tally_of_files, current.publication, place)
            found = facts.worked_out(snapshot, current.publication, tally_of, None)
    state.known_facts = (identity, found)
    return found


@dataclass(frozen=True, slots=True)
class Window:
    """Which page is asked for: its number, its size if said, and since when its datasets changed."""

    number: int
    size: int | None
    since: str | None

    def query(self, number: int) -> str:
        """The query of the address of a page; the first page of all has none."""
        stated = {"page": number if number > 1 else None, "size": self.size, "modified_since": self.since}
        told = urlencode({name: value for name, value in stated.items() if value is not None})
        return f"?{told}" if told else ""


def _number(request: Request, name: str, most: int) -> int | None:
    if (value := request.query_params.get(name)) is None:
        return None
    if not (value.isascii() and value.isdigit() and 1 <= int(value[:10]) <= most):
        raise InvalidInput(f"{name}: {value[:40]!r} is no number from 1 to {most}", f"Write {name}=1.")
    return int(value)


def _moment(value: str) -> datetime:
    """A date or time as a moment, in UTC where it names no zone."""
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        raise InvalidInput(
            f"modified_since: {value[:40]!r} is no date or time",
            "Write modified_since=2026-11-23 or modified_since=2026-11-23T08:00:00Z.",
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def window(request: Request) -> Window:
    """The page that a request asks for. Raises InvalidInput."""
    since = request.query_params.get("modified_since")
    if since is not None:
        # The plus sign of a zone, when it is not encoded, arrives as a space.
        since = _moment(since.replace(" ", "+")).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Window(_number(request, "page", 10**9) or 1, _number(request, "size", LARGEST_PAGE), since)


@dataclass(frozen=True, slots=True)
class Page:
    """The entries of one page, and where it stands among all."""

    entries: tuple[Dataset | Service, ...]
    asked: Window
    last: int
    total: int

    def query(self) -> str:
        """The query of its address."""
        return self.asked.query(self.asked.number)

    def view(self, url: str) -> View:
        """Its address in one format, with those around it."""
        number, query = self.asked.number, self.asked.query
        return View(
            url + query(number),
            url + query(1),
            url + query(self.last),
            url + query(number - 1) if number > 1 else None,
            url + query(number + 1) if number < self.last else None,
            self.total,
        )


def cut(found: Inventory, asked: Window, usual: int) -> Page:
    """One page; each dataset and service is on exactly one. Raises NotFound behind the last.

    Those that changed since a moment are datasets only: services have no time of their own.
    """
    entries: list[Dataset | Service] = [*found.datasets()]
    if asked.since is None:
        entries += found.services
    else:
        since = _moment(asked.since)
        entries = [each for each in found.datasets() if _moment(each.modified) >= since]
    size = asked.size or usual
    last = max(-(-len(entries) // size), 1)
    if asked.number > last:
        raise NotFound(f"the catalogue has no page {asked.number}", f"The last page is {last}.")
    start = (asked.number - 1) * size
    return Page(tuple(entries[start : start + size]), asked, last, len(entries))

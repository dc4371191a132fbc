"""Publish command: `compactgraph publish`, and what other commands do to publish."""

from rich.console import Console
from sqlalchemy import Engine

from ontology.iri import Iris
from server.database import open_database
from server.load import first_start
from server.publication import Publication
from server.publishing import publish as publish_now
from server.settings import settings
from server.telling import told

_plain = Console(stderr=True, highlight=False, soft_wrap=True)


def publish() -> None:
    """Make the dumps of the data as they stand now, which the catalogue describes."""
    with told():
        engine = open_database(settings().database_url)
        first_start(engine, sample=settings().sample)
        publication, is_new = published(engine)
    tell_of(publication, "Published" if is_new else "Published already:")


def published(engine: Engine) -> tuple[Publication, bool]:
    """What is published once the dumps are those of the data that stand, and whether it was made now."""
    with _plain.status("Publishing"):
        public = engine.execution_options(texts=settings().publish_texts)
        return publish_now(public, settings().publication_folder, Iris(settings().base_iri))


def tell_of(publication: Publication, stands: str = "Published") -> None:
    """Tell what is published, and where."""
    size = sum(each.size for each in publication.files) / 1e6
    what = f"data version {publication.version}, {len(publication.files)} files, {size:.1f} MB"
    _plain.print(f"{stands} {what}, in {settings().publication_folder}", markup=False)

"""Settings: what the environment may say, with defaults; all of them are listed in the README."""

import re
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from platformdirs import user_data_path
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from ontology.authorities import LICENCES
from ontology.errors import WrongEnvironment
from ontology.iri import is_absolute_iri

#: What the catalogue says until somebody sets it: plainly no publisher, no mailbox, and provisional data.
PLACEHOLDERS = {
    "publisher": "Publisher not named yet",
    "contact_email": "not-set@example.org",
    "licence": f"{LICENCES}OP_DATPRO",
}


def _default_database() -> str:
    return f"sqlite:///{user_data_path('compactgraph') / 'compactgraph.db'}"


def _beside_database(settings: dict[str, Any]) -> Path:
    """The folder of the dumps of a database: beside its file, or named after the server and its database."""
    try:
        url = make_url(settings.get("database_url", ""))
    except ArgumentError:
        # Whoever opens the database says so, with the name of the setting that is wrong.
        return user_data_path("compactgraph") / "publication"
    if url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:"):
        return Path(f"{url.database}.publication")
    name = "-".join(str(each) for each in (url.host, url.port, url.database) if each)
    return user_data_path("compactgraph") / f"{re.sub(r'[^A-Za-z0-9.-]', '_', name)}.publication"


class Settings(BaseSettings):
    """The settings of one process, read from `COMPACTGRAPH_...` when it starts."""

    model_config = SettingsConfigDict(env_prefix="COMPACTGRAPH_", frozen=True)

    database_url: str = Field(
        default_factory=_default_database,
        description="Where the data is: `sqlite:///FILE` or `postgresql+psycopg://...`.",
    )
    base_iri: str = Field(
        default="http://127.0.0.1:8000",
        description="The public address that every IRI begins with; never taken from a request.",
    )
    publication_folder: Path = Field(
        default_factory=_beside_database,
        description="Where the published dumps are; machines that serve one database may share it.",
    )
    publisher: str = Field(
        default=PLACEHOLDERS["publisher"],
        description="Who publishes, as the catalogue says it: a name, or `Name <IRI>` for one with an IRI.",
    )
    contact_email: str = Field(
        default=PLACEHOLDERS["contact_email"],
        pattern=r"^[^@\s<>\"{}|\\^`]+@[^@\s<>\"{}|\\^`]+$",
        description="Where questions about the data go, as the catalogue says it.",
    )
    licence: str = Field(
        default=PLACEHOLDERS["licence"],
        description="The licence of the data: a code of the EU's list such as `CC_BY_4_0`, or its IRI.",
    )
    publish_texts: bool = Field(
        default=True,
        description="`0` leaves imported texts (stored texts, descriptions) out of all public output; "
        "short quotations stay.",
    )
    catalogue_page_size: int = Field(
        default=100,
        ge=1,
        le=1000,
        description="How many datasets and services stand on a page of `/catalog`.",
    )
    sample: bool = Field(default=True, description="`0` starts without the sample projects.")
    graphiql: bool = Field(default=True, description="`0` takes the GraphQL page for browsers away.")
    introspection: bool = Field(default=True, description="`0` refuses introspection queries.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="From which level on logs are written; `warning` leaves requests out."
    )
    drain_seconds: int = Field(
        default=30, ge=0, description="How long requests may still run after SIGTERM, in seconds."
    )
    lock_seconds: float = Field(
        default=30, ge=0, description="How long a writer waits for another one to finish."
    )
    max_file_mb: float = Field(
        default=4096, gt=0, description="How large a file of an import may be, unpacked, in MB."
    )
    max_page_mb: float = Field(
        default=16, gt=0, description="How large a project page may be, as text or HTML, unpacked, in MB."
    )
    max_line_mb: float = Field(default=16, gt=0, description="How long one line of a file may be, in MB.")
    max_text_length: int = Field(
        default=1_000_000, gt=0, description="How long one text of a record may be, in characters."
    )
    import_processes: int = Field(
        default=2,
        ge=1,
        le=2,
        description="How many processes import a large file of exchange records: 2 need two cores.",
    )
    max_body_kb: float = Field(
        default=100, gt=0, description="How long a GraphQL request may be, in kB (1,000 bytes)."
    )
    max_tokens: int = Field(default=2000, gt=0, description="How many tokens a GraphQL document may have.")
    max_depth: int = Field(
        default=15, gt=0, description="How deeply the fields of an operation may be nested."
    )
    max_aliases: int = Field(
        default=50,
        ge=0,
        description="How many aliases an operation may have, those of fragments at each use.",
    )
    max_directives: int = Field(
        default=50, ge=0, description="How many directives an operation may have, counted alike."
    )
    max_root_fields: int = Field(
        default=20, gt=0, description="How many fields an operation may have at its root."
    )
    # The descriptions in the schema promise pages of 20 when nothing is said and of 100 at most.
    max_page_size: int = Field(
        default=100, ge=20, le=100, description="How many entries one page may have (20 to 100)."
    )
    max_list_length: int = Field(
        default=250, gt=0, le=250, description="How many entries a list in an argument may have (1 to 250)."
    )
    max_cost: int = Field(
        default=50_000, gt=0, description="How many values the answer to an operation may come to."
    )
    deadline_seconds: float = Field(
        default=5, gt=0, description="How long an operation may take; then its statement is cancelled."
    )
    mutations_per_minute: int = Field(
        default=120,
        gt=0,
        description="How many changes one token may ask for in a minute, and at once; "
        "each process counts by itself.",
    )
    threads: int = Field(
        default=16, gt=0, description="How many GraphQL operations one process works on at once."
    )
    test_pages: Path = Field(
        default=Path("../shared/pages"), description="The folder of real project pages, for the tests only."
    )

    test_shapes: Path = Field(
        default=Path("../shared/dcat-ap"),
        description="The folder of the DCAT-AP 3.0.1 shapes, for the tests only.",
    )

    @field_validator("publisher")
    @classmethod
    def _named_publisher(cls, value: str) -> str:
        found = re.fullmatch(r"[^<>]*[^<>\s][^<>]*(?:<([^<>]+)>)?", value.strip())
        if found is None or (found[1] and not is_absolute_iri(found[1])):
            raise ValueError("must be a name, or a name and an IRI as in `Name <https://example.org/>`")
        return value.strip()

    @field_validator("licence")
    @classmethod
    def _listed_licence(cls, value: str) -> str:
        code = value.replace("https://", "http://", 1).removeprefix(LICENCES)
        if not re.fullmatch(r"[A-Z][A-Z0-9_]*", code):
            raise ValueError(
                f"must be a code of the EU's list of licences, such as CC_BY_4_0, or {LICENCES}..."
            )
        return LICENCES + code

    @field_validator("base_iri")
    @classmethod
    def _plain_base(cls, value: str) -> str:
        if not is_absolute_iri(value) or urlsplit(value).query or urlsplit(value).fragment:
            raise ValueError("must be an http(s) address without query and fragment")
        return value.rstrip("/")


def placeholders(chosen: Settings) -> list[str]:
    """The variables that are still at a placeholder, which the catalogue hands on to portals."""
    return [
        f"COMPACTGRAPH_{name.upper()}"
        for name, value in PLACEHOLDERS.items()
        if getattr(chosen, name) == value
    ]


@cache
def settings() -> Settings:
    """The settings of this process. Raises WrongEnvironment for one that cannot be read."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = f"COMPACTGRAPH_{'_'.join(map(str, first['loc'])).upper()}"
        raise WrongEnvironment(
            f"{name}: {first['msg']}", f"Set {name} to another value, or leave it out."
        ) from None


def is_loopback(host: str) -> bool:
    """Whether a host name or address only reaches this machine."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def check_public(host: str, base_iri: str) -> None:
    """Raises WrongEnvironment when a server for others would hand out IRIs that only work here."""
    if not is_loopback(host) and is_loopback(urlsplit(base_iri).hostname or ""):
        raise WrongEnvironment(
            f"serving on {host}, but every IRI would begin with {base_iri}, which only works on this machine",
            "Set COMPACTGRAPH_BASE_IRI to the public address of this service.",
        )

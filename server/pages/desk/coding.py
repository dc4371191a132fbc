"""Coding: the page of a whole project by one scheme, with all its codes, and what a person says of each."""

from dataclasses import dataclass, field
from typing import Any

from starlette.responses import Response

from ontology.errors import BadArgument, CompactgraphError, NotFound
from schema.blind import SEGMENTS, veil
from schema.codebook import codebook_version
from schema.model import CodebookEntry
from schema.model.link import CodingScheme, LinkStatus
from schema.reviewing import Stands, links_of
from schema.snapshot import Snapshot
from schema.text import chosen
from schema.token import Person, Scope
from server.pages.desk.form import Wrong
from server.pages.desk.names import Named, named, natural
from server.pages.desk.visit import Visit
from server.pages.values import direction

CALLED = {
    CodingScheme.GCM: "Objectives of the Global Compact",
    CodingScheme.SDG: "Sustainable Development Goals",
}


@dataclass(frozen=True, slots=True)
class Code:
    """A code of a scheme, how its link to the project stands where there is one, and the codes below it.

    `has_rules` says whether the codebook has an entry of its own for it.
    """

    name: Named
    stands: Stands | None
    has_rules: bool
    below: list["Code"] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether the codes below it are shown: those with a link or with rules of their own are."""
        return any(each.stands is not None or each.has_rules for each in self.below)

    @property
    def linked_below(self) -> int:
        """How many of the codes below it have a link."""
        return sum(each.stands is not None for each in self.below)


@dataclass(frozen=True, slots=True)
class Text:
    """A stored text of a project."""

    words: str
    language: str
    url: str
    kind: str
    key: str

    @property
    def direction(self) -> str:
        """How it is written."""
        return direction(self.language)


def scheme_of(visit: Visit) -> CodingScheme:
    """The scheme that the address names. Raises NotFound."""
    try:
        return CodingScheme(visit.request.path_params["scheme"])
    except ValueError:
        raise NotFound("projects are coded by gcm or sdg", "Choose one of them.") from None


def project_of(visit: Visit, snapshot: Snapshot) -> str:
    """The key of the project that the address names. Raises NotFound."""
    asked = visit.request.path_params["key"]
    found = snapshot.standing("project", asked)
    if found is None or found.deleted:
        raise NotFound(f"there is no project {asked[:200]}", "Go to the list of projects.")
    return found.key


def texts_of(snapshot: Snapshot, project: str) -> list[Text]:
    """The stored texts of a project, in the order of its sources."""
    keys = (snapshot.record("project", project) or {}).get("sources", [])
    found = {each["key"]: each for each in snapshot.several("source", keys)}
    return [
        Text(each["text"], each.get("language", ""), each.get("url", ""), each["kind"], each["key"])
        for each in (found[key] for key in keys if key in found)
    ]


def is_blind(snapshot: Snapshot, person: Person, project: str, scheme: CodingScheme) -> bool:
    """Whether the person codes the project blind."""
    return (project, scheme) in veil(snapshot.connection, person.name).codings


def codes_of(snapshot: Snapshot, scheme: CodingScheme, links: dict[str, Stands]) -> list[Code]:
    """All codes of a scheme; targets stand below their goals."""
    segment = SEGMENTS[scheme]
    keys = sorted((each["key"] for each in snapshot.records(segment)), key=natural)
    names = named(snapshot, [f"{segment}/{each}" for each in keys])
    ruled = {each["subject"] for each in snapshot.records(CodebookEntry.segment)}
    codes: dict[str, Code] = {}
    for key in keys:
        name = names[f"{segment}/{key}"]
        code = Code(name, links.get(name.identifier), name.identifier in ruled)
        goal = key.partition(".")[0]
        if goal == key:
            codes[key] = code
        else:
            codes[goal].below.append(code)
    return list(codes.values())


def _codings(snapshot: Snapshot, project: str, scheme: CodingScheme) -> list[dict[str, Any]]:
    return [each for each in snapshot.codings_of(project) if each["codingScheme"] == scheme.value]


def lead(visit: Visit, _error: CompactgraphError | None = None) -> Response:
    """The way from a project to its coding by the first scheme. Raises NotFound."""
    with visit.reading() as (snapshot, _):
        key = project_of(visit, snapshot)
    return visit.leads_to(visit.desk.path("project", key, CodingScheme.GCM.value))


def show(visit: Visit, error: CompactgraphError | None = None) -> Response:
    """The page of the project by the scheme."""
    scheme = scheme_of(visit)
    with visit.reading() as (snapshot, person):
        project = project_of(visit, snapshot)
        links = links_of(snapshot, project, person.name)
        codes = codes_of(snapshot, scheme, links)
        codings = _codings(snapshot, project, scheme)
        record = snapshot.record("project", project) or {}
        title = named(snapshot, [f"project/{project}"])[f"project/{project}"]
        values = {
            "codes": codes,
            "codings": codings,
            "texts": texts_of(snapshot, project),
            "blind": is_blind(snapshot, person, project, scheme),
            "version": codebook_version(snapshot.connection) or "",
            "description": chosen(record.get("description"), None),
        }
    every = [each for code in codes for each in (code, *code.below)]
    linked = [each for each in every if each.stands is not None]
    own = [each for each in codings if each["reviewer"] == person.name]
    return visit.page(
        "project",
        status=error.status if error else 200,
        person=person,
        may_review=Scope.REVIEW in person.scopes,
        wrong=Wrong.of(error, {"codebookVersion": "codebook-version"}) if error else None,
        typed=visit.form,
        project=title,
        key=project,
        scheme=scheme.value,
        segment=SEGMENTS[scheme],
        schemes={each.value: called for each, called in CALLED.items()},
        called=CALLED[scheme],
        own=own,
        is_done=any(_is_done(each, values["version"]) for each in own),
        linked=linked,
        undecided=_undecided(linked),
        note=visit.asked.get("note", ""),
        accepted=LinkStatus.ACCEPTED.value,
        **values,
    )


def _undecided(linked: list[Code]) -> list[Code]:
    return [each for each in linked if each.stands is not None and each.stands.own is None]


def _is_done(coding: dict[str, Any], version: object) -> bool:
    return "completedAt" in coding and coding["codebookVersion"] == version


_ACTIONS = {"start": "startBlindCoding", "complete": "completeCoding"}


def act(visit: Visit) -> Response:
    """Begin a blind coding, or complete a coding. Raises what the mutations raise."""
    scheme, action = scheme_of(visit), visit.form.get("action", "")
    if action not in _ACTIONS:
        raise BadArgument(f"{action[:40]!r} is nothing to do here", "Choose a button of the page.")
    key = visit.request.path_params["key"]
    coded = {
        "project": f"project/{key}",
        "scheme": scheme,
        "codebookVersion": visit.form.get("version", "").strip(),
    }
    visit.change((_ACTIONS[action], lambda _: coded))
    return visit.leads_to(visit.desk.path("project", key, scheme.value, note=action))

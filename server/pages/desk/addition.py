"""Addition: the page on which a person claims that a project serves a code, and may decide on it at once."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from ontology.errors import BadArgument, CompactgraphError
from schema.acting import Acting
from schema.blind import SEGMENTS, own_version
from schema.keys import link_key
from schema.model.link import Decision
from schema.token import Scope
from server.pages.desk import rules
from server.pages.desk.coding import CALLED, Text, is_blind, project_of, scheme_of, texts_of
from server.pages.desk.form import Wrong
from server.pages.desk.names import named
from server.pages.desk.visit import Visit

#: The fields of the form that stand for those of mutations.
_FIELDS = {
    "quote": "quote", "prefix": "prefix", "suffix": "suffix", "source": "source", "reason": "reason",
    "codebookRule": "rule", "target": "target",
}  # fmt: skip


def _target(visit: Visit) -> str:
    return visit.form.get("target") or visit.asked.get("target", "")


def show(visit: Visit, error: CompactgraphError | None = None) -> Response:
    """The page to add a claim."""
    scheme, target = scheme_of(visit), _target(visit)
    segment = SEGMENTS[scheme]
    with visit.reading() as (snapshot, person):
        project = project_of(visit, snapshot)
        codes = named(snapshot, [f"{segment}/{each['key']}" for each in snapshot.records(segment)])
        title = named(snapshot, [f"project/{project}"])[f"project/{project}"]
        values: dict[str, Any] = {
            "texts": texts_of(snapshot, project),
            "blind": is_blind(snapshot, person, project, scheme),
            "entry": rules.entry(snapshot, target, visit.language) if target in codes else None,
        }
    return visit.page(
        "addition",
        status=error.status if error else 200,
        person=person,
        may_review=Scope.REVIEW in person.scopes,
        may_propose=Scope.PROPOSE in person.scopes,
        wrong=Wrong.of(_by_number(error, values["texts"]), _FIELDS) if error else None,
        typed=visit.form,
        project=title,
        key=project,
        scheme=scheme.value,
        called=CALLED[scheme],
        target=codes.get(target),
        **values,
    )


def _by_number(error: CompactgraphError, texts: list[Text]) -> CompactgraphError:
    """The error with texts called by their numbers on the page instead of their keys."""
    message, suggestion = error.message, error.suggestion
    for number, text in enumerate(texts, start=1):
        message = message.replace(f"source/{text.key}", f"text {number}")
        suggestion = suggestion.replace(f"source/{text.key}", f"text {number}")
    return CompactgraphError(message, suggestion, field=error.field)


def act(visit: Visit) -> Response:
    """Add the claim, and accept the link where that is asked for. Raises what the mutations raise."""
    scheme, target = scheme_of(visit), _target(visit)
    if not target.startswith(f"{SEGMENTS[scheme]}/"):
        raise BadArgument("no code is chosen", "Choose it in the list of the project.", field="target")
    key = visit.request.path_params["key"]
    claim: dict[str, Any] = {"project": f"project/{key}", "target": target}
    for name in ("quote", "prefix", "suffix", "source", "reason"):
        claim[name] = visit.form.get(name) or None
    is_accepted = visit.form.get("accept") == "yes"
    decided = [("reviewLink", lambda acting: _decided(acting, visit, key, target))] if is_accepted else []
    visit.change(("assertLink", lambda _: claim), *decided)
    return visit.leads_to(visit.desk.path("project", key, scheme.value, note="added"))


def _decided(acting: Acting, visit: Visit, asked: str, target: str) -> Mapping[str, Any]:
    """The decision to accept the link as the claim has left it."""
    _, project = acting.key(f"project/{asked}", ("project",), "project")
    key = link_key(project, target)
    record = acting.transaction.record("link", key) or {}
    name = acting.person.name
    covered = acting.veil().covers(project, target)
    return {
        "link": f"link/{key}",
        "decision": Decision.ACCEPT,
        "version": own_version(record, name) if covered else record["version"],
        "codebookRule": visit.form.get("rule") or None,
        "reason": visit.form.get("reason") or None,
    }

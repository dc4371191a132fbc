"""Link: the page about one link, with why it is claimed and what others say, on which a person decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from ontology.declaration import ExchangeRecord
from ontology.errors import BadArgument, CompactgraphError, Conflict, NotFound
from schema.blind import SEGMENTS, veil
from schema.model.link import Decision
from schema.queue import Wanted, following, remaining
from schema.reviewing import Since, own_decision, seen, since
from schema.snapshot import Snapshot
from schema.token import Person, Scope
from server.pages.desk import queue, rules
from server.pages.desk.done import done
from server.pages.desk.form import Wrong
from server.pages.desk.names import Named, named
from server.pages.desk.passages import passages
from server.pages.desk.visit import Visit

#: The fields of the form that stand for those of mutations.
_FIELDS = {"decision": "accept", "codebookRule": "rule", "reason": "reason"}

_CHANGED = Conflict(
    "this link has changed since you opened it",
    "Read what has changed, then decide on what the link says now.",
)


@dataclass(frozen=True, slots=True)
class _Told:
    """A link as the page shows it."""

    key: str
    record: ExchangeRecord
    project: Named
    target: Named
    is_blind: bool


def _found(visit: Visit, snapshot: Snapshot, person: Person) -> _Told:
    """The link that the address names. Raises NotFound, also for one that is covered."""
    key = visit.request.path_params["key"]
    record = seen(snapshot, key)
    if record is None:
        raise NotFound(f"there is no link {key[:200]} that you can see", "Go back to the queue.")
    project, target = record["project"], record["target"]
    names = named(snapshot, [f"project/{project}", target])
    covered = veil(snapshot.connection, person.name).covers(project, target)
    return _Told(key, record, names[f"project/{project}"], names[target], covered)


def _changed(visit: Visit, snapshot: Snapshot, told: _Told, person: Person) -> Since | None:
    """What others changed since the version that a form was about."""
    version = visit.form.get("version", "")
    if not version.isdecimal():
        return None
    return since(snapshot, told.key, int(version[:18]), person.name if told.is_blind else None)


def _typed(visit: Visit, own: dict[str, Any] | None) -> Mapping[str, str]:
    """What stands in the form: what was written, else the decision that the person has made already."""
    if "decision" in visit.form or "reason" in visit.form:
        return visit.form
    if own is None:
        return {}
    return {
        "decision": own["decision"],
        "rule": own.get("codebookRule", ""),
        "reason": own.get("reason", ""),
    }


def show(visit: Visit, error: CompactgraphError | None = None) -> Response:
    """The page of the link."""
    with visit.reading() as (snapshot, person):
        told = _found(visit, snapshot, person)
        asked = queue.open_part(queue.settled(visit, snapshot, person.name))
        own = own_decision(told.record, person.name)
        claims = told.record.get("claims", [])
        texts, numbers = passages(snapshot, claims)
        values = {
            "told": told,
            "own": own,
            "claims": list(zip(claims, numbers, strict=True)),
            "reviews": [each for each in told.record.get("reviews", []) if each["reviewer"] != person.name],
            "texts": texts,
            "cited": rules.cited(claims, told.record["target"]),
            "entry": rules.entry(snapshot, told.record["target"], visit.language),
            "following": following(snapshot.connection, asked, told.key),
            "left": remaining(snapshot.connection, asked),
            "done": done(visit, snapshot, person),
            "since": _changed(visit, snapshot, told, person) if isinstance(error, Conflict) else None,
        }
    return visit.page(
        "link",
        status=error.status if error else 200,
        person=person,
        may_review=Scope.REVIEW in person.scopes,
        wrong=Wrong.of(_CHANGED if isinstance(error, Conflict) else error, _FIELDS) if error else None,
        typed=_typed(visit, own),
        scheme=_scheme(told.record["target"]),
        kept=queue.kept(visit.asked),
        note=visit.asked.get("note", ""),
        **values,
    )


def _scheme(target: str) -> str:
    """The scheme by which the target's project is coded whole, empty for what is no code."""
    segment = target.partition("/")[0]
    return next((scheme.value for scheme, of in SEGMENTS.items() if of == segment), "")


def _version(visit: Visit) -> int:
    text = visit.form.get("version", "")
    if not text.isdecimal() or len(text) > 9:
        raise BadArgument("the form says no version of the link", "Load the page again.")
    return int(text)


def _decision(visit: Visit) -> Decision:
    try:
        return Decision(visit.form.get("decision", ""))
    except ValueError:
        raise BadArgument("nothing is decided yet", "Choose accept or reject.", field="decision") from None


def act(visit: Visit) -> Response:
    """Decide, or take back a decision, and go on. Raises what the mutations raise."""
    key, action = visit.request.path_params["key"], visit.form.get("action", "")
    kept = queue.kept(visit.asked)
    if action == "undo":
        undone = {"link": f"link/{key}", "version": _version(visit)}
        visit.change(("undoReview", lambda _: undone))
        return visit.leads_to(visit.desk.path("link", key, **kept, note="undone"))
    if action != "decide":
        raise BadArgument(f"{action[:40]!r} is nothing to do here", "Choose a button of the page.")
    decided = {
        "link": f"link/{key}",
        "decision": _decision(visit),
        "version": _version(visit),
        "codebookRule": visit.form.get("rule") or None,
        "reason": visit.form.get("reason") or None,
    }
    visit.change(("reviewLink", lambda _: decided))
    return visit.leads_to(_next(visit, key, kept))


def _next(visit: Visit, key: str, kept: dict[str, str]) -> str:
    """Where the person goes from a decision: to the next link of the queue, else to the empty queue."""
    with visit.reading() as (snapshot, person):
        asked: Wanted = queue.open_part(queue.settled(visit, snapshot, person.name))
        behind = following(snapshot.connection, asked, key)
    if behind is None:
        return visit.desk.path(**kept, done=key)
    return visit.desk.path("link", behind, **kept, done=key)

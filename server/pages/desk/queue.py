"""Queue: the page with the links that wait for a decision, narrowed by a form in the address."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from starlette.responses import Response

from ontology.errors import BadArgument, CompactgraphError
from schema.acting import TARGETS
from schema.blind import veil
from schema.exchange import is_key
from schema.queue import Mine, Order, Standing, Wanted, first_quotes, remaining, targets, waiting
from schema.snapshot import Snapshot
from schema.text import LANGUAGES
from server.pages.desk.done import done
from server.pages.desk.form import Form, Wrong
from server.pages.desk.names import Named, named, natural
from server.pages.desk.visit import Visit
from server.pages.values import direction

_SIZE = 25

#: The fields of the form, which stay in the address of each link of the queue.
FIELDS = ("project", "target", "standing", "mine", "language", "least", "most", "order")

_STANDINGS = {
    Standing.PROPOSED: "proposed",
    Standing.DERIVED: "derived over the crosswalk",
    Standing.DISPUTED: "proposed, and reviewers disagree",
    Standing.ACCEPTED: "accepted",
    Standing.REJECTED: "rejected",
    Standing.ANY: "any",
}
_MINE = {Mine.OPEN: "not by me yet", Mine.DECIDED: "by me", Mine.ANY: "by anybody or nobody"}
_ORDERS = {
    Order.PROJECT: "project",
    Order.SUREST: "confidence, highest first",
    Order.UNSUREST: "confidence, lowest first",
}
_LANGUAGES = {
    "en": "English", "fr": "French", "es": "Spanish", "ar": "Arabic", "zh": "Chinese", "ru": "Russian",
}  # fmt: skip
_CLASSES = {
    "objective": "Objectives of the Compact",
    "sdg": "SDGs and their targets",
    "network": "UN networks on migration",
    "instrument": "National instruments",
}

_Choice = TypeVar("_Choice", bound=StrEnum)


def kept(asked: Form) -> dict[str, str]:
    """What of an address narrows and orders the queue, to be carried along."""
    return {each: asked[each] for each in FIELDS if asked.get(each)}


def _one_of(asked: Form, field: str, usual: _Choice) -> _Choice:
    value = asked.get(field, "")
    try:
        return type(usual)(value) if value else usual
    except ValueError:
        several = ", ".join(type(usual))
        raise BadArgument(
            f"{value[:80]!r} is none of {several}", "Choose one of them.", field=field
        ) from None


def _share(asked: Form, field: str) -> float | None:
    text = asked.get(field, "").strip().replace(",", ".")
    if not text:
        return None
    try:
        found = float(text)
    except ValueError:
        found = -1
    if not 0 <= found <= 1:
        raise BadArgument(f"{text[:80]!r} is no number from 0 to 1", "Write it as 0.75.", field=field)
    return found


def _target(asked: Form) -> str | None:
    text = asked.get("target", "")
    segment, _, key = text.partition("/")
    if not text or (segment in TARGETS and (not key or is_key(segment, key))):
        return text or None
    raise BadArgument(f"{text[:80]!r} is nothing that links lead to", "Choose from the list.", field="target")


def _language(asked: Form) -> str | None:
    text = asked.get("language", "")
    if text and text not in LANGUAGES:
        raise BadArgument(f"{text[:80]!r} is no language here", "Choose from the list.", field="language")
    return text or None


def wanted(visit: Visit, snapshot: Snapshot, person: str) -> Wanted:
    """The links that an address asks for. Raises BadArgument, with the field that is wrong."""
    asked = visit.asked
    project = asked.get("project", "").strip()
    if project:
        found = snapshot.find(project, ("project",), visit.desk.iris)
        if found is None or found.deleted:
            raise BadArgument(
                f"there is no project {project[:80]!r}",
                "Write a Project ID such as PN.0008.",
                field="project",
            )
        project = found.key
    least, most = _share(asked, "least"), _share(asked, "most")
    if least is not None and most is not None and least > most:
        raise BadArgument("the highest confidence is below the lowest", "Exchange them.", field="most")
    return Wanted(
        person,
        project or None,
        _target(asked),
        _one_of(asked, "standing", Standing.PROPOSED),
        _one_of(asked, "mine", Mine.OPEN),
        _language(asked),
        least,
        most,
        _one_of(asked, "order", Order.PROJECT),
    )


def settled(visit: Visit, snapshot: Snapshot, person: str) -> Wanted:
    """The same, or the usual queue where the address asks for what there is not."""
    try:
        return wanted(visit, snapshot, person)
    except BadArgument:
        return Wanted(person)


def open_part(asked: Wanted) -> Wanted:
    """What of a queue the person has not decided on, which is what comes next whatever else is shown."""
    return replace(asked, mine=Mine.OPEN)


@dataclass(frozen=True, slots=True)
class _Item:
    key: str
    project: Named
    target: Named
    status: str
    confidence: str
    quote: str
    language: str

    @property
    def direction(self) -> str:
        """How the quote is written."""
        return direction(self.language)


def share(confidence: float | None) -> str:
    """A confidence as it is shown, empty for none."""
    return "" if confidence is None else f"{confidence:.2f}"


def _items(snapshot: Snapshot, asked: Wanted, after: str | None) -> tuple[list[_Item], str]:
    """A page of the queue, and the link behind which the next page begins, empty for the last."""
    found = waiting(snapshot.connection, asked, after, _SIZE + 1)
    page = found[:_SIZE]
    things = [each for one in page for each in (f"project/{one.project}", one.target)]
    names = named(snapshot, things)
    quotes = first_quotes(snapshot.connection, [each.key for each in page])
    items = [
        _Item(
            each.key,
            names[f"project/{each.project}"],
            names[each.target],
            each.status,
            share(each.confidence),
            *quotes.get(each.key, ("", "")),
        )
        for each in page
    ]
    return items, page[-1].key if len(found) > _SIZE else ""


def _grouped(snapshot: Snapshot) -> list[tuple[str, str, list[Named]]]:
    """What links lead to, by class, in the order of their codes."""
    found = targets(snapshot.connection)
    names = named(snapshot, found)
    return [
        (
            f"{segment}/",
            called,
            sorted(
                (names[each] for each in found if each.startswith(f"{segment}/")),
                key=lambda name: natural(name.identifier.partition("/")[2]),
            ),
        )
        for segment, called in _CLASSES.items()
    ]


def show(visit: Visit, error: CompactgraphError | None = None) -> Response:
    """The page of the queue."""
    wrong = Wrong.of(error, {}) if error else None
    with visit.reading() as (snapshot, person):
        asked = Wanted(person.name)
        try:
            asked = wanted(visit, snapshot, person.name)
        except BadArgument as mistake:
            wrong = Wrong.of(mistake, {each: each for each in FIELDS})
        after = visit.asked.get("after") if wrong is None else None
        good = after if after and is_key("link", after) else None
        items, further = ([], "") if wrong else _items(snapshot, asked, good)
        left = remaining(snapshot.connection, open_part(asked))
        in_all = remaining(snapshot.connection, asked)
        groups = _grouped(snapshot)
        blind = sorted(veil(snapshot.connection, person.name).codings)
        before = done(visit, snapshot, person)
        first = waiting(snapshot.connection, open_part(asked), None, 1)
    return visit.page(
        "queue",
        status=wrong.error.status if wrong else 200,
        person=person,
        wrong=wrong,
        typed=visit.asked,
        items=items,
        left=left,
        in_all=in_all,
        is_first=good is None,
        further=further,
        kept=kept(visit.asked),
        groups=groups,
        choices={"standing": _STANDINGS, "mine": _MINE, "order": _ORDERS, "language": _LANGUAGES},
        blind=blind,
        done=before,
        coded=asked.project,
        first=first[0].key if first else "",
    )

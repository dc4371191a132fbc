"""Lookup: things found by ids, former keys, other identifiers and IRIs, however many at once."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import or_, select

from schema.exchange import SEGMENTS, is_key, noun_of, nouns_of
from schema.log import resource
from schema.plan.level import Nodes
from schema.plan.read import Fetch, Statements
from schema.plan.reference import Answer
from schema.record import NOUNS, Noun

_STATEMENTS = Statements()


def identifier(fetch: Fetch, text: str, segments: Sequence[str]) -> str | None:
    """What a client may mean by a text as an identifier of one of the classes, whether it is there or not.

    With one class the last part of an id is enough.
    """
    if "://" in text:
        found = fetch.reader.iris.identifier(text) or ""
    else:
        found = text if len(segments) > 1 or text.startswith(f"{segments[0]}/") else f"{segments[0]}/{text}"
    segment, _, key = found.partition("/")
    return found if segment in segments and is_key(segment, key) else None


def segments_of_api() -> tuple[str, ...]:
    """The classes whose things the API shows."""
    return tuple(each for each in SEGMENTS if nouns_of(each)[0].model.in_graphql)


def _followed(fetch: Fetch, segment: str, keys: Iterable[str]) -> dict[str, str]:
    """The keys that former keys lead to; a key that leads nowhere is left out."""
    table = resource.c
    statement = _STATEMENTS.get(
        (fetch.is_postgresql, segment),
        lambda: select(table.key, table.alias_of).where(
            table["class"] == segment, table.alias_of.is_not(None), fetch.among(table.key)
        ),
    )
    found: dict[str, str] = {row[0]: row[1] for row in fetch.execute(statement, keys)}
    further = _followed(fetch, segment, found.values()) if found else {}
    return {key: further.get(alias, alias) for key, alias in found.items()}


def _by_identifiers(fetch: Fetch, keys: Iterable[str]) -> dict[str, str]:
    """The keys of the projects with these Project and Prima IDs; the former come first."""
    table = NOUNS["Project"].table.c
    statement = _STATEMENTS.get(
        (fetch.is_postgresql, "identified"),
        lambda: (
            select(table.key, table.project_id, table.prima_id)
            .where(or_(fetch.among(table.project_id), fetch.among(table.prima_id)))
            .order_by(table.key.desc())
        ),
    )
    rows = fetch.execute(statement, keys)
    by_prima = {prima_id: key for key, _, prima_id in rows if prima_id is not None}
    return by_prima | {project_id: key for key, project_id, _ in rows if project_id is not None}


def _elsewhere(fetch: Fetch, segment: str, keys: Sequence[str]) -> dict[str, str]:
    """Where things live that do not live under these keys."""
    found = _followed(fetch, segment, keys)
    if segment == NOUNS["Project"].segment:
        found = _by_identifiers(fetch, keys) | found
    return found


def found(fetch: Fetch, nodes: Nodes, identifiers: Iterable[str]) -> Mapping[str, Answer]:
    """The answers for those of these identifiers that lead to something alive, under what was asked for.

    Whatever stands in the tables lives under its own key, so most are found at once; only the others are
    looked for in the log, a class at a time.
    """
    asked = list(dict.fromkeys(identifiers))
    answers = nodes.answers(fetch, asked)
    missing: dict[str, list[str]] = {}
    for each in asked:
        if each not in answers:
            segment, _, key = each.partition("/")
            missing.setdefault(segment, []).append(key)
    moved = {
        f"{segment}/{key}": f"{segment}/{other}"
        for segment, keys in missing.items()
        for key, other in _elsewhere(fetch, segment, keys).items()
    }
    if moved:
        others = nodes.answers(fetch, moved.values())
        answers |= {each: others[other] for each, other in moved.items() if other in others}
    return answers


def standing(fetch: Fetch, text: str, segments: Sequence[str]) -> str | None:
    """The identifier under which a thing lives, from whatever names it; None when there is none."""
    asked = identifier(fetch, text, segments)
    if asked is None:
        return None
    standing = fetch.reader.snapshot.find(asked, (asked.partition("/")[0],), fetch.reader.iris)
    if standing is None or standing.deleted:
        return None
    return f"{standing.segment}/{standing.key}"


def is_of(noun: Noun, identifier: str) -> bool:
    """Whether an identifier can be of a thing of this class; goals and targets share theirs."""
    return noun_of(*identifier.split("/", 1)) is noun

"""Old site: pages without labels that print the title twice and the values in a fixed order."""

from collections.abc import Callable, Sequence

from ontology.linking.names import words
from server.importer.lines import Line, RefusedLine
from server.importer.printed import Layout, Note, Printed, description_of, value_of
from server.importer.vocabulary import CODED, Vocabulary

#: The order in which the fund's old site prints its values; any of them may be missing.
ORDER = ("region", "projectId", "primaId", "budgetUsd", "memberStates", "type", "coverage", "status")

Readable = Callable[[str, str], bool]


def _field(line: Line, after: int, readable: Readable) -> int | None:
    """The place in the order of the first field that a rule reads the line as."""
    for place in range(after, len(ORDER)):
        if readable(ORDER[place], line.text):
            return place
    return None


def _taken(lines: Sequence[Line], first: int, readable: Readable) -> list[tuple[str, Line]]:
    """The values from a line on, in their order, up to the first line that is none."""
    taken: list[tuple[str, Line]] = []
    after = 0
    for place in range(first, len(lines)):
        line = lines[place]
        found = _field(line, after, readable)
        if found is None and _is_unread_type(taken, lines[place + 1 : place + 2], readable):
            found = ORDER.index("type")
        if found is None:
            break
        taken.append((ORDER[found], line))
        after = found + 1
    return taken


def _is_unread_type(taken: list[tuple[str, Line]], following: Sequence[Line], readable: Readable) -> bool:
    """Whether a line that no rule reads stands where the type does: between states and coverage or status."""
    if not taken or taken[-1][0] != "memberStates" or not following:
        return False
    return any(readable(field, following[0].text) for field in ("coverage", "status"))


def _doubled(lines: Sequence[Line], readable: Readable) -> tuple[int, list[tuple[str, Line]]] | None:
    """The place of the title, which stands twice with the most values behind it, and those values."""
    best: tuple[int, list[tuple[str, Line]]] | None = None
    for place in range(len(lines) - 2):
        title = words(lines[place].text)
        if title and title == words(lines[place + 1].text):
            taken = _taken(lines, place + 2, readable)
            if len(taken) > (len(best[1]) if best else 0):
                best = place, taken
    return best


def _refuse_strays(lines: Sequence[Line], readable: Readable) -> None:
    """Refuse a page on which values go on behind a line that no rule reads."""
    for line in lines[1 : len(ORDER)]:
        if any(readable(field, line.text) for field in (*CODED, "projectId", "primaId")):
            unread = lines[0]
            raise RefusedLine(
                "no rule reads this line, and values go on behind it",
                "Add the spelling to the vocabulary.",
                line=unread.number,
                text=unread.text,
            )


def old_site(lines: Sequence[Line], readable: Readable, vocabulary: Vocabulary) -> Printed | None:
    """What a page of the old site prints, or None when no title stands twice. Raises RefusedLine."""
    filled = [line for line in lines if not line.is_blank]
    found = _doubled(filled, readable)
    if found is None:
        return None
    place, taken = found
    rest = filled[place + 2 + len(taken) :]
    _refuse_strays(rest, readable)
    begin, end = filled[place].span[0], filled[place + 1].span[1]
    printed = Printed(Layout.OLD_SITE, _languages(taken, vocabulary), begin, end)
    printed.values.append(value_of("title", [filled[place]]))
    printed.values += [value_of(field, [line]) for field, line in taken]
    printed.notes += [
        _note(line) for field, line in taken if field == "type" and not readable(field, line.text)
    ]
    if rest:
        printed.values += description_of(lines[rest[0].number - lines[0].number :])
    return printed


def _note(line: Line) -> Note:
    reason = "no rule reads this line; it stands where the type does"
    return Note("NO_LABEL", reason, "type", line.number, line.text)


def _languages(taken: list[tuple[str, Line]], vocabulary: Vocabulary) -> list[str]:
    """The languages that most of the codes are printed in; none when no code tells."""
    votes: dict[str, int] = {}
    for field, line in taken:
        for language in vocabulary.languages_of(line.text.strip()) if field in CODED else ():
            votes[language] = votes.get(language, 0) + 1
    most = max(votes.values(), default=0)
    return sorted(language for language, count in votes.items() if count == most)

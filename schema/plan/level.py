"""Level: what was asked of one type, and the answers for all its rows at once.

An answer is a dict by the names that the client asked for (response keys), so that two aliases of one field
with different arguments stand side by side and completion has nothing left to decide.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from schema.api import ApiField, Shape, api_fields
from schema.exchange import noun_of
from schema.plan import leaves
from schema.plan.leaves import Read, Values
from schema.plan.read import Columns, Fetch, Rows, Statements
from schema.plan.reference import Answer
from schema.plan.selection import TYPENAME, Selected, Selection
from schema.record import NOUNS, Attribute, Noun


def is_text_of_others(attribute: Attribute) -> bool:
    """Whether a field holds running text that may have to be withheld."""
    return attribute.property is not None and attribute.property.imported


class Typed(dict[str, Any]):
    """An answer at a place that takes several types: it knows which type it is of, and does not show it."""

    __slots__ = ("type_name",)
    type_name: str


class Level:
    """What was asked of one class of things, compiled; the rows it is answered for come with each fetch."""

    def __init__(self, noun: Noun, selection: Selection, *, is_abstract: bool = False) -> None:
        self.noun = noun
        self._is_abstract = is_abstract
        self._keys = [each.key for each in selection]
        self.needs: dict[str, None] = {}
        self.is_constant = noun.model.is_reference
        self._reads = [self._compiled(each) for each in selection]
        self.columns = Columns(noun, self.needs)
        self._statements = Statements()

    def _compiled(self, selected: Selected) -> Read:
        if selected.name == TYPENAME:
            return leaves.constant(self.noun.name)
        declared = api_fields(self.noun.name)[selected.name]
        if selected.constant is None:
            self.is_constant = False
        read = COMPILERS[declared.shape](self, declared, selected)
        is_imported = declared.attribute is not None and is_text_of_others(declared.attribute)
        return leaves.unless_withheld(read, is_list=declared.is_list) if is_imported else read

    def stored(self, declared: ApiField) -> str:
        """The name of the column that a field shows, which is read from now on."""
        name = "updated_at" if declared.shape is Shape.UPDATED_AT else declared.column
        self.needs[name] = None
        return name

    def over(self, level: "Level") -> "Level":
        """A level below this one; when its answers change, those of this one do."""
        self.is_constant = self.is_constant and level.is_constant
        return level

    def answers(self, fetch: Fetch, rows: Rows) -> list[Answer]:
        """One answer for each row, in order."""
        if not len(rows):
            return []
        made = leaves.answers_of(self._keys, [read(fetch, rows) for read in self._reads], len(rows))
        return [self._typed(each) for each in made] if self._is_abstract else made

    def _typed(self, answer: Answer) -> Answer:
        made = Typed(answer)
        made.type_name = self.noun.name
        return made

    def by_key(self, fetch: Fetch, keys: Iterable[str]) -> Mapping[str, Answer]:
        """The answers for the things with these keys, and perhaps more; what is not there is left out."""
        if self.noun.model.is_reference:
            return self._of_reference(fetch, keys)
        distinct = list(dict.fromkeys(keys))
        if not distinct:
            return {}
        table = self.noun.table
        statement = self._statements.get(
            fetch.is_postgresql, lambda: select(*self.columns.of(table)).where(fetch.among(table.c.key))
        )
        rows = self.columns.rows(fetch.execute(statement, distinct))
        return dict(zip(rows.keys, self.answers(fetch, rows), strict=True))

    def _of_reference(self, fetch: Fetch, keys: Iterable[str]) -> Mapping[str, Answer]:
        known: dict[str, Answer] = {}
        if self.is_constant:
            known = fetch.reference.answers.setdefault(self, known)
        vocabulary = fetch.reference.vocabulary(self.noun, fetch.reader.snapshot)
        missing = [key for key in dict.fromkeys(keys) if key not in known and key in vocabulary.rows]
        if missing:
            rows = Rows({name: vocabulary.column(name, missing) for name in self.columns.names})
            known |= zip(missing, self.answers(fetch, rows), strict=True)
        return known

    def of_rows(self, fetch: Fetch, rows: Rows) -> Sequence[Answer]:
        """The answers for rows, which need only have their keys where the class is reference."""
        if not self.noun.model.is_reference:
            return self.answers(fetch, rows)
        found = self.by_key(fetch, rows.keys)
        return [found[key] for key in rows.keys]


class Nodes:
    """What was asked where things of several classes may stand: a level for each class."""

    def __init__(self, by_type: Mapping[str, Selection]) -> None:
        self.levels = {
            name: Level(NOUNS[name], selection, is_abstract=True) for name, selection in by_type.items()
        }

    def answers(self, fetch: Fetch, identifiers: Iterable[str]) -> dict[str, Answer]:
        """The answers for those of these identifiers whose things are there."""
        keys: dict[str, list[str]] = {}
        for each in identifiers:
            segment, _, key = each.partition("/")
            keys.setdefault(noun_of(segment, key).name, []).append(key)
        found: dict[str, Answer] = {}
        for name, of_noun in keys.items():
            made = self.levels[name].by_key(fetch, of_noun)
            segment = NOUNS[name].segment
            found |= {f"{segment}/{key}": made[key] for key in of_noun if key in made}
        return found


def _thing(level: Level, declared: ApiField, selected: Selected) -> Read:
    name = level.stored(declared)
    below = level.over(Level(NOUNS[declared.noun], selected.only))

    def read(fetch: Fetch, rows: Rows) -> Values:
        keys = rows.columns[name]
        found = below.by_key(fetch, (key for key in keys if key is not None))
        return [found.get(key) for key in keys]

    return read


def _target(level: Level, declared: ApiField, selected: Selected) -> Read:
    name = level.stored(declared)
    below = Nodes(selected.by_type)
    level.is_constant = False

    def read(fetch: Fetch, rows: Rows) -> Values:
        targets = rows.columns[name]
        found = below.answers(fetch, (each for each in targets if each is not None))
        return [None if each is None else found[each] for each in targets]

    return read


def _grounds(level: Level, _declared: ApiField, _selected: Selected) -> Read:
    level.needs |= dict.fromkeys(("rule_ids", "owner"))
    return leaves.codebook_rules()


Compiler = Callable[[Level, ApiField, Selected], Read]

#: What compiles a field, by the shape of what it gives.
COMPILERS: dict[Shape, Compiler] = {
    Shape.ID: lambda level, _declared, _selected: leaves.identifier(level.noun),
    Shape.IRI: lambda level, _declared, _selected: leaves.iri(level.noun),
    Shape.UPDATED_AT: lambda level, declared, _selected: leaves.column(declared, level.stored(declared)),
    Shape.COLUMN: lambda level, declared, _selected: leaves.column(declared, level.stored(declared)),
    Shape.TEXT: lambda level, declared, selected: leaves.text(selected, level.stored(declared)),
    Shape.TEXTS: lambda level, declared, selected: leaves.texts(selected, level.stored(declared)),
    Shape.THING: _thing,
    Shape.TARGET: _target,
    Shape.GROUNDS: _grounds,
}

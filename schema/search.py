"""Search: what projects are found by beside their own columns: the stems and the languages of their texts.

Stems are made in Python when a project is written, and stored as one text with `|` before and behind those of
each text of the project. SQLite indexes it with FTS5 and PostgreSQL with GIN, both by the words that stand
between its spaces and by no rule of their own, so both find the same projects. Words that must stand side by
side are then looked for in the stored text itself.
"""

from collections.abc import Iterator
from itertools import islice, zip_longest
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    Select,
    String,
    Table,
    and_,
    cast,
    column,
    delete,
    func,
    literal,
    literal_column,
    or_,
    select,
    table,
    update,
)
from sqlalchemy import Text as LongString
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

from ontology.declaration import ExchangeRecord
from ontology.errors import DatabaseUnavailable
from schema.columns import KeyColumn
from schema.log import head
from schema.model import Project
from schema.record import NOUNS, Noun
from schema.sql import Values, insert_rows, is_postgresql
from schema.text import LANGUAGES, Text
from schema.words import FORM, Phrase, Search, search, stems

#: The name of the full-text index, which is no table of the declaration: FTS5's own, or one of GIN.
INDEX = "project_words_index"

_REPAIR = "Export everything as jsonl and import it into a new database."
_AT_ONCE = 1000

# PostgreSQL's tsvector holds a megabyte. Texts come to a few kilobytes.
_LARGEST = 1_000_000


def _project(**options: Any) -> Column[str]:
    belongs = ForeignKey("project.key", deferrable=True, initially="DEFERRED", ondelete="CASCADE")
    return Column("project", KeyColumn, belongs, nullable=False, **options)


project_words = Table(
    "project_words",
    SQLModel.metadata,
    # FTS5 knows rows by a number, which must stay the same when SQLite tidies up.
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    _project(),
    Column("words", LongString, nullable=False),
    Index(None, "project", unique=True),
)

project_languages = Table(
    "project_languages",
    SQLModel.metadata,
    Column("language", KeyColumn, primary_key=True),
    _project(primary_key=True, index=True),
)

_TABLES = (project_words, project_languages)

# By which a project is found too, as they stand.
_IDENTIFIERS = ("key", "projectId", "primaId")


def _texts(noun: Noun, record: ExchangeRecord) -> Iterator[Text]:
    """The texts of a thing, then those of its parts."""
    for attribute in noun.columns():
        if attribute.type == Text and not attribute.many and attribute.name in record:
            yield record[attribute.name]
    for attribute, part in noun.parts():
        for each in record.get(attribute.name, ()):
            yield from _texts(part, each)


def words(record: ExchangeRecord) -> str:
    """The stems of a project: of its identifiers, title, description and results, each text between bars."""
    found = [stems(each) for each in dict.fromkeys(record.get(name, "") for name in _IDENTIFIERS)]
    for text in _texts(NOUNS[Project.__name__], record):
        found += [stems(text[language], language) for language in LANGUAGES if language in text]
    joined = " | ".join(["", *filter(None, found), ""]).strip()
    if len(joined) * 4 <= _LARGEST or len(encoded := joined.encode()) <= _LARGEST:
        return joined
    return encoded[:_LARGEST].rpartition(b" ")[0].decode() + " |"


def rows_of(noun: Noun, record: ExchangeRecord) -> Iterator[tuple[Table, Values]]:
    """The rows by which a project is found; other things have none."""
    if noun.model is Project:
        yield project_words, (record["key"], words(record))
        for language in record["title"]:
            yield project_languages, (language, record["key"])


class _Query(TypeDecorator[Search]):
    """A search in the language of the database's index: every word quoted, so that none is an operator."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Search | None, dialect: Dialect) -> str | None:
        """The search as a string: every term, in one of its alternatives, with all the words of that one."""
        quote, both, either = ("'", " & ", " | ") if dialect.name == "postgresql" else ('"', " AND ", " OR ")
        terms = (
            either.join(f"({both.join(f'{quote}{word}{quote}' for word in phrase)})" for phrase in phrases)
            for phrases in value or ()
        )
        return both.join(f"({term})" for term in terms)


class _Indexed(FunctionElement[Any]):
    """That the index finds a search in a row: of the row the number and the words, and the search."""

    name = "indexed"
    inherit_cache = True


@compiles(_Indexed, "sqlite")
def _in_fts5(element: _Indexed, compiler: SQLCompiler, **options: Any) -> str:
    number, _, query = element.clauses
    index = table(INDEX, column("rowid"), column(INDEX))
    found = select(index.c.rowid).where(index.c[INDEX].op("MATCH")(query))
    return compiler.process(number.in_(found), **options)


@compiles(_Indexed, "postgresql")
def _in_gin(element: _Indexed, compiler: SQLCompiler, **options: Any) -> str:
    _, stored, query = element.clauses
    # As the index has it, to the letter.
    lexemes = func.array_to_tsvector(func.string_to_array(stored, literal_column("' '")))
    return compiler.process(lexemes.op("@@")(cast(query, TSQUERY)), **options)


def _side_by_side(phrases: tuple[Phrase, ...]) -> ColumnElement[bool]:
    return or_(*(project_words.c.words.contains(f" {' '.join(phrase)} ") for phrase in phrases))


def matching(text: str) -> Select[str]:
    """The keys of the projects in which all words of a search stand. Raises BadArgument."""
    asked = search(text)
    of = project_words.c
    conditions: list[Any] = [_Indexed(of.id, of.words, literal(asked, _Query()))]
    conditions += [_side_by_side(phrases) for phrases in asked if any(len(each) > 1 for each in phrases)]
    return select(of.project).where(and_(*conditions))


def in_language(language: str) -> Select[str]:
    """The keys of the projects with a title in a language."""
    return select(project_languages.c.project).where(project_languages.c.language == language)


# Keeping it whole


def is_current(connection: Connection) -> bool:
    """Whether what is stored was made by the rules of this release."""
    return connection.scalar(select(head.c.search)) == FORM


def rebuild(connection: Connection, projects: Iterator[ExchangeRecord]) -> None:
    """Make the rows of all projects anew, under the writer lock; no data changes by it."""
    for each in _TABLES:
        connection.execute(delete(each))
    while chunk := list(islice(projects, _AT_ONCE)):
        rows: dict[Table, list[Values]] = {each: [] for each in _TABLES}
        for record in chunk:
            for each, row in rows_of(NOUNS[Project.__name__], record):
                rows[each].append(row)
        for each in _TABLES:
            insert_rows(connection, each, rows[each])
    connection.execute(update(head).values(search=FORM))


def check(connection: Connection, projects: Iterator[ExchangeRecord]) -> None:
    """Compare what projects are found by with their records, which come by key.

    Raises DatabaseUnavailable.
    """
    stored = select(project_words.c.project, project_words.c.words).order_by(project_words.c.project)
    rows = connection.execute(stored.execution_options(yield_per=_AT_ONCE))
    languages = _languages(connection)
    count, wrong = 0, None
    # Both are read to their end, so that no cursor stays open behind an error.
    for record, row in zip_longest(projects, rows):
        key = row[0] if record is None else record["key"]
        expected = () if record is None else (key, words(record))
        spoken = set() if record is None else set(record["title"])
        if row is None or tuple(row) != expected or languages.pop(key, set()) != spoken:
            wrong = wrong or key
        count += 0 if row is None else len(set(row[1].split(" ")) - {"|"})
    wrong = wrong or min(languages, default=None)
    if wrong is not None:
        raise _wrong(connection, wrong)
    _check_index(connection, count)


def _languages(connection: Connection) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for language, key in connection.execute(select(project_languages)):
        found.setdefault(key, set()).add(language)
    return found


def _check_index(connection: Connection, count: int) -> None:
    """Compare how many words of projects FTS5 knows; PostgreSQL keeps an index in step by itself."""
    if is_postgresql(connection):
        return
    # A view of the index, in the connection's own temporary room, so that reading stays reading.
    connection.exec_driver_sql(
        f"CREATE VIRTUAL TABLE temp.index_words USING fts5vocab(main, {INDEX}, instance)"
    )
    found = connection.scalar(select(func.count()).select_from(table("index_words")))
    connection.exec_driver_sql("DROP TABLE temp.index_words")
    if found != count:
        raise DatabaseUnavailable(f"the index has {found} words of projects, which have {count}", _REPAIR)


def _wrong(connection: Connection, key: str) -> DatabaseUnavailable:
    repair = _REPAIR if is_current(connection) else "Run `compactgraph db upgrade`."
    return DatabaseUnavailable(f"searches find project/{key} by other words than its record's", repair)

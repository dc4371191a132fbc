"""The types without projects of the server that the benchmark of GraphQL compares with."""

from typing import Any

import strawberry
from strawberry.types import Info

from ontology.iri import Iris
from schema import model
from schema.model.network import NetworkLevel
from schema.page import Order
from schema.record import NOUNS
from schema.scalars import Language
from schema.text import LANGUAGES
from tests.benchmarks.graphql_baseline import Loaders

IRIS = Iris("http://127.0.0.1:8000")
BY_BUDGET = Order(NOUNS["Project"], NOUNS["Project"].table.c.budget_usd, is_descending=True)
BY_KEY = Order(NOUNS["Project"])


def loaders_of(info: Info) -> Loaders:
    loaders: Loaders = info.context["loaders"]
    return loaders


@strawberry.type(name="Text")
class TextType:
    value: str
    language: Language


Languages = list[Language] | None


def chosen(text: dict[str, str] | None, languages: Languages) -> TextType | None:
    for language in LANGUAGES if languages is None else [each.value for each in languages]:
        if text and language in text:
            return TextType(value=text[language], language=Language(language))
    return None


def every(text: dict[str, str] | None) -> list[TextType]:
    found = text or {}
    return [TextType(value=found[each], language=Language(each)) for each in LANGUAGES if each in found]


@strawberry.type
class Thing:
    """What all things have."""

    row: strawberry.Private[Any]
    id: strawberry.ID
    iri: str

    @classmethod
    def of(cls, row: Any, **values: Any) -> Any:
        segment = type(row).segment
        return cls(
            row=row, id=strawberry.ID(f"{segment}/{row.key}"), iri=IRIS.thing(segment, row.key), **values
        )


@strawberry.type
class CodeEntry(Thing):
    code: str

    @strawberry.field
    def name(self, languages: Languages = None) -> TextType | None:
        return chosen(self.row.name, languages)

    @classmethod
    def made(cls, row: model.CodeEntry) -> "CodeEntry":
        return cls.of(row, code=row.code)


@strawberry.type
class Source(Thing):
    url: str | None
    language: Language | None
    sha256: str

    @classmethod
    def made(cls, row: model.Source) -> "Source":
        language = row.language and Language(row.language)
        return cls.of(row, url=row.url, language=language, sha256=row.sha256)


@strawberry.type
class Network(Thing):
    level: NetworkLevel

    @strawberry.field
    def name(self, languages: Languages = None) -> TextType | None:
        return chosen(self.row.name, languages)

    @strawberry.field
    async def parent(self, info: Info) -> "Network | None":
        key = self.row.parent
        row = key and await loaders_of(info).by_key(model.Network).load(key)
        return Network.made(row) if row else None

    @classmethod
    def made(cls, row: model.Network) -> "Network":
        return cls.of(row, level=row.level)


@strawberry.type
class Titled(Thing):
    @strawberry.field
    def title(self, languages: Languages = None) -> TextType | None:
        return chosen(self.row.title, languages)


@strawberry.type
class SdgGoal(Titled):
    code: str

    @classmethod
    def made(cls, row: model.SdgGoal) -> "SdgGoal":
        return cls.of(row, code=row.code)


@strawberry.type
class SdgTarget(Titled):
    code: str

    @strawberry.field
    async def goal(self, info: Info) -> SdgGoal:
        return SdgGoal.made(await loaders_of(info).by_key(model.SdgGoal).load(self.row.goal))

    @classmethod
    def made(cls, row: model.SdgTarget) -> "SdgTarget":
        return cls.of(row, code=row.code)

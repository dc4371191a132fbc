"""Enumerations: what each name of an enumeration means, as the API tells it."""

from enum import Enum
from typing import Any

from strawberry.types.enum import StrawberryEnumDefinition

from schema.filters import Direction, ProjectOrder
from schema.model.link import CodingScheme, Decision, LinkStatus
from schema.model.network import InstrumentKind, NetworkLevel
from schema.model.project import Coverage, ProjectStatus, ResultKind
from schema.model.source import SourceKind
from schema.scalars import Language
from schema.stats import StatKey

#: A sentence for each member of each enumeration.
MEANINGS: dict[type[Enum], dict[str, str]] = {
    Language: {
        "EN": "English.",
        "FR": "French.",
        "ES": "Spanish.",
        "AR": "Arabic.",
        "ZH": "Chinese.",
        "RU": "Russian.",
    },
    ProjectStatus: {
        "ACTIVE": "Its page says that it is still running.",
        "COMPLETED": "Its page says that it has ended.",
    },
    Coverage: {
        "NATIONAL": "It works within states.",
        "REGIONAL": "It works in a region.",
        "GLOBAL": "It works all over the world.",
    },
    ResultKind: {
        "OUTCOME": "What is to change.",
        "OUTPUT": "What is made or done, so that an outcome comes about.",
    },
    NetworkLevel: {
        "GLOBAL": "The one network of the whole world.",
        "REGIONAL": "A network of a region.",
        "COUNTRY": "A network in one country.",
    },
    InstrumentKind: {
        "COORDINATION_MECHANISM": "A body that coordinates the parts of a government.",
        "IMPLEMENTATION_PLAN": "A plan of what is to be done.",
    },
    LinkStatus: {
        "PROPOSED": "Nobody has decided, or those who did disagree.",
        "ACCEPTED": "All who decided accept it.",
        "REJECTED": "All who decided reject it.",
    },
    Decision: {
        "ACCEPT": "The project serves the target.",
        "REJECT": "It does not.",
    },
    CodingScheme: {
        "GCM": "The objectives of the Global Compact for Migration.",
        "SDG": "The Sustainable Development Goals and their targets.",
    },
    SourceKind: {
        "SUMMARY": "A summary in our own words, which any page or row replaces.",
        "TABLE": "A row of a table.",
        "PAGE": "A page of the fund's site.",
    },
    StatKey: {
        "STATE": "The states that benefit.",
        "OBJECTIVE": "The objectives of the Global Compact that links lead to.",
        "SDG_GOAL": "The Sustainable Development Goals that links lead to.",
        "SDG_TARGET": "The SDG targets that links lead to.",
        "NETWORK": "The UN networks on migration that links lead to.",
        "YEAR": "The year in which the money was allocated.",
        "REGION": "The region in the fund's own division of the world.",
        "STATUS": "Whether the project is still running.",
        "COVERAGE": "How far the project reaches.",
        "TYPE": "The type of project.",
    },
    ProjectOrder: {
        "ID": "The key.",
        "TITLE": "The title in the first configured language that it has, whatever its capitals.",
        "START_YEAR": "The year in which it starts.",
        "YEAR": "The year in which the money was allocated.",
        "BUDGET": "The budget.",
        "UPDATED_AT": "When the record last changed.",
    },
    Direction: {
        "ASC": "The smallest, the earliest or A first.",
        "DESC": "The largest, the latest or Z first.",
    },
}


def describe() -> None:
    """Give the members of all enumerations their descriptions, before a schema is made of them."""
    for members, meanings in MEANINGS.items():
        definition: Any = vars(members)["__strawberry_definition__"]
        if isinstance(definition, StrawberryEnumDefinition):
            for value in definition.values:
                value.description = meanings.get(value.name)

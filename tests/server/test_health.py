"""Health: what is told to those who run the service before others rely on it."""

import pytest
from pydantic import Field

from server.health import warnings
from server.settings import Settings


class Shown(Settings):
    """Settings of which a catalogue shows two, with placeholders."""

    publisher: str = Field(default="not named yet", description="Who publishes.")
    licence: str = Field(default="not chosen yet", description="The licence.")


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ({}, ["COMPACTGRAPH_PUBLISHER", "COMPACTGRAPH_LICENCE"]),
        ({"publisher": "A ministry"}, ["COMPACTGRAPH_LICENCE"]),
        ({"publisher": "A ministry", "licence": "CC_BY_4_0"}, []),
    ],
)
def test_every_placeholder_that_others_would_see_is_warned_of(
    chosen: dict[str, str], told: list[str]
) -> None:
    assert [each.split(" ")[0] for each in warnings(Shown(**chosen))] == told

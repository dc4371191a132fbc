"""Health: what is told to those who run the service before others rely on it."""

import pytest

from server.health import warnings
from server.settings import Settings

CHOSEN = {"publisher": "A ministry", "contact_email": "data@example.org", "licence": "CC_BY_4_0"}


@pytest.mark.parametrize("missing", [(), ("publisher",), ("contact_email", "licence"), tuple(CHOSEN)])
def test_every_placeholder_that_others_would_see_is_warned_of(missing: tuple[str, ...]) -> None:
    chosen = {name: value for name, value in CHOSEN.items() if name not in missing}
    told = [each.split(" ")[0] for each in warnings(Settings(**chosen))]
    assert sorted(told) == sorted(f"COMPACTGRAPH_{name.upper()}" for name in missing)

"""Server: the world around the graph: HTTP, settings, files, people."""

from importlib.util import find_spec
from pathlib import Path


def _check_rooms() -> None:
    """Raises ImportError when a foreign package of the same name would stand in for one of our rooms."""
    checkout = Path(__file__).parents[1]
    for room in ("ontology", "schema"):
        found = find_spec(room)
        if found is None or found.origin is None or Path(found.origin).parents[1] != checkout:
            raise ImportError(
                f"the package {room!r} that Python finds is not compactgraph's own. "
                f"Use an environment of its own (scripts/install), without packages called {room!r}."
            )


# It has to come before everything else here, because all of it imports the rooms.
_check_rooms()

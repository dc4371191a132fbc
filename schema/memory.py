"""Memory: how work on very many records is kept from being slowed down by the collector of cycles."""

import gc
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Generator[None]:
    """Without collections of cycles: records hold none, and looking for them takes longer than the work."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def collect_young() -> None:
    """Collect what came up lately, of which drivers leave a few hundred cycles for every thousand rows."""
    gc.collect(0)

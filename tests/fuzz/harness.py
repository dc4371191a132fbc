"""Harness: runs atheris, which is in no lock, over one function, with what the tests have as seeds."""

import sys
import tempfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path


def fuzz(run: Callable[[bytes], None], seeds: list[bytes]) -> None:
    """Fuzz for as long as the arguments say, which are those of libFuzzer."""
    try:
        atheris = import_module("atheris")
    except ImportError:
        sys.exit("This needs atheris, which is in no lock: .venv/bin/pip install atheris")
    atheris.instrument_all()
    with tempfile.TemporaryDirectory() as folder:
        for place, seed in enumerate(seeds):
            (Path(folder) / str(place)).write_bytes(seed)
        # A file among the arguments is a crash that is to be seen again, so there is nothing to begin from.
        again = any(Path(each).is_file() for each in sys.argv[1:])
        atheris.Setup(sys.argv if again else [*sys.argv, folder], run)
        atheris.Fuzz()

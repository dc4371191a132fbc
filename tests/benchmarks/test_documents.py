"""The benchmark of documents runs, and both of its sides say the same."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from ontology.formats import FORMATS
from tests.benchmarks.documents import COMPARED, IRIS, by_rdflib, documents
from tests.graphs import read


def test_the_benchmark_of_documents_prints_its_table() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.documents", "0.05"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    rows = re.findall(r"^\| ([\w/-]+) \| [\d,]+ \| [\d,]+ \| \d+\.\d \|$", done.stdout, re.MULTILINE)
    assert rows == ["Turtle", "JSON-LD", "RDF/XML", "N-Triples"]


@pytest.mark.parametrize("suffix", COMPARED)
def test_ours_and_those_of_rdflib_are_isomorphic(suffix: str) -> None:
    for each in documents():
        # No node is blank, so that equal sets are isomorphic graphs.
        assert read(each.body(FORMATS[suffix], IRIS), suffix) == read(by_rdflib(each, suffix), suffix)

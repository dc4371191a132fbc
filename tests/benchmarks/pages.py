"""Pages: how many project pages an import takes in a second, and where its time goes.

`python -m tests.benchmarks.pages [COUNT]` generates pages of the size of real ones, imports them into a new
SQLite database and prints a table. All times are CPU time of the one process, in the same run.
"""

import os
import platform
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from schema.store import reading
from server.database import open_database
from server.importer.page import page_of_file
from server.importer.run import import_paths
from server.importer.vocabulary import stored_vocabulary
from server.load import first_start

_TYPES = ("CE", "IB", "PO", "TC", "PR", "PN", "NC", "IS")
_STATES = (
    "Zambia",
    "Kenya",
    "Côte d’Ivoire",
    "El Salvador",
    "Papua New Guinea",
    "Guinea-Bissau",
    "Belize",
    "Fiji",
)
_WORDS = (
    "imaginary", "clerks", "count", "boats", "lanterns", "and", "mills", "beside", "invented", "rivers",
    "while", "painters", "draw", "maps", "of", "borders", "for", "travellers", "with", "pencils", "a", "cat",
)  # fmt: skip
_SENTENCES = (
    "The UN Network on Migration lends a sharpener",
    "In 2019, the establishment of the National Coordination Mechanism on Migration was announced",
    "Clerks own pencils of many colours (Outcome 1)",
    "The museum paints a map (Output 1.1)",
)


@dataclass(frozen=True, slots=True)
class Figures:
    """What one run measured, in seconds of CPU time."""

    count: int
    size: int
    reading: float
    whole: float
    again: float

    @property
    def rate(self) -> float:
        """Pages a second, from files to stored records."""
        return self.count / self.whole


def _prose(chance: random.Random, sentences: int) -> str:
    plain = [
        " ".join(chance.choices(_WORDS, k=chance.randint(12, 28))).capitalize() for _ in range(sentences)
    ]
    for sentence in _SENTENCES:
        if chance.random() < 0.3:
            plain.insert(chance.randrange(len(plain) + 1), sentence)
    return ". ".join(plain) + "."


def page_text(number: int) -> str:
    """An invented page of the size of a real one; the same number gives the same page."""
    chance = random.Random(number)
    year = chance.randint(2005, 2024)
    values = {
        "Start Date": year,
        "End Date": year + 2,
        "Project Status": chance.choice(("Active", "Completed")),
        "Budget Amount (USD)": f"{chance.randint(50, 400)}000.00",
        "Coverage": chance.choice(("National", "Regional")),
        "Year": year - 1,
        "IDF Region": chance.choice(("Africa", "Europe", "Asia and Oceania")),
        "Prima ID": f"ZZ{number // 10000:02d}P{number % 10000:04d}",
        "Projects ID": f"{_TYPES[number % len(_TYPES)]}.{number // len(_TYPES):04d}",
        "Benefiting Member States": " ".join(chance.sample(_STATES, chance.choice((1, 1, 1, 4)))),
    }
    table = "".join(f"-\n{label}\n{value}\n" for label, value in values.items())
    title = " ".join(chance.choices(_WORDS, k=10)).capitalize()
    words = "\n".join(_prose(chance, chance.randint(2, 5)) for _ in range(chance.randint(1, 3)))
    return f"https://example.org/project/{number}\n\n{title} {number}\n{table}{words}\n"


def written(folder: Path, count: int) -> Iterator[Path]:
    """Generated pages as files."""
    for number in range(count):
        path = folder / f"{number:06d}.txt"
        path.write_text(page_text(number), encoding="utf-8")
        yield path


def _timed(engine: Engine, folder: Path) -> float:
    before = time.process_time()
    report = import_paths(engine, [folder])
    spent = time.process_time() - before
    if report.exit_status:
        raise RuntimeError(report.refused[0].reason)
    return spent


def measured(count: int) -> Figures:
    """Figures of an import of so many pages into a new SQLite database, and of the same import again."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "pages"
        folder.mkdir()
        paths = list(written(folder, count))
        engine = open_database(f"sqlite:///{name}/pages.db")
        first_start(engine, sample=False)
        with reading(engine) as snapshot:
            vocabulary = stored_vocabulary(snapshot)
        before = time.process_time()
        for path in paths:
            page_of_file(path.read_text(encoding="utf-8"), vocabulary)
        parsing = time.process_time() - before
        whole = _timed(engine, folder)
        again = _timed(engine, folder)
        engine.dispose()
        return Figures(count, sum(each.stat().st_size for each in paths), parsing, whole, again)


def table(figures: Figures) -> str:
    """The figures as a table in Markdown, with the machine that they are of."""
    rows = (
        ("read pages", figures.reading),
        ("merge, propose and write", figures.whole - figures.reading),
        ("whole import", figures.whole),
        ("the same import again", figures.again),
    )
    machine = f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores"
    lines = [
        f"{figures.count} pages of {figures.size // figures.count} bytes into SQLite, CPU time; {machine}",
        "",
        "| what | seconds | share | pages a second |",
        "| --- | --- | --- | --- |",
    ]
    for name, seconds in rows:
        share, rate = seconds / figures.whole, figures.count / seconds
        lines.append(f"| {name} | {seconds:.2f} | {share:.0%} | {rate:.0f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(table(measured(int(sys.argv[1]) if len(sys.argv) > 1 else 3000)) + "\n")

"""Dumps: what writing them costs, beside bare loops over the same records, and beside rdflib.

Run it as `python -m tests.benchmarks.dumps --projects 100000`. Every measurement is a process of its own, and
all are made in one run, the three of a format one after the other:

- `dump` is the export as the command writes it, from the database to a file;
- `bare` is a loop by hand over the same records, which only escapes and writes (`tests/benchmarks/bare.py`);
- `terms` is a loop over terms that stand in memory already, of a part of the projects: it reads nothing;
- `rdflib` builds the graph from terms that are made beside the clock, and serialises it: the whole graph in
  the formats that `--whole` names, which takes minutes and gigabytes, else that of a part of the projects.

Figures are CPU time by the statement; memory is the most that the process had, less what it had before.
`--sizes 1000 3000 9000` shows instead how fast rdflib is with more and more records of each class, and
`--publish` what publishing everything costs beside importing it (the process that prepares an import counts).
"""

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import chain, islice
from pathlib import Path

from rdflib import Graph, Literal, URIRef
from sqlalchemy import Engine

from ontology.graph import Triple, triples
from ontology.ntriples import quoted
from schema.memory import uncollected
from schema.store import reading
from server.database import open_database
from server.documents import described
from server.exporter.formats import EXPORTS, Wanted
from server.publication import Publication
from server.publishing import publish
from server.revisions import upgrade
from tests.benchmarks import bare
from tests.benchmarks.bulk import imported
from tests.benchmarks.generated import lines

FORMATS = ("nt", "ttl", "jsonld")
_RDFLIB = {"nt": "nt", "ttl": "turtle", "jsonld": "json-ld"}
Figures = dict[str, float]

#: How many records of each class rdflib and the loop over terms get.
PART = 3000

# How many statements are made before the clock goes on.
_AT_ONCE = 100_000


def _memory() -> float:
    """The most memory that this process has had so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(work: Callable[[], object]) -> Figures:
    """The CPU seconds of the work, and the memory that came on top of what there was."""
    before, began = _memory(), time.process_time()
    work()
    return {"cpu": time.process_time() - began, "memory": _memory() - before}


def measure_dump(engine: Engine, format: str, file: Path) -> Figures:
    """The export as the command writes it."""
    with reading(engine) as snapshot, file.open("wb") as out:
        snapshot.record("state", "SLV")
        return measured(lambda: EXPORTS[format].write(snapshot, out, Wanted(bare.IRIS)))


def measure_bare(engine: Engine, format: str, file: Path) -> Figures:
    """The loop by hand over the same records."""
    with reading(engine) as snapshot, file.open("w", encoding="utf-8", newline="\n") as out, uncollected():
        snapshot.record("state", "SLV")
        return measured(lambda: bare.LOOPS[format](snapshot, out.write))


def _terms(engine: Engine, part: int | None) -> Iterator[list[Triple]]:
    """The statements of so many records of each class that grows, or of everything, some at a time."""
    with reading(engine) as snapshot:
        if part is None:
            some = snapshot.records()
        else:
            some = chain.from_iterable(islice(snapshot.records(name), part) for name in bare.GROWING)
        told = chain.from_iterable(triples(*each, bare.IRIS) for each in described(some))
        while chunk := [*islice(told, _AT_ONCE)]:
            yield chunk


def measure_terms(engine: Engine, _: str, file: Path) -> Figures:
    """The loop over terms in memory, as N-Triples."""
    part = chain.from_iterable(_terms(engine, PART))
    statements = [(str(s), str(p), str(o), _ending(o)) for s, p, o in part]

    def loop() -> None:
        with file.open("w", encoding="utf-8", newline="\n") as out:
            write = out.write
            for subject, predicate, words, ending in statements:
                if ending is None:
                    write(f"<{subject}> <{predicate}> <{words}> .\n")
                else:
                    write(f"<{subject}> <{predicate}> {quoted(words)}{ending} .\n")

    with uncollected():
        return measured(loop) | {"statements": float(len(statements))}


def _ending(node: URIRef | Literal) -> str | None:
    if isinstance(node, URIRef):
        return None
    if node.language:
        return f"@{node.language}"
    return f"^^<{node.datatype}>" if node.datatype else ""


def _rdflib(engine: Engine, format: str, file: Path, part: int | None) -> Figures:
    """The graph of rdflib, built and serialised; the terms are made beside the clock."""
    before, graph, taken = _memory(), Graph(), 0.0
    for chunk in _terms(engine, part):
        began = time.process_time()
        for each in chunk:
            graph.add(each)
        taken += time.process_time() - began
    began = time.process_time()
    graph.serialize(file, format=_RDFLIB[format], encoding="utf-8")
    taken += time.process_time() - began
    return {"cpu": taken, "memory": _memory() - before, "statements": float(len(graph))}


def measure_rdflib(engine: Engine, format: str, file: Path) -> Figures:
    """The graph of a part of the projects."""
    return _rdflib(engine, format, file, PART)


def measure_whole(engine: Engine, format: str, file: Path) -> Figures:
    """The same graph that the dump is of."""
    return _rdflib(engine, format, file, None)


def measure_size(engine: Engine, format: str, file: Path) -> Figures:
    """The graph of so many records of each class as the name of the file says."""
    return _rdflib(engine, format, file, int(file.stem))


def measure_import(engine: Engine, _: str, file: Path) -> Figures:
    """The import of a file of records, in both of its processes."""
    upgrade(engine)
    found = measured(lambda: imported(engine, file))
    beside = resource.getrusage(resource.RUSAGE_CHILDREN)
    return found | {"cpu": found["cpu"] + beside.ru_utime + beside.ru_stime}


def measure_publish(engine: Engine, _: str, folder: Path) -> Figures:
    """The publication of everything into a folder."""
    found: list[Publication] = []
    figures = measured(lambda: found.append(publish(engine, folder, bare.IRIS)[0]))
    files = found[0].files
    return figures | {"files": float(len(files)), "size": sum(each.size for each in files) / 1e6}


MEASURES = {
    "import": measure_import,
    "publish": measure_publish,
    "dump": measure_dump,
    "bare": measure_bare,
    "terms": measure_terms,
    "rdflib": measure_rdflib,
    "whole": measure_whole,
    "size": measure_size,
}


def in_a_process(name: str, url: str, format: str, file: Path) -> Figures:
    """The figures of one measurement in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.dumps", "--measure", name, url, format, str(file)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


def _written(folder: Path, projects: int) -> tuple[str, Path]:
    """The address of a database that is not there yet, and a file with generated projects."""
    file = folder / "projects.jsonl"
    with file.open("wb") as out:
        out.writelines(lines(projects))
    return f"sqlite:///{folder}/projects.db", file


def publications(folder: Path, projects: int, runs: int) -> str:
    """What publishing costs beside importing, as a table: of several runs that of the least CPU time."""
    rows = ["| | CPU time | memory | files |", "| --- | ---: | ---: | --- |"]
    found: dict[str, list[Figures]] = {"import": [], "publish": []}
    for run in range(runs):
        (of_run := folder / str(run)).mkdir()
        url, file = _written(of_run, projects)
        found["import"].append(in_a_process("import", url, "jsonl", file))
        found["publish"].append(in_a_process("publish", url, "all", of_run / "published"))
        shutil.rmtree(of_run)
    least = {name: min(of, key=lambda each: each["cpu"]) for name, of in found.items()}
    for name, of in least.items():
        files = f"{of['files']:.0f} of {of['size']:,.1f} MB in all" if "files" in of else ""
        rows.append(f"| {name} | {of['cpu']:.1f} s | {of['memory']:.0f} MB | {files} |")
    ratio = least["publish"]["cpu"] / least["import"]["cpu"]
    return "\n".join([*rows, f"| publish, import = 1 | {ratio:.2f} | | |"])


def loaded(folder: Path, projects: int) -> str:
    """The address of a new database with generated projects."""
    url, file = _written(folder, projects)
    engine = open_database(url)
    upgrade(engine)
    imported(engine, file)
    engine.dispose()
    file.unlink()
    return url


def compare(
    folder: Path, url: str, runs: int, formats: tuple[str, ...] = FORMATS, whole: tuple[str, ...] = ()
) -> dict[str, dict[str, Figures]]:
    """The figures of every format: of several runs those of the least CPU time.

    rdflib builds the whole graph once, in the formats of `whole`.
    """
    found: dict[str, dict[str, Figures]] = {}
    for suffix in formats:
        of_runs: dict[str, list[Figures]] = {name: [] for name in ("dump", "bare", "terms", "rdflib")}
        if suffix in whole:
            of_runs["rdflib"].append(in_a_process("whole", url, suffix, folder / f"out.{suffix}"))
        for _ in range(runs):
            for name in [each for each in of_runs if each != "rdflib" or suffix not in whole]:
                of_runs[name].append(in_a_process(name, url, suffix, folder / f"out.{suffix}"))
        found[suffix] = {name: min(of, key=lambda each: each["cpu"]) for name, of in of_runs.items()}
        found[suffix]["dump"]["statements"] = _count(url)
    return found


def _count(url: str) -> float:
    """How many statements there are, counted in the lines of N-Triples."""
    engine = open_database(url)
    counted = _Counter()
    with reading(engine) as snapshot:
        EXPORTS["nt"].write(snapshot, counted, Wanted(bare.IRIS))  # type: ignore[arg-type]
    engine.dispose()
    return float(counted.lines)


class _Counter:
    """Counts lines in place of a file."""

    lines = 0

    def writelines(self, pieces: list[bytes]) -> None:
        self.lines += sum(each.count(b"\n") for each in pieces)


def table(found: dict[str, dict[str, Figures]]) -> str:
    """The figures as a table."""
    ours = ("statements", "a CPU second", "of a bare loop", "of terms", "memory")
    theirs = ("rdflib: statements", "a CPU second", "memory", "times rdflib")
    names = ("format", *ours, *theirs)
    rows = [f"| {' | '.join(names)} |", f"|{' --- |' * len(names)}"]
    for suffix, of in found.items():
        statements = of["dump"]["statements"]
        speed = statements / of["dump"]["cpu"]
        terms, rdflib = (of[each]["statements"] / of[each]["cpu"] for each in ("terms", "rdflib"))
        told = (f"{statements:,.0f}", f"{speed:,.0f}", f"{of['bare']['cpu'] / of['dump']['cpu']:.2f}")
        told += (f"{speed / terms:.2f}", f"{of['dump']['memory']:.0f} MB")
        told += (f"{of['rdflib']['statements']:,.0f}", f"{rdflib:,.0f}", f"{of['rdflib']['memory']:,.0f} MB")
        told += (f"{speed / rdflib:.1f}",)
        rows.append(f"| {suffix} | {' | '.join(told)} |")
    return "\n".join(rows)


def sizes(folder: Path, url: str, formats: tuple[str, ...], parts: list[int]) -> str:
    """How fast rdflib is with graphs of these sizes, as a table."""
    rows = ["| format | statements | a CPU second |", "| --- | --- | --- |"]
    for suffix in formats:
        for part in parts:
            found = in_a_process("size", url, suffix, folder / f"{part}.{suffix}")
            speed = found["statements"] / found["cpu"]
            rows.append(f"| {suffix} | {found['statements']:,.0f} | {speed:,.0f} |")
    return "\n".join(rows)


def main() -> None:
    """Read the arguments, measure, and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--projects", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--database", metavar="URL", help="one that is filled already")
    parser.add_argument("--formats", nargs="+", choices=FORMATS, default=FORMATS)
    parser.add_argument("--whole", nargs="+", choices=FORMATS, default=(), help="the whole graph to rdflib")
    parser.add_argument("--publish", action="store_true", help="what publishing costs beside importing")
    parser.add_argument("--sizes", nargs="+", type=int, metavar="RECORDS")
    parser.add_argument("--measure", nargs=4, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.measure:
        name, url, suffix, file = chosen.measure
        sys.stdout.write(json.dumps(MEASURES[name](open_database(url), suffix, Path(file))))
        return
    with tempfile.TemporaryDirectory() as folder:
        if chosen.publish:
            sys.stdout.write(publications(Path(folder), chosen.projects, chosen.runs) + "\n")
            return
        url = chosen.database or loaded(Path(folder), chosen.projects)
        formats = tuple(chosen.formats)
        if chosen.sizes:
            told = sizes(Path(folder), url, formats, chosen.sizes)
        else:
            told = table(compare(Path(folder), url, chosen.runs, formats, tuple(chosen.whole)))
        sys.stdout.write(told + "\n")


if __name__ == "__main__":
    main()

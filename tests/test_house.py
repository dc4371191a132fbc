"""The rules of the house: whom a room may import, how long code may be, what a file may name."""

import ast
import importlib
import importlib.util
import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())

ROOMS = ("ontology", "schema", "server")
OFF_LIMITS = {
    "ontology": {"schema", "server", "tests"},
    "schema": {"server", "tests"},
    "server": {"tests"},
}

LONGEST_FILE = 400
LONGEST_FUNCTION = 60

# A whole line of a lock is a pinned version with its condition, or a hash: no address and no option fits.
LINE_OF_A_LOCK = re.compile(
    r"[a-z0-9._-]+==[0-9a-z.!+]+( ; [\w .'<>=!()]+)?( \\)?"
    r"|    --hash=sha256:[0-9a-f]{64}( \\)?"
)

# Written so that it does not match itself. A folder of a machine begins a word, unlike a path in an address.
PLACE_OF_ONE_MACHINE = re.compile(
    r"(?<![\w.~-])/(?:work|root|home/\w+|Users/\w+)/"
    r"|pypi\.(?:org|python)|python[h]osted\.|registry\.(?:npm|yarn)"
)


# Whom a room may import


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_itself_and_the_rooms_below_it(room: str) -> None:
    wrong = {
        f"{name(path)} imports {module}"
        for path in python_files(room)
        for module in imports(path)
        if module.split(".")[0] in OFF_LIMITS[room]
    }
    assert wrong == set()


@pytest.mark.parametrize(
    ("line", "module"),
    [
        ("import server.app as app", "server.app"),
        ("from server import app", "server"),
        ("from . import iri", "ontology.linking"),
        ("from ..iri import mint", "ontology.iri"),
        ("def late() -> None:\n    import server", "server"),
        ("importlib.import_module('server.app')", "server.app"),
        ("strawberry.lazy('server.app')", "server.app"),
    ],
)
def test_an_import_is_seen_in_every_form(line: str, module: str) -> None:
    assert list(imported(ast.parse(line), package="ontology.linking")) == [module]


@pytest.mark.parametrize("room", ROOMS)
def test_an_imported_room_is_ours_and_no_foreign_package_of_its_name(room: str) -> None:
    assert importlib.import_module(room).__file__ == str(ROOT / room / "__init__.py")


# What the locks hold


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_a_lock_names_no_host(lock: str) -> None:
    assert [line for line in lines(lock) if not LINE_OF_A_LOCK.fullmatch(line)] == []


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_a_lock_holds_no_foreign_package_with_the_name_of_a_room(lock: str) -> None:
    assert pins(lock).keys().isdisjoint(ROOMS)


def test_the_locks_hold_what_the_project_declares() -> None:
    groups = PYPROJECT["dependency-groups"]
    runtime = [*PYPROJECT["project"]["dependencies"], *groups["build"]]
    development = [requirement for requirement in groups["dev"] if isinstance(requirement, str)]
    assert unmet(runtime, "requirements.txt") == []
    assert unmet(development, "requirements-dev.txt") == []


def test_the_lock_of_the_tests_holds_the_lock_of_the_server() -> None:
    assert pins("requirements.txt").items() <= pins("requirements-dev.txt").items()


# How long code may be


def test_no_file_is_too_long() -> None:
    lengths = {name(path): len(path.read_text().splitlines()) for path in written_by_hand()}
    assert {file: length for file, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_function_is_too_long() -> None:
    lengths = {
        f"{name(path)}:{function.lineno} {function.name}": (function.end_lineno or 0) - function.lineno + 1
        for path in written_by_hand()
        for function in functions(path)
    }
    assert {function: length for function, length in lengths.items() if length > LONGEST_FUNCTION} == {}


def test_every_function_says_what_it_returns() -> None:
    silent = {
        f"{name(path)}:{function.lineno} {function.name}"
        for path in python_files(*ROOMS)
        for function in functions(path)
        if function.returns is None
    }
    assert silent == set()


def test_every_module_says_in_its_first_line_what_it_owns() -> None:
    assert {name(path) for path in python_files(*ROOMS, "tests") if not opens_with_docstring(path)} == set()


# What a file may name


def test_no_file_names_a_place_of_one_machine() -> None:
    found = {
        f"{name(path)}:{number} {match[0]}"
        for path in project_files()
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        for match in PLACE_OF_ONE_MACHINE.finditer(line)
    }
    assert found == set()


# How the rules are read


@cache
def project_files() -> list[Path]:
    """Lists what git holds or would add, and everything outside of hidden folders where there is no git."""
    if not (ROOT / ".git").exists():
        found = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
        return sorted(ROOT / path for path in found if not path.parts[0].startswith("."))
    # The checkout of a build machine may belong to another user, which git else refuses to read.
    git = ["git", "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(git, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return sorted(path for file in listed.split("\0") if file and (path := ROOT / file).is_file())


def python_files(*folders: str) -> list[Path]:
    return [
        path
        for path in project_files()
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in folders
    ]


def written_by_hand() -> list[Path]:
    """Leaves out the revisions: Alembic generates them, and history is not rearranged to look shorter."""
    revisions = ROOT / "server" / "migrations" / "versions"
    return [path for path in python_files(*ROOMS, "tests") if revisions not in path.parents]


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=str(path))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def opens_with_docstring(path: Path) -> bool:
    tree = tree_of(path)
    return ast.get_docstring(tree) is not None and tree.body[0].lineno == 1


def imports(path: Path) -> Iterator[str]:
    return imported(tree_of(path), package=".".join(path.relative_to(ROOT).parent.parts))


def imported(tree: ast.Module, package: str) -> Iterator[str]:
    """Names the modules that code asks for: at the top, inside functions, relatively or by a string."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=aliases):
                yield from (alias.name for alias in aliases)
            case ast.ImportFrom(module=module, level=level):
                yield importlib.util.resolve_name("." * level + (module or ""), package)
            case ast.Call(
                func=ast.Attribute(attr="import_module" | "lazy"), args=[ast.Constant(value=str(module)), *_]
            ):
                yield importlib.util.resolve_name(module, package)


def lines(lock: str) -> list[str]:
    return (ROOT / lock).read_text().splitlines()


def pins(lock: str) -> dict[str, str]:
    """Reads the version of each package in a lock."""
    found = (line.split()[0].partition("==") for line in lines(lock) if "==" in line)
    return {package: version for package, _, version in found}


def unmet(declared: list[str], lock: str) -> list[str]:
    pinned = pins(lock)
    wanted = {text: Requirement(text) for text in declared}
    return [text for text, need in wanted.items() if pinned.get(need.name, "0") not in need.specifier]


def text_of(path: Path) -> str:
    """Reads a file as text; one that is no text names nothing."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()

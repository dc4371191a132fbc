"""Documentation: the parts of README, CONTRIBUTING and docs that are written from the code.

`python -m tests.documentation` writes them; the tests compare.
"""

import ast
import inspect
import re
import shlex
from pathlib import Path
from typing import Any, get_type_hints

from starlette.testclient import TestClient

from ontology import errors
from server.exporter import EXPORTS
from server.importer.formats import FORMATS
from server.importer.report import Entry
from server.settings import Settings

ROOT = Path(__file__).parents[1]
README, CONTRIBUTING = ROOT / "README.md", ROOT / "CONTRIBUTING.md"
IMPORTING, FILTERS = ROOT / "docs" / "import.md", ROOT / "docs" / "graphql-filters.md"
ROOMS = ("ontology", "schema", "server")


def settings_table() -> str:
    """A row for every setting: its variable, default and description."""
    rows = ["| variable | default | what it says |", "| --- | --- | --- |"]
    for name, field in Settings.model_fields.items():
        default = (
            field.default if field.default_factory is None else "an SQLite file in the user's data folder"
        )
        shown = {True: "`1`", False: "`0`"}.get(
            default, f"`{default}`" if field.default_factory is None else default
        )
        rows.append(f"| `COMPACTGRAPH_{name.upper()}` | {shown} | {field.description} |")
    return "\n".join(rows)


def error_table() -> str:
    """A row for every code of the tree of errors."""
    rows = ["| code | HTTP status | when |", "| --- | --- | --- |"]
    for _, each in inspect.getmembers(errors, inspect.isclass):
        if each is errors.CompactgraphError:
            when = "Something failed inside the service."
        else:
            when = (each.__doc__ or "").partition("\n")[0]
        rows.append(f"| `{each.code}` | {each.status} | {when} |")
    rows[2:] = sorted(rows[2:])
    rows.append("| `GRAPHQL_PARSE_FAILED` | | The document is no GraphQL. |")
    rows.append("| `GRAPHQL_VALIDATION_FAILED` | | The document or its variables do not fit the schema. |")
    return "\n".join(rows)


def formats_table() -> str:
    """A row for every format that is read or written."""
    rows = ["| format | read by `import` | written by `export` | what it is |", "| --- | --- | --- | --- |"]
    read = {each.name: each for each in FORMATS}
    for name in sorted(read.keys() | EXPORTS.keys(), key=[*read, *EXPORTS].index):
        suffixes = ", ".join(f"`{each}`" for each in read[name].suffixes) if name in read else ""
        begins = " or ".join(f"`{each}`" for each in read[name].begins) if name in read else ""
        recognised = f"{suffixes}, or begins with {begins}" if name in read else ""
        described = read[name].description if name in read else EXPORTS[name].description
        rows.append(f"| `{name}` | {recognised} | {'yes' if name in EXPORTS else ''} | {described} |")
    return "\n".join(rows)


def entries_table() -> str:
    """A row for every field of an entry of an import's report."""
    rows = ["| field | what it says |", "| --- | --- |"]
    declared = get_type_hints(Entry, include_extras=True)
    rows += [f"| `{name}` | {hint.__metadata__[0]} |" for name, hint in declared.items()]
    rows.append("| `format` | what the file was read as |")
    return "\n".join(rows)


def _owned_by(path: Path) -> str:
    """What a file owns, in its own first words: of its docstring, or of its first comment."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return (ast.get_docstring(ast.parse(text)) or "").partition("\n")[0]
    comments = (line[2:] for line in text.splitlines() if line.startswith("# "))
    return next(comments, "")


def code_map() -> str:
    """A line for every file that a change may begin in."""
    files = [path for room in (*ROOMS, "tests") for path in sorted((ROOT / room).rglob("*.py"))]
    files = [path for path in files if "versions" not in path.parts and path.name != "__init__.py"]
    files += sorted((ROOT / "ontology" / "vocabulary").glob("*.ttl"))
    files += [*sorted((ROOT / "scripts").iterdir()), ROOT / ".ci" / "run"]
    return "\n".join(f"- `{path.relative_to(ROOT).as_posix()}` {_owned_by(path)}" for path in files)


def between(text: str, name: str, content: str) -> str:
    """The text with what stands between the two comments of this name replaced."""
    pattern = rf"(<!-- {name} -->\n).*?(<!-- end of {name} -->)"
    return re.sub(pattern, lambda found: f"{found[1]}\n{content}\n\n{found[2]}", text, flags=re.DOTALL)


def examples(text: str) -> list[tuple[str, str, str]]:
    """The commands of the README that fetch something, with the language and text of the answer below."""
    found = re.findall(r"```sh\n(curl [^\n]*)\n```\n\n```(\w+)\n(.*?)```", text, flags=re.DOTALL)
    return [(command, language, answer) for command, language, answer in found]


def fetched(client: TestClient, command: str) -> str:
    """What a curl command of the README would print."""
    words = iter(shlex.split(command)[1:])
    headers: dict[str, str] = {}
    body: str | None = None
    url = ""
    for word in words:
        if word == "-H":
            name, _, value = next(words).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = next(words)
        elif not word.startswith("-"):
            url = word
    answer: Any = client.request("POST" if body else "GET", url, headers=headers, content=body)
    text: str = answer.text
    return text


def readme(client: TestClient) -> str:
    """The README with everything that is written from the code and from answers."""
    text = between(README.read_text(encoding="utf-8"), "settings", settings_table())
    text = between(text, "errors", error_table())
    text = between(text, "formats", formats_table())
    return answered(client, text)


def answered(client: TestClient, text: str) -> str:
    """A text with the answers that its commands get."""
    for command, language, printed in examples(text):
        old = f"{command}\n```\n\n```{language}\n{printed}```"
        answer = fetched(client, command).rstrip("\n")
        new = f"{command}\n```\n\n```{language}\n{answer}\n```"
        text = text.replace(old, new)
    return text


def filters(client: TestClient) -> str:
    """The description of filters, searches and counts, with its answers."""
    return answered(client, FILTERS.read_text(encoding="utf-8"))


def contributing() -> str:
    """CONTRIBUTING with the map of the code."""
    return between(CONTRIBUTING.read_text(encoding="utf-8"), "map", code_map())


def importing() -> str:
    """The description of imports."""
    return between(IMPORTING.read_text(encoding="utf-8"), "entries", entries_table())


def main() -> None:
    """Write all of them."""
    from tempfile import TemporaryDirectory

    from tests.serving import serving

    with TemporaryDirectory() as folder, serving(f"sqlite:///{folder}/sample.db") as service:
        README.write_text(readme(service.client), encoding="utf-8")
        FILTERS.write_text(filters(service.client), encoding="utf-8")
    IMPORTING.write_text(importing(), encoding="utf-8")
    CONTRIBUTING.write_text(contributing(), encoding="utf-8")


if __name__ == "__main__":
    main()

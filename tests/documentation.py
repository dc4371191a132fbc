"""Documentation: the parts of README, CONTRIBUTING and docs that are written from the code.

`python -m tests.documentation` writes them; the tests compare.
"""

import ast
import inspect
import json
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_type_hints

from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from ontology import errors
from server.examples import examples as queries
from server.exporter.formats import EXPORTS
from server.importer.formats import FORMATS
from server.importer.report import Entry
from server.representation import OFFERS
from server.settings import Settings
from tests.linking.agreement import labellings, report
from tests.linking.development import development_set, shape

if TYPE_CHECKING:
    from tests.persons import Reviewed

ROOT = Path(__file__).parents[1]
README, CONTRIBUTING = ROOT / "README.md", ROOT / "CONTRIBUTING.md"
IMPORTING, HTTP = ROOT / "docs" / "import.md", ROOT / "docs" / "http.md"
GRAPHQL, FILTERS = ROOT / "docs" / "graphql.md", ROOT / "docs" / "graphql-filters.md"
OPERATIONS, CATALOGUE = ROOT / "docs" / "operations.md", ROOT / "docs" / "catalogue.md"
LINKED_DATA, CODEBOOK = ROOT / "docs" / "linked-data.md", ROOT / "docs" / "codebook.md"
DEVELOPMENT_SET = ROOT / "docs" / "development-set.md"
REVIEW, COUNTS = ROOT / "docs" / "review.md", ROOT / "docs" / "counts.md"
CROSSWALK = ROOT / "docs" / "crosswalk.md"
ADDRESS = "http://127.0.0.1:8000/graphql"
ROOMS = ("ontology", "schema", "server")

#: Defaults that depend on the machine or on other settings, in words.
WORKED_OUT = {
    "database_url": "an SQLite file in the user's data folder",
    "publication_folder": "beside the SQLite file, or in the user's data folder",
}


def settings_table() -> str:
    """A row for every setting: its variable, default and description."""
    rows = ["| variable | default | what it says |", "| --- | --- | --- |"]
    for name, field in Settings.model_fields.items():
        shown = WORKED_OUT.get(name) or {True: "`1`", False: "`0`"}.get(field.default, f"`{field.default}`")
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


def _block(language: str, text: str) -> str:
    return f"```{language}\n{text.rstrip()}\n```"


def queries_shown() -> str:
    """Every example with its title, as GraphQL with its variables, and as a curl command."""
    shown: list[str] = []
    for each in queries():
        shown += [f"### {each.title}", _block("graphql", each.query)]
        if each.variables:
            shown.append(_block("json", json.dumps(each.variables, ensure_ascii=False)))
        shown.append(_block("sh", each.curl(ADDRESS)))
    return "\n\n".join(shown)


def _client(name: str, language: str) -> str:
    return _block(language, (ROOT / "docs" / "clients" / name).read_text(encoding="utf-8"))


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
    """What a curl command would print, with `| grep PATTERN` only the lines that match."""
    command, _, pattern = command.partition(" | grep ")
    words = iter(shlex.split(command)[1:])
    headers: dict[str, str] = {}
    parameters: dict[str, str] = {}
    body, url, written, is_shown = None, "", "", True
    for word in words:
        if word == "-H":
            name, _, value = next(words).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = next(words)
        elif word == "--data-urlencode":
            name, _, value = next(words).partition("=")
            parameters[name] = value
        elif word == "-w":
            written = next(words).replace("\\n", "\n")
        elif word == "-o":
            is_shown = next(words) != "/dev/null"
        elif not word.startswith("-"):
            url = word
    if body is not None:
        headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
    method = "GET" if body is None else "POST"
    answer = client.request(method, url, headers=headers, content=body, params=parameters or None)
    # Tables end their lines as RFC 4180 has it, which this file does not.
    lines = answer.text.replace("\r\n", "\n").splitlines(keepends=True)
    shown = "".join(each for each in lines if re.search(pattern, each))
    return (shown if is_shown else "") + _written(written, answer)


def _written(form: str, answer: Any) -> str:
    """What curl writes beside an answer, such as its status and headers."""
    told = form.replace("%{http_code}", str(answer.status_code))
    return re.sub(r"%header\{([\w-]+)\}", lambda found: answer.headers.get(found[1], ""), told)


def with_answers(text: str, client: TestClient) -> str:
    """The text with the answers below its commands as they are now."""
    for command, language, printed in examples(text):
        old = f"{command}\n```\n\n```{language}\n{printed}```"
        answer = fetched(client, command).rstrip("\n")
        text = text.replace(old, f"{command}\n```\n\n```{language}\n{answer}\n```")
    return text


def readme(client: TestClient) -> str:
    """The README with everything that is written from the code and from answers."""
    text = between(README.read_text(encoding="utf-8"), "settings", settings_table())
    text = between(text, "errors", error_table())
    text = between(text, "formats", formats_table())
    return with_answers(text, client)


def http(client: TestClient) -> str:
    """The description of the endpoint, with the answers that its commands get."""
    return with_answers(HTTP.read_text(encoding="utf-8"), client)


def graphql(client: TestClient) -> str:
    """The guide to the API with its examples, clients and answers."""
    text = between(GRAPHQL.read_text(encoding="utf-8"), "examples", queries_shown())
    text = between(text, "python client", _client("every_project.py", "python"))
    text = between(text, "javascript client", _client("every_project.mjs", "js"))
    return with_answers(text, client)


def metrics_table(client: TestClient) -> str:
    """A row for every metric of our own, with its labels where something was counted."""
    rows = ["| metric | kind | labels | what it counts |", "| --- | --- | --- | --- |"]
    client.get("/nothing")
    for each in text_string_to_metric_families(client.get("/metrics").text):
        if each.name.startswith("compactgraph_"):
            labels = sorted({name for sample in each.samples for name in sample.labels} - {"le"})
            name = each.name + "_total" * (each.type == "counter")
            shown = ", ".join(f"`{label}`" for label in labels)
            rows.append(f"| `{name}` | {each.type} | {shown} | {each.documentation} |")
    return "\n".join(rows)


def operations(client: TestClient) -> str:
    """The guide for those who run the service."""
    text = between(OPERATIONS.read_text(encoding="utf-8"), "metrics", metrics_table(client))
    return with_answers(text, client)


def filters(client: TestClient) -> str:
    """The description of filters, searches and counts, with its answers."""
    return with_answers(FILTERS.read_text(encoding="utf-8"), client)


def catalogue(client: TestClient) -> str:
    """The description of the catalogue."""
    return with_answers(CATALOGUE.read_text(encoding="utf-8"), client)


def codebook(client: TestClient) -> str:
    """The guide to the codebook."""
    return with_answers(CODEBOOK.read_text(encoding="utf-8"), client)


def counts(client: TestClient) -> str:
    """The description of matrices and agreement, with its answers."""
    return with_answers(COUNTS.read_text(encoding="utf-8"), client)


def crosswalk(client: TestClient) -> str:
    """The description of the crosswalk, with its answers."""
    return with_answers(CROSSWALK.read_text(encoding="utf-8"), client)


def contributing() -> str:
    """CONTRIBUTING with the map of the code."""
    return between(CONTRIBUTING.read_text(encoding="utf-8"), "map", code_map())


def review(service: "Reviewed") -> str:
    """The guide to reviewing, with the answers that its commands get from a fresh sample, in their order."""
    text = REVIEW.read_text(encoding="utf-8")
    tokens = {f"${each.upper()}": str(service.person(each).text) for each in ("ann", "bea")}
    for command, language, printed in examples(text):
        sent = re.sub(r"\$[A-Z]+", lambda found: tokens[found[0]], command)
        old = f"{command}\n```\n\n```{language}\n{printed}```"
        answer = fetched(service.client, sent).rstrip("\n")
        text = text.replace(old, f"{command}\n```\n\n```{language}\n{answer}\n```")
    return text


def importing() -> str:
    """The description of imports."""
    return between(IMPORTING.read_text(encoding="utf-8"), "entries", entries_table())


def offers_table() -> str:
    """A row for every format of documents."""
    rows = ["| suffix | media type | what it is |", "| --- | --- | --- |"]
    rows += [f"| `.{each.suffix}` | `{each.media_type}` | {each.name} |" for each in OFFERS.values()]
    return "\n".join(rows)


def linked_data(client: TestClient) -> str:
    """The guide to linked data, with the answers that its commands get."""
    text = between(LINKED_DATA.read_text(encoding="utf-8"), "offers", offers_table())
    for command, language, printed in examples(text):
        old = f"{command}\n```\n\n```{language}\n{printed}```"
        text = text.replace(old, f"{command}\n```\n\n```{language}\n{answered(client, command)}```")
    return text


def answered(client: TestClient, command: str) -> str:
    """What a curl command prints: the body, with `-I` the status and header, with `-w` what that asks for."""
    words = shlex.split(command)
    values = {each: words[place + 1] for place, each in enumerate(words[:-1]) if each in ("-H", "-w")}
    name, _, value = values.get("-H", "").partition(": ")
    headers = {"Accept": "*/*", "Accept-Encoding": "identity"} | ({name: value} if name else {})
    method = "HEAD" if "-I" in words else "GET"
    answer: Any = client.request(method, words[-1], headers=headers, follow_redirects="-L" in words)
    if "-w" in values:
        known = {"http_code": answer.status_code, "redirect_url": answer.headers.get("location", "")}
        written = re.sub(r"%\{(\w+)\}", lambda found: str(known[found[1]]), values["-w"])
        return written.replace("\\n", "\n")
    if method == "HEAD":
        shown = ("content-type", "etag", "last-modified", "vary", "link")
        lines = [f"{each}: {answer.headers[each]}" for each in shown]
        return "\n".join([f"HTTP/1.1 {answer.status_code} OK", *lines]).replace(", <", ",\n  <") + "\n"
    text: str = answer.text
    return text


def development() -> str:
    """The description of the development set with its counts and the agreement of its readers."""
    items = development_set()
    text = between(DEVELOPMENT_SET.read_text(encoding="utf-8"), "shape", shape(items))
    return between(text, "agreement", report(items, labellings()))


def main() -> None:
    """Write all of them."""
    from tempfile import TemporaryDirectory

    from tests.persons import reviewing
    from tests.serving import serving

    with TemporaryDirectory() as folder, serving(f"sqlite:///{folder}/sample.db") as service:
        README.write_text(readme(service.client), encoding="utf-8")
        HTTP.write_text(http(service.client), encoding="utf-8")
        GRAPHQL.write_text(graphql(service.client), encoding="utf-8")
        OPERATIONS.write_text(operations(service.client), encoding="utf-8")
        FILTERS.write_text(filters(service.client), encoding="utf-8")
        CATALOGUE.write_text(catalogue(service.client), encoding="utf-8")
        CODEBOOK.write_text(codebook(service.client), encoding="utf-8")
        COUNTS.write_text(counts(service.client), encoding="utf-8")
        CROSSWALK.write_text(crosswalk(service.client), encoding="utf-8")
        LINKED_DATA.write_text(linked_data(service.client), encoding="utf-8")
    with TemporaryDirectory() as folder, reviewing(f"sqlite:///{folder}/sample.db") as reviewed:
        REVIEW.write_text(review(reviewed), encoding="utf-8")
    IMPORTING.write_text(importing(), encoding="utf-8")
    DEVELOPMENT_SET.write_text(development(), encoding="utf-8")
    CONTRIBUTING.write_text(contributing(), encoding="utf-8")


if __name__ == "__main__":
    main()

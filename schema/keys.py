"""Keys: how the key of a thing follows from its own fields, so that one thing has one key."""

import hashlib
import re
from collections.abc import Callable

from ontology.declaration import ExchangeRecord
from ontology.errors import InvalidRecord
from ontology.terms import SKOS
from schema.record import KEY

_KEY = re.compile(KEY)
_RULE = re.compile(r"[a-z]+-[1-9]")


def link_key(project: str, target: str) -> str:
    """The key of the link from a project to a target such as `objective/23`."""
    return f"{project}~{target.replace('/', '-', 1)}"


def linked_target(key: str) -> str:
    """What the link with this key leads to, such as `objective/23`."""
    return key.partition("~")[2].replace("-", "/", 1)


def mapping_key(subject: str, predicate: str, target: str) -> str:
    """The key of the mapping from an objective to a goal or target, by one property of SKOS."""
    return f"{subject}~{target.replace('/', '-', 1)}~{predicate.removeprefix(str(SKOS))}"


def text_key(text: str) -> str:
    """The key of the source with this stored text: its SHA-256 in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def _instrument_key(record: ExchangeRecord) -> str:
    return f"{record['state']}-{record['kind']}-{record.get('year', record['key'][-4:])}"


def _coding_key(record: ExchangeRecord) -> str:
    # The names of codebooks and reviewers may hold characters that no key can; only their place is fixed.
    _, _, *rest = record["key"].split("~")
    return "~".join([record["project"], record["codingScheme"], *rest])


# The vocabularies are data of our own making, but whoever corrects them can slip all the same.
_KEYS: dict[str, Callable[[ExchangeRecord], str]] = {
    "code": lambda record: f"{record['scheme']}/{record['code']}",
    "objective": lambda record: str(record["number"]),
    "principle": lambda record: str(record["number"]),
    "sdg": lambda record: str(record["code"]),
    "codebook": lambda record: record["subject"].replace("/", "-", 1),
    "state": lambda record: str(record["iso3"]),
    "instrument": _instrument_key,
    "source": lambda record: text_key(record["text"]),
    "link": lambda record: link_key(record["project"], record["target"]),
    "coding": _coding_key,
    "mapping": lambda record: mapping_key(record["subject"], record["predicate"], record["target"]),
}


def check_keys(record: ExchangeRecord) -> None:
    """Raises InvalidRecord when the key of a checked record, or of a part, is not what its fields say."""
    make = _KEYS.get(record["class"])
    expected = record["key"] if make is None else make(record)
    if record["key"] != expected:
        raise InvalidRecord(
            f"key: {record['key']!r} does not fit the fields, which come to {expected[:200]!r}",
            "Correct the key or the fields.",
            field="key",
        )
    if record["class"] == "source" and record["sha256"] != expected:
        raise InvalidRecord("sha256: is not the SHA-256 of the text", f"Write {expected!r}.", field="sha256")
    _check_identifiers(record)
    if "results" in record:
        _check_results(record)
    if "rules" in record:
        _check_rules(record)


def _check_identifiers(record: ExchangeRecord) -> None:
    for name in ("projectId", "primaId"):
        if name in record and not _KEY.fullmatch(record[name]):
            raise InvalidRecord(
                f"{name}: {record[name][:80]!r} is no identifier",
                "Use letters, digits, dots, hyphens and underscores.",
                field=name,
            )


def _check_results(record: ExchangeRecord) -> None:
    codes: set[str] = set()
    for place, result in enumerate(record["results"]):
        path = f"results[{place}].code"
        if not _KEY.fullmatch(result["code"]):
            raise InvalidRecord(f"{path}: {result['code'][:80]!r} is no code", "Write it as 1.1.", field=path)
        if result["code"] in codes:
            raise InvalidRecord(
                f"{path}: {result['code']} stands twice", "Give each result a code of its own.", field=path
            )
        codes.add(result["code"])
    parents = {f"{record['key']}~{code}" for code in codes}
    for place, result in enumerate(record["results"]):
        parent, own = result.get("parent"), f"{record['key']}~{result['code']}"
        if parent is not None and (parent not in parents or parent == own):
            path = f"results[{place}].parent"
            raise InvalidRecord(
                f"{path}: {parent!r} is no other result of this project",
                f"Write {record['key']}~ and the code of another of its results.",
                field=path,
            )


def _check_rules(record: ExchangeRecord) -> None:
    codes = [each["code"] for each in record["rules"]]
    for place, rule in enumerate(record["rules"]):
        path, code, kind = f"rules[{place}].code", rule["code"], rule["kind"]
        if not _RULE.fullmatch(code) or not code.startswith(kind):
            raise InvalidRecord(
                f"{path}: {code[:80]!r} is no code of a rule to {kind}", f"Write {kind}-1.", field=path
            )
        if codes.index(code) < place:
            raise InvalidRecord(
                f"{path}: {code} stands twice", "Give each rule a code of its own.", field=path
            )

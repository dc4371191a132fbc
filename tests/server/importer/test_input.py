"""What files and pipes may hold: how they are found and unpacked, what text is, and the limits."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ontology.errors import UnreadableFile
from server.importer.run import import_paths
from server.settings import settings
from tests.server.importer.inputs import DASHES, no_write, told

# Ways in


LINE = '{"class": "project", "key": "ZZ.0001", "title": {"en": "Invented"}}\n'


def test_patterns_that_no_shell_has_replaced_are_files_and_folders(store: Engine, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("a.jsonl", "b.jsonl", ".c.jsonl", "in/d.jsonl"):
        (tmp_path / name).write_text(LINE.replace("0001", f"000{ord(Path(name).stem[-1]) - 90}"))
    assert [name for name, _, _ in told(import_paths(store, [tmp_path / "[a-n]*"]))] == [
        "a.jsonl",
        "b.jsonl",
        "d.jsonl",
    ]
    assert len(told(import_paths(store, [tmp_path / "**" / "[d-e].jsonl"]))) == 1
    with pytest.raises(UnreadableFile, match=r"\*\.none"):
        import_paths(store, [tmp_path / "*.none"])


def test_a_file_that_is_named_twice_is_read_once(store: Engine, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(LINE)
    assert told(import_paths(store, [path, tmp_path])) == [("a.jsonl", "taken", "project/ZZ.0001")]


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.gz", "a.jsonl", "a"])
def test_packed_files_are_unpacked_whatever_they_are_called(store: Engine, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(gzip.compress(LINE.encode()))
    report = import_paths(store, [tmp_path / name])
    assert told(report) == [(name, "taken", "project/ZZ.0001")]
    assert report.formats == {str(tmp_path / name): "jsonl"}


def test_damaged_packing_refuses_the_file_as_a_whole(store: Engine, tmp_path: Path) -> None:
    lines = "".join(LINE.replace("0001", f"{number:04}") for number in range(5000))
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(lines.encode())[:-20])
    with no_write(store):
        (refused,) = import_paths(store, [path]).entries
    assert (refused.code, "damaged" in (refused.reason or "")) == ("UNREADABLE_FILE", True)


@pytest.mark.parametrize(
    ("name", "format"),
    [
        ("a.txt", "page"),
        ("a.HTM", "html"),
        ("a", "page"),
        ("b", "html"),
        ("c", "jsonl"),
        ("d.ndjson", "jsonl"),
    ],
)
def test_the_report_says_what_a_file_was_read_as(
    store: Engine, tmp_path: Path, name: str, format: str
) -> None:
    beginnings = {"page": "\ufeff http://x.example/", "html": "\n<!doctype html>", "jsonl": "{}"}
    (tmp_path / name).write_text(beginnings[format], encoding="utf-8")
    report = import_paths(store, [tmp_path / name])
    assert json.loads(report.to_json())["entries"][0]["format"] == format


# Text


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_kind_are_read(store: Engine, tmp_path: Path, end: str) -> None:
    lines = [LINE.strip().replace("0001", f"000{number}") for number in (1, 2, 3)]
    path = tmp_path / "a.jsonl"
    path.write_bytes(f"\ufeff{lines[0]}{end}{lines[1]}\n{end}{lines[2]}".encode())
    assert [each.identifier for each in import_paths(store, [path]).entries] == [
        "project/ZZ.0001",
        "project/ZZ.0002",
        "project/ZZ.0003",
    ]
    page = tmp_path / "a.txt"
    page.write_bytes(DASHES.replace("\n", end).encode())
    assert told(import_paths(store, [page])) == [("a.txt", "taken", "project/IB.9999")]


@pytest.mark.parametrize(
    ("suffix", "data", "reason"),
    [
        ("txt", b"https://x.example\nabc\xe9", "no UTF-8: byte 22 is 0xe9"),
        ("html", b"<p>\xff", "no UTF-8: byte 4 is 0xff"),
        ("html", b"<p>\x00", "byte 4 is NUL"),
        ("txt", b"https://x.example\n\x00", "byte 19 is NUL"),
        ("jsonl", b"{}\n{\xe9}", "no UTF-8: byte 2 of the line is 0xe9"),
        ("jsonl", LINE.replace("Inv", "\\ud800").encode(), "no JSON"),
        ("jsonl", LINE.replace("Inv", "\\u0000").encode(), "U+0000"),
        ("txt", "https://x.example".encode("utf-16"), "in UTF-16"),
        ("jsonl", LINE.encode("utf-16-be").join([b"\xfe\xff", b""]), "in UTF-16"),
        ("html", "<p>".encode("utf-32"), "in UTF-32"),
        ("txt", b"https://x.example\n\xed\xa0\x80", "no UTF-8: byte 19 is 0xed"),
    ],
)
def test_what_is_no_text_is_refused_with_its_place(
    store: Engine, tmp_path: Path, suffix: str, data: bytes, reason: str
) -> None:
    (tmp_path / f"a.{suffix}").write_bytes(data)
    with no_write(store):
        refused = import_paths(store, [tmp_path]).refused[-1]
    assert reason in (refused.reason or "")
    assert refused.suggestion


# Limits


@pytest.fixture
def limited(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Limits that a test can reach."""
    limits = {"FILE_MB": "0.25", "PAGE_MB": "0.01", "LINE_MB": "0.02", "TEXT_LENGTH": "15000"}
    for name, value in limits.items():
        monkeypatch.setenv(f"COMPACTGRAPH_MAX_{name}", value)
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.mark.usefixtures("limited")
@pytest.mark.parametrize(
    ("name", "data", "setting"),
    [
        ("a.txt", b"https://x.example\n" + b"a" * 11_000, "PAGE_MB"),
        ("a.html", b"<p>" + b"a" * 11_000, "PAGE_MB"),
        ("a.html.gz", gzip.compress(b"<p>" + b"a" * 1_000_000), "PAGE_MB"),
        ("a.jsonl", LINE.replace("Inv", "a" * 22_000).encode(), "LINE_MB"),
        ("a.jsonl", LINE.replace("Inv", "a" * 16_000).encode(), "TEXT_LENGTH"),
        ("a.jsonl", LINE.encode() * 4000, "FILE_MB"),
        ("a.jsonl.gz", gzip.compress(b"\n" * 1_000_000), "FILE_MB"),
    ],
)
def test_what_is_larger_than_its_limit_is_refused(
    store: Engine, tmp_path: Path, name: str, data: bytes, setting: str
) -> None:
    (tmp_path / name).write_bytes(data)
    with no_write(store):
        (refused,) = import_paths(store, [tmp_path]).entries
    assert (refused.code, f"COMPACTGRAPH_MAX_{setting}" in (refused.suggestion or "")) == ("TOO_LARGE", True)


@pytest.mark.usefixtures("limited")
def test_a_line_that_is_too_long_leaves_the_others(store: Engine, tmp_path: Path) -> None:
    long = LINE.replace("Inv", "a" * 150_000)
    (tmp_path / "a.jsonl").write_text(LINE.replace("0001", "0002") + long + LINE)
    report = import_paths(store, [tmp_path])
    assert [(each.line, each.outcome.value) for each in report.entries] == [
        (1, "taken"),
        (2, "refused"),
        (3, "taken"),
    ]

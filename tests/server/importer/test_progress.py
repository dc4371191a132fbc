"""Progress, as a bar and as plain lines."""

import io

from rich.console import Console

from server.importer.progress import Bar, Plain, shown


def test_plain_lines_come_now_and_then_with_rate_and_time_left() -> None:
    told: list[str] = []
    moment = 0.0
    plain = Plain(told.append, every=5, clock=lambda: moment)
    plain.begin(2, 10 * 1024 * 1024)
    for second in range(1, 11):
        moment = second
        plain.file(f"file {second}")
        plain.read(1024 * 1024 // 2)
    plain.phase("writing")
    moment = 20
    plain.phase("comparing")
    assert told == [
        "reading: 25 % of 10.0 MB, 0.50 MB/s, 15 s left",
        "reading: 50 % of 10.0 MB, 0.50 MB/s, 10 s left",
        "comparing",
    ]


def test_a_bar_says_which_file_it_is_the_rate_and_the_time_left() -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=120)
    with shown(console) as bar:
        assert isinstance(bar, Bar)
        bar.begin(2, 4000)
        for name in "ab":
            bar.file(name)
            bar.read(1000)
        console.print(bar.bar.get_renderable())
        bar.phase("writing")
        console.print(bar.bar.get_renderable())
    told = console.file.getvalue()  # type: ignore[attr-defined]
    assert "reading 2/2" in told
    assert "2.0/4.0 kB" in told
    assert "left" in told
    assert "writing" in told

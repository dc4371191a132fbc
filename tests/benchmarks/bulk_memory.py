"""Bulk memory: the most memory that an import of generated projects holds, in both of its processes together.

Run it as `python -m tests.benchmarks.bulk_memory --projects 1000000`. What the processes share counts once
(the proportional set size that Linux tells); it is asked for twice a second.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.bulk import Addresses
from tests.benchmarks.generated import lines


def held(process: int) -> float:
    """What a process and its children hold at this moment, in MB; nothing of those that have ended."""
    try:
        told = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
        children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
    except OSError:
        return 0
    own = sum(int(each.split()[1]) for each in told if each.startswith("Pss:")) / 1024
    return own + sum(held(int(each)) for each in children)


def most(folder: Path, projects: int) -> tuple[int, float]:
    """How many lines were imported into a new SQLite file, and the most memory that it took in MB."""
    file = folder / "projects.jsonl"
    with file.open("wb") as out:
        count = sum(1 for each in lines(projects) if out.write(each))
    url = Addresses(folder, None).fresh()
    command = [sys.executable, "-m", "tests.benchmarks.bulk", "--measure", "import", url, str(file)]
    peak = 0.0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            peak = max(peak, held(process.pid))
            time.sleep(0.5)
    if process.returncode:
        raise RuntimeError(f"the import ended with status {process.returncode}")
    return count, peak


def main() -> None:
    """Read the arguments, measure, and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--projects", type=int, default=1_000_000)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        count, peak = most(Path(folder), chosen.projects)
    sys.stdout.write(f"{chosen.projects} projects, {count} lines: at most {peak:.0f} MB\n")


if __name__ == "__main__":
    main()

"""Records: arbitrary bytes read as exchange records; run by hand as `python -m tests.fuzz.records`."""

from ontology.errors import InvalidRecord
from schema.exchange import canonical, line, parse
from server.load import sample_records
from tests.fuzz.harness import fuzz


def read(data: bytes) -> None:
    """Reads the bytes as a record; one that is taken is canonical at once."""
    try:
        found = canonical(parse(data))
    except InvalidRecord:
        return
    assert line(canonical(parse(line(found)))) == line(found)


if __name__ == "__main__":
    fuzz(read, [line(each) for each in sample_records()])

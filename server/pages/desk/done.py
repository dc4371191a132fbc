"""Done: the decision that a person comes from, told as it stands, with the way to take it back."""

from dataclasses import dataclass

from schema.reviewing import own_decision, seen
from schema.snapshot import Snapshot
from schema.token import Person
from server.pages.desk.names import Named, named
from server.pages.desk.visit import Visit


@dataclass(frozen=True, slots=True)
class Done:
    """A decision of the person's that counts."""

    key: str
    decision: str
    version: int
    project: Named
    target: Named


def done(visit: Visit, snapshot: Snapshot, person: Person) -> Done | None:
    """The decision that the address says was made, where that is so."""
    key = visit.asked.get("done", "")
    record = seen(snapshot, key) if key else None
    own = own_decision(record, person.name) if record else None
    if record is None or own is None:
        return None
    project, target = f"project/{record['project']}", record["target"]
    names = named(snapshot, [project, target])
    return Done(key, own["decision"], record["version"], names[project], names[target])

"""SSSOM: the crosswalk as two mapping sets, TSV with a header of YAML (SSSOM 1.0, section SSSOM/TSV).

Whoever reads a mapping set takes its rows for true. So what reviewers accepted stands in one set, with what
they rejected as a match that does `Not` hold, and candidates stand in another. A row is one claim: it says
how the mapping was found, who says so and who decided.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ontology.declaration import ExchangeRecord
from ontology.iri import Iris
from ontology.terms import SDG, SEMAPV, SKOS, SSSOM
from schema.model.link import LinkStatus
from schema.review import standing
from schema.snapshot import Snapshot
from schema.text import LANGUAGES, Text, chosen

#: The two sets: their names in addresses, and the statuses of the mappings in them.
ACCEPTED, CANDIDATES = "crosswalk", "crosswalk-candidates"
STATUSES = {
    ACCEPTED: (LinkStatus.ACCEPTED.value, LinkStatus.REJECTED.value),
    CANDIDATES: (LinkStatus.PROPOSED.value,),
}
_TITLES = {
    ACCEPTED: "Crosswalk between the Global Compact for Migration and the SDGs, as reviewers accepted it",
    CANDIDATES: "Candidates for a crosswalk between the Global Compact for Migration and the SDGs",
}
_SAYS = {
    ACCEPTED: "Unofficial. What reviewers rejected has the predicate modifier Not.",
    CANDIDATES: "Unofficial, and not reviewed or in dispute: none of these mappings is stated as true.",
}

#: The slots of a row. All but the last are those of SSSOM.
COLUMNS = (
    "subject_id", "subject_label", "predicate_id", "predicate_modifier", "object_id", "object_label",
    "mapping_justification", "author_label", "reviewer_label", "mapping_date", "match_string", "see_also",
    "comment", "ext_status",
)  # fmt: skip

#: What a set says of its licence where the service has none.
_NO_LICENCE = "https://w3id.org/sssom/license/unspecified"


@dataclass(frozen=True, slots=True)
class MappingSet:
    """One of the two sets, as it is or was at a data version."""

    name: str
    snapshot: Snapshot
    iris: Iris
    licence: str

    @property
    def version(self) -> int:
        """The data version."""
        return self.snapshot.version()

    @property
    def address(self) -> str:
        """Where it stands for good."""
        return f"{self.iris.base}/{self.name}.sssom.tsv?version={self.version}"

    def records(self) -> list[ExchangeRecord]:
        """Its mappings, by key."""
        return [each for each in self.snapshot.records("mapping") if each["status"] in STATUSES[self.name]]


def _label(snapshot: Snapshot, identifier: str) -> str:
    segment, _, key = identifier.partition("/")
    text: Text = (snapshot.record(segment, key) or {}).get("title", {})
    found = chosen(text, ["en", *LANGUAGES])
    return found[1] if found else ""


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _header(found: MappingSet) -> Iterator[str]:
    """The metadata of a set, as YAML."""
    prefixes = {
        "cg": f"{found.iris.base}/ns#",
        "gcm": found.iris.namespace("objective"),
        "sdg": str(SDG),
        "semapv": str(SEMAPV),
        "skos": str(SKOS),
        "sssom": str(SSSOM),
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
    yield "curie_map:"
    yield from (f"  {prefix}: {_quoted(iri)}" for prefix, iri in prefixes.items())
    plain = {
        "mapping_set_id": found.address,
        "mapping_set_version": str(found.version),
        "mapping_set_title": _TITLES[found.name],
        "mapping_set_description": _SAYS[found.name],
        "license": found.licence or _NO_LICENCE,
        "mapping_provider": found.iris.base,
    }
    yield from (f"{name}: {_quoted(value)}" for name, value in plain.items())
    yield "extension_definitions:"
    yield from ("  - slot_name: ext_status", "    property: cg:mappingStatus", "    type_hint: xsd:string")


def _several(values: Iterable[str]) -> str:
    # A bar parts the values of a slot, so one within a value is escaped.
    return "|".join(each.replace("|", "\\|") for each in values)


def _short(iri: str, prefix: str, namespace: str) -> str:
    return f"{prefix}:{iri.removeprefix(namespace)}"


def rows(found: MappingSet, record: ExchangeRecord) -> Iterator[dict[str, Any]]:
    """The rows of one mapping, a row for each claim."""
    rejected = record["status"] == LinkStatus.REJECTED.value
    whole = {
        "subject_id": f"gcm:{record['subject']}",
        "subject_label": _label(found.snapshot, f"objective/{record['subject']}"),
        "predicate_id": _short(record["predicate"], "skos", str(SKOS)),
        "predicate_modifier": "Not" if rejected else "",
        "object_id": record["target"].replace("/", ":", 1),
        "object_label": _label(found.snapshot, record["target"]),
        "reviewer_label": _several(standing(record.get("reviews", []))),
        "see_also": found.iris.document("mapping", record["key"]),
        "ext_status": "candidate" if found.name == CANDIDATES else record["status"],
    }
    for claim in record.get("claims", ()):
        said = [claim.get("reason"), claim.get("source") and f"Source: {claim['source']}."]
        yield whole | {
            "mapping_justification": _short(claim["justification"], "semapv", str(SEMAPV)),
            "author_label": _several([claim["madeBy"]]),
            "mapping_date": claim["madeAt"][:10],
            "match_string": _several([claim["matchString"]] if "matchString" in claim else []),
            "comment": " ".join(filter(None, said)),
        }


def written(found: MappingSet) -> bytes:
    """A set as SSSOM/TSV."""
    out = io.StringIO(newline="")
    out.writelines(f"#{line}\n" for line in _header(found))
    table = csv.writer(out, delimiter="\t", lineterminator="\n")
    table.writerow(COLUMNS)
    for record in found.records():
        for row in rows(found, record):
            # Nothing within a cell may look like the end of it.
            table.writerow([" ".join(str(row[name]).split()) for name in COLUMNS])
    return out.getvalue().encode()

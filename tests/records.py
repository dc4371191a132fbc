"""Records for tests: one of each kind that the RDF writers treat in their own way."""

from typing import Any

from ontology.graph import Described
from schema.exchange import canonical, noun_of
from schema.record import declaration

#: What may stand in a text and is special in some syntax: quotes, escapes, line ends, markup, bidi, an emoji.
HOSTILE = (
    '"quoted" \'single\' """ \\ \\n \\u0041 <tag>&amp; ]]> {x} | ^ ` \n line \r\n tab\t end\r'
    " \u2028 \u2029 \u0085 \u007f \u202eabc\u202c أبجد עברית 汉字 \U0001f600 {{#}} --> $& %00 ."
)
AT = "2026-01-02T03:04:05Z"

PROJECT: dict[str, Any] = {
    "class": "project",
    "key": "PN.0008",
    "updatedAt": AT,
    "projectId": "PN.0008",
    "primaId": "SV10P0560",
    "title": {"en": HOSTILE, "ar": "عنوان"},
    "startYear": 2024,
    "budgetUsd": "300000.00",
    "status": "status/active",
    "memberStates": ["SLV", "GTM"],
    "objectives": ["23"],
    "sdgTargets": ["10.7"],
    "results": [
        {"code": "1", "kind": "outcome", "text": {"fr": "Un résultat"}},
        {"code": "1.1", "kind": "output", "parent": "PN.0008~1", "text": {"fr": HOSTILE}},
    ],
    "sources": ["a" * 64],
    "provenance": [{"field": "title", "value": HOSTILE, "source": "a" * 64, "start": 0, "end": 9}],
}
LINK: dict[str, Any] = {
    "class": "link",
    "key": "PN.0008~objective-23",
    "updatedAt": AT,
    "project": "PN.0008",
    "target": "objective/23",
    "status": "accepted",
    "version": 2,
    "claims": [
        {
            "method": "rules",
            "methodVersion": "1",
            "ruleIds": ["r1", "r2"],
            "confidence": 0.0000001,
            "calibrated": True,
            "madeBy": "compactgraph",
            "madeAt": AT,
            "evidence": [
                {"quote": HOSTILE, "start": 0, "end": 9, "language": "fr", "textSha256": "b" * 64},
                {"quote": "x", "start": 1, "end": 2, "language": "fr", "textSha256": "b" * 64},
            ],
        }
    ],
    "reviews": [{"decision": "accept", "reviewer": "ann", "blind": True, "at": AT}],
}
STATE: dict[str, Any] = {
    "class": "state",
    "key": "SLV",
    "updatedAt": AT,
    "iso2": "SV",
    "iso3": "SLV",
    "m49": "222",
    "name": {"en": "El Salvador"},
    "spellings": {"en": ["Salvador", "Republic of El Salvador"]},
    "exactMatches": ["http://www.wikidata.org/entity/Q792"],
    "memberships": [
        {"role": "member", "since": "1968", "until": "2001-02", "source": "a", "certain": False},
        {"role": "observer", "since": "2001-03-04", "source": HOSTILE, "certain": True},
    ],
}
CANDIDATE: dict[str, Any] = {
    "class": "instrument",
    "key": "SLV-implementation-plan-2023",
    "updatedAt": AT,
    "kind": "implementation-plan",
    "state": "SLV",
    "year": 2023,
}
OBJECTIVE: dict[str, Any] = {
    "class": "objective",
    "key": "23",
    "updatedAt": AT,
    "number": 23,
    "title": {"en": "Strengthen cooperation"},
    "shortTitle": {"en": "Cooperation"},
}
TARGET: dict[str, Any] = {
    "class": "sdg",
    "key": "10.7",
    "updatedAt": AT,
    "code": "10.7",
    "title": {"en": "Orderly migration"},
    "goal": "10",
}


def described(*records: dict[str, Any]) -> list[Described]:
    """The records in their canonical form, each with its declaration."""
    return [(declaration(noun_of(each["class"], each["key"])), canonical(each)) for each in records]


ALL = described(PROJECT, LINK, STATE, CANDIDATE, OBJECTIVE, TARGET)

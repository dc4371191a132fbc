"""Model: the domain, one noun a file; whoever takes NOUNS from here gets all of them."""

from schema.model.code import CodeEntry, Scheme
from schema.model.codebook import CodebookEntry, CodebookRule
from schema.model.compact import GuidingPrinciple, Objective
from schema.model.link import Claim, Coding, Evidence, Link, Review
from schema.model.mapping import Mapping, MappingClaim, MappingReview
from schema.model.network import NationalInstrument, Network
from schema.model.project import Conflict, FieldProvenance, Project, ResultItem
from schema.model.sdg import SdgGoal, SdgTarget
from schema.model.source import Source
from schema.model.state import Membership, MemberState
from schema.record import NOUNS, complete

__all__ = [
    "NOUNS",
    "Claim",
    "CodeEntry",
    "CodebookEntry",
    "CodebookRule",
    "Coding",
    "Conflict",
    "Evidence",
    "FieldProvenance",
    "GuidingPrinciple",
    "Link",
    "Mapping",
    "MappingClaim",
    "MappingReview",
    "MemberState",
    "Membership",
    "NationalInstrument",
    "Network",
    "Objective",
    "Project",
    "ResultItem",
    "Review",
    "Scheme",
    "SdgGoal",
    "SdgTarget",
    "Source",
]

complete()

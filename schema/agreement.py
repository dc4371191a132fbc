"""Agreement: how far reviewers agree who coded the same projects blind, by scheme and by code.

What counts is a blind coding that is complete, by the codebook that is loaded. In it a reviewer says yes to
a code when their last blind decision on the link, made before the coding was complete and not taken back by
then, accepts it; everything else is a no. So nobody's later change of mind, in the light of what others
decided, makes them agree.
"""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, select

from ontology.coefficients import Interval, Intervals, Judged, Measures, intervals
from schema.completed import counted_version
from schema.log import head
from schema.model.link import CodingScheme, Decision
from schema.record import NOUNS
from schema.remembered import Remembered
from schema.sql import among
from schema.stats import natural

#: With fewer projects that were coded twice, a coefficient says nothing.
ENOUGH = 20
#: How often projects are drawn anew for an interval, and what the generator begins with.
RESAMPLES = 1000
SEED = 73195

_SEGMENTS = {CodingScheme.GCM: "objective", CodingScheme.SDG: "sdg"}


@dataclass(frozen=True, slots=True)
class Estimate:
    """A coefficient with its 95 % interval, to four digits; None where there are too few projects.

    It is also None where it is not defined: when chance alone makes all agree.
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Estimates:
    """The coefficients of one code, or of all codes of a scheme together."""

    agreement: Estimate
    kappa: Estimate
    alpha: Estimate


@dataclass(frozen=True, slots=True)
class CodeAgreement:
    """How far reviewers agree on one code; `accepted` is the number of projects to which anyone gave it."""

    code: str
    accepted: int
    estimates: Estimates


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far reviewers agree on a scheme, and on each of its codes in their natural order."""

    scheme: CodingScheme
    version: int
    codebook: str | None
    projects: int
    reviewers: tuple[str, ...]
    whole: Estimates
    codes: tuple[CodeAgreement, ...]

    @property
    def is_too_little(self) -> bool:
        """Whether fewer projects were coded twice than coefficients need."""
        return self.projects < ENOUGH


#: By project and reviewer, when the coding was complete.
Codings = dict[str, dict[str, str]]
#: By project and code, the reviewers who said yes.
Said = dict[str, dict[str, set[str]]]


def _codings(connection: Connection, scheme: CodingScheme, codebook: str | None) -> Codings:
    coding = NOUNS["Coding"].table.c
    statement = select(coding.project, coding.reviewer, coding.completed_at).where(
        coding.coding_scheme == scheme.value,
        coding.codebook_version == codebook,
        coding.blind,
        coding.completed_at.is_not(None),
    )
    found: Codings = defaultdict(dict)
    for project, reviewer, at in connection.execute(statement.order_by(coding.key)):
        found[project][reviewer] = at
    return {project: codings for project, codings in found.items() if len(codings) > 1}


def _said(connection: Connection, scheme: CodingScheme, codings: Codings) -> Said:
    link, review = NOUNS["Link"].table.c, NOUNS["Review"].table.c
    statement = (
        select(link.project, link.target, review.reviewer, review.decision, review.at, review.undone_at)
        .join_from(NOUNS["Link"].table, NOUNS["Review"].table, review.owner == link.key)
        .where(among(connection, link.project, list(codings)), review.blind)
        .where(link.target >= f"{_SEGMENTS[scheme]}/", link.target < f"{_SEGMENTS[scheme]}0")
        .order_by(link.key, review.position)
    )
    found: Said = {project: defaultdict(set) for project in codings}
    for project, target, reviewer, decision, at, undone_at in connection.execute(statement):
        completed = codings[project].get(reviewer)
        if completed is None or at > completed or (undone_at is not None and undone_at <= completed):
            continue
        # Of several decisions the last one counts.
        found[project][target].discard(reviewer)
        if decision is Decision.ACCEPT:
            found[project][target].add(reviewer)
    return found


def _codes(connection: Connection, scheme: CodingScheme, said: Said) -> list[str]:
    """The codes of the codebook, and whatever else somebody gave; natural order."""
    subject = NOUNS["CodebookEntry"].table.c.subject
    begin = f"{_SEGMENTS[scheme]}/"
    known = {each for each in connection.scalars(select(subject)) if each.startswith(begin)}
    given = {code for codes in said.values() for code, reviewers in codes.items() if reviewers}
    return sorted(known | given, key=natural)


def _rounded(value: float | None) -> float | None:
    # Adding zero leaves no minus before it.
    return None if value is None else round(value, 4) + 0.0


def _estimate(value: float | None, interval: Interval | None) -> Estimate:
    if value is None or interval is None:
        return Estimate(_rounded(value))
    return Estimate(_rounded(value), _rounded(interval.low), _rounded(interval.high))


def _estimates(measures: Measures, found: Intervals) -> Estimates:
    values = measures.agreement, measures.kappa, measures.alpha
    return Estimates(*(_estimate(value, each) for value, each in zip(values, found, strict=True)))


_NONE = Estimates(Estimate(), Estimate(), Estimate())


def _worked_out(codings: Codings, said: Said, codes: Sequence[str]) -> list[Estimates]:
    """The coefficients of the whole scheme, then those of each code."""
    projects = sorted(codings)
    persons = [sorted(codings[each]) for each in projects]

    def given(code: str, project: str) -> list[frozenset[str]]:
        return [frozenset(said[project][code])] if said[project].get(code) else []

    several = [Judged(persons, [given(code, each) for each in projects]) for code in codes]
    of_all = [[one for code in codes for one in given(code, each)] for each in projects]
    several.insert(0, Judged(persons, of_all, max(len(codes), 1)))
    if len(projects) < ENOUGH:
        return [_NONE] * len(several)
    found = intervals(several, SEED, RESAMPLES)
    return [_estimates(each.measures(), some) for each, some in zip(several, found, strict=True)]


def _agreement(connection: Connection, scheme: CodingScheme, version: int) -> Agreement:
    codebook = counted_version(connection)
    codings = _codings(connection, scheme, codebook)
    said = _said(connection, scheme, codings)
    codes = _codes(connection, scheme, said)
    whole, *of_codes = _worked_out(codings, said, codes)
    accepted = [sum(bool(each.get(code)) for each in said.values()) for code in codes]
    reviewers = tuple(sorted({reviewer for each in codings.values() for reviewer in each}))
    made = tuple(CodeAgreement(*each) for each in zip(codes, accepted, of_codes, strict=True))
    return Agreement(scheme, version, codebook, len(codings), reviewers, whole, made)


_REMEMBERED: WeakKeyDictionary[Engine, Remembered[Hashable, Agreement]] = WeakKeyDictionary()
_MOST = 16


def agreement(connection: Connection, scheme: CodingScheme) -> Agreement:
    """How far reviewers agree on a scheme; what was worked out is remembered until the data changes."""
    version = int(connection.execute(select(head.c.version)).scalar_one())
    remembered = _REMEMBERED.setdefault(connection.engine, Remembered(_MOST))
    found = remembered.get((version, scheme))
    if found is None:
        found = _agreement(connection, scheme, version)
        remembered.put((version, scheme), found)
    return found

"""The register as its pages show it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from assessments.models import Assessment, SupportingDocument
from cities.models import Membership
from regulations.choices import Force, RelationKind
from regulations.jdih import FeedEntry
from regulations.matching import same_number
from regulations.models import Coverage, Regulation, RegulationQuerySet, Relation

MOST_SUGGESTED = 5


@dataclass(frozen=True, slots=True)
class RegisterRow:
    regulation: Regulation
    force: Force


@dataclass(frozen=True, slots=True)
class Register:
    """The rows that are wanted, and how many there are of each state without that filter."""

    rows: Sequence[RegisterRow]
    forces: Counter[Force]
    day: date  # on which they hold or not


@dataclass(frozen=True, slots=True)
class RelationRow:
    """A relation as told from the regulation at hand: “dicabut oleh Perda 2/2023”."""

    relation: Relation
    words: str
    other: Regulation
    is_own: bool  # told by the regulation at hand itself


@dataclass(frozen=True, slots=True)
class RegulationPage:
    regulation: Regulation
    force: Force
    relations: Sequence[RelationRow]
    topics: Sequence[Coverage]
    document: SupportingDocument | None  # its text, where the member may see it
    suggested: Sequence[SupportingDocument]  # documents that carry its number


def day_of_force(current: Assessment | None, *, today: date) -> date:
    """The last day of the years that the city's present year evaluates; today where it has none."""
    return today if current is None else current.evidence_to


def register(regulations: RegulationQuerySet, *, wanted: str | None, day: date) -> Register:
    """In one query: a city has some hundreds of regulations, and their state is computed."""
    found = regulations.with_revocation().select_related("city")
    rows = [RegisterRow(one, one.force_on(day)) for one in found]
    return Register(
        rows=[row for row in rows if wanted in (None, row.force)],
        forces=Counter(row.force for row in rows),
        day=day,
    )


def regulation_page(regulation: Regulation, member: Membership, *, day: date) -> RegulationPage:
    """What became of one regulation, in four queries."""
    out = regulation.relations.select_related("target__city")
    back = regulation.relations_to_it.select_related("source__city")
    relations = [
        RelationRow(one, str(RelationKind(one.kind).label), one.target, is_own=True) for one in out
    ] + [RelationRow(one, RelationKind(one.kind).passive, one.source, is_own=False) for one in back]
    topics = regulation.coverages.select_related("question__indicator__cluster__instrument")
    visible = SupportingDocument.objects.visible_to(member)
    return RegulationPage(
        regulation=regulation,
        force=regulation.force_on(day),
        relations=relations,
        topics=list(topics),
        document=visible.filter(pk=regulation.document_id).select_related("city").first()
        if regulation.document_id
        else None,
        suggested=[] if regulation.document_id else _suggested(regulation, visible),
    )


def _suggested(
    regulation: Regulation, visible: QuerySet[SupportingDocument]
) -> list[SupportingDocument]:
    rows = (
        visible.filter(pk__in=SupportingDocument.objects.newest())
        .filter(number__contains=str(regulation.year))
        .select_related("city")
        .order_by("-uploaded_at")
    )
    return [
        one
        for one in rows[:200]
        if same_number(one.number, number=regulation.number, year=regulation.year)
    ][:MOST_SUGGESTED]


def feed_of(regulations: RegulationQuerySet, *, day: date) -> Iterator[FeedEntry]:
    """The register as entries of a feed, without drafts."""
    rows = regulations.filter(is_draft=False).with_revocation().in_order()
    for line, one in enumerate(rows, 1):
        yield FeedEntry(
            line=line,
            jdih_id=one.jdih_id,
            kind=one.kind,
            number=one.number,
            year=one.year,
            title=one.title,
            promulgated_on=one.promulgated_on,
            address=one.address,
            status=str(one.force_on(day).label),
        )

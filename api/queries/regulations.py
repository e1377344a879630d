"""The legal register, as the interface tells of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Prefetch, prefetch_related_objects

from api.answers.regulations import (
    AboutEntry,
    RegulationDetail,
    RegulationEntry,
    RelationEntry,
    TopicCoverage,
    TopicEntry,
)
from api.queries.questions import document_entries
from assessments.models import Assessment, SupportingDocument
from cities.models import Membership
from regulations.choices import RegulationKind, RelationKind
from regulations.models import Coverage, Regulation, RegulationQuerySet
from regulations.queries.coverage import TopicRow, coverage_board
from regulations.queries.register import regulation_page


def regulations_of(member: Membership) -> RegulationQuerySet:
    """The register with what an entry tells; three queries."""
    topics = Coverage.objects.select_related("question__indicator__cluster__instrument")
    rows = Regulation.objects.visible_to(member).with_revocation().select_related("initiator")
    return rows.prefetch_related(Prefetch("coverages", topics), "relations")


def regulation_entries(
    regulations: Sequence[Regulation], member: Membership, day: date
) -> list[RegulationEntry]:
    """Each with whether it holds on that day; one query, for the texts that the member sees."""
    texts = {one.document_id for one in regulations if one.document_id}
    seen = SupportingDocument.objects.visible_to(member).filter(pk__in=texts)
    visible = set(seen.values_list("pk", flat=True)) if texts else set()
    return [_entry(one, day, visible) for one in regulations]


def regulation_detail(regulation: Regulation, member: Membership, day: date) -> RegulationDetail:
    """What its page shows on that day; the queries of `regulation_page` and three of documents."""
    board = regulation_page(regulation, member, day=day)
    shown = [one for one in (board.document, *board.suggested) if one is not None]
    prefetch_related_objects(shown, "opd")
    entries = document_entries(shown, member)
    text = entries[0] if board.document else None
    [entry] = regulation_entries([regulation], member, day)
    return RegulationDetail(
        regulation=entry,
        relations_to_it=[
            RelationEntry(RelationKind(row.relation.kind), row.other.pk)
            for row in board.relations
            if not row.is_own
        ],
        is_text_hidden=regulation.document_id is not None and text is None,
        text=text,
        suggested=entries[1:] if text else entries,
    )


def coverage_entries(member: Membership, assessment: Assessment) -> list[TopicCoverage]:
    """The topics that the member sees, those that ask for a regulation first; six queries."""
    board = coverage_board(assessment, member)
    return [_covered(row, asks_regulation=True) for row in board.policy] + [
        _covered(row, asks_regulation=False) for row in board.budget
    ]


def _covered(row: TopicRow, *, asks_regulation: bool) -> TopicCoverage:
    return TopicCoverage(
        question=row.answer.question.code,
        text=row.answer.question.text,
        asks_regulation=asks_regulation,
        strongest=row.strongest.pk if row.strongest else None,
        others=[AboutEntry(one.regulation.pk, one.force) for one in row.others],
        to_prove=row.left,
        lead=row.lead.code if row.lead else None,
        beside=[one.code for one in row.beside],
    )


def _entry(one: Regulation, day: date, visible: Collection[UUID]) -> RegulationEntry:
    return RegulationEntry(
        id=one.pk,
        kind=RegulationKind(one.kind),
        number=one.number,
        year=one.year,
        title=one.title,
        state=one.force_on(day),
        state_on=day,
        signed_on=one.signed_on,
        promulgated_on=one.promulgated_on,
        starts_on=one.starts_on,
        ends_on=one.ends_on,
        revoked_on=one.revoked_on,
        signatory=one.signatory,
        initiator=one.initiator.code if one.initiator else None,
        address=one.address,
        text=one.document_id if one.document_id in visible else None,
        topics=[_topic(topic) for topic in one.coverages.all()],
        relations=[
            RelationEntry(RelationKind(relation.kind), relation.target_id)
            for relation in one.relations.all()
        ],
    )


def _topic(topic: Coverage) -> TopicEntry:
    question = topic.question
    return TopicEntry(question.indicator.cluster.instrument.code, question.code)

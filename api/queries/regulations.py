"""The legal register, as the interface tells of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Prefetch

from api.answers.regulations import RegulationEntry, RelationEntry, TopicEntry
from cities.models import Membership
from regulations.choices import RegulationKind, RelationKind
from regulations.models import Coverage, Regulation, RegulationQuerySet


def regulations_of(member: Membership) -> RegulationQuerySet:
    """The register with what an entry tells; three queries."""
    topics = Coverage.objects.select_related("question__indicator__cluster__instrument")
    rows = Regulation.objects.visible_to(member).with_revocation().select_related("initiator")
    return rows.prefetch_related(Prefetch("coverages", topics), "relations")


def regulation_entries(regulations: Sequence[Regulation], day: date) -> list[RegulationEntry]:
    """Each with whether it holds on that day; without a query."""
    return [_entry(one, day) for one in regulations]


def _entry(one: Regulation, day: date) -> RegulationEntry:
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
        topics=[_topic(topic) for topic in one.coverages.all()],
        relations=[
            RelationEntry(RelationKind(relation.kind), relation.target_id)
            for relation in one.relations.all()
        ],
    )


def _topic(topic: Coverage) -> TopicEntry:
    question = topic.question
    return TopicEntry(question.indicator.cluster.instrument.code, question.code)

"""Which documents of a year are regulations that don't hold for the years that are evaluated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Q
from django.utils.translation import gettext as _

from assessments.cautions import Caution, Source
from assessments.models import Assessment, Evidence
from figures.numbers import format_date
from regulations.choices import Force, RelationKind
from regulations.matching import KIND_OF_EVIDENCE, same_number
from regulations.models import Regulation, Relation

SOUND = (Force.IN_FORCE, Force.UNDATED)  # an unknown day is no reason against a document


def regulation_cautions(
    assessment: Assessment, offers: Sequence[Evidence]
) -> Mapping[int, Sequence[Caution]]:
    """For `REGULATIONS`, in at most two queries."""
    by_document = Q(document__in={offer.document_id for offer in offers})
    by_kind = Q(kind__in={KIND_OF_EVIDENCE[offer.kind.code] for offer in offers})
    of_city = Regulation.objects.filter(city=assessment.city_id)
    known = list(of_city.filter(by_document | by_kind).with_revocation())
    found = {offer.pk: one for offer in offers if (one := _regulation_of(offer, known)) is not None}
    doubtful = {
        pk: (one, force)
        for pk, one in found.items()
        if (force := one.force_on(assessment.evidence_to)) not in SOUND
    }
    revoking = _revoking(one for one, force in doubtful.values() if force == Force.REVOKED)
    return {
        pk: [Caution(_sentence(one, force, revoking.get(one.pk)))]
        for pk, (one, force) in doubtful.items()
    }


REGULATIONS = Source(kinds=frozenset(KIND_OF_EVIDENCE), find=regulation_cautions)


def _regulation_of(offer: Evidence, known: Iterable[Regulation]) -> Regulation | None:
    """The regulation whose text it is: as somebody said, else the one of its kind and number."""
    by_number = None
    for one in known:
        if one.document_id == offer.document_id:
            return one
        if one.kind == KIND_OF_EVIDENCE[offer.kind.code] and same_number(
            offer.document.number, number=one.number, year=one.year
        ):
            by_number = one
    return by_number


def _revoking(revoked: Iterable[Regulation]) -> dict[int, Regulation]:
    """By the revoked one, the first that revokes it."""
    wanted = [one.pk for one in revoked]
    if not wanted:
        return {}
    relations = Relation.objects.filter(
        target__in=wanted, kind=RelationKind.REVOKES, source__is_draft=False
    ).select_related("source")
    found: dict[int, Regulation] = {}
    for relation in relations:
        start, before = relation.source.starts_on, found.get(relation.target_id)
        if start is None:
            continue
        if before is None or before.starts_on is None or start < before.starts_on:
            found[relation.target_id] = relation.source
    return found


def _sentence(one: Regulation, force: Force, by: Regulation | None) -> str:
    facts = {"regulation": one, "day": format_date(one.revoked_on), "by": by}
    match force:
        case Force.REVOKED:
            return (
                _("%(regulation)s dicabut oleh %(by)s sejak %(day)s. Ganti dengan yang berlaku.")
                % facts
            )
        case Force.DRAFT:
            return _("%(regulation)s tercatat sebagai rancangan, belum berlaku.") % facts
        case Force.ENDED:
            day = {"day": format_date(one.ends_on)}
            return _("Masa berlaku %(regulation)s habis pada %(day)s.") % (facts | day)
        case _:
            day = {"day": format_date(one.starts_on)}
            words = _("%(regulation)s baru berlaku pada %(day)s, sesudah tahun yang dinilai.")
            return words % (facts | day)

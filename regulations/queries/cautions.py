"""Which documents of a year are regulations that don't hold for the years that are evaluated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from assessments.cautions import Caution, Offered, Source
from assessments.models import Assessment
from figures.numbers import format_date
from regulations.choices import Force, RelationKind
from regulations.matching import KIND_OF_EVIDENCE, number_key, readings
from regulations.models import Regulation, Relation

SOUND = (Force.IN_FORCE, Force.UNDATED)  # an unknown day is no reason against a document


def regulation_cautions(
    assessment: Assessment, offers: Sequence[Offered]
) -> Mapping[int, Sequence[Caution]]:
    """For `REGULATIONS`, in one query."""
    # Fewer than the documents of a year, which a query would have to be told one by one.
    with_text = Q(document__isnull=False)
    by_kind = Q(kind__in={KIND_OF_EVIDENCE[offer.kind] for offer in offers})
    # What revokes one is named beside it, and may be of another kind.
    revoking = Exists(Relation.objects.filter(source=OuterRef("pk"), kind=RelationKind.REVOKES))
    of_city = Regulation.objects.filter(city=assessment.city_id)
    known = list(of_city.filter(with_text | by_kind | revoking).with_revoking())
    by_key = {one.pk: one for one in known}
    return {
        pk: [Caution(_sentence(one, force, by_key.get(one.revoked_by or 0)))]
        for pk, one in _regulations_of(offers, known).items()
        if (force := one.force_on(assessment.evidence_to)) not in SOUND
    }


REGULATIONS = Source(kinds=frozenset(KIND_OF_EVIDENCE), find=regulation_cautions)


def _regulations_of(
    offers: Iterable[Offered], known: Sequence[Regulation]
) -> dict[int, Regulation]:
    """By offer, the one whose text it is: as somebody said, else that of its kind and number.

    Where several bear that number it is the last of them, as `known` has them.
    """
    told = {one.document_id: one for one in reversed(known)}
    places = {
        (one.kind, number_key(one.number, one.year)): place for place, one in enumerate(known)
    }
    found: dict[int, Regulation] = {}
    for offer in offers:
        kind = KIND_OF_EVIDENCE[offer.kind]
        meant = {(kind, number) for number in readings(offer.number)} & places.keys()
        if offer.document in told:
            found[offer.pk] = told[offer.document]
        elif meant:
            found[offer.pk] = known[max(places[one] for one in meant)]
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

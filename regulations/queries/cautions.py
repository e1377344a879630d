"""Which documents of a year are regulations that don't hold for the years that are evaluated."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from assessments.cautions import Caution, Offered, Source
from assessments.models import Assessment, SupportingDocument
from figures.numbers import format_date
from regulations.choices import Force
from regulations.matching import KIND_OF_EVIDENCE, number_key, readings
from regulations.models import Regulation

SOUND = (Force.IN_FORCE, Force.UNDATED)  # an unknown day is no reason against a document


class RegulationJudge:
    """The regulations of a city, read in one query, against the documents of one of its years."""

    def __init__(self, assessment: Assessment) -> None:
        known = list(Regulation.objects.filter(city=assessment.city_id).with_revoking())
        self.day = assessment.evidence_to
        self.by_key = {one.pk: one for one in known}
        self.by_text = {one.document_id: one for one in reversed(known)}
        self.places = {
            (one.kind, number_key(one.number, one.year)): place for place, one in enumerate(known)
        }
        self.known = known
        unsound = [one for one in known if one.force_on(self.day) not in SOUND]
        self.unsound_texts = {one.document_id for one in unsound if one.document_id is not None}
        self.unsound_numbers = {number_key(one.number, one.year) for one in unsound}

    def doubted(self, documents: QuerySet[SupportingDocument]) -> set[UUID]:
        if not self.unsound_numbers:
            return set()
        written = documents.exclude(number="").values_list("pk", "number")
        return self.unsound_texts | {
            pk for pk, number in written if not self.unsound_numbers.isdisjoint(readings(number))
        }

    def cautions(self, offer: Offered) -> list[Caution]:
        one = self._regulation(offer)
        if one is None or (force := one.force_on(self.day)) in SOUND:
            return []
        return [Caution(_sentence(one, force, self.by_key.get(one.revoked_by or 0)))]

    def _regulation(self, offer: Offered) -> Regulation | None:
        """The one whose text it is: as somebody said, else that of its kind and number.

        Where several bear that number it is the last of them.
        """
        kind = KIND_OF_EVIDENCE.get(offer.kind)
        if kind is None:
            return None
        if offer.document in self.by_text:
            return self.by_text[offer.document]
        numbers = {(kind, number) for number in readings(offer.number)}
        places = [self.places[one] for one in numbers & self.places.keys()]
        return self.known[max(places)] if places else None


REGULATIONS = Source(kinds=frozenset(KIND_OF_EVIDENCE), judge=RegulationJudge)


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

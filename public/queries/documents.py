"""Which documents of a year may be let out, what stands in the way of each, and which are out."""

from __future__ import annotations

import logging
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.choices import Verdict
from assessments.filetypes.findings import LOCKING, FileFinding
from assessments.models import Assessment, SupportingDocument
from assessments.renditions.limited import UnshowableError, WorkFailedError
from assessments.services.integrity import DamagedError
from assessments.services.whole_text import WholeText, whole_text
from cities.models import Membership
from clusters.models import Question
from public.models import ReleasedDocument
from public.personal import faults_of, faults_of_file
from public.queries.contents import Frozen
from public.queries.names import known_names
from public.queries.pages import CityPage
from texts.folding import folded

# Kinds of documents that are lists of people, and what people call such papers.
KINDS_OF_PEOPLE = frozenset({"daftar_hadir", "buku_tamu", "sertifikat", "susunan_anggota"})
LISTS_OF_PEOPLE = re.compile(
    r"\b(?:daftar (?:hadir|peserta|nama|anggota|penerima)|absensi|presensi|buku tamu"
    r"|susunan (?:ke)?anggota(?:an)?)\b"
)
CARRIED = LOCKING | {FileFinding.ATTACHMENT}
MOST_PLACES = 20  # named in one sentence

logger = logging.getLogger(__name__)

PLACES: Mapping[str, str | Promise] = {
    "page": gettext_lazy("Halaman %(name)s"),
    "sheet": gettext_lazy("Lembar “%(name)s”"),
    "properties": gettext_lazy("Keterangan berkas"),
    "": gettext_lazy("Isi berkas"),
}
NOT_READ: Mapping[str, str | Promise] = {
    "long": gettext_lazy("Berkas ini lebih panjang daripada yang dibaca mesin."),
    "kind": gettext_lazy("Isi berkas ini tidak dapat dibaca mesin."),
    "part": gettext_lazy("Berkas ini memuat gambar atau bagian lain yang tidak dibaca mesin."),
}


@dataclass(frozen=True, slots=True)
class FrozenPaper:
    """A document as the submission holds it.

    `code` is the first question that it proved, `titles` and `kinds` what it was offered as anywhere.
    """

    code: str
    titles: frozenset[str]
    kinds: frozenset[str]

    @property
    def lists_people(self) -> bool:
        return not KINDS_OF_PEOPLE.isdisjoint(self.kinds) or any(map(_is_list, self.titles))


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a document is not released; `code` is that of the service's ValidationError."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What the machine found in a file, in sentences: what refuses it, and what a person looks at."""

    faults: list[str]
    doubts: list[str]


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document of the year, and its release that stands; None where the public has it not."""

    document: SupportingDocument
    release: ReleasedDocument | None


def frozen_papers(year: Frozen) -> dict[str, FrozenPaper]:
    """Files that were accepted in questions that were proven, by their SHA-256."""
    codes: dict[str, str] = {}
    titles, kinds = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for answer in year.content["answers"]:
        for one in answer["documents"]:
            sha256 = one["sha256"]
            titles[sha256].add(one["title"])
            kinds[sha256].add(one["kind"])
            if answer["is_proven"] and one["verdict"] == Verdict.ACCEPTED and not _is_link(one):
                codes.setdefault(sha256, answer["code"])
    return {
        sha256: FrozenPaper(code, frozenset(titles[sha256]), frozenset(kinds[sha256]))
        for sha256, code in codes.items()
        if sha256
    }


def _is_link(told: Mapping[str, Any]) -> bool:
    return "address" in told or "address_sha256" in told


def documents_to_release(
    member: Membership, assessment: Assessment, year: Frozen | None
) -> QuerySet[SupportingDocument]:
    """Those released, then those of the submission that nothing speaks against before they are read.

    Without a submission, while the year is worked on again, only the former.
    """
    papers = frozen_papers(year) if year else {}
    keys = [sha256 for sha256, paper in papers.items() if not paper.lists_people]
    known = SupportingDocument.objects.filter(city=member.city_id)
    sound = known.newest().openable_by(member).filter(sha256__in=keys, sensitivity="")
    standing = ReleasedDocument.objects.standing().filter(assessment=assessment)
    offered = Q(pk__in=sound.exclude(file="").values("pk"))
    is_out = Exists(standing.filter(document=OuterRef("pk")))
    return known.filter(offered | is_out).order_by(is_out.desc(), "title", "pk")


def rows_of(assessment: Assessment, documents: Iterable[SupportingDocument]) -> list[DocumentRow]:
    """The documents with what is released of them; one query."""
    shown = list(documents)
    standing = ReleasedDocument.objects.standing().select_related("by")
    found = standing.filter(assessment=assessment, document__in=[one.pk for one in shown])
    releases = {one.document_id: one for one in found}
    return [DocumentRow(one, releases.get(one.pk)) for one in shown]


def refusal_of(document: SupportingDocument, year: Frozen) -> Refusal | None:
    """Why it is not released, whatever stands in it; at most one query."""
    return next(_refusals(document, year), None)


def _refusals(document: SupportingDocument, year: Frozen) -> Iterator[Refusal]:
    paper = frozen_papers(year).get(document.sha256)
    if paper is None or document.city_id != year.member.city_id or document.is_link:
        sentence = _("Dokumen ini tidak termasuk yang diterima saat penilaian diajukan.")
        yield Refusal("not_frozen", sentence)
        return
    if not document.file:
        yield Refusal("gone", _("Berkas dokumen ini sudah tidak disimpan."))
    if document.is_quarantined:
        sentence = _("Berkas ini menunggu pemindai virus, atau ditolak olehnya.")
        yield Refusal("quarantined", sentence)
    if document.is_sensitive:
        yield Refusal("sensitive", _("Dokumen sensitif tidak pernah dirilis."))
    if paper.lists_people or _is_list(document.title) or _is_list(document.original_name):
        sentence = _("Daftar orang, seperti daftar hadir dan sertifikat, tidak pernah dirilis.")
        yield Refusal("people", sentence)
    if not CARRIED.isdisjoint(document.findings):
        yield _carries()
    if document.revisions.exists():
        yield Refusal("replaced", _("Dokumen ini sudah diganti dengan versi yang lebih baru."))


def _carries() -> Refusal:
    sentence = _("Berkas ini membawa lampiran, skrip, atau berkas lain di dalamnya.")
    return Refusal("carries", sentence)


def _is_list(title: str) -> bool:
    return LISTS_OF_PEOPLE.search(" ".join(re.findall(r"[^\W_]+", folded(title)))) is not None


def question_of(document: SupportingDocument, year: Frozen) -> Question:
    """The first question that it proved; the instrument of a year never changes."""
    code = frozen_papers(year)[document.sha256].code
    return Question.objects.get(
        indicator__cluster__instrument=year.assessment.instrument_id, code=code
    )


def read_document(document: SupportingDocument, *, at: datetime) -> Reading | Refusal:
    """Look for people in the file, or say why it cannot be looked through; one query."""
    try:
        found = whole_text(document, at=at)
    except DamagedError:
        return Refusal("damaged", _("Berkas yang tersimpan rusak atau hilang."))
    except UnshowableError as error:
        logger.info("Document %s cannot be looked through: %s", document.pk, error)
        return Refusal("unreadable", _("Mesin tidak dapat memeriksa isi berkas ini."))
    except (WorkFailedError, OSError) as error:
        logger.warning("Document %s was not looked through: %s", document.pk, error)
        sentence = _("Isi berkas ini belum selesai diperiksa. Coba lagi beberapa menit lagi.")
        return Refusal("busy", sentence)
    if found.carries:
        return _carries()
    if found.has_position:
        sentence = _("Foto di dalam berkas ini menyimpan letak pengambilannya (GPS).")
        return Refusal("position", sentence)
    names = known_names(document.city_id)
    certain = _told(found, faults_of_file, _("%(places)s memuat %(fault)s."))
    likely = _told(
        found, lambda text: faults_of(text, names), _("%(places)s mungkin memuat %(fault)s.")
    )
    return Reading(certain, [*_not_read(found), *likely])


def _told(found: WholeText, look: Callable[[str], Iterable[str]], sentence: str) -> list[str]:
    """A sentence for each fault, with the places where it was found."""
    places: dict[str, list[str]] = {}
    for passage in found.passages:
        place = str(PLACES[passage.kind]) % {"name": passage.name}
        for fault in look(passage.text):
            places.setdefault(fault, []).append(place)
    return [sentence % {"places": _some(many), "fault": fault} for fault, many in places.items()]


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:MOST_PLACES]) + (", …" if len(names) > MOST_PLACES else "")


def _not_read(found: WholeText) -> Iterator[str]:
    pages = [name for reason, name in found.unread if reason == "page"]
    if pages:
        facts = {"pages": _some(pages)}
        yield _("Halaman %(pages)s memuat gambar atau catatan, atau tidak memuat teks.") % facts
    for reason in dict.fromkeys(reason for reason, _name in found.unread if reason != "page"):
        yield str(NOT_READ[reason])


def released_documents(page: CityPage) -> list[ReleasedDocument]:
    """What the public may fetch beside the page; one query."""
    readable = ReleasedDocument.objects.readable()
    return list(readable.filter(assessment=page.releases[0].assessment_id))


def released_document(slug: str, year: int, pk: int) -> ReleasedDocument | None:
    """One of them with its document; one query."""
    readable = ReleasedDocument.objects.readable().select_related("document")
    return readable.filter(assessment__city__slug=slug, assessment__year=year, pk=pk).first()


def documents_in_use() -> QuerySet[ReleasedDocument, Any]:
    """Keys of documents whose files have to stay (`KLA_DOCUMENTS_IN_USE`)."""
    return ReleasedDocument.objects.standing().order_by().values("document")

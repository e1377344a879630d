"""Which documents of a year may be let out, what stands in the way of each, and which are out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
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
LISTS_OF_PEOPLE = re.compile(r"\b(?:daftar hadir|absensi|presensi|buku tamu)\b")
CARRIED = LOCKING | {FileFinding.ATTACHMENT}
MOST_PLACES = 20  # named in one sentence

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
    """A document as the submission holds it: for which question, called what, of which kind."""

    code: str
    title: str
    kind: str


@dataclass(frozen=True, slots=True)
class Refusal:
    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What the machine found in a file, in sentences: what refuses it, and what a person must read."""

    faults: list[str]
    unread: list[str]
    has_position: bool


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document of the year, and its release that stands; None where the public has it not."""

    document: SupportingDocument
    release: ReleasedDocument | None


def frozen_papers(year: Frozen) -> dict[str, FrozenPaper]:
    """Files that were accepted in questions that were proven, by their SHA-256."""
    found: dict[str, FrozenPaper] = {}
    for answer in year.content["answers"]:
        for one in answer["documents"] if answer["is_proven"] else ():
            if one["verdict"] == Verdict.ACCEPTED and one["sha256"] and not _is_link(one):
                paper = FrozenPaper(answer["code"], one["title"], one["kind"])
                found.setdefault(one["sha256"], paper)
    return found


def _is_link(told: Mapping[str, Any]) -> bool:
    return "address" in told or "address_sha256" in told


def documents_to_release(
    member: Membership, assessment: Assessment, year: Frozen | None
) -> QuerySet[SupportingDocument]:
    """Those released, then those of the submission that nothing speaks against before they are read.

    Without a submission, while the year is worked on again, only the former.
    """
    papers = frozen_papers(year) if year else {}
    keys = [sha256 for sha256, one in papers.items() if not _lists_people(one.kind, one.title)]
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
    if _lists_people(paper.kind, paper.title, document.title, document.original_name):
        sentence = _("Daftar orang, seperti daftar hadir dan sertifikat, tidak pernah dirilis.")
        yield Refusal("people", sentence)
    if not CARRIED.isdisjoint(document.findings):
        sentence = _("Berkas ini membawa lampiran, skrip, atau program di dalamnya.")
        yield Refusal("carries", sentence)
    if document.revisions.exists():
        yield Refusal("replaced", _("Dokumen ini sudah diganti dengan versi yang lebih baru."))


def _lists_people(kind: str, *titles: str) -> bool:
    words = (" ".join(re.findall(r"[^\W_]+", folded(title))) for title in titles)
    return kind in KINDS_OF_PEOPLE or any(LISTS_OF_PEOPLE.search(title) for title in words)


def question_of(document: SupportingDocument, year: Frozen) -> Question:
    """The first question that it proved; the instrument of a year never changes."""
    code = frozen_papers(year)[document.sha256].code
    return Question.objects.get(
        indicator__cluster__instrument=year.assessment.instrument_id, code=code
    )


def read_document(document: SupportingDocument, *, at: datetime) -> Reading:
    """Look for people in the file; one query. Raises DamagedError."""
    found = whole_text(document, at=at)
    names = known_names(document.city_id)
    faults: list[str] = []
    unread = list(_not_read(found))
    for passage in found.passages:
        place = str(PLACES[passage.kind]) % {"name": passage.name}
        told = _("%(place)s memuat %(fault)s.")
        certain = faults_of_file(passage.text)
        faults += [told % {"place": place, "fault": fault} for fault in certain]
        told = _("%(place)s mungkin memuat %(fault)s.")
        likely = faults_of(passage.text, names)
        unread += [told % {"place": place, "fault": fault} for fault in likely]
    return Reading(faults, unread, found.has_position)


def _not_read(found: WholeText) -> Iterator[str]:
    pages = [name for reason, name in found.unread if reason == "page"]
    if pages:
        more = ", …" if len(pages) > MOST_PLACES else ""
        facts = {"pages": ", ".join(pages[:MOST_PLACES]) + more}
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

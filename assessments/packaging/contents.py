"""Which documents go into a package, and under which path."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from assessments.choices import AnswerState, Verdict
from assessments.filetypes.kinds import EXTENSIONS
from assessments.models import Answer, AnswerQuerySet, Assessment, Evidence, SupportingDocument
from assessments.packaging.names import distinct, sortable
from cities.models import Membership

# With the slashes 198 of the 260 characters that Windows allows a path; the rest is for the
# place where a person unpacks it. Questions get most: many of them begin with the same words.
CLUSTER, INDICATOR, QUESTION, DOCUMENT = 30, 35, 70, 60


@dataclass(frozen=True, slots=True)
class PackedFile:
    """A document at its place in the package. Times are the city's own.

    `size` and `sha256` are of what is packed: the original, or what pages show of it where the
    original is locked or tells where a photograph was taken (`shown_instead` says which).
    """

    path: str
    stored_name: str
    question: str
    title: str
    original_name: str
    number: str
    issued_on: date | None
    kind: str
    media_type: str
    size: int
    sha256: str
    original_sha256: str
    shown_instead: str
    verdict: str
    opd: str
    uploaded_by: str
    uploaded_at: datetime
    decided_by: str
    decided_at: datetime | None
    address: str = ""  # of a link, beside the copy that was kept of the page
    seen_on: date | None = None
    text: bytes | None = None  # what is packed in place of a stored file
    document: UUID | None = None
    is_withheld: bool = False  # sensitive, and not for whoever makes the package
    is_quarantined: bool = False  # not scanned for viruses yet, or refused by the scanner

    @property
    def verdict_label(self) -> str:
        return str(Verdict(self.verdict).label)


@dataclass(frozen=True, slots=True)
class PackedQuestion:
    """A question with its documents; without any it is listed as missing."""

    code: str
    text: str
    indicator: str
    cluster: str
    state: str
    files: tuple[PackedFile, ...]

    @property
    def state_label(self) -> str:
        return str(AnswerState(self.state).label)


@dataclass(frozen=True, slots=True)
class Package:
    """Everything that is known of a package before its first byte is sent."""

    city: str
    year: int
    instrument: str
    scope: Mapping[str, str]  # what it was narrowed to, by the word in the address
    only_accepted: bool
    made_by: str
    made_at: datetime
    questions: tuple[PackedQuestion, ...]
    sensitive: tuple[SupportingDocument, ...] = ()  # those that are in it

    def files(self) -> Iterator[PackedFile]:
        for question in self.questions:
            yield from question.files

    @property
    def size(self) -> int:
        """Of all files together, in bytes."""
        return sum(file.size for file in self.files())

    def documents(self) -> list[UUID]:
        """Those whose content is in it, or would be if their file could be read."""
        return [one.document for one in self.files() if one.document and not one.is_withheld]

    def unproven(self) -> list[PackedQuestion]:
        """The questions for which nothing is packed."""
        return [question for question in self.questions if not question.files]


def package_of(
    answers: AnswerQuerySet,
    *,
    assessment: Assessment,
    only_accepted: bool,
    scope: Mapping[str, str],
    by: Membership,
    at: datetime,
) -> Package:
    """The documents in force for the answers: accepted ones, and waiting ones unless `only_accepted`.

    Returned and replaced ones stay out, and of a sensitive one that `by` may not take along only
    its title is told. Three queries at most, however many documents there are.
    """
    zone = assessment.city.zone
    evidence = _evidence_of(answers, only_accepted=only_accepted)
    documents = [item.document for items in evidence.values() for item in items]
    openable = SupportingDocument.objects.openable_keys(documents, by, in_bulk=True)
    shelves = _Shelves()
    in_order = answers.with_state().select_related("question__indicator__cluster").in_order()
    questions = tuple(
        _question(answer, evidence[answer.pk], openable, shelves, zone) for answer in in_order
    )
    return Package(
        city=assessment.city.name,
        year=assessment.year,
        instrument=assessment.instrument.title,
        scope=scope,
        only_accepted=only_accepted,
        made_by=by.user.name,
        made_at=at.astimezone(zone),
        questions=questions,
        sensitive=tuple(
            document for document in documents if document.is_sensitive and document.pk in openable
        ),
    )


def _evidence_of(answers: AnswerQuerySet, *, only_accepted: bool) -> dict[int, list[Evidence]]:
    verdicts = [Verdict.ACCEPTED] if only_accepted else [Verdict.ACCEPTED, Verdict.WAITING]
    offered = Evidence.objects.filter(
        answer__in=answers.values("pk"), verdict__in=verdicts, superseded_by=None
    ).select_related(
        "kind", "decided_by", "document__opd", "document__uploaded_by", "document__rendition"
    )
    by_answer: dict[int, list[Evidence]] = defaultdict(list)
    for evidence in offered.order_by("kind__position", "offered_at", "pk"):
        by_answer[evidence.answer_id].append(evidence)
    return by_answer


@dataclass(slots=True)
class _Shelves:
    """Folders already named, so that each is named once and no two of them alike."""

    named: dict[tuple[str, int], str] = field(default_factory=dict)
    taken: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def folder(self, of: tuple[str, int], text: str, parent: str, limit: int) -> str:
        if of not in self.named:
            self.named[of] = parent + distinct(text, self.taken[parent], limit=limit) + "/"
        return self.named[of]

    def file(self, text: str, folder: str, extension: str) -> str:
        return folder + distinct(text, self.taken[folder], limit=DOCUMENT, extension=extension)


def _question(
    answer: Answer,
    evidence: list[Evidence],
    openable: AbstractSet[UUID],
    shelves: _Shelves,
    zone: ZoneInfo,
) -> PackedQuestion:
    question = answer.question
    folder = _folder(answer, shelves)
    return PackedQuestion(
        code=question.code,
        text=question.text,
        indicator=str(question.indicator),
        cluster=_cluster_name(answer),
        state=answer.state,
        files=tuple(
            packed
            for number, item in enumerate(evidence, start=1)
            for packed in (_files if item.document_id in openable else _withheld)(
                item, number, question.code, folder, shelves, zone
            )
        ),
    )


def _folder(answer: Answer, shelves: _Shelves) -> str:
    """`01 Kelembagaan/01 Peraturan …/1.1 Bentuk aturan …/`"""
    question, indicator = answer.question, answer.question.indicator
    cluster = indicator.cluster
    of_cluster = f"{cluster.position + 1:02d} {_cluster_name(answer)}"
    of_indicator = f"{sortable(indicator.code)} {indicator.name}"
    of_question = f"{question.code} {question.text}"
    path = shelves.folder(("cluster", cluster.pk), of_cluster, "", CLUSTER)
    path = shelves.folder(("indicator", indicator.pk), of_indicator, path, INDICATOR)
    return shelves.folder(("question", question.pk), of_question, path, QUESTION)


def _cluster_name(answer: Answer) -> str:
    cluster = answer.question.indicator.cluster
    return cluster.name if cluster.label == cluster.name else f"{cluster.label} {cluster.name}"


@dataclass(frozen=True, slots=True)
class _Packed:
    stored_name: str
    media_type: str
    size: int
    sha256: str
    shown_instead: str = ""


def _packed(document: SupportingDocument) -> _Packed:
    """The original file; its rendition where the original is locked or contains a position (GPS)."""
    shown = document.preview
    if document.is_locked:
        why = _("berkas asli terkunci")
    elif shown is not None and "position" in shown.changes:
        why = _("foto asli memuat posisi")
    else:
        return _Packed(
            document.file.name or "", document.media_type, document.size, document.sha256
        )
    if shown is None:  # nothing safe to pack yet; the index says that it is missing
        return _Packed("", document.media_type, document.size, document.sha256, why)
    return _Packed(shown.file.name or "", shown.media_type, shown.size, shown.sha256, why)


def _files(
    evidence: Evidence, number: int, code: str, folder: str, shelves: _Shelves, zone: ZoneInfo
) -> Iterator[PackedFile]:
    """The stored file, and of a link a text that says where it leads."""
    document = evidence.document
    if document.file:
        yield _file(evidence, number, code, folder, shelves, zone)
    if document.is_link:
        yield _link(evidence, number, code, folder, shelves, zone)


def _withheld(
    evidence: Evidence, number: int, code: str, folder: str, shelves: _Shelves, zone: ZoneInfo
) -> Iterator[PackedFile]:
    """Of a sensitive or quarantined document: that it exists, and nothing of what is in it."""
    yield replace(
        _file(evidence, number, code, folder, shelves, zone),
        stored_name="",
        original_name="",
        number="",
        size=0,
        sha256="",
        original_sha256="",
        shown_instead="",
        address="",
        seen_on=None,
        is_withheld=True,
        is_quarantined=evidence.document.is_quarantined,
    )


def _link(
    evidence: Evidence, number: int, code: str, folder: str, shelves: _Shelves, zone: ZoneInfo
) -> PackedFile:
    """A plain text: a file that opens the page by itself is taken for an attack by many."""
    document = evidence.document
    lines = [
        document.title,
        document.address,
        _("Dilihat pada %(date)s") % {"date": f"{document.seen_on:%d-%m-%Y}"},
        document.shows,
        _("Salinan halaman ada di sampingnya.") if document.file else _("Tanpa salinan halaman."),
    ]
    text = "\r\n".join([*lines, ""]).encode()
    label = _("%(number)02d Tautan %(title)s") % {"number": number, "title": document.title}
    return replace(
        _file(evidence, number, code, "", _Shelves(), zone),
        path=shelves.file(label, folder, ".txt"),
        stored_name="",
        original_name="",
        media_type="text/plain",
        size=len(text),
        sha256=hashlib.sha256(text).hexdigest(),
        text=text,
    )


def _file(
    evidence: Evidence, number: int, code: str, folder: str, shelves: _Shelves, zone: ZoneInfo
) -> PackedFile:
    document = evidence.document
    packed = _packed(document)
    extension = EXTENSIONS.get(packed.media_type, "")
    extension = extension and f".{extension}"
    title = document.title
    if extension and title.lower().endswith(extension):
        title = title[: -len(extension)]
    return PackedFile(
        path=shelves.file(f"{number:02d} {title}", folder, extension),
        stored_name=packed.stored_name,
        question=code,
        title=document.title,
        original_name=document.original_name,
        number=document.number,
        issued_on=document.issued_on,
        kind=evidence.kind.name,
        media_type=packed.media_type,
        size=packed.size,
        sha256=packed.sha256,
        original_sha256=document.sha256,
        shown_instead=packed.shown_instead,
        verdict=evidence.verdict,
        opd=document.opd.name if document.opd else "",
        uploaded_by=document.uploaded_by.name,
        uploaded_at=document.uploaded_at.astimezone(zone),
        decided_by=evidence.decided_by.name if evidence.decided_by else "",
        decided_at=evidence.decided_at.astimezone(zone) if evidence.decided_at else None,
        address=document.address,
        seen_on=document.seen_on,
        document=document.pk,
    )

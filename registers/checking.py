"""What is odd in what says which register answers which question: in files and in what was changed."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusters.library import packaged
from clusters.models import QuestionSource
from clusters.register_files import SourceSpec, packaged_sources, source_faults
from registers.contract import AnswerKind
from registers.registry import FITS, given, registers, said_of

WORDS = {
    AnswerKind.SHARE: gettext_lazy("persentase"),
    AnswerKind.COUNT: gettext_lazy("jumlah"),
}


def faults() -> list[str]:
    """Every fault of the files, and of each register's own data; empty where all fits."""
    found = []
    for spec in packaged_sources():
        instrument = packaged(spec.instrument)
        found += [str(fault) for fault in source_faults(spec, instrument)]
        asked = {one.code: one.answer_type for one in instrument.questions()}
        for one in spec.sources:
            found += [f"{one.question}: {said}" for said in _misfits(one, asked.get(one.question))]
    for register in registers().values():
        found += register.faults()
    return found


def changed_faults() -> list[str]:
    """The same of what was changed on the pages of this site; a later version may count less."""
    rows = QuestionSource.objects.select_related(
        "question__indicator__cluster__instrument"
    ).prefetch_related("question__evidence_kinds")
    found = []
    for row in rows.order_by("question__position", "pk"):
        question, instrument = row.question, row.question.indicator.cluster.instrument
        source = said_of(question, instrument)
        kinds = [kind.code for kind in question.evidence_kinds.all()]
        said = misfits(source, question.answer_type, kinds) if source else []
        found += [f"{instrument.code} {question.code}: {one}" for one in said]
    return found


def misfits(source: SourceSpec, asked: str, kinds: Collection[str]) -> list[str]:
    """Why the source cannot answer a question of that answer type that asks for those kinds of
    evidence; empty where it can.
    """
    found = list(_misfits(source, asked))
    if source.files_as and source.files_as not in kinds:
        message = _("Pertanyaan ini tidak meminta dokumen jenis %(kind)s.")
        found.append(message % {"kind": source.files_as})
    return found


def _misfits(source: SourceSpec, asked: str | None) -> Iterator[str]:
    """A register that does not know the key, or counts where a share is asked for."""
    gives = given(source)
    if gives is None:
        message = _("Tidak ada register yang menghitung “%(register)s %(key)s”.")
        yield message % {"register": source.register, "key": source.key}
    elif gives != FITS.get(asked or "", gives):
        message = _("Register memberi %(gives)s, sedangkan pertanyaan ini meminta %(asked)s.")
        yield message % {"gives": WORDS[gives], "asked": WORDS[FITS[asked or ""]]}

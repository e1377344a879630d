"""Saying which register answers a question, beside the instrument, which stays as it is.

What was taken before stays as it was taken: a change counts from the next look at the question.
"""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from clusters.models import Instrument, Question, QuestionSource
from clusters.permissions import require_site_admin
from clusters.register_files import SourceSpec
from clusters.services.diary import note
from registers.checking import misfits
from registers.registry import default_of, said_of
from texts.languages import deed


@deed
def set_source(
    *,
    question_id: int,
    source: SourceSpec | None,
    seen: str,
    by: AbstractBaseUser,
    at: datetime,
) -> None:
    """Let that register answer the question, or with None no register at all.

    What holds without that is not kept as a change. `seen` is `told_source` of what was shown.
    Raises ValidationError (`draft`, `stale`, `misfit`).
    """
    require_site_admin(by)
    question, instrument = _held(question_id)
    before = said_of(question, instrument)
    if told_source(before) != seen:
        raise ValidationError(
            _lazy("Register pertanyaan ini sudah diubah orang lain. Periksa, lalu simpan lagi."),
            code="stale",
        )
    if source == before:
        return
    if source is not None:
        kinds = question.evidence_kinds.values_list("code", flat=True)
        found = misfits(source, question.answer_type, list(kinds))
        if found:
            raise ValidationError(" ".join(found), code="misfit")
    if source == default_of(instrument, question.code):
        QuestionSource.objects.filter(question=question).delete()
    else:
        chosen = {
            "register": source.register if source else "",
            "key": source.key if source else "",
            "files_as": source.files_as if source else "",
        }
        QuestionSource.objects.update_or_create(
            question=question, defaults={**chosen, "by_id": by.pk, "at": at}
        )
    _note(instrument, question, before, source, by=by, at=at)


@deed
def use_file_source(*, question_id: int, by: AbstractBaseUser, at: datetime) -> None:
    """Back to what the file says, or what a correction follows. Raises ValidationError (`draft`)."""
    require_site_admin(by)
    question, instrument = _held(question_id)
    before = said_of(question, instrument)
    deleted, _rows = QuestionSource.objects.filter(question=question).delete()
    if deleted:
        default = default_of(instrument, question.code)
        _note(instrument, question, before, default, by=by, at=at)


def told_source(source: SourceSpec | None) -> str:
    """The source in one line, as trails and forms carry it."""
    if source is None:
        return _("tidak ada register")
    return " ".join(filter(None, (source.register, source.key, source.files_as)))


def _held(question_id: int) -> tuple[Question, Instrument]:
    """The question, so that of two people one after the other changes what answers it."""
    questions = Question.objects.select_related("indicator__cluster__instrument")
    question = questions.select_for_update(of=["self"]).get(pk=question_id)
    instrument = question.indicator.cluster.instrument
    if instrument.is_draft:
        raise ValidationError(
            _lazy("Instrumen ini masih rancangan. Terbitkan dahulu, lalu pilih registernya."),
            code="draft",
        )
    return question, instrument


def _note(
    instrument: Instrument,
    question: Question,
    before: SourceSpec | None,
    after: SourceSpec | None,
    *,
    by: AbstractBaseUser,
    at: datetime,
) -> None:
    sentence = _("register pertanyaan %(code)s diubah: %(before)s → %(after)s") % {
        "code": question.code,
        "before": told_source(before),
        "after": told_source(after),
    }
    note(instrument, sentence, by=by, at=at)

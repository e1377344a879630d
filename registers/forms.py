"""Choosing what answers a question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from textwrap import shorten
from typing import Any, cast

from crispy_forms.helper import FormHelper
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusters.register_files import SourceSpec
from registers.checking import WORDS
from registers.queries.sources import SourceLine
from registers.registry import FITS, counted_by, registers

LONGEST = 110  # characters of a choice


class SourceForm(forms.Form):
    """Only what fits the form of the answer is offered, with the questions that it answers already."""

    source = forms.ChoiceField(
        label=gettext_lazy("Yang menjawab"),
        required=False,
        help_text=gettext_lazy("Hanya ukuran yang cocok dengan bentuk jawaban pertanyaan ini."),
    )
    files_as = forms.ChoiceField(
        label=gettext_lazy("Matriksnya diajukan sebagai"),
        required=False,
        help_text=gettext_lazy("Pilih jenis dokumen yang memang dapat dibuktikan sebuah matriks."),
    )

    def __init__(
        self, data: QueryDict | None = None, *, line: SourceLine, others: Sequence[SourceLine]
    ) -> None:
        now = line.source
        super().__init__(
            data, initial={"source": _value(now), "files_as": now.files_as} if now else {}
        )
        self.line = line
        kinds = [(kind.code, kind.name) for kind in line.question.evidence_kinds.all()]
        self._offer("source", [("", _("Tidak ada register")), *_offered(line, others)])
        self._offer("files_as", [("", _("Tidak diajukan, hanya angkanya")), *kinds])

    def _offer(self, name: str, choices: Sequence[Any]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        return helper

    def spec(self) -> SourceSpec | None:
        """What was chosen, after it was found valid."""
        register, _space, key = self.cleaned_data["source"].partition(" ")
        if not register:
            return None
        kind = self.cleaned_data["files_as"]
        return SourceSpec(self.line.question.code, register, key, kind)


def _value(source: SourceSpec) -> str:
    return f"{source.register} {source.key}"


def _offered(
    line: SourceLine, others: Sequence[SourceLine]
) -> list[tuple[str, list[tuple[str, str]]]]:
    answers = defaultdict(list)
    for other in others:
        if other.source and other.question.pk != line.question.pk:
            answers[_value(other.source)].append(other.question.code)
    groups = []
    for register in registers().values():
        choices = []
        for key, title in counted_by(register.code).items():
            gives = register.gives(key)
            if gives and gives == FITS.get(line.question.answer_type, gives):
                value = f"{register.code} {key}"
                label = f"{shorten(title, LONGEST, placeholder=' …')}, {WORDS[gives]}"
                if answers[value]:
                    codes = ", ".join(answers[value])
                    label += " " + _("(sudah menjawab %(codes)s)") % {"codes": codes}
                choices.append((value, label))
        groups.append((str(register.title), choices))
    return groups

"""Filters of the questions of a year and of the years of a city, read from the address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from assessments.choices import AnswerState, Stage, TaskStep
from assessments.models import AnswerQuerySet, Assessment, Comment
from assessments.queries.tasks import TaskRow
from cities.forms.lists import ListForm, Words, choice_field, search_field
from cities.models import Opd
from clusters.models import Cluster, Indicator
from texts.folding import folded
from texts.searching import found


class ScopeFilterForm(ListForm):
    """Which part of a year: the questions of a cluster, of an indicator, of an OPD."""

    klaster = forms.ModelChoiceField(
        label=_("Klaster"),
        queryset=Cluster.objects.none(),
        required=False,
        to_field_name="code",
        empty_label=_("Semua klaster"),
    )
    indikator = forms.ModelChoiceField(
        label=_("Indikator"),
        queryset=Indicator.objects.none(),
        required=False,
        to_field_name="code",
        empty_label=_("Semua indikator"),
    )
    opd = forms.ModelChoiceField(
        label=_("OPD"),
        queryset=Opd.objects.none(),
        required=False,
        to_field_name="code",
        empty_label=_("Semua OPD"),
    )

    def __init__(self, *args: Any, assessment: Assessment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        instrument = assessment.instrument_id
        self.choose_from("klaster", Cluster.objects.filter(instrument=instrument))
        self.choose_from("indikator", Indicator.objects.filter(cluster__instrument=instrument))
        self.choose_from("opd", assessment.city.opds.all())
        for field in self.fields.values():
            is_select = isinstance(field.widget, forms.Select)
            field.widget.attrs["class"] = "form-select" if is_select else "form-control"

    def in_scope(self, answer: str = "") -> Q:
        """Answers of the cluster and indicator; `answer` is the path to them ("answer__")."""
        paths = {
            "klaster": f"{answer}question__indicator__cluster",
            "indikator": f"{answer}question__indicator",
        }
        wanted = self.wanted
        return Q(**{path: wanted[name] for name, path in paths.items() if name in wanted})

    def narrowed(self, answers: AnswerQuerySet) -> AnswerQuerySet:
        answers = answers.filter(self.in_scope())
        if "opd" in self.wanted:
            answers = answers.filter(assignments__opd=self.wanted["opd"])
        return answers

    def choose_from(self, name: str, rows: QuerySet[Any]) -> None:
        self.fields[name].queryset = rows  # type: ignore[attr-defined]


class QuestionFilterForm(ScopeFilterForm):
    """Which questions of a year a list shows."""

    keadaan = choice_field(
        _("Keadaan"),
        _("Semua keadaan"),
        [
            *AnswerState.choices,
            ("terlambat", _("Terlambat")),
            ("tanpa-penanggung-jawab", _("Tanpa penanggung jawab")),
            ("pesan-belum-dijawab", _("Pesan OPD belum dijawab")),
            ("tanpa-klaim", _("Tanpa klaim")),
            ("klaim-tanpa-dokumen", _("Klaim tanpa dokumen")),
        ],
    )
    q = search_field(_("Cari"))

    def shown(self, answers: AnswerQuerySet, *, today: date) -> AnswerQuerySet:
        """Of answers `with_state` and `with_due_on` those that the address asks for."""
        answers = self.narrowed(answers)
        if "q" in self.wanted:
            term = self.wanted["q"]
            answers = answers.filter(
                found(term, "question__text") | Q(question__code__istartswith=term)
            )
        state = self.wanted.get("keadaan")
        if state == "terlambat":
            answers = answers.late(today)
        elif state == "tanpa-penanggung-jawab":
            answers = answers.without_lead()
        elif state == "pesan-belum-dijawab":
            answers = answers.filter(pk__in=Comment.objects.unanswered().values("answer"))
        elif state == "tanpa-klaim":
            answers = answers.filter(claimed_points=None)
        elif state == "klaim-tanpa-dokumen":
            answers = answers.filter(Q(state=AnswerState.ANSWERED), claimed_points__gt=0)
        elif state:
            answers = answers.filter(Q(state=state))
        return answers


class TaskFilterForm(forms.Form):
    """Which of an OPD's open tasks a page shows; what is not understood narrows nothing."""

    keadaan = forms.ChoiceField(
        label=_("Keadaan"),
        required=False,
        choices=[
            ("", _("Semua yang belum diterima")),
            *((state, state.label) for state in AnswerState if state != AnswerState.ACCEPTED),
            ("terlambat", _("Terlambat")),
        ],
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    @property
    def wanted(self) -> str:
        return self.cleaned_data.get("keadaan", "") if self.is_valid() else ""


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter as a link; where it is set, the link takes it away."""

    address: str  # the query, with all that is asked for besides
    label: Words
    count: int
    is_set: bool


class TaskListForm(ListForm):
    """Which of an OPD's questions its tasks show; the steps and the role are links, not fields."""

    LEAD = "penanggung-jawab"

    keadaan = forms.ChoiceField(required=False, choices=TaskStep.choices, widget=forms.HiddenInput)
    peran = forms.ChoiceField(
        required=False, choices=[(LEAD, _("Hanya penanggung jawab"))], widget=forms.HiddenInput
    )
    indikator = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    q = search_field(_("Cari pertanyaan"))

    @property
    def is_one_list(self) -> bool:
        """Whether one step or one indicator was asked for, whose rows then stand in one list."""
        return self.wanted.get("keadaan", TaskStep.TO_DO) != TaskStep.TO_DO or (
            "indikator" in self.wanted
        )

    def shown(self, rows: Sequence[TaskRow]) -> list[TaskRow]:
        """Of the rows of a TaskList those that the address asks for, in their order."""
        step = self.wanted.get("keadaan")
        return [row for row in self._found(rows) if step in (None, row.step)]

    def chips(self, rows: Sequence[TaskRow]) -> list[Chip]:
        """Each with the questions that it would leave of those found so far."""
        found = self._found(rows, with_role=False)
        led = [row for row in found if row.is_lead]
        is_led = "peran" in self.wanted
        steps = Counter(row.step for row in (led if is_led else found))
        asked = self.wanted.get("keadaan")
        for_led = sum(asked in (None, row.step) for row in led)
        return [
            *(self._chip("keadaan", step, step.label, steps[step]) for step in TaskStep),
            self._chip("peran", self.LEAD, _("Hanya penanggung jawab"), for_led),
        ]

    def _chip(self, name: str, value: str, label: Words, count: int) -> Chip:
        is_set = self.wanted.get(name) == value
        others = {key: kept for key, kept in self.wanted.items() if key != name}
        query = others if is_set else {**others, name: value}
        return Chip(f"?{urlencode(query)}", label, count, is_set)

    def _found(self, rows: Sequence[TaskRow], *, with_role: bool = True) -> list[TaskRow]:
        """Every word stands somewhere in code, question or indicator, in any order."""
        wanted = self.wanted
        words = folded(wanted.get("q", "")).split()
        return [
            row
            for row in rows
            if wanted.get("indikator") in (None, row.answer.question.indicator.code)
            and (row.is_lead or not with_role or "peran" not in wanted)
            and (not words or all(word in _said(row) for word in words))
        ]


def _said(row: TaskRow) -> str:
    question = row.answer.question
    return folded(f"{question.code} {question.text} {question.indicator.name}")


class YearFilterForm(ListForm):
    """Which years of a city a list shows."""

    orders = {
        "": (_("Tahun terbaru"), ("-year",)),
        "lama": (_("Tahun terlama"), ("year",)),
        "tenggat": (_("Tenggat terdekat"), (F("deadline").asc(nulls_last=True), "-year")),
    }

    q = search_field(_("Cari tahun atau instrumen"))
    tahap = choice_field(_("Tahap"), _("Semua tahap"), Stage.choices)

    def narrowed(self, years: QuerySet[Assessment]) -> QuerySet[Assessment]:
        wanted = self.wanted
        if "q" in wanted:
            named = found(wanted["q"], "instrument__title", "instrument__code")
            years = years.filter(named | Q(year__contains=wanted["q"]))
        if "tahap" in wanted:
            years = years.filter(stage=wanted["tahap"])
        return years.order_by(*self.order)


class PackageForm(ScopeFilterForm):
    """What goes into a package: the questions, and which of their documents."""

    ONLY_ACCEPTED = "diterima"

    isi = forms.ChoiceField(
        label=_("Isi"),
        required=False,
        choices=[("", _("Diterima dan menunggu")), (ONLY_ACCEPTED, _("Hanya yang diterima"))],
    )

    @property
    def only_accepted(self) -> bool:
        return self.cleaned_data["isi"] == self.ONLY_ACCEPTED

    def scope(self) -> dict[str, str]:
        """What it is narrowed to, in words, by the name in the address."""
        wanted = {name: self.cleaned_data[name] for name in ("klaster", "indikator", "opd")}
        return {name: str(value) for name, value in wanted.items() if value}

    def address(self) -> str:
        """What it asks for as the query of an address; the same wish is always the same text."""
        asked = {name: self.data.get(name) for name in sorted(self.fields)}
        return urlencode({name: value for name, value in asked.items() if value})

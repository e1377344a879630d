"""Forms around stored documents: revising, offering again, waiving a kind, the evaluated years."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Field, Row
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assessments.forms.base import date_field, form_helper
from assessments.forms.links import (
    COPY_HINT,
    FIELD_OF,
    address_field,
    seen_on_field,
    shows_field,
)
from assessments.forms.uploads import CheckedFilesField, DocumentFactsForm, show_kinds
from assessments.models import Answer, Assessment, SupportingDocument
from assessments.queries.tasks import AskedKind
from assessments.services.documents import CheckedFile
from assessments.services.links import LinkFacts
from clusters.models import EvidenceKind, Question


class RevisionForm(DocumentFactsForm):
    """One better file in the place of a document, with what is different about it."""

    file = CheckedFilesField(label=_("Berkas baru"), limit=1)
    changes = forms.CharField(
        label=_("Apa yang berubah?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Pemeriksa membaca kalimat ini, misalnya “Sudah ditandatangani dan dicap”."),
    )

    many = False
    field_order = ["file", "changes"]

    def __init__(self, *args: Any, document: SupportingDocument, **kwargs: Any) -> None:
        facts = "title number issued_on period_start period_end valid_until sensitivity"
        kwargs["initial"] = {name: getattr(document, name) for name in facts.split()}
        if document.is_link:
            kwargs["initial"] |= {"address": document.address, "shows": document.shows}
        super().__init__(*args, **kwargs)
        self.is_link = document.is_link
        if self.is_link:
            self._ask_for_link(document)
        self.fields["title"].help_text = _("Bila kosong, judul yang lama dipakai.")

    def _ask_for_link(self, document: SupportingDocument) -> None:
        self.fields["address"] = address_field(
            required=False,
            help_text=_("Kosongkan bila sebuah berkas menggantikan tautan ini."),
        )
        self.fields["seen_on"] = seen_on_field(document.city)
        self.fields["shows"] = shows_field(required=False)
        self.fields["file"].required = False
        self.fields["file"].label = _("Salinan halaman atau berkas pengganti")

    @property
    def hint(self) -> str:
        return str(COPY_HINT) if self.is_link else super().hint

    @property
    def helper(self) -> FormHelper:
        of_link = ("address", "shows", "seen_on") if self.is_link else ()
        return form_helper(
            *of_link,
            Field("file", template="assessments/_file_field.html"),
            "changes",
            "title",
            self.folded(),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("address") and not data.get("seen_on") and "seen_on" not in self.errors:
            self.add_error("seen_on", _("Tuliskan kapan tautan itu dilihat."))
        return data

    @property
    def checked_file(self) -> CheckedFile | None:
        files = self.cleaned_data["file"]
        return files[0] if files else None

    @property
    def link(self) -> LinkFacts | None:
        data = self.cleaned_data
        if not data.get("address"):
            return None
        return LinkFacts(data["address"], data["seen_on"], data["shows"])

    def refuse(self, error: ValidationError) -> None:
        """Show what the service said beside the field that it is about."""
        for one in error.error_list:
            field = FIELD_OF.get(str(one.code), "file")
            self.add_error(field if field in self.fields else "file", one)


def kind_field(question: Question, offered: Iterable[EvidenceKind]) -> forms.ModelChoiceField:
    """One of the kinds of documents that a question asks for; the page shows those `offered`."""
    field = forms.ModelChoiceField(
        label=_("Jenis dokumen"),
        queryset=question.evidence_kinds.all(),
        to_field_name="code",
        empty_label=None,
        error_messages={"invalid_choice": _("Pertanyaan ini tidak meminta jenis dokumen itu.")},
    )
    show_kinds(field, offered)
    return field


class OfferForm(forms.Form):
    """A stored document for one more question."""

    def __init__(self, *args: Any, answer: Answer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"] = forms.UUIDField(
            error_messages={
                "required": _("Pilih satu dokumen dari daftar."),
                "invalid": _("Pilih satu dokumen dari daftar."),
            }
        )
        self.fields["kind"] = kind_field(answer.question, answer.question.evidence_kinds.all())


class WaiverForm(forms.Form):
    """A kind of document that is not required for one question, and why."""

    def __init__(self, *args: Any, answer: Answer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # One that a colleague has waived meanwhile is refused by the deed, which names the colleague.
        self.fields["kind"] = kind_field(answer.question, ())
        self.fields["reason"] = forms.CharField(
            label=_("Alasan"),
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text=_("OPD membaca kalimat ini apa adanya."),
            error_messages={"required": _("Tuliskan mengapa dokumen ini tidak diperlukan.")},
        )

    @property
    def helper(self) -> FormHelper:
        return form_helper("kind", "reason")

    def offer(self, asked: Iterable[AskedKind]) -> None:
        """Show those of them that nobody has waived."""
        field = cast("forms.ModelChoiceField", self.fields["kind"])
        show_kinds(field, [kind for kind in asked if kind.waiver is None])


class EvidenceWindowForm(forms.Form):
    """The first and the last day of the years that documents have to cover."""

    evidence_from = date_field(_("Awal masa dokumen"))
    evidence_to = date_field(
        _("Akhir masa dokumen"),
        help_text=_("Dokumen dari luar masa ini ditandai bagi pengunggah dan pemeriksa."),
    )

    def __init__(self, *args: Any, assessment: Assessment, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "evidence_from": assessment.evidence_from,
            "evidence_to": assessment.evidence_to,
        }
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = True

    @property
    def helper(self) -> FormHelper:
        return form_helper(Row(Column("evidence_from"), Column("evidence_to")))


class CarryOverForm(forms.Form):
    """The proposals that are ticked, by their keys: documents (`picks`) and answers (`claims`)."""

    picks = forms.MultipleChoiceField(required=False, widget=forms.MultipleHiddenInput)
    claims = forms.MultipleChoiceField(required=False, widget=forms.MultipleHiddenInput)

    def __init__(
        self, *args: Any, picks: Iterable[str], claims: Iterable[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, keys in (("picks", picks), ("claims", claims)):
            field = cast("forms.MultipleChoiceField", self.fields[name])
            field.choices = [(key, key) for key in keys]
            field.error_messages["invalid_choice"] = _(
                "Salah satu usulan sudah berubah. Periksa daftarnya, lalu centang kembali."
            )

    def clean(self) -> dict[str, Any]:
        cleaned = cast("dict[str, Any]", super().clean())
        if self.errors:
            return cleaned
        if not cleaned["picks"] and not cleaned["claims"]:
            message = _("Centang sedikitnya satu dokumen atau jawaban.")
            self.add_error("picks", forms.ValidationError(message, code="required"))
        answers = [key.partition("-")[2] for key in cleaned["claims"]]
        if len(set(answers)) < len(answers):
            message = _("Pilih satu jawaban lama saja untuk setiap pertanyaan.")
            self.add_error("claims", forms.ValidationError(message, code="several"))
        return cleaned

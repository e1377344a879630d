"""A link as evidence: its address, what it shows, and a copy of the page."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Field, Row
from django import forms
from django.core.exceptions import ValidationError
from django.core.files import File
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.forms.base import date_field, form_helper
from assessments.forms.uploads import CheckedFilesField, DocumentFactsForm, ask_for_kind
from assessments.models import Answer, Upload
from assessments.services.documents import CheckedFile
from assessments.services.links import LinkFacts
from cities.models import City, User
from clusters.models import EvidenceKind
from texts.day_fields import DayField

TYPED_LENGTH = 4000  # letters of other scripts take more room once they are cleaned
# Which field a refusal is about; the others are about the whole.
FIELD_OF = {
    "required": "address",
    "scheme": "address",
    "credentials": "address",
    "several": "address",
    "host": "address",
    "private": "address",
    "too_long": "address",
    "future": "seen_on",
    "shows": "shows",
    "wrong_kind": "kind",
    "already_stored": "file",
    "gone": "file",
    "incomplete": "file",
    "storage": "file",
    "quota_person": "file",
    "quota_city": "file",
}


def address_field(**options: Any) -> forms.CharField:
    widget = forms.TextInput(
        attrs={"inputmode": "url", "autocapitalize": "off", "placeholder": "https://"}
    )
    return forms.CharField(
        label=_("Alamat tautan"), max_length=TYPED_LENGTH, widget=widget, **options
    )


def seen_on_field(city: City, **options: Any) -> DayField:
    """The day on which somebody saw the page: today in the city unless said otherwise."""
    today = timezone.localdate(timezone=city.zone)
    field = date_field(_("Dilihat pada"), initial=today, **options)
    field.widget.attrs["data-max"] = today.isoformat()
    return field


def shows_field(**options: Any) -> forms.CharField:
    return forms.CharField(
        label=_("Apa yang ditunjukkan?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Misalnya “Berita pelantikan Forum Anak, paragraf ke-3”."),
        **options,
    )


class LinkForm(DocumentFactsForm):
    """A page for one question: its address, and the copy of it that is asked for beside it."""

    kind = forms.ModelChoiceField(
        label=_("Jenis dokumen"),
        queryset=EvidenceKind.objects.none(),
        empty_label=_("Pilih jenis dokumen"),
        error_messages={"required": _("Pilih jenis dokumen.")},
    )
    file = CheckedFilesField(label=_("Salinan halaman"), limit=1, required=False)

    many = False

    def __init__(self, *args: Any, answer: Answer, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "tautan-%s", **kwargs})
        self.answer = answer
        self.fields["address"] = address_field(
            error_messages={"required": _("Tuliskan alamat tautannya.")}
        )
        self.fields["seen_on"] = seen_on_field(answer.assessment.city)
        self.fields["seen_on"].required = True
        self.fields["shows"] = shows_field(
            error_messages={"required": _("Tuliskan apa yang ditunjukkan halaman itu.")}
        )
        self.fields["title"].help_text = _("Bila kosong, diambil dari jenis dan kode pertanyaan.")
        files = self.fields["file"]
        assert isinstance(files, CheckedFilesField)  # noqa: S101 -- narrows for mypy
        files.uploads = Upload.objects.of(by, answer)
        self.opened = files.opened = list[File]()
        self.refused = files.refused = list[Upload]()
        ask_for_kind(self.fields["kind"], answer)

    @property
    def hint(self) -> str:
        return str(COPY_HINT)

    @property
    def helper(self) -> FormHelper:
        return form_helper(
            "address",
            "shows",
            Row(Column("kind"), Column("seen_on")),
            Field("file", template="assessments/_file_field.html"),
            "title",
            self.folded(),
        )

    @property
    def link(self) -> LinkFacts:
        data = self.cleaned_data
        return LinkFacts(data["address"], data["seen_on"], data["shows"])

    @property
    def copy(self) -> CheckedFile | None:
        files = self.cleaned_data["file"]
        return files[0] if files else None

    def refuse(self, error: ValidationError) -> None:
        """Show what a service said beside the field that it is about."""
        for one in error.error_list:
            self.add_error(FIELD_OF.get(str(one.code)), one)

    def close(self) -> None:
        """Let go of the uploads; a form that was sent is used within `closing`."""
        for file in self.opened:
            file.close()


COPY_HINT = _(
    "Tangkapan layar atau halaman yang disimpan sebagai PDF. Tanpa salinan, bukti hilang bila "
    "halamannya dihapus atau berubah."
)

"""What an interface answers when it refuses: RFC 9457, with the codes and sentences of the forms."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

MEDIA_TYPE = "application/problem+json"
TITLES = {
    400: _lazy("Permintaan tidak terbaca"),
    401: _lazy("Token tidak berlaku"),
    403: _lazy("Tidak berwenang"),
    404: _lazy("Tidak ditemukan"),
    405: _lazy("Cara ini tidak tersedia di alamat ini"),
    409: _lazy("Didahului orang lain"),
    412: _lazy("Isinya sudah berubah"),
    413: _lazy("Kiriman terlalu besar"),
    415: _lazy("Jenis isi tidak dikenal"),
    422: _lazy("Isian ditolak"),
    428: _lazy("If-Match diperlukan"),
    429: _lazy("Terlalu banyak permintaan"),
    500: _lazy("Kesalahan di server"),
    503: _lazy("Server sedang sibuk"),
    507: _lazy("Ruang penyimpanan penuh"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong; `field` is empty where it is the whole that is refused."""

    field: str
    code: str
    detail: str


@dataclass
class Problem(Exception):
    """An answer instead of what was asked for; `code` is what programs go by."""

    status: int
    code: str
    detail: str
    errors: tuple[Fault, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def response(self) -> HttpResponse:
        told: dict[str, object] = {
            "type": "about:blank",
            "title": str(TITLES.get(self.status, TITLES[400])),
            "status": self.status,
            "code": self.code,
            "detail": str(self.detail),
        }
        if self.errors:
            told["errors"] = [
                {"field": one.field, "code": one.code, "detail": one.detail} for one in self.errors
            ]
        body = json.dumps(told, ensure_ascii=False)
        response = HttpResponse(body, status=self.status, content_type=MEDIA_TYPE)
        for name, value in self.headers.items():
            response[name] = value
        return response


def refused_form(form: forms.BaseForm) -> Problem:
    """What a form that was not valid says, field by field."""
    faults = tuple(
        fault
        for name, errors in form.errors.as_data().items()
        for error in errors
        for fault in _faults("" if name == NON_FIELD_ERRORS else name, error)
    )
    return Problem(422, faults[0].code, faults[0].detail, faults)


def refused(error: ValidationError, *, status: int = 422) -> Problem:
    """What a deed says that was refused."""
    faults = tuple(_faults("", error))
    return Problem(status, faults[0].code, faults[0].detail, faults)


def _faults(name: str, error: ValidationError) -> Iterator[Fault]:
    singles: Iterable[ValidationError] = error.error_list
    for one in singles:
        yield Fault(name, one.code or "invalid", " ".join(one.messages))


def not_found() -> Problem:
    return Problem(404, "not_found", _("Tidak ada yang dapat Anda lihat di alamat ini."))


def not_allowed() -> Problem:
    return Problem(403, "forbidden", _("Peran akun ini tidak boleh melakukannya."))

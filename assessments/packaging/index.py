"""The files that describe a package: an HTML and an XLSX index, and a manifest of checksums."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from assessments.packaging.contents import Package, PackedFile
from assessments.packaging.trouble import Trouble

Troubles = dict[str, Trouble]  # by the path in the package
Value = str | int  # what stands in a cell of the index

HTML, XLSX, MANIFEST = "00 INDEKS.html", "00 INDEKS.xlsx", "MANIFES.json"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
# The index is opened from a disk, where no stylesheet of the site is at hand.
STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem;
  color: #1d2733; }
h2 { margin-top: 2.5rem; border-bottom: 1px solid #c9d1da; }
h3 { margin-bottom: 0.25rem; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; }
td { width: 15%; padding: 0.3rem 0.6rem 0.3rem 0; vertical-align: top; overflow-wrap: break-word; }
td:nth-child(1) { width: 40%; }
td:nth-child(4) { width: 20%; }
td:last-child { width: 10%; }
.soft { color: #55606c; }
.bad { color: #a3211b; }
"""


@dataclass(frozen=True, slots=True)
class IndexedFile:
    """A packed file as a row of the index; without an `href` it is not in the package."""

    file: PackedFile
    href: str
    trouble: str


def index_files(package: Package, troubles: Troubles) -> Iterator[tuple[str, bytes]]:
    """The name and the content of each of the three."""
    yield HTML, html_index(package, troubles).encode()
    yield XLSX, xlsx_index(package, troubles)
    yield MANIFEST, manifest(package, troubles).encode()


def html_index(package: Package, troubles: Troubles) -> str:
    questions = [
        (question, [_indexed(file, troubles) for file in question.files])
        for question in package.questions
        if question.files
    ]
    context = {
        "package": package,
        "style": _style_element(),
        "scope": ", ".join(f"{word} {value}" for word, value in package.scope.items()),
        "made_at": _moment(package.made_at),
        "questions": questions,
        "troubled": [_indexed(file, troubles) for file in package.files() if file.path in troubles],
        "unproven": package.unproven(),
    }
    return render_to_string("assessments/package_index.html", context)


def xlsx_index(package: Package, troubles: Troubles) -> bytes:
    workbook = Workbook(write_only=True)
    _fill(workbook, _("Dokumen"), _document_rows(package, troubles))
    _fill(workbook, _("Tanpa dokumen"), _missing_rows(package))
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def manifest(package: Package, troubles: Troubles) -> str:
    """Everything for a program that checks the package. `sha256` is of the file as packed."""
    told = {
        "format": 1,
        "city": package.city,
        "year": package.year,
        "instrument": package.instrument,
        "scope": dict(package.scope),
        "content": ["accepted"] if package.only_accepted else ["accepted", "waiting"],
        "made_by": package.made_by,
        "made_at": package.made_at.isoformat(),
        "files": [_manifest_entry(file) for file in package.files() if _is_whole(file, troubles)],
        "missing": {
            "questions": [
                {"code": question.code, "text": question.text, "state": question.state}
                for question in package.unproven()
            ],
            "files": [
                _manifest_entry(file) | {"trouble": troubles[file.path].value}
                for file in package.files()
                if not _is_whole(file, troubles)
            ],
        },
    }
    return json.dumps(told, ensure_ascii=False, indent=1)


def harmless(value: Value) -> Value:
    """Text that a spreadsheet shows and never computes, without what XML cannot carry."""
    if not isinstance(value, str):
        return value
    text = ILLEGAL_CHARACTERS_RE.sub("", value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _is_whole(file: PackedFile, troubles: Troubles) -> bool:
    return file.path not in troubles


def _indexed(file: PackedFile, troubles: Troubles) -> IndexedFile:
    trouble = troubles.get(file.path)
    is_packed = trouble is None or trouble.is_packed
    return IndexedFile(
        file=file,
        href=quote(file.path) if is_packed else "",
        trouble=str(trouble.label) if trouble else "",
    )


def _style_element() -> SafeString:
    return format_html("<style>{}</style>", mark_safe(STYLE))


def _moment(moment: datetime) -> str:
    return moment.strftime("%d-%m-%Y %H:%M %Z")


def _manifest_entry(file: PackedFile) -> dict[str, object]:
    of_link: dict[str, object] = {}
    if file.address:
        seen_on = file.seen_on.isoformat() if file.seen_on else None
        of_link = {"address": file.address, "seen_on": seen_on}
    return of_link | {
        "path": file.path,
        "question": file.question,
        "title": file.title,
        "number": file.number,
        "issued_on": file.issued_on.isoformat() if file.issued_on else None,
        "kind": file.kind,
        "original_name": file.original_name,
        "media_type": file.media_type,
        "size": file.size,
        "sha256": file.sha256,
        "original_sha256": file.original_sha256,
        "shown_instead": file.shown_instead,
        "verdict": file.verdict,
        "opd": file.opd,
        "uploaded_by": file.uploaded_by,
        "uploaded_at": file.uploaded_at.isoformat(),
        "decided_by": file.decided_by,
        "decided_at": file.decided_at.isoformat() if file.decided_at else None,
    }


def _document_rows(package: Package, troubles: Troubles) -> Iterator[list[Value]]:
    yield [
        _("Klaster"),
        _("Indikator"),
        _("Pertanyaan"),
        _("Isi pertanyaan"),
        _("Jenis dokumen"),
        _("Judul"),
        _("Nomor"),
        _("Tanggal terbit"),
        _("Alamat tautan"),
        _("Dilihat pada"),
        _("Keputusan"),
        _("OPD"),
        _("Diunggah oleh"),
        _("Diunggah pada"),
        _("Diputuskan oleh"),
        _("Diputuskan pada"),
        _("Ukuran (byte)"),
        _("SHA-256"),
        _("SHA-256 berkas asli"),
        _("Pratinjau menggantikan berkas asli"),
        _("Berkas di paket"),
        _("Masalah"),
    ]
    for question in package.questions:
        for file in question.files:
            row = _indexed(file, troubles)
            yield [
                question.cluster,
                question.indicator,
                question.code,
                question.text,
                file.kind,
                file.title,
                file.number,
                file.issued_on.isoformat() if file.issued_on else "",
                file.address,
                file.seen_on.isoformat() if file.seen_on else "",
                file.verdict_label,
                file.opd,
                file.uploaded_by,
                _moment(file.uploaded_at),
                file.decided_by,
                _moment(file.decided_at) if file.decided_at else "",
                file.size,
                file.sha256,
                file.original_sha256,
                file.shown_instead,
                file.path if row.href else "",
                row.trouble,
            ]


def _missing_rows(package: Package) -> Iterator[list[Value]]:
    yield [_("Klaster"), _("Indikator"), _("Pertanyaan"), _("Isi pertanyaan"), _("Keadaan")]
    for question in package.unproven():
        yield [
            question.cluster,
            question.indicator,
            question.code,
            question.text,
            question.state_label,
        ]


def _fill(workbook: Workbook, title: str, rows: Iterable[list[Value]]) -> None:
    sheet = workbook.create_sheet(title)
    sheet.freeze_panes = "A2"
    for number, row in enumerate(rows):
        cells = [WriteOnlyCell(sheet, harmless(value)) for value in row]
        if number == 0:
            for cell in cells:
                cell.font = Font(bold=True)
        sheet.append(cells)
